"""What an address may carry: no number that the databases cannot hold, no control characters.

Such an address names nothing, so it is not found, before any view or query meets it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from intranet.kernel.ids import MAX_ID


def _up_to(most: int) -> str:
    """A pattern of the whole numbers from 0 to `most`, in digits of ASCII."""
    digits = str(most)
    shorter = f"[0-9]{{1,{len(digits) - 1}}}"
    as_long = [
        f"{digits[:at]}[0-{int(digit) - 1}][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if digit != "0"
    ]
    return "|".join([*as_long, digits, shorter])


class IdConverter(IntegerConverter):
    """`<int:post_id>`: 63 bits, as all our ids.

    The pattern itself stops there. A number that only the conversion refuses has met the rule by
    then, and its other methods would be offered (405) for what does not exist."""

    regex = f"(?:{_up_to(MAX_ID)})"

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **({"max": MAX_ID} | options))


class WordConverter(UnicodeConverter):
    """`<slug>`: PostgreSQL refuses NUL, and no name of ours has its like."""

    part_isolating = True

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = r"[^/\x00-\x1f\x7f]+"


def register(app: Flask) -> None:
    """Before the routes are added."""
    app.url_map.converters.update({"int": IdConverter, "default": WordConverter})
