"""An account's own filters; nobody else's exist for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.together import Read, Together
from intranet.filters.models import (
    ContentFilter,
    FilterAction,
    FilterContext,
    FilteredPost,
    FilterKeyword,
)
from intranet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class KeywordView:
    """A word or some words."""

    id: int
    keyword: str
    whole_word: bool


@dataclass(frozen=True, slots=True)
class FilteredPostView:
    """A single post."""

    id: int
    post_id: int


@dataclass(frozen=True, slots=True)
class FilterView:
    """A filter with all that it looks for."""

    id: int
    title: str
    contexts: tuple[FilterContext, ...]
    action: FilterAction
    expires_at: dt.datetime | None
    keywords: tuple[KeywordView, ...]
    posts: tuple[FilteredPostView, ...]


def list_filters(viewer: Account) -> list[FilterView]:
    """All of the viewer's, the oldest first, expired ones too: one statement."""
    return filters_from(_own_filters().run({"owner_id": viewer.id}))


def show(viewer: Account, filter_id: int) -> FilterView:
    """One of the viewer's; NotFound otherwise."""
    found = next((one for one in list_filters(viewer) if one.id == filter_id), None)
    if found is None:
        raise NotFound
    return found


def reads_of(owner_id: Any) -> dict[str, Read]:
    """The rows that `filters_from` reads; `owner_id` may be a parameter."""
    mine = ContentFilter.account_id == owner_id
    return {
        "filters": select(
            ContentFilter.id,
            ContentFilter.title,
            ContentFilter.contexts,
            ContentFilter.action,
            ContentFilter.expires_at,
        ).where(mine),
        "filter_keywords": select(
            FilterKeyword.filter_id,
            FilterKeyword.id,
            FilterKeyword.keyword,
            FilterKeyword.whole_word,
        )
        .join(ContentFilter, ContentFilter.id == FilterKeyword.filter_id)
        .where(mine),
        "filtered_posts": select(FilteredPost.filter_id, FilteredPost.id, FilteredPost.post_id)
        .join(ContentFilter, ContentFilter.id == FilteredPost.filter_id)
        .where(mine),
    }


def filters_from(found: Mapping[str, Iterable[Row[Any]]]) -> list[FilterView]:
    """The filters with what they look for, the oldest first."""
    keywords: dict[int, list[KeywordView]] = {}
    for word in _oldest_first(found["filter_keywords"]):
        keywords.setdefault(word.filter_id, []).append(
            KeywordView(word.id, word.keyword, word.whole_word)
        )
    posts: dict[int, list[FilteredPostView]] = {}
    for entry in _oldest_first(found["filtered_posts"]):
        posts.setdefault(entry.filter_id, []).append(FilteredPostView(entry.id, entry.post_id))
    return [
        FilterView(
            id=row.id,
            title=row.title,
            contexts=tuple(one for one in FilterContext if one in row.contexts),
            action=row.action,
            expires_at=row.expires_at,
            keywords=tuple(keywords.get(row.id, ())),
            posts=tuple(posts.get(row.id, ())),
        )
        for row in _oldest_first(found["filters"])
    ]


def _oldest_first(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return sorted(rows, key=attrgetter("id"))


@cache
def _own_filters() -> Together:
    return Together(reads_of(bindparam("owner_id", type_=BigInteger)))


def get_own(viewer: Account, filter_id: int, *, lock: bool = False) -> ContentFilter:
    """The row of one of the viewer's; NotFound otherwise."""
    query = select(ContentFilter).where(
        ContentFilter.id == filter_id, ContentFilter.account_id == viewer.id
    )
    if lock:
        query = query.with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def get_own_keyword(viewer: Account, keyword_id: int) -> FilterKeyword:
    """A keyword of one of the viewer's filters; NotFound otherwise."""
    found = db.session.scalar(
        select(FilterKeyword)
        .join(ContentFilter, ContentFilter.id == FilterKeyword.filter_id)
        .where(FilterKeyword.id == keyword_id, ContentFilter.account_id == viewer.id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def get_own_post(viewer: Account, entry_id: int) -> FilteredPost:
    """The entry of a post in one of the viewer's filters; NotFound otherwise."""
    found = db.session.scalar(
        select(FilteredPost)
        .join(ContentFilter, ContentFilter.id == FilteredPost.filter_id)
        .where(FilteredPost.id == entry_id, ContentFilter.account_id == viewer.id)
    )
    if found is None:
        raise NotFound
    return found
