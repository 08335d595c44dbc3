"""Notifications one by one, for programs: the kinds that are about people and posts.

What is about announcements, dates, groups and pages only has no post that a program could show,
and stays with the pages of the inbox.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.db import db
from intranet.inbox.queries import rows_of, visible_to, with_held
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.notifications.models import Notification, NotificationKind
from intranet.notifications.standard import TYPES

# These tell of a post, or of somebody who follows.
KINDS = tuple(TYPES)

_KINDS: Any = bindparam("kinds", expanding=True)
_CONDITIONS = {
    "actor_id": Notification.actor_id == bindparam("actor_id"),
    "post_id": Notification.post_id == bindparam("post_id"),
    "since": Notification.created_at >= bindparam("since"),
    "until": Notification.created_at < bindparam("until"),
    "before": Notification.id < bindparam("before"),
    "after": Notification.id > bindparam("after"),
    "above": Notification.id > bindparam("above"),
    "ids": Notification.id.in_(bindparam("ids", expanding=True)),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One notification: who did it, and to which post (None only for follows)."""

    id: int
    kind: NotificationKind
    actor: AccountChip
    post_id: int | None
    created_at: dt.datetime
    unread: bool
    held: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which notifications: of these kinds, by this account, about this post, made in this span
    (`until` excluded). `held` None means also what the policy holds aside."""

    kinds: Sequence[NotificationKind] = KINDS
    actor_id: int | None = None
    post_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    held: bool | None = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody's policy holds aside of one account."""

    actor: AccountChip
    count: int
    first_at: dt.datetime
    last_at: dt.datetime
    last_id: int  # of a notification: orders the list
    post_id: int | None  # the newest


def list_signals(
    viewer: Account, wanted: Wanted, cursor: Cursor, *, above: int | None = None
) -> Page[Signal]:
    """A page, newest first: one statement. With `above` the ones directly above that id."""
    given = {
        "actor_id": wanted.actor_id, "post_id": wanted.post_id, "since": wanted.since,
        "until": wanted.until, "before": cursor.before, "after": cursor.after, "above": above,
    }  # fmt: skip
    if above is not None:
        found = _listed(viewer, wanted, {**given, "page_limit": cursor.limit})[::-1]
        return Page(found, found[-1].id if found else None)
    found = _listed(viewer, wanted, {**given, "page_limit": cursor.limit + 1})
    return page_of(found, cursor.limit, lambda signal: signal.id)


def _listed(viewer: Account, wanted: Wanted, given: Mapping[str, Any]) -> list[Signal]:
    said = {name: value for name, value in given.items() if value is not None}
    query = _list(reader_of(viewer), wanted.held, wanted.unread, frozenset(said))
    said |= {"reader_id": viewer.id, "kinds": list(wanted.kinds)}
    return [_signal(row) for row in db.session.execute(query, said)]


@cache
def _list(
    reader: Reader, held: bool | None, unread: bool, given: frozenset[str]
) -> Select[*tuple[Any, ...]]:
    """Built once for each kind of reader and of question: that costs more than to ask."""
    every = Wanted(held=held, unread=unread, kinds=_KINDS)
    query = _select(reader.as_viewer, every)
    query = query.where(*(_CONDITIONS[name] for name in sorted(given & _CONDITIONS.keys())))
    if "above" in given:
        query = query.order_by(None).order_by(Notification.id)
    return (
        query.limit(bindparam("page_limit", type_=BigInteger)) if "page_limit" in given else query
    )


def get(viewer: Account, notification_id: int) -> Signal:
    """One of the viewer's own, held aside or not; NotFound otherwise."""
    query = _select(viewer, Wanted(held=None)).where(Notification.id == notification_id)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    return _signal(row)


def by_ids(viewer: Account, ids: Collection[int]) -> list[Signal]:
    """Those of these notifications that are the viewer's to hear of, the oldest first: one
    statement."""
    if not ids:
        return []
    return _listed(viewer, Wanted(), {"ids": list(ids)})[::-1]


def count(viewer: Account, wanted: Wanted, most: int) -> int:
    """How many there are, at most `most`."""
    some = _filtered(rows_of(Notification.id), viewer, wanted).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def read_up_to(viewer: Account) -> int | None:
    """The newest id below which everything is read; None while nothing is."""
    unread = _filtered(rows_of(func.min(Notification.id)), viewer, Wanted(unread=True))
    row = aliased(Notification, name="seen")
    read = select(func.max(row.id)).where(
        row.recipient_id == viewer.id,
        row.kind.in_(KINDS),
        row.read_at.is_not(None),
        row.id < func.coalesce(unread.scalar_subquery(), MAX_ID),
    )
    return db.session.scalar(read)


def list_held(viewer: Account, cursor: Cursor, actor_id: int | None = None) -> Page[Held]:
    """Whom the viewer's policy holds aside, the latest first: two statements."""
    grouped = (
        _filtered(
            rows_of(
                Notification.actor_id,
                func.count().label("number"),
                func.min(Notification.created_at).label("first_at"),
                func.max(Notification.created_at).label("last_at"),
                func.max(Notification.id).label("last_id"),
                func.max(Notification.post_id).label("post_id"),
            ),
            viewer,
            Wanted(held=True, actor_id=actor_id),
        )
        .group_by(Notification.actor_id)
        .order_by(func.max(Notification.id).desc())
        .limit(cursor.limit + 1)
    )
    if cursor.before is not None:
        grouped = grouped.having(func.max(Notification.id) < cursor.before)
    if cursor.after is not None:
        grouped = grouped.having(func.max(Notification.id) > cursor.after)
    rows = db.session.execute(grouped).all()
    people = chips.by_id(row.actor_id for row in rows)
    held = [
        Held(people[row.actor_id], row.number, row.first_at, row.last_at, row.last_id, row.post_id)
        for row in rows
    ]
    return page_of(held, cursor.limit, lambda one: one.last_id)


def count_held(viewer: Account) -> tuple[int, int]:
    """Of how many accounts something is held aside, and how much: one statement."""
    row = db.session.execute(
        _filtered(
            rows_of(func.count(Notification.actor_id.distinct()), func.count()),
            viewer,
            Wanted(held=True),
        )
    ).one()
    return int(row[0]), int(row[1])


def _select(viewer: Account, wanted: Wanted) -> Select[Any]:
    query = rows_of(Notification, *chips.COLUMNS).join(Account, Account.id == Notification.actor_id)
    return _filtered(query, viewer, wanted).order_by(Notification.id.desc())


def _filtered(query: Select[Any], viewer: Account, wanted: Wanted) -> Select[Any]:
    where: list[ColumnElement[bool]] = [
        with_held(viewer) if wanted.held is not False else visible_to(viewer),
        Notification.kind.in_(wanted.kinds),
        or_(
            Notification.post_id.is_not(None),
            Notification.kind == NotificationKind.FOLLOW,
        ),
    ]
    if wanted.held:
        where.append(Notification.held.is_(True))
    if wanted.actor_id is not None:
        where.append(Notification.actor_id == wanted.actor_id)
    if wanted.post_id is not None:
        where.append(Notification.post_id == wanted.post_id)
    if wanted.since is not None:
        where.append(Notification.created_at >= wanted.since)
    if wanted.until is not None:
        where.append(Notification.created_at < wanted.until)
    if wanted.unread:
        where.append(Notification.read_at.is_(None))
    return query.where(*where)


def _signal(row: Any) -> Signal:
    notification: Notification = row[0]
    return Signal(
        id=notification.id,
        kind=notification.kind,
        actor=chips.chip_from(row),
        post_id=notification.post_id,
        created_at=notification.created_at,
        unread=notification.read_at is None,
        held=notification.held,
    )
