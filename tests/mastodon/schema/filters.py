"""Filters of version 2, what they found in a status, and those of version 1."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tests.mastodon.schema.values import Entity, Filled, Id, Moment

FilterContext = Annotated[
    list[Literal["home", "notifications", "public", "thread", "account"]], Field(min_length=1)
]


class FilterKeyword(Entity):
    id: Id
    keyword: Filled
    whole_word: bool


class FilterStatus(Entity):
    id: Id
    status_id: Id


class FilterInResult(Entity):
    """The filter without what it holds: so it stands in what it found."""

    id: Id
    title: str
    context: FilterContext
    expires_at: Moment | None
    filter_action: Literal["warn", "hide", "blur"]


class Filter(FilterInResult):
    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


class FilterResult(Entity):
    filter: FilterInResult
    keyword_matches: list[str] | None
    status_matches: list[Id] | None


class V1Filter(Entity):
    id: Id
    phrase: Filled
    context: FilterContext
    expires_at: Moment | None
    irreversible: bool
    whole_word: bool
