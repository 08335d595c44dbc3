"""Whose hours hold a notice back, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions.models import (
    DayOff,
    InterruptionDefault,
    InterruptionPreference,
    Pace,
)
from intranet.interruptions.schedule import Leave, Schedule, Span

_MANY = 500  # ids in one statement
_COMPANY = 1


def held_back(account_ids: Collection[int], moment_ms: int) -> set[int]:
    """Those whom no notice may reach at this moment (milliseconds since 1970, UTC)."""
    moment = dt.datetime.fromtimestamp(moment_ms / 1000, dt.UTC)
    return {id_ for id_, schedule in schedules(account_ids).items() if not schedule.is_open(moment)}


def openings(account_ids: Collection[int], moment: dt.datetime) -> dict[int, dt.datetime]:
    """Of those who are held back at this moment: when they may be told."""
    return {
        id_: schedule.opens_at(moment)
        for id_, schedule in schedules(account_ids).items()
        if not schedule.is_open(moment)
    }


def schedules(account_ids: Collection[int]) -> dict[int, Schedule]:
    """The hours of those of these accounts who have any, a day off or quiet: at most three
    statements for some hundred of them. Who is not in it may always be told."""
    ids = sorted(account_ids)
    found: dict[int, Schedule] = {}
    company = spans_from(company_default().hours) if ids else ()
    for start in range(0, len(ids), _MANY):
        some = ids[start : start + _MANY]
        found.update(_some(some, company))
    return found


def schedule_of(account: Account) -> Schedule:
    """The hours of one account, also when there are none."""
    return schedules((account.id,)).get(account.id) or Schedule(zone=account.time_zone)


def company_default() -> InterruptionDefault:
    """What holds for who has chosen nothing; not to be changed by its reader."""
    found = db.session.get(InterruptionDefault, _COMPANY)
    return found or InterruptionDefault(id=_COMPANY, hours=[], pace=Pace.DAILY)


def spans_from(stored: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    """Spans as they are kept in a row."""
    return tuple(sorted(Span(*one) for one in stored))


def _some(ids: list[int], company: tuple[Span, ...]) -> dict[int, Schedule]:
    chosen = InterruptionPreference
    rows = db.session.execute(
        select(Account.id, Account.time_zone, chosen.hours, chosen.quiet_until)
        .outerjoin(chosen, chosen.account_id == Account.id)
        .where(Account.id.in_(ids))
    ).all()
    leaves: dict[int, list[Leave]] = {}
    for day in db.session.execute(
        select(DayOff.account_id, DayOff.first_day, DayOff.last_day).where(
            DayOff.account_id.in_(ids)
        )
    ):
        leaves.setdefault(day.account_id, []).append(Leave(day.first_day, day.last_day))
    found = {}
    for row in rows:
        spans = company if row.hours is None else spans_from(row.hours)
        if spans or row.quiet_until is not None or row.id in leaves:
            found[row.id] = Schedule(
                zone=row.time_zone,
                spans=spans,
                leaves=tuple(leaves.get(row.id, ())),
                quiet_until=row.quiet_until,
            )
    return found
