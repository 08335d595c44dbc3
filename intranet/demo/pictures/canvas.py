"""A small drawing surface: logical units, smooth edges, PNG out. The same calls, the same bytes."""

import io
from collections.abc import Iterable, Sequence
from functools import cache

from PIL import Image, ImageColor, ImageDraw, ImageFont

Point = tuple[float, float]
_OVERSAMPLING = 4
_OUTPUT = 2  # pixels a logical unit in the finished picture


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # Pillow's own font: pictures look the same whatever the machine has installed.
    return ImageFont.load_default(size)


def curve(start: Point, pull_1: Point, pull_2: Point, end: Point, steps: int = 24) -> list[Point]:
    """Points of a cubic Bézier curve, both ends included."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        points.append(
            (
                a * start[0] + b * pull_1[0] + c * pull_2[0] + d * end[0],
                a * start[1] + b * pull_1[1] + c * pull_2[1] + d * end[1],
            )
        )
    return points


class Canvas:
    """`width` x `height` logical units; colours are CSS-like, alpha included (#rrggbbaa)."""

    def __init__(self, width: int = 560, height: int = 280, background: str = "#eef4f4") -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * _OVERSAMPLING, height * _OVERSAMPLING), background)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    @staticmethod
    def _scaled(points: Iterable[Point]) -> list[Point]:
        return [(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in points]

    def polygon(self, points: Iterable[Point], fill: str) -> None:
        self._draw.polygon(self._scaled(points), fill=fill)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0
    ) -> None:
        box = self._scaled([(x, y), (x + width, y + height)])
        if radius:
            self._draw.rounded_rectangle(box, radius * _OVERSAMPLING, fill=fill)
        else:
            self._draw.rectangle(box, fill=fill)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: str | None = None,
        *,
        outline: str | None = None,
        width: float = 0,
    ) -> None:
        self._draw.ellipse(
            self._scaled([(x - rx, y - ry), (x + rx, y + ry)]),
            fill=fill,
            outline=outline,
            width=round(width * _OVERSAMPLING),
        )

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: str | None = None,
        *,
        outline: str | None = None,
        width: float = 0,
    ) -> None:
        self.ellipse(x, y, r, r, fill, outline=outline, width=width)

    def line(self, points: Sequence[Point], fill: str, width: float = 1) -> None:
        """A line with round joints and round ends."""
        thick = max(1, round(width * _OVERSAMPLING))
        self._draw.line(self._scaled(points), fill=fill, width=thick, joint="curve")
        if width >= 3:
            for x, y in (points[0], points[-1]):
                self.circle(x, y, width / 2, fill)

    def dashes(
        self, start: Point, end: Point, fill: str, width: float, on: float, off: float
    ) -> None:
        """A dashed straight line."""
        length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        at = 0.0
        while at < length:
            stop = min(length, at + on)
            self._draw.line(
                self._scaled(
                    [
                        (start[0] + ux * at, start[1] + uy * at),
                        (start[0] + ux * stop, start[1] + uy * stop),
                    ]
                ),
                fill=fill,
                width=max(1, round(width * _OVERSAMPLING)),
            )
            at = stop + off

    def arc(
        self, x: float, y: float, r: float, start: float, end: float, fill: str, width: float
    ) -> None:
        """Part of a circle, degrees clockwise from three o'clock."""
        self._draw.arc(
            self._scaled([(x - r, y - r), (x + r, y + r)]),
            start,
            end,
            fill=fill,
            width=round(width * _OVERSAMPLING),
        )

    def gradient(self, top: float, bottom: float, colours: Sequence[str]) -> None:
        """The full width between two heights, from the first colour down to the last."""
        stops = [ImageColor.getrgb(colour) for colour in colours]
        first, last = round(top * _OVERSAMPLING), round(bottom * _OVERSAMPLING)
        for y in range(first, last):
            position = (y - first) / max(1, last - first) * (len(stops) - 1)
            index = min(int(position), len(stops) - 2)
            part = position - index
            colour = tuple(
                round(a + (b - a) * part)
                for a, b in zip(stops[index], stops[index + 1], strict=True)
            )
            self._draw.line([(0, y), (self.width * _OVERSAMPLING, y)], fill=colour)

    def text(
        self, x: float, y: float, words: str, size: float, fill: str, anchor: str = "lm"
    ) -> None:
        """One line of text; `anchor` as in Pillow (lm: left, middle of the height)."""
        self._draw.text(
            (x * _OVERSAMPLING, y * _OVERSAMPLING),
            words,
            fill=fill,
            font=_font(round(size * _OVERSAMPLING)),
            anchor=anchor,
        )

    def png(self) -> bytes:
        """The finished picture at two pixels a unit."""
        size = (self.width * _OUTPUT, self.height * _OUTPUT)
        finished = self._image.resize(size, Image.Resampling.BOX)
        target = io.BytesIO()
        finished.save(target, "PNG", compress_level=6)
        return target.getvalue()
