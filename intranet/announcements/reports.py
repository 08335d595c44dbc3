"""What became of an announcement: totals, sites and departments, days, and the list of names."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.directory import matching
from intranet.accounts.models import Account
from intranet.announcements.models import Acknowledgement, Announcement, AnnouncementRecipient, Door
from intranet.announcements.states import State, owes, state_of
from intranet.db import db
from intranet.kernel.anonymity import Breakdown, Tally, breakdown

_MAX_DAYS = 62
_MAX_FACETS = 60
_MOST_REPORTS = 80


@dataclass(frozen=True, slots=True)
class Day:
    """Confirmations of one day (in the reader's zone), and of all days up to it."""

    day: dt.date
    count: int
    so_far: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The figures. `done` means confirmed, or read where nothing is to be confirmed; percents
    leave out who is exempted."""

    totals: dict[State, int]
    recipients: int
    read: int
    done: int
    by_site: Breakdown
    by_department: Breakdown
    days: list[Day]
    median: dt.timedelta | None  # from being asked to confirming
    until_95: dt.timedelta | None  # from publication until 95 % had confirmed
    without_email: int
    to_remind: int

    @property
    def expected(self) -> int:
        """Of how many it is asked."""
        return self.recipients - self.totals[State.EXEMPTED]

    @property
    def percent(self) -> int:
        """Whole percents of the expected, rounded down: 100 only when it is everybody."""
        return self.done * 100 // self.expected if self.expected else 0


@dataclass(frozen=True, slots=True)
class PersonState:
    """Where one recipient stands."""

    account: AccountChip
    state: State
    department: str
    site: str
    read_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    acknowledged_revision: int | None
    door: Door | None
    language: str | None
    content_hash: str | None
    exemption_reason: str
    reminders_sent: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; an empty string asks for nothing."""

    q: str = ""
    state: str = ""
    department: str = ""
    site: str = ""

    def __bool__(self) -> bool:
        return any((self.q, self.state, self.department, self.site))


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """People by name; `next_after` is the account after which the next page begins."""

    people: tuple[PersonState, ...]
    next_after: int | None


def report(announcement: Announcement, *, minimum: int, zone: str) -> Report:
    """All figures, in four statements however many recipients there are; groups of fewer than
    `minimum` people are told together."""
    done_states = _done_states(announcement)
    row, state = AnnouncementRecipient, state_of(announcement).label("state")
    counted = db.session.execute(
        select(state, row.site, row.department, func.count(), func.count(row.read_at))
        .where(row.announcement_id == announcement.id)
        .group_by(state, row.site, row.department)
    ).all()
    totals: Counter[State] = Counter()
    sites: list[Tally] = []
    departments: list[Tally] = []
    read = 0
    for word, site, department, count, seen in counted:
        where = State(word)
        totals[where] += count
        read += seen
        if where is State.EXEMPTED:
            continue
        done = count if where in done_states else 0
        sites.append(Tally(site, count, (done,)))
        departments.append(Tally(department, count, (done,)))
    expected = sum(totals.values()) - totals[State.EXEMPTED]
    days, median, until_95 = _pace(announcement, expected, zone)
    return Report(
        totals={one: totals[one] for one in State},
        recipients=sum(totals.values()),
        read=read,
        done=sum(totals[one] for one in done_states),
        by_site=breakdown(sites, minimum),
        by_department=breakdown(departments, minimum),
        days=days,
        median=median,
        until_95=until_95,
        without_email=_count_owing(announcement, Account.email.is_(None)),
        to_remind=_count_owing(announcement),
    )


def _done_states(announcement: Announcement) -> frozenset[State]:
    done = State.CONFIRMED if announcement.requires_acknowledgement else State.READ
    return frozenset({done})


def _count_owing(announcement: Announcement, *where: ColumnElement[bool]) -> int:
    if not announcement.requires_acknowledgement:
        return 0
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AnnouncementRecipient)
            .join(Account, Account.id == AnnouncementRecipient.account_id)
            .where(owes(announcement), *where)
        )
        or 0
    )


def _pace(
    announcement: Announcement, expected: int, zone: str
) -> tuple[list[Day], dt.timedelta | None, dt.timedelta | None]:
    row = AnnouncementRecipient
    when: Any = row.acknowledged_at if announcement.requires_acknowledgement else row.read_at
    statement = select(row.added_at, when).where(
        row.announcement_id == announcement.id, row.exempted_at.is_(None), when.is_not(None)
    )
    if announcement.requires_acknowledgement:
        statement = statement.where(row.acknowledged_revision >= announcement.revision)
    moments = sorted(db.session.execute(statement).all(), key=lambda one: one[1])
    if not moments:
        return [], None, None
    here = ZoneInfo(zone)
    per_day = Counter(done.astimezone(here).date() for _, done in moments)
    days, so_far = [], 0
    first, last = min(per_day), max(per_day)
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        so_far += per_day[day]
        days.append(Day(day, per_day[day], so_far))
    taken = sorted(done - added for added, done in moments)
    enough = -(-expected * 95 // 100)
    began = announcement.published_at
    until_95 = moments[enough - 1][1] - began if began and 0 < enough <= len(moments) else None
    return days[-_MAX_DAYS:], taken[len(taken) // 2], until_95


def people(
    announcement: Announcement, wanted: Wanted, *, after: int | None = None, limit: int = 40
) -> PeoplePage:
    """Recipients by name: one statement. Only for whom `reportable.get_named` lets through."""
    statement = _people(announcement).order_by(Account.sort_name, Account.id).limit(limit + 1)
    statement = statement.where(*matching(wanted.q))
    if wanted.state:
        statement = statement.where(state_of(announcement) == wanted.state)
    if wanted.department:
        statement = statement.where(AnnouncementRecipient.department == wanted.department)
    if wanted.site:
        statement = statement.where(AnnouncementRecipient.site == wanted.site)
    if after is not None:
        last = Account.__table__.alias("last")
        place = select(last.c.sort_name).where(last.c.id == after).scalar_subquery()
        statement = statement.where(tuple_(Account.sort_name, Account.id) > tuple_(place, after))
    rows = db.session.execute(statement).all()
    found = tuple(map(_person, rows[:limit]))
    return PeoplePage(found, found[-1].account.id if len(rows) > limit else None)


def everybody(announcement: Announcement) -> list[PersonState]:
    """All recipients by name, for exports: one statement."""
    rows = db.session.execute(_people(announcement).order_by(Account.sort_name, Account.id))
    return list(map(_person, rows))


def team(announcement: Announcement, manager: Account) -> list[PersonState]:
    """The recipients who report to the manager now: at most 80, by name."""
    rows = db.session.execute(
        _people(announcement)
        .where(Account.manager_id == manager.id, Account.deactivated_at.is_(None))
        .order_by(Account.sort_name, Account.id)
        .limit(_MOST_REPORTS)
    )
    return list(map(_person, rows))


def facets(announcement: Announcement) -> tuple[list[str], list[str]]:
    """The departments and the sites of the recipients, by name."""
    row = AnnouncementRecipient

    def values(column: Any) -> list[str]:
        found = db.session.scalars(
            select(column)
            .where(row.announcement_id == announcement.id, column != "")
            .distinct()
            .order_by(column)
            .limit(_MAX_FACETS)
        )
        return list(found)

    return values(row.department), values(row.site)


def _people(announcement: Announcement) -> Select[Any]:
    row, proof = AnnouncementRecipient, Acknowledgement
    return (
        select_chips()
        .add_columns(
            state_of(announcement).label("state"),
            row.department.label("then_department"), row.site.label("then_site"),
            row.read_at, row.acknowledged_at, row.acknowledged_revision,
            row.exemption_reason, row.reminders_sent,
            proof.door, proof.language, proof.content_hash,
        )
        .join(row, row.account_id == Account.id)
        .outerjoin(
            proof,
            (proof.announcement_id == row.announcement_id)
            & (proof.account_id == row.account_id)
            & (proof.revision == row.acknowledged_revision),
        )
        .where(row.announcement_id == announcement.id)
    )  # fmt: skip


def _person(row: Any) -> PersonState:
    return PersonState(
        account=chip_from(row),
        state=State(row.state),
        department=row.then_department,
        site=row.then_site,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_revision=row.acknowledged_revision,
        door=row.door,
        language=row.language,
        content_hash=row.content_hash,
        exemption_reason=row.exemption_reason,
        reminders_sent=row.reminders_sent,
    )
