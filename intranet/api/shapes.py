"""What the operations give, and the parameters that many take."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from intranet.accounts.chips import AccountChip
from intranet.api.operations import Shape
from intranet.groups.chips import GroupChip
from intranet.kernel.pagination import MAX_LIMIT
from intranet.mastodon.answers import absolute, moment
from intranet.mastodon.parameters import MaybeId, Parameters

Id = Annotated[str, Field(pattern=r"^[0-9]{1,19}$", examples=["116612345678901234"])]
Moment = Annotated[
    dt.datetime,
    PlainSerializer(moment, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Listing(Parameters):
    """Where a page of a list begins and how long it is."""

    cursor: Annotated[
        MaybeId,
        Field(description="`next` of the page before"),
        WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,18}$"}),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 20


class Found(Listing):
    """A list that can be searched."""

    q: Annotated[str, Field(max_length=200), BeforeValidator(lambda text: text or "")] = ""


class Done(Shape):
    """It is done, and now so."""

    ok: bool = True


class Person(Shape):
    """An account at a glance: a person, a page or a bot."""

    id: Id
    handle: str
    name: str
    title: str
    kind: str = Field(description="person, guest, page or bot")
    url: str


class Place(Shape):
    """A group at a glance."""

    id: Id
    slug: str
    name: str
    privacy: str = Field(description="open, closed or secret")
    members_count: int
    url: str


class Refusal(Shape):
    """Why not."""

    error: str
    error_description: str | None = None
    details: dict[str, list[dict[str, str]]] | None = Field(
        None, description="of 422: what is wrong with each field"
    )


def person(chip: AccountChip) -> Person:
    """The account of a chip."""
    kind = "page" if chip.is_page else "bot" if chip.is_bot else "person"
    return Person(
        id=str(chip.id),
        handle=chip.handle,
        name=chip.display_name,
        title=chip.title,
        kind="guest" if chip.is_guest else kind,
        url=absolute(f"/pages/{chip.handle}" if chip.is_page else f"/@{chip.handle}"),
    )


def place(chip: GroupChip) -> Place:
    """The group of a chip."""
    return Place(
        id=str(chip.id),
        slug=chip.slug,
        name=chip.name,
        privacy=chip.privacy.value,
        members_count=chip.members_count,
        url=absolute(f"/groups/{chip.slug}"),
    )


def following(number: int | None) -> str | None:
    """The cursor of the next page."""
    return str(number) if number is not None else None
