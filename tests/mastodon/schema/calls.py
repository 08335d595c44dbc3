"""How a route is called, and what it has to answer with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from werkzeug.test import TestResponse

Sent = Mapping[str, Any]


@dataclass(frozen=True)
class Plain:
    """An answer that is no JSON: its media type."""

    mimetype: str


@dataclass(frozen=True)
class Row:
    """One call. `{name}` in the path and in what is sent stands for what the world, or an earlier
    row, has under that name."""

    method: str
    path: str
    entity: Any  # a type of this package, a list of one, or Plain; None: not called, and why
    send: Sent = field(default_factory=dict)  # the query of a GET, the form of the others
    by: str | None = "ann"  # whose token is shown: somebody's, or one that was kept
    status: int = 200
    keep: Mapping[str, str] = field(default_factory=dict)  # name: where its value is in the answer
    filled: tuple[str, ...] = ()  # arrays that must hold something, so that something is checked
    may_be_empty: bool = False  # of an array as a whole
    late: bool = False  # takes away what others need
    unknown_ok: bool = False  # an id that leads nowhere is no mistake here
    why: str = ""

    @property
    def route(self) -> str:
        return f"{self.method} {shape(self.path)}"


def shape(path: str) -> str:
    """The path with its variable parts left open, however they are called."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", ":", path)


def filled_in(value: Any, names: Mapping[str, str]) -> Any:
    """The value with the names put in; KeyError for one that nobody has yet."""
    if isinstance(value, str):
        return value.format_map(names)
    if isinstance(value, list):
        return [filled_in(one, names) for one in value]
    return value() if callable(value) else value


def found(answer: Any, where: str) -> Any:
    """`notification_groups.0.group_key` in an answer."""
    for step in where.split("."):
        answer = answer[int(step)] if isinstance(answer, list) else answer[step]
    return answer


def problems_with(row: Row, response: TestResponse, viewer: str | None) -> list[str]:
    """What is wrong with the answer, a sentence each; empty when it is as documented."""
    if response.status_code != row.status:
        return [f"answers {response.status_code} instead of {row.status}: {response.text[:300]}"]
    if isinstance(row.entity, Plain):
        given = response.mimetype
        return [] if given == row.entity.mimetype else [f"is {given}, not {row.entity.mimetype}"]
    if not response.is_json:
        return [f"is {response.mimetype}, not JSON"]
    said = problems_of(row.entity, response.json, viewer)
    empty = [name for name in row.filled if not found(response.json, name)]
    if response.json == [] and not row.may_be_empty:
        empty.append("the array")
    return said + [f"{name} is empty, so that nothing is checked" for name in empty]


def problems_of(entity: Any, data: Any, viewer: str | None = None) -> list[str]:
    """Where the data is not as the type says."""
    try:
        TypeAdapter(entity).validate_python(data, context={"viewer": viewer})
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['msg']} ({one['input']!r:.80})"
            for one in error.errors()
        ]
    return []


def forgiven(entity: Any, data: Any) -> list[str]:
    """Keys of a right answer that could be anything without the type minding; none, so that a
    right answer means something. A key that nobody knows counts too."""
    one = data[0] if isinstance(data, list) and data else data
    kind = entity.__args__[0] if one is not data else entity
    if not isinstance(one, dict):
        return []
    return [name for name in (*one, "unheard_of") if not problems_of(kind, one | {name: {"?": 0}})]
