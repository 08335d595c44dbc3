"""Pictures for those who have none. Apps want an address for every account, and not all of them
draw SVG."""

from __future__ import annotations

import io
import re
from functools import lru_cache

from flask import Response
from PIL import Image, ImageDraw

from intranet.accounts.chips import HUES
from intranet.kernel.errors import NotFound
from intranet.mastodon.blueprint import bp
from intranet.mastodon.requirements import open_to_all

_SIDE = 192
_HEADER = (600, 200)
_NAME = re.compile(r"(person|group)-(\d{1,2})\.png", re.ASCII)


@bp.get("/api/pictures/<name>")
@open_to_all
def picture(name: str) -> Response:
    """`header.png`, or `person-N.png` and `group-N.png` in one of the identity colours: the same
    for everybody."""
    match = _NAME.fullmatch(name)
    if match is not None and int(match[2]) < HUES:
        draw = person if match[1] == "person" else group
        body = draw(int(match[2]))
    elif name == "header.png":
        body = header()
    else:
        raise NotFound
    response = Response(body, mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=604800"
    return response


@lru_cache(maxsize=HUES)
def person(hue: int) -> bytes:
    """Head and shoulders, as PNG."""
    image = Image.new("RGB", (_SIDE * 2, _SIDE * 2), f"hsl({hue * 360 // HUES}, 45%, 42%)")
    draw = ImageDraw.Draw(image)
    pale = f"hsl({hue * 360 // HUES}, 55%, 88%)"
    middle = _SIDE
    draw.ellipse((middle - 70, 75, middle + 70, 215), fill=pale)
    draw.ellipse((middle - 135, 245, middle + 135, 515), fill=pale)
    return _png(image.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS))


@lru_cache(maxsize=HUES)
def group(hue: int) -> bytes:
    """Three heads close together, as PNG."""
    image = Image.new("RGB", (_SIDE * 2, _SIDE * 2), f"hsl({hue * 360 // HUES}, 45%, 42%)")
    draw = ImageDraw.Draw(image)
    pale, bright = (f"hsl({hue * 360 // HUES}, 55%, {light}%)" for light in (72, 88))
    for middle, top, radius, colour in (
        (_SIDE - 105, 120, 50, pale),
        (_SIDE + 105, 120, 50, pale),
        (_SIDE, 90, 62, bright),
    ):
        draw.ellipse((middle - radius, top, middle + radius, top + 2 * radius), fill=colour)
        wide, low = radius * 2, top + 2 * radius + 20
        draw.ellipse((middle - wide, low, middle + wide, low + 4 * radius), fill=colour)
    return _png(image.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS))


@lru_cache(maxsize=1)
def header() -> bytes:
    """A calm band, as PNG."""
    image = Image.new("RGB", _HEADER)
    draw = ImageDraw.Draw(image)
    for row in range(_HEADER[1]):
        draw.line((0, row, _HEADER[0], row), fill=f"hsl(185, 30%, {34 + row * 14 // _HEADER[1]}%)")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
