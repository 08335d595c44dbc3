"""Searches people, pages, groups and posts, each under its own predicate: who may not read it
cannot find it, nor count it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from intranet.accounts import directory as people
from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.groups import directory as groups
from intranet.kernel import text
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor, Page
from intranet.pages import directory as pages
from intranet.posts.cards import PostCard
from intranet.posts.models import Post
from intranet.posts.policies import listed_to
from intranet.posts.queries import cards

POSTS_COUNTED = 100  # counting stops here: the tab says 99+
_READ_AT_ONCE = 20_000  # posts looked through by one request, so that none takes long
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the viewer can find of each. `posts` counts among the newest _READ_AT_ONCE posts,
    up to POSTS_COUNTED; `posts_beyond` says that there are older ones, not looked through."""

    people: int
    pages: int
    groups: int
    posts: int
    posts_beyond: bool


def words_of(query: str) -> list[str]:
    """What is looked for: folded words, every one of which has to be there."""
    return text.fold(query[:200]).split()[:_MOST_WORDS]


def counts(viewer: Account, query: str) -> Counts:
    """The numbers on the tabs: four statements and one for the oldest post looked at."""
    found = db.session.scalar(
        select(func.count())
        .select_from(Account)
        .where(
            Account.kind == AccountKind.PERSON,
            account_policies.visible_to(viewer),
            Account.deactivated_at.is_(None),
            *people.matching(query),
        )
    )
    oldest = _oldest_looked_at(MAX_ID)
    some = (
        select(Post.id)
        .where(Post.id >= oldest, *_found_in_posts(viewer, query))
        .limit(POSTS_COUNTED)
        .subquery()
    )
    return Counts(
        people=found or 0,
        pages=pages.count(viewer, query),
        groups=groups.counts(viewer, query).all,
        posts=db.session.scalar(select(func.count()).select_from(some)) or 0,
        posts_beyond=oldest > 0,
    )


def posts(viewer: Account, query: str, cursor: Cursor) -> Page[PostCard]:
    """Posts and replies that hold every word, newest first. A page may hold fewer than its size,
    or none, and still have a next one: each looks through _READ_AT_ONCE posts at most."""
    before = MAX_ID if cursor.before is None else cursor.before
    oldest = _oldest_looked_at(before)
    ids = db.session.scalars(
        select(Post.id)
        .where(Post.id < before, Post.id >= oldest, *_found_in_posts(viewer, query))
        .order_by(Post.id.desc())
        .limit(cursor.limit + 1)
    ).all()
    if len(ids) > cursor.limit:
        return Page(cards(viewer, ids[: cursor.limit]), ids[cursor.limit - 1])
    return Page(cards(viewer, ids), oldest or None)


def _found_in_posts(viewer: Account, query: str) -> list[ColumnElement[bool]]:
    return [
        listed_to(viewer),
        *(Post.search_text.contains(word, autoescape=True) for word in words_of(query)),
    ]


def _oldest_looked_at(before: int) -> int:
    """The id down to which one request looks; 0 when it comes to the end."""
    last = db.session.scalar(
        select(Post.id)
        .where(Post.id < before)
        .order_by(Post.id.desc())
        .offset(_READ_AT_ONCE - 1)
        .limit(1)
    )
    return last or 0
