"""From when to when somebody catches up. Both ends are ids, so that what arrives meanwhile is
neither lost nor shown twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.catchup.models import CatchUp
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import id_at, moment_of
from intranet.kernel.messages import N_
from intranet.notifications.models import MarkedList
from intranet.notifications.reading_marks import marks_of

VISIT = "visit"
_DAYS_BACK = {"yesterday": 1, "3-days": 3, "week": 7}
CHOICES = (VISIT, *_DAYS_BACK)
FIRST_DAYS = 7  # how far back somebody begins who has never caught up
_WHOLE_MILLISECOND = (1 << 22) - 1


@dataclass(frozen=True, slots=True)
class Span:
    """`since` is the newest id that has been seen, `until` the newest that is shown. `choice` is
    one of CHOICES or a date, as addresses name it."""

    since: int
    until: int
    choice: str = VISIT

    @property
    def began_at(self) -> dt.datetime:
        """The moment from which it counts."""
        return moment_of(self.since)

    @property
    def ends_at(self) -> dt.datetime:
        """The moment up to which it counts."""
        return moment_of(self.until)


def now_id() -> int:
    """The last id of this millisecond."""
    return id_at(utc_now(), _WHOLE_MILLISECOND)


def span_of(viewer: Account, choice: str = VISIT, until: int | None = None) -> Span:
    """The span that the viewer chose; Invalid for what is no choice. Days begin at the viewer's
    midnight. One statement, or two for who has never caught up; none for a day."""
    end = now_id() if until is None else min(until, now_id())
    if choice in ("", VISIT):
        return Span(min(mark_of(viewer, kept(viewer)), end), end)
    start = _midnight(viewer, choice)
    if start > utc_now():
        raise Invalid(fields={"since": N_("Choose a day that has begun.")})
    return Span(min(id_at(start), end), end, choice)


def kept(viewer: Account) -> CatchUp | None:
    """What is kept of the viewer."""
    return db.session.scalar(
        select(CatchUp)
        .where(CatchUp.account_id == viewer.id)
        .execution_options(populate_existing=True)
    )


def mark_of(viewer: Account, row: CatchUp | None) -> int:
    """The newest moment at which the viewer was up to date: by the button, or, for who has never
    used it, as far as a program says that they have read their home; else a week ago."""
    if row is not None and row.seen_until:
        return row.seen_until
    read = marks_of(viewer, (MarkedList.HOME,)).get(MarkedList.HOME)
    if read is not None:
        return read.last_read_id
    return max(id_at(viewer.created_at), id_at(utc_now() - dt.timedelta(days=FIRST_DAYS)))


def _midnight(viewer: Account, choice: str) -> dt.datetime:
    zone = ZoneInfo(viewer.time_zone)
    if choice in _DAYS_BACK:
        day = utc_now().astimezone(zone).date() - dt.timedelta(days=_DAYS_BACK[choice])
    else:
        try:
            day = dt.date.fromisoformat(choice)
        except ValueError:
            raise Invalid(fields={"since": N_("This is not a day.")}) from None
        if not 2000 <= day.year <= 9000:
            raise Invalid(fields={"since": N_("This is not a day.")})
        if day.year < 2018:  # before ids count
            day = dt.date(2018, 1, 1)
    return dt.datetime.combine(day, dt.time(), zone)
