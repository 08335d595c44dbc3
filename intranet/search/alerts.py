"""Asks the saved searches of people for them, and tells what is new.

Looking reads much and writes little, so it is done before the transaction (see `tasks.runner`).
A post is told to a person once, shown or counted, whichever of their searches finds it first and
at whatever pace (see `ToldPost`). Later edits tell nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_each_once
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import MAX_ID, id_at
from intranet.kernel.pagination import Cursor
from intranet.notifications.actions import notify
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Post
from intranet.search import queries
from intranet.search.models import SavedSearch, ToldPost
from intranet.search.resolving import resolve
from intranet.search.saved import INTERVALS

LOOK = "search.look"
EVERY = dt.timedelta(minutes=1)
_AT_ONCE = 200  # searches of one look; the others come first at the next
_MOST = 99  # posts counted of one search
# A post gets its id before its transaction ends: what is younger may still come before others.
_SETTLED = dt.timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a saved search found: the ids, newest first; `until` is how far it has been looked."""

    saved_id: int
    account_id: int
    name: str
    until: int
    post_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a notification says: which search, how many posts."""

    saved_id: int
    count: int
    name: str


def look(_payload: dict[str, Any]) -> list[Looked]:
    """Ask the searches that are due, those that have waited longest first."""
    now = utc_now()
    until = id_at(now - _SETTLED)
    due = db.session.execute(
        select(SavedSearch, Account)
        .join(Account, Account.id == SavedSearch.account_id)
        .where(SavedSearch.due_at <= now, Account.deactivated_at.is_(None))
        .order_by(SavedSearch.due_at, SavedSearch.id)
        .limit(_AT_ONCE)
    ).all()
    newest = db.session.scalar(select(Post.id).order_by(Post.id.desc()).limit(1)) or 0
    return [
        Looked(
            saved.id,
            account.id,
            saved.name,
            until,
            _found(account, saved, until) if newest > saved.seen_id else (),
        )
        for saved, account in due
    ]


def _found(account: Account, saved: SavedSearch, until: int) -> tuple[int, ...]:
    """Of others: what somebody wrote they know."""
    search = resolve(account, saved.query)
    if search.problems or not search:
        return ()  # somebody it names can no longer be seen: nothing instead of everything
    cursor = Cursor(before=until, after=saved.seen_id, limit=_MOST)
    ids = queries.newest_ids(account, search, cursor)
    if not ids:
        return ()
    by_others = set(
        db.session.scalars(select(Post.id).where(Post.id.in_(ids), Post.author_id != account.id))
    )
    return tuple(id_ for id_ in ids if id_ in by_others)


def tell(looked: Sequence[Looked]) -> None:
    """One notification for each search that found something new, about its newest post."""
    _one_after_another(looked)
    known, there = _known(looked), _still_there(looked)
    fresh_ids: list[dict[str, int]] = []
    now = utc_now()
    for one in looked:
        # Changed, removed or told by another worker meanwhile: then it is not this look's.
        alert = db.session.scalar(
            update(SavedSearch)
            .where(
                SavedSearch.id == one.saved_id,
                SavedSearch.due_at <= now,
                SavedSearch.seen_id < one.until,
            )
            .values(seen_id=one.until)
            .returning(SavedSearch.alert)
        )
        if alert is None:
            continue
        db.session.execute(
            update(SavedSearch)
            .where(SavedSearch.id == one.saved_id)
            .values(due_at=now + INTERVALS[alert])
        )
        untold = there.difference(known[one.account_id])
        fresh = [id_ for id_ in one.post_ids if id_ in untold]
        if fresh:
            known[one.account_id].update(fresh)
            fresh_ids += [{"account_id": one.account_id, "post_id": id_} for id_ in fresh]
            _notify(one, fresh)
    insert_each_once(ToldPost, fresh_ids)
    _forget(looked)


def _one_after_another(looked: Sequence[Looked]) -> None:
    """Of two workers that tell the same person, the second knows what the first has told."""
    ids = sorted({one.account_id for one in looked if one.post_ids})
    if ids:
        db.session.execute(
            select(Account.id).where(Account.id.in_(ids)).order_by(Account.id).with_for_update()
        ).all()


def _still_there(looked: Sequence[Looked]) -> set[int]:
    """Those that were not deleted since they were found."""
    ids = {id_ for one in looked for id_ in one.post_ids}
    if not ids:
        return set()
    return set(
        db.session.scalars(select(Post.id).where(Post.id.in_(ids), Post.deleted_at.is_(None)))
    )


def _forget(looked: Sequence[Looked]) -> None:
    """What every alert of the person has looked past can be found by none of them any more."""
    slowest = (
        select(func.min(SavedSearch.seen_id))
        .where(SavedSearch.account_id == ToldPost.account_id, SavedSearch.due_at.is_not(None))
        .correlate(ToldPost)
        .scalar_subquery()
    )
    db.session.execute(
        delete(ToldPost)
        .where(
            ToldPost.account_id.in_({one.account_id for one in looked}),
            ToldPost.post_id <= func.coalesce(slowest, MAX_ID),
        )
        .execution_options(synchronize_session=False)
    )


def _known(looked: Sequence[Looked]) -> dict[int, set[int]]:
    """Which of these posts each person was told of already, by a search or otherwise: two
    statements."""
    ids = {id_ for one in looked for id_ in one.post_ids}
    known: dict[int, set[int]] = defaultdict(set)
    if ids:
        people = {one.account_id for one in looked}
        for person, post in (
            (Notification.recipient_id, Notification.post_id),
            (ToldPost.account_id, ToldPost.post_id),
        ):
            rows = db.session.execute(select(person, post).where(person.in_(people), post.in_(ids)))
            for account_id, post_id in rows:
                if post_id is not None:
                    known[account_id].add(post_id)
    return known


def _notify(one: Looked, fresh: Sequence[int]) -> None:
    post = db.session.get_one(Post, fresh[0])
    notify(
        {one.account_id},
        actor=db.session.get_one(Account, post.author_id),
        kind=NotificationKind.SAVED_SEARCH,
        post_id=post.id,
        thread_id=post.root_id or post.id,
        group_id=post.group_id,
        detail=f"{one.saved_id}:{len(fresh)}:{one.name}"[:60],
    )


def told(detail: str) -> Told:
    """What the detail of such a notification means; the name may have lost its end."""
    saved_id, _, rest = detail.partition(":")
    count, _, name = rest.partition(":")
    return Told(int(saved_id or 0), int(count or 0), name)
