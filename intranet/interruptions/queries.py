"""What somebody has chosen about being interrupted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions import hours
from intranet.interruptions.levels import level_in
from intranet.interruptions.models import DayOff, InterruptionPreference, Level, Pace, Topic
from intranet.interruptions.schedule import Span
from intranet.kernel.clock import utc_now
from intranet.mail import opting_out


@dataclass(frozen=True, slots=True)
class Kept:
    """`hours` and `pace` None: the company's, which stand beside them. `hours` empty: always."""

    hours: tuple[Span, ...] | None
    pace: Pace | None
    levels: Mapping[Topic, Level]
    quiet_until: dt.datetime | None
    company_hours: tuple[Span, ...]
    company_pace: Pace
    stopped: bool  # by the link in a letter


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off, the last one included."""

    id: int
    first: dt.date
    last: dt.date


def kept_of(account: Account) -> Kept:
    """The account's own choice and the company's."""
    row = db.session.get(InterruptionPreference, account.id, populate_existing=True)
    company = hours.company_default()
    kept = row.levels if row is not None else {}
    return Kept(
        hours=hours.spans_from(row.hours) if row is not None and row.hours is not None else None,
        pace=row.pace if row is not None else None,
        levels={topic: level_in(kept, topic) for topic in Topic},
        quiet_until=_still(row.quiet_until if row is not None else None),
        company_hours=hours.spans_from(company.hours),
        company_pace=company.pace,
        stopped=opting_out.has_opted_out(account.id, "digest"),
    )


def quiet_until(account: Account) -> dt.datetime | None:
    """Until when the account wants quiet; None when that is over or was not asked for."""
    chosen = select(InterruptionPreference.quiet_until).where(
        InterruptionPreference.account_id == account.id
    )
    return _still(db.session.scalar(chosen))


def days_off_of(account: Account) -> list[Leave]:
    """Days off that are not over, the next ones first."""
    yesterday = utc_now().date() - dt.timedelta(days=1)
    rows = db.session.scalars(
        select(DayOff)
        .where(DayOff.account_id == account.id, DayOff.last_day >= yesterday)
        .order_by(DayOff.first_day, DayOff.id)
    )
    return [Leave(row.id, row.first_day, row.last_day) for row in rows]


def _still(moment: dt.datetime | None) -> dt.datetime | None:
    return moment if moment is not None and moment > utc_now() else None
