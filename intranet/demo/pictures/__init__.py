"""The demo company's pictures, drawn by the program: `draw("depot", 3)` is the same everywhere."""

from collections.abc import Callable
from random import Random

from intranet.demo.pictures import drawings, places
from intranet.demo.pictures.canvas import Canvas
from intranet.demo.pictures.portraits import portrait

__all__ = ["KINDS", "draw", "portrait"]

KINDS: dict[str, Callable[[Canvas, Random], None]] = {
    scene.__name__: scene
    for scene in (
        places.bicycles,
        places.canal,
        places.depot,
        places.highlands,
        places.landscape,
        places.river,
        places.snow,
        places.tram_night,
        places.welding,
        places.workshop,
        drawings.bars_falling,
        drawings.bars_rising,
        drawings.bogie,
        drawings.braking_chart,
        drawings.display,
        drawings.fabric,
        drawings.hydrogen,
        drawings.interior,
        drawings.line_map,
        drawings.poster,
        drawings.signal,
        drawings.sleeper,
    )
}


def draw(kind: str, seed: int | str = 0) -> bytes:
    """A PNG of 1120 x 560 pixels; KeyError for a kind that is not in KINDS."""
    canvas = Canvas()
    KINDS[kind](canvas, Random(f"{kind} {seed}"))  # noqa: S311  (a drawing, not a secret)
    return canvas.png()
