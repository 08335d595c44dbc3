"""Making and changing one's own filters. The caller got the row as its owner's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.filters.events import FiltersChanged
from intranet.filters.models import (
    ContentFilter,
    FilterAction,
    FilterContext,
    FilteredPost,
    FilterKeyword,
)
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise
from intranet.posts.models import Post

LONGEST = 100  # characters of a title or a keyword
MOST_FILTERS = 50
MOST_KEYWORDS = 100  # of one filter
MOST_POSTS = 100  # of one filter
LONGEST_TIME = dt.timedelta(days=3660)


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterDraft:
    """What a filter is called, where it counts and what it does. `lasts` None: until deleted."""

    title: str
    contexts: Collection[str]
    action: FilterAction = FilterAction.WARN
    lasts: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class KeywordDraft:
    """Some words; as a whole, or also as a part of others."""

    keyword: str
    whole_word: bool = True


def create(
    actor: Account, draft: FilterDraft, keywords: Sequence[KeywordDraft] = ()
) -> ContentFilter:
    """A new filter with its keywords."""
    own = select(func.count()).where(ContentFilter.account_id == actor.id)
    if (db.session.scalar(own) or 0) >= MOST_FILTERS:
        raise Invalid(N_("%(most)s filters are enough."), most=MOST_FILTERS)
    made = ContentFilter(
        account_id=actor.id,
        title=_title(draft.title),
        contexts=_contexts(draft.contexts),
        action=draft.action,
        expires_at=ends_at(draft.lasts),
    )
    db.session.add(made)
    db.session.flush()
    _add(made, keywords)
    _tell(actor.id)
    return made


def change(
    found: ContentFilter,
    *,
    title: str | None = None,
    contexts: Collection[str] | None = None,
    action: FilterAction | None = None,
) -> None:
    """Change what is given."""
    if title is not None:
        found.title = _title(title)
    if contexts is not None:
        found.contexts = _contexts(contexts)
    if action is not None:
        found.action = action
    db.session.flush()
    _tell(found.account_id)


def set_end(found: ContentFilter, lasts: dt.timedelta | None) -> None:
    """From now on it lasts this long; None: until deleted."""
    found.expires_at = ends_at(lasts)
    db.session.flush()
    _tell(found.account_id)


def remove(found: ContentFilter) -> None:
    """Delete it with all that it looks for."""
    db.session.delete(found)
    db.session.flush()
    _tell(found.account_id)


def add_keyword(found: ContentFilter, draft: KeywordDraft) -> FilterKeyword:
    """One more."""
    _tell(found.account_id)
    return _add(found, [draft])[0]


def change_keyword(
    keyword: FilterKeyword, *, text: str | None = None, whole_word: bool | None = None
) -> None:
    """Change what is given."""
    if text is not None:
        keyword.keyword = _keyword(text)
    if whole_word is not None:
        keyword.whole_word = whole_word
    db.session.flush()
    _tell_of(keyword.filter_id)


def remove_keyword(keyword: FilterKeyword) -> None:
    """Look for it no longer."""
    db.session.delete(keyword)
    db.session.flush()
    _tell_of(keyword.filter_id)


def set_keywords(found: ContentFilter, keywords: Sequence[KeywordDraft]) -> None:
    """Look for these and for no others; those that stay keep their numbers."""
    wanted = {_keyword(one.keyword): one.whole_word for one in keywords}
    there = db.session.scalars(
        select(FilterKeyword).where(FilterKeyword.filter_id == found.id)
    ).all()
    for row in there:
        if row.keyword in wanted:
            row.whole_word = wanted.pop(row.keyword)
        else:
            db.session.delete(row)
    db.session.flush()
    _add(found, [KeywordDraft(text, whole) for text, whole in wanted.items()])
    _tell(found.account_id)


def add_post(found: ContentFilter, post: Post) -> int:
    """Also this post, which the actor may see; the number of its entry. Twice is once."""
    mine = FilteredPost.filter_id == found.id
    if (db.session.scalar(select(func.count()).where(mine)) or 0) >= MOST_POSTS:
        raise Invalid(N_("%(most)s posts are enough for one filter."), most=MOST_POSTS)
    insert_once(FilteredPost, id=new_id(), filter_id=found.id, post_id=post.id)
    _tell(found.account_id)
    return db.session.scalars(
        select(FilteredPost.id).where(mine, FilteredPost.post_id == post.id)
    ).one()


def remove_post(entry: FilteredPost) -> None:
    """Not this post any more."""
    filter_id = entry.filter_id
    db.session.execute(delete(FilteredPost).where(FilteredPost.id == entry.id))
    _tell_of(filter_id)


def _tell(account_id: int) -> None:
    record(FiltersChanged(account_id=account_id))


def _tell_of(filter_id: int) -> None:
    _tell(db.session.get_one(ContentFilter, filter_id).account_id)


def ends_at(lasts: dt.timedelta | None) -> dt.datetime | None:
    """When something that lasts so long from now on ends. Invalid for no time at all."""
    if lasts is None:
        return None
    if not dt.timedelta(0) < lasts <= LONGEST_TIME:
        raise Invalid(fields={"expires_in": N_("Choose one of these.")})
    return utc_now() + lasts


def _add(found: ContentFilter, keywords: Sequence[KeywordDraft]) -> list[FilterKeyword]:
    if not keywords:
        return []
    here = select(func.count()).where(FilterKeyword.filter_id == found.id)
    if (db.session.scalar(here) or 0) + len(keywords) > MOST_KEYWORDS:
        message = N_("%(most)s words are enough for one filter.")
        raise Invalid(message, fields={"keywords": message}, most=MOST_KEYWORDS)
    made = [
        FilterKeyword(filter_id=found.id, keyword=_keyword(one.keyword), whole_word=one.whole_word)
        for one in keywords
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _title(text: str) -> str:
    return _checked("title", text, N_("Give the filter a name."))


def _keyword(text: str) -> str:
    return _checked("keywords", text, N_("Write at least one word."))


def _checked(field: str, text: str, missing: str) -> str:
    clean = " ".join(normalise(text).split())
    if not fold(clean).strip():
        raise Invalid(missing, fields={field: missing})
    if len(clean) > LONGEST:
        message = N_("This is too long: %(most)s characters at most.")
        raise Invalid(message, fields={field: message}, most=LONGEST)
    return clean


def _contexts(sent: Collection[Any]) -> list[str]:
    chosen = [one.value for one in FilterContext if one in sent]
    if not chosen or len(set(sent)) != len(chosen):
        message = N_("Choose at least one place.")
        raise Invalid(message, fields={"context": message})
    return chosen
