"""An operation: a route that says what it takes and gives, so that its description is its code.

`@operation(...)` makes the view: it reads and checks the parameters, calls the function with them,
and writes what it gives. What every operation says of itself is kept for the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response
from pydantic import BaseModel, ConfigDict

from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.parameters import Parameters, read
from intranet.mastodon.requirements import scope

PREFIX = "/api/parvis/v1"


class Shape(BaseModel):
    """What an operation gives. Numbers of rows are strings, moments end in Z."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """What the document says of one route."""

    method: str
    path: str  # with {parameters}
    name: str
    summary: str
    scopes: tuple[str, ...]
    query: type[Parameters] | None
    body: type[Parameters] | None
    gives: type[Shape]
    refusals: tuple[int, ...]


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    scopes: tuple[str, ...],
    gives: type[Shape],
    query: type[Parameters] | None = None,
    body: type[Parameters] | None = None,
    refusals: tuple[int, ...] = (),
) -> Callable[[Callable[..., Shape]], Callable[..., Response]]:
    """Make a route below PREFIX. `path` has Flask's converters; the function takes its parameters,
    and what was sent as `sent` if there is a model of it. Its docstring is the summary."""

    def make(act: Callable[..., Shape]) -> Callable[..., Response]:
        taken = query or body
        OPERATIONS.append(
            Operation(
                method,
                PREFIX + path.replace("<int:", "{").replace("<", "{").replace(">", "}"),
                act.__name__,
                (act.__doc__ or "").strip().replace("\n    ", " "),
                scopes,
                query,
                body,
                gives,
                refusals,
            )
        )

        @wraps(act)
        def view(**values: Any) -> Response:
            if taken is not None:
                values["sent"] = read(taken)
            return answer(act(**values).model_dump(mode="json"))

        bp.add_url_rule(
            PREFIX + path,
            endpoint=f"parvis_{act.__name__}",
            view_func=scope(*scopes)(view),
            methods=[method],
        )
        return view

    return make
