"""How a route is asked, and what it is for: the vocabulary of the matrix's expectations."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Kind(enum.Enum):
    PUBLIC = "needs no session"
    PERSONAL = "the viewer's own; names nothing in its address"
    PERSON = "names an account"
    GROUP = "names a group"
    PAGE = "names an official page; nothing to guests"
    POST = "names a post"
    MEDIA = "names a file"
    LIST = "names a list of somebody's; to everybody else it does not exist"
    FOLDER = "names a folder of somebody's; to everybody else it does not exist"
    EVENT = "names a date of an event"
    ADMINISTRATION = "administrators only"


@dataclass(frozen=True, kw_only=True)
class Case:
    """How to ask a route. Queries and forms may say {slug}, {post}, {handle} and the like."""

    kind: Kind
    queries: tuple[str, ...] = ("",)
    form: dict[str, str] = field(default_factory=dict)
    # Whether a member of the secret group finds its marks there (so that the test can fail).
    shows: bool = False
    # Who alone may read it, when that is not every member.
    reader: str = "member"
    # Of the programs' door: without a token it answers 401, and reads no cookie.
    api: bool = False


def page(kind: Kind, *queries: str, shows: bool = False, reader: str = "member") -> Case:
    return Case(kind=kind, queries=queries or ("",), shows=shows, reader=reader)


def form(kind: Kind, **fields: str) -> Case:
    return Case(kind=kind, form=fields)


def api(kind: Kind, *queries: str, shows: bool = False, **fields: str) -> Case:
    return Case(kind=kind, queries=queries or ("",), shows=shows, form=fields, api=True)
