"""Trams, rails, wires and wheels: the parts that most of the pictures share."""

import math

from intranet.demo.pictures.canvas import Canvas, curve

NIGHT, PINE, CREAM, INK = "#10242d", "#0b6a58", "#f5f2e9", "#0d1d23"
GLASS, LIT, STEEL, LIVE = "#14323a", "#ffd98f", "#56777c", "#d1481f"


def tram(
    canvas: Canvas,
    nose: float,
    floor: float,
    *,
    length: float = 440,
    size: float = 1.0,
    body: str = CREAM,
    skirt: str = PINE,
    lit: bool = True,
    name: str = "",
) -> None:
    """A low-floor tram in profile; `nose` is the x of its tip, `floor` the y of its underside."""
    s = size
    tail, top, belt = nose - length, floor - 102 * s, floor - 34 * s
    front = curve(
        (nose - 96 * s, top),
        (nose - 50 * s, top),
        (nose - 22 * s, top + 26 * s),
        (nose - 5 * s, belt),
    )
    canvas.polygon(
        [(tail, floor), (tail, top), *front, (nose, belt + 18 * s), (nose - 6 * s, floor)], body
    )
    canvas.polygon(
        [
            (tail, belt),
            (nose - 5 * s, belt),
            (nose, belt + 18 * s),
            (nose - 8 * s, floor),
            (tail, floor),
        ],
        skirt,
    )
    screen = curve(
        (nose - 100 * s, top + 12 * s),
        (nose - 62 * s, top + 12 * s),
        (nose - 42 * s, top + 26 * s),
        (nose - 22 * s, belt - 6 * s),
    )
    canvas.polygon([(tail, belt - 6 * s), (tail, top + 12 * s), *screen], GLASS)
    glow = LIT if lit else "#9fc0c0"
    x, index = float(tail + 10 * s), 0
    while x + 46 * s < nose - 104 * s:
        if index % 3 == 2:
            canvas.rect(x, top + 14 * s, 20 * s, 78 * s, "#cfe0d8")
            canvas.rect(x + 22 * s, top + 14 * s, 20 * s, 78 * s, "#cfe0d8")
            canvas.rect(x + 3 * s, top + 20 * s, 14 * s, 40 * s, "#8fb0ac")
            canvas.rect(x + 25 * s, top + 20 * s, 14 * s, 40 * s, "#8fb0ac")
        else:
            canvas.rect(x, top + 18 * s, 43 * s, 38 * s, glow)
            if lit and index % 2 == 0:
                head = x + (14 + 7 * (index % 4)) * s
                canvas.circle(head, top + 38 * s, 6 * s, GLASS)
                canvas.rect(head - 8 * s, top + 43 * s, 16 * s, 13 * s, GLASS, 4 * s)
        x += 49 * s
        index += 1
    for joint in (0.38, 0.72):
        at = tail + (length - 96 * s) * joint
        canvas.line([(at, top + 2 * s), (at, floor - 8 * s)], "#0b181d", 3 * s)
    for part in (0.12, 0.48, 0.82):
        at = tail + length * part
        canvas.polygon(
            [
                (at - 34 * s, floor - 2 * s),
                (at + 34 * s, floor - 2 * s),
                (at + 28 * s, floor + 7 * s),
                (at - 28 * s, floor + 7 * s),
            ],
            GLASS,
        )
    canvas.circle(nose - 18 * s, belt + 17 * s, 5 * s, "#fff6d8")
    if name:
        canvas.text(nose - 148 * s, belt + 18 * s, name, 13 * s, CREAM)


def headlight(canvas: Canvas, x: float, y: float, reach: float) -> None:
    """A beam to the right of (x, y)."""
    for part, alpha in ((1.0, "18"), (0.75, "22"), (0.5, "30"), (0.28, "40")):
        canvas.polygon(
            [
                (x, y - 3),
                (x + reach * part, y - 26 * part),
                (x + reach * part, y + 18 * part),
                (x, y + 4),
            ],
            f"#fff0c4{alpha}",
        )


def pantograph(canvas: Canvas, x: float, roof: float, wire: float) -> None:
    """The collector between a roof and a wire."""
    half = (roof + wire) / 2
    canvas.line([(x, roof), (x + 16, half + 3), (x - 2, wire + 1)], "#0b181d", 2.5)
    canvas.line([(x - 14, wire), (x + 14, wire)], "#0b181d", 3)


def masts(canvas: Canvas, feet: list[float], ground: float, top: float, colour: str) -> None:
    """Catenary masts with their arms, and the wire that sags between them."""
    for foot in feet:
        canvas.line([(foot, ground), (foot, top), (foot + 54, top)], colour, 3)
        canvas.line([(foot, top + 26), (foot + 46, top + 2)], colour, 1.5)
    wire = [
        (float(x), top + 12 + 5 * math.cos(x / canvas.width * math.tau * 2))
        for x in range(-10, canvas.width + 11, 10)
    ]
    canvas.line(wire, colour, 1.5)


def rails(canvas: Canvas, y: float, *, sleeper: str = "#2c474d", rail: str = STEEL) -> None:
    """Track seen from the side."""
    canvas.dashes((0, y + 8), (canvas.width, y + 8), sleeper, 5, 8, 14)
    canvas.line([(0, y), (canvas.width, y)], rail, 2.5)


def wheel(canvas: Canvas, x: float, y: float, r: float) -> None:
    """A steel wheel with its brake disc."""
    canvas.circle(x, y, r, "#7d9297", outline="#33484d", width=3)
    canvas.circle(x, y, r * 0.8, "#a9babd")
    canvas.circle(x, y, r * 0.56, "#5a6f74", outline="#33484d", width=2)
    for spoke in range(10):
        angle = spoke * math.tau / 10
        canvas.circle(
            x + math.cos(angle) * r * 0.42, y + math.sin(angle) * r * 0.42, r * 0.05, "#2b3d41"
        )
    canvas.circle(x, y, r * 0.2, "#d9e1e0", outline="#33484d", width=2)


def skyline(canvas: Canvas, ground: float, colour: str, heights: list[tuple[float, float]]) -> None:
    """Roofs side by side: (width, height) of each house, from the left."""
    x = 0.0
    for width, height in heights:
        canvas.rect(x, ground - height, width + 1, height, colour)
        x += width


def hills(canvas: Canvas, base: float, swell: float, phase: float, colour: str) -> None:
    """A rolling horizon filled down to the lower edge."""
    ridge = [
        (
            float(x),
            base - swell * (0.6 * math.sin(x / 90 + phase) + 0.4 * math.sin(x / 41 + phase * 2.3)),
        )
        for x in range(-5, canvas.width + 6, 5)
    ]
    canvas.polygon([(-5, canvas.height), *ridge, (canvas.width + 5, canvas.height)], colour)
