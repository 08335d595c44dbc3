"""Which letters follow from notices: one at once, several together when hours open, or a digest at
their start. Letters are written when they are sent; here is only put down that they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, or_, select, update

from intranet.accounts.models import Account, AccountKind
from intranet.db import db, record
from intranet.interruptions import hours, levels
from intranet.interruptions.events import HoursChanged
from intranet.interruptions.models import (
    DigestClock,
    InterruptionDefault,
    InterruptionPreference,
    Level,
    Pace,
)
from intranet.interruptions.schedule import Schedule, next_day, next_full_hour, next_week
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.mail import queue
from intranet.mail.actions import Due, enqueue_each
from intranet.mail.events import MailQueued
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.notifications.events import Notified
from intranet.notifications.models import Notification, NotificationKind
from intranet.tasks.actions import enqueue

NOTICE = "interruptions.notice"  # payload: {"notification": id}
TOGETHER = "interruptions.together"  # payload: {"after": id}: what hours have held back
DIGEST = "interruptions.digest"  # payload: {"after": id, "up_to": id, "pace": Pace}
TAKE_DUE = "interruptions.take_due"
# A letter at once is for what somebody says to the reader, or the reader asked for. Dates,
# announcements and reviews have letters of their own.
AT_ONCE = (
    NotificationKind.MENTION,
    NotificationKind.REPLY,
    NotificationKind.THREAD_REPLY,
    NotificationKind.QUOTE,
    NotificationKind.PRAISE,
    NotificationKind.ANSWER,
    NotificationKind.POLL,
    NotificationKind.REACTION,
    NotificationKind.BOOST,
    NotificationKind.FOLLOW,
    NotificationKind.MESSAGE,
    NotificationKind.GROUP_POST,
    NotificationKind.POST,
    NotificationKind.SAVED_SEARCH,
    NotificationKind.JOIN_REQUEST,
    NotificationKind.JOIN_ACCEPTED,
    NotificationKind.GROUP_INVITATION,
    NotificationKind.REPORT,
)
_MANY = 5_000
_UNLESS_CHOSEN = Pace.DAILY


def notified(fact: Notified) -> None:
    """Put letters down for those recipients who want one for each notice: two statements for some
    thousand of them, and one when nobody does. Outside their hours it is one letter for all that
    comes until these open."""
    for start in range(0, len(fact.notification_ids), _MANY):
        some = fact.notification_ids[start : start + _MANY]
        kept = InterruptionPreference
        rows = db.session.execute(
            select(Notification.id, Notification.kind, Notification.urgent, Account, kept.levels)
            .join(Account, Account.id == Notification.recipient_id)
            .outerjoin(kept, kept.account_id == Account.id)
            .where(
                Notification.id.in_(some),
                Notification.kind.in_(AT_ONCE),
                _pace() == Pace.AT_ONCE,
                *_writable(),
            )
        ).all()
        wanted = [row for row in rows if _is_at_once(row.levels, row.kind)]
        if wanted:
            _put_down(wanted)


def hours_changed(fact: HoursChanged) -> None:
    """What waits for the hours of this account is looked at again."""
    queue.look_again(fact.account_id)
    record(MailQueued())


def _put_down(rows: Sequence[Any]) -> None:
    now = utc_now()
    opening = hours.openings({row.Account.id for row in rows}, now)
    keys = {id_: f"together:{id_}:{until.isoformat()}" for id_, until in opening.items()}
    waiting, sent = _together_of(keys)
    due = []
    for row in rows:
        account = row.Account
        until = opening.get(account.id)
        if until is None or row.urgent:
            payload: dict[str, Any] = {"notification": str(row.id)}
            if row.urgent:
                payload["urgent"] = True
            due.append(Due(account.id, NOTICE, payload, f"notice:{row.id}"))
        elif account.id not in waiting:
            payload = {"after": str(row.id - 1)}
            key = keys[account.id]
            if key in sent:
                key = f"{key}:{now.isoformat()}"
            due.append(Due(account.id, TOGETHER, payload, key, until))
    enqueue_each(due)


def _together_of(keys: Mapping[int, str]) -> tuple[set[int], set[str]]:
    """Those of these accounts for whom a letter about all that is held back waits already, and
    those of their keys whose letter has gone before its time: hours were changed meanwhile."""
    waiting: set[int] = set()
    sent: set[str] = set()
    if keys:
        one = OutboxMessage
        is_waiting = one.status == OutboxStatus.WAITING
        rows = db.session.execute(
            select(one.account_id, one.status, one.dedupe_key).where(
                one.kind == TOGETHER,
                one.account_id.in_(keys),
                or_(is_waiting, one.dedupe_key.in_(keys.values())),
            )
        )
        for row in rows:
            if row.status is OutboxStatus.WAITING:
                waiting.add(row.account_id)
            else:
                sent.add(row.dedupe_key)
    return waiting, sent


def _is_at_once(kept: dict[str, str] | None, kind: NotificationKind) -> bool:
    return levels.level_for(kept or {}, kind) is Level.AT_ONCE


def _pace() -> Any:
    """The pace of `Account`: its own choice, the company's, or what holds without one."""
    company = select(InterruptionDefault.pace).where(InterruptionDefault.id == 1)
    own = InterruptionPreference.pace
    return func.coalesce(own, company.scalar_subquery(), _UNLESS_CHOSEN.value)


def _writable() -> tuple[Any, ...]:
    return (
        Account.kind == AccountKind.PERSON,
        Account.email.is_not(None),
        Account.deactivated_at.is_(None),
    )


def next_for(schedule: Schedule, pace: Pace, after: dt.datetime) -> dt.datetime:
    """When the next digest is due. Who gets a letter at once has what they want in digests only
    once a day; who wants none is looked at again tomorrow."""
    if pace is Pace.HOURLY:
        return next_full_hour(schedule, after)
    if pace is Pace.WEEKLY:
        return next_week(schedule, after)
    return next_day(schedule, after)


def reckon_again(account: Account, pace: Pace) -> None:
    """The account has chosen anew: its next digest comes as that says."""
    moment = next_for(hours.schedule_of(account), pace, utc_now())
    db.session.execute(
        update(DigestClock).where(DigestClock.account_id == account.id).values(next_at=moment)
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    account_id: int
    zone: str
    pace: Pace
    next_at: dt.datetime
    told_up_to: int


def take_due(_payload: dict[str, Any]) -> None:
    """Body of TAKE_DUE: put down the digests that are due, some hundred at a time; the statements
    do not grow with their number. Whoever has nothing unread gets none."""
    started = _start_clocks()
    now = utc_now()
    rows = db.session.execute(
        select(DigestClock, Account.time_zone, _pace().label("pace"))
        .join(Account, Account.id == DigestClock.account_id)
        .outerjoin(InterruptionPreference, InterruptionPreference.account_id == Account.id)
        .where(DigestClock.next_at <= now, *_writable())
        .order_by(DigestClock.next_at, DigestClock.account_id)
        .limit(_MANY)
    ).all()
    due = [
        _Reader(row[0].account_id, row.time_zone, Pace(row.pace), row[0].next_at, row[0].told_up_to)
        for row in rows
    ]
    if due:
        _write_to(due, now)
    if started == _MANY or len(due) == _MANY:
        enqueue(TAKE_DUE, {"again": True})


def _write_to(due: list[_Reader], now: dt.datetime) -> None:
    known = hours.schedules({one.account_id for one in due})
    newest = new_id()
    has_news = _with_news([one.account_id for one in due])
    letters, clocks = [], []
    for one in due:
        schedule = known.get(one.account_id) or Schedule(zone=one.zone)
        if not schedule.is_open(now):
            # Away, or quiet: nothing is lost, it comes when they are back.
            clocks.append((one.account_id, schedule.opens_at(now), one.told_up_to))
            continue
        told = one.told_up_to
        if one.pace is not Pace.NEVER and has_news.get(one.account_id, 0) > told:
            payload = {"after": str(told), "up_to": str(newest), "pace": one.pace.value}
            key = f"digest:{one.account_id}:{one.next_at.isoformat()}"
            letters.append(Due(one.account_id, DIGEST, payload, key))
            told = newest
        clocks.append((one.account_id, next_for(schedule, one.pace, now), told))
    enqueue_each(letters)
    _set_clocks(clocks)


def _with_news(account_ids: Collection[int]) -> dict[int, int]:
    """The newest unread notification of each that has one."""
    rows = db.session.execute(
        select(Notification.recipient_id, func.max(Notification.id).label("newest"))
        .where(
            Notification.recipient_id.in_(account_ids),
            Notification.read_at.is_(None),
            Notification.held.is_(False),
        )
        .group_by(Notification.recipient_id)
    )
    return {row.recipient_id: row.newest for row in rows}


def _start_clocks() -> int:
    """Clocks for those who have none yet, from now on: nobody is written to about the past."""
    rows = db.session.execute(
        select(Account.id, Account.time_zone, _pace().label("pace"))
        .outerjoin(InterruptionPreference, InterruptionPreference.account_id == Account.id)
        .outerjoin(DigestClock, DigestClock.account_id == Account.id)
        .where(DigestClock.account_id.is_(None), *_writable())
        .order_by(Account.id)
        .limit(_MANY)
    ).all()
    if not rows:
        return 0
    known = hours.schedules({row.id for row in rows})
    now, newest = utc_now(), new_id()
    values = [
        {
            "account_id": row.id,
            "next_at": next_for(
                known.get(row.id) or Schedule(zone=row.time_zone), Pace(row.pace), now
            ),
            "told_up_to": newest,
        }
        for row in rows
    ]
    db.session.execute(insert(DigestClock), values)
    return len(values)


def _set_clocks(clocks: Iterable[tuple[int, dt.datetime, int]]) -> None:
    values = [
        {"account_id": account_id, "next_at": moment, "told_up_to": told}
        for account_id, moment, told in clocks
    ]
    if values:
        db.session.execute(update(DigestClock), values)
