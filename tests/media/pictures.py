"""Pictures and files that tests send."""

from __future__ import annotations

import io

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 500), **save: object) -> io.BytesIO:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    return encoded(image, kind, **save)


def encoded(image: Image.Image, kind: str, **save: object) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **save)
    out.seek(0)
    return out


def with_position() -> io.BytesIO:
    """A JPEG lying on its side that tells in its Exif where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (47.0, 12.0, 33.0)
    return picture(size=(600, 300), exif=exif, comment=b"taken at home")
