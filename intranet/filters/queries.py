"""An account's own filters; nobody else's exist for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
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
    """All of the viewer's, the oldest first, expired ones too: three statements, one when there
    are none."""
    return _drawn(
        db.session.scalars(
            select(ContentFilter)
            .where(ContentFilter.account_id == viewer.id)
            .order_by(ContentFilter.id)
            .execution_options(populate_existing=True)
        ).all()
    )


def show(viewer: Account, filter_id: int) -> FilterView:
    """One of the viewer's; NotFound otherwise."""
    return _drawn([get_own(viewer, filter_id)])[0]


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


def _drawn(rows: Sequence[ContentFilter]) -> list[FilterView]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    keywords: dict[int, list[KeywordView]] = {}
    for word in db.session.execute(
        select(
            FilterKeyword.filter_id,
            FilterKeyword.id,
            FilterKeyword.keyword,
            FilterKeyword.whole_word,
        )
        .where(FilterKeyword.filter_id.in_(ids))
        .order_by(FilterKeyword.id)
    ):
        keywords.setdefault(word.filter_id, []).append(
            KeywordView(word.id, word.keyword, word.whole_word)
        )
    posts: dict[int, list[FilteredPostView]] = {}
    for entry in db.session.execute(
        select(FilteredPost.filter_id, FilteredPost.id, FilteredPost.post_id)
        .where(FilteredPost.filter_id.in_(ids))
        .order_by(FilteredPost.id)
    ):
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
        for row in rows
    ]
