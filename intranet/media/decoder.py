"""Re-encodes one picture, as a program of its own: `python -I decoder.py JOB`.

Decoders of picture formats are where bombs and memory faults live, so the product never decodes
in its own process. JOB is a JSON object: `source` (path), `folder` (where the variants go),
`max_pixels`, `variants` (name -> {"side": longest side in pixels, "square": bool}, or {"side":
width, "height": height} cut to exactly that, or {"side": null} for the full size). Prints one JSON
object: width, height, content_type, blurhash, or `refused` with a reason word. Nothing of the
original's metadata is written.
"""

import contextlib
import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

import blurhash
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
_MAX_SIDE = 16_384
_MAX_FRAMES = 200
_MEMORY_BYTES = 2 * 1024**3
_CPU_SECONDS = 30
_WEBP_QUALITY = 82


class Refused(Exception):
    """The picture cannot be taken; the argument is a word for why."""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _check(image: Image.Image, max_pixels: int) -> None:
    # Sizes stand in the header: nothing is decoded before this.
    width, height = image.size
    frames = getattr(image, "n_frames", 1)
    if width * height > max_pixels or max(width, height) > _MAX_SIDE:
        raise Refused("pixels")
    if frames > _MAX_FRAMES or frames * width * height > 4 * max_pixels:
        raise Refused("frames")


def _upright(image: Image.Image) -> Image.Image:
    """In sRGB, turned as its Exif said, without any metadata."""
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    has_alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    turned = turned.convert("RGBA" if has_alpha else "RGB")
    if profile and not has_alpha:
        # A profile that cannot be read leaves the colours as they are.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(turned, source, srgb) or turned
    turned.info.clear()
    return turned


def _fitted(image: Image.Image, variant: dict[str, Any]) -> Image.Image:
    side = variant["side"]
    if variant.get("square") or variant.get("height"):
        size = (side, variant.get("height") or side)
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def _blurhash(image: Image.Image) -> str:
    small = image.convert("RGB").resize((32, 24))
    raw = small.tobytes()
    rows = [
        [tuple(raw[(y * 32 + x) * 3 : (y * 32 + x) * 3 + 3]) for x in range(32)] for y in range(24)
    ]
    return str(blurhash.encode(rows, components_x=4, components_y=3))


def _save_original(image: Image.Image, kind: str, first: Image.Image, path: Path) -> str:
    """The full picture again, in its own family of formats; gives the content type."""
    if getattr(image, "n_frames", 1) > 1:
        frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
        durations = [frame.info.get("duration", 100) for frame in ImageSequence.Iterator(image)]
        for frame in frames:
            frame.info.clear()
        frames[0].save(
            path,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
            quality=_WEBP_QUALITY,
        )
        return "image/webp"
    if kind in ("PNG", "GIF", "BMP"):
        first.save(path, "PNG", optimize=False)
        return "image/png"
    if kind == "JPEG":
        first.convert("RGB").save(path, "JPEG", quality=90, optimize=True, progressive=True)
        return "image/jpeg"
    first.save(path, "WEBP", quality=90)
    return "image/webp"


def process(job: dict[str, Any]) -> dict[str, Any]:
    """Do the job; Refused when the picture cannot be taken."""
    folder = Path(job["folder"])
    try:
        with Image.open(job["source"], formats=_FORMATS) as image:
            _check(image, job["max_pixels"])
            kind = image.format or ""
            if kind == "JPEG":
                # Lets the decoder skip detail that no variant needs.
                sides = [variant["side"] for variant in job["variants"].values()]
                if None not in sides:
                    image.draft("RGB", (max(sides) * 2, max(sides) * 2))
            first = _upright(image)
            content_type = "image/webp"
            for name, variant in job["variants"].items():
                if variant["side"] is None:
                    content_type = _save_original(image, kind, first, folder / name)
                else:
                    made = _fitted(first, variant)
                    made.save(folder / name, "WEBP", quality=_WEBP_QUALITY, method=4)
    except UnidentifiedImageError:
        raise Refused("format") from None
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        raise Refused("damaged") from None
    return {
        "width": first.width,
        "height": first.height,
        "content_type": content_type,
        "blurhash": _blurhash(first),
    }


def main() -> None:
    """Read the job from the command line, print what came of it."""
    _limit()
    Image.MAX_IMAGE_PIXELS = None  # `_check` is stricter and says why
    try:
        outcome = process(json.loads(sys.argv[1]))
    except Refused as refusal:
        outcome = {"refused": str(refusal)}
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
