"""When the caller may be told of something: hours, days off, quiet, letters."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from intranet.api.operations import Shape, operation
from intranet.api.shapes import Id, Moment
from intranet.interruptions import actions, hours, queries
from intranet.interruptions.actions import LONGEST_QUIET, QUIET, Choices
from intranet.interruptions.models import Level, Pace, Topic
from intranet.interruptions.schedule import DAY, Span
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Parameters, emptied, listed
from intranet.unit_of_work import unit_of_work

_MINUTE = dt.timedelta(minutes=1)
_CLOCK = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:30"])


class Whose(enum.StrEnum):
    """Whose hours hold: the company's, every hour, or the caller's own."""

    COMPANY = "company"
    ALWAYS = "always"
    OWN = "own"


class Hours(Shape):
    """Hours of a day of the week, on the clock of the caller's time zone. An end at or before the
    start is the next morning's."""

    weekday: int = Field(ge=0, le=6, description="0 is Monday")
    start: Annotated[str, _CLOCK]
    end: Annotated[str, _CLOCK]


class HoursWanted(Parameters):
    """Hours of a day of the week."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    start: Annotated[str, _CLOCK]
    end: Annotated[str, _CLOCK]


class DaysOff(Shape):
    """Days on which nothing is told, the last one included."""

    id: Id
    first_day: dt.date
    last_day: dt.date


class Interruptions(Shape):
    """When the caller may be told of something, and how. Only an emergency comes at any time."""

    may_be_told_now: bool
    told_again_at: Moment | None = Field(description="when that begins; null while it is so")
    quiet_until: Moment | None
    time_zone: str
    whose: Whose
    hours: list[Hours] = Field(description="those that hold; none: every hour")
    pace: Pace = Field(description="how often letters come")
    pace_is_own: bool = Field(description="false: the company's")
    levels: dict[Topic, Level]
    days_off: list[DaysOff]


class InterruptionsWanted(Parameters):
    """What is to be otherwise; what is not sent stays."""

    whose: Annotated[Whose | None, BeforeValidator(emptied)] = None
    hours: Annotated[
        tuple[HoursWanted, ...],
        BeforeValidator(listed),
        Field(max_length=7, description="of `whose` own: one row for each day"),
    ] = ()
    pace: Annotated[Pace | Literal["company"] | None, BeforeValidator(emptied)] = None
    levels: Annotated[dict[Topic, Level], Field(default_factory=dict, max_length=len(Topic))]


class QuietWanted(Parameters):
    """For how long."""

    minutes: Annotated[int, Field(ge=1, le=LONGEST_QUIET // _MINUTE)] = QUIET // _MINUTE


class DaysOffWanted(Parameters):
    """From one day to another; that day alone without a last one."""

    first_day: dt.date
    last_day: Annotated[dt.date | None, BeforeValidator(emptied)] = None


@operation("GET", "/interruptions", scopes=("read:notifications",), gives=Interruptions)
def interruptions() -> Interruptions:
    """When the caller may be told of something, and how."""
    return _now()


@operation(
    "PUT",
    "/interruptions",
    scopes=("write:notifications",),
    body=InterruptionsWanted,
    gives=Interruptions,
)
def set_interruptions(sent: InterruptionsWanted) -> Interruptions:
    """Choose hours, letters and levels. What waits is looked at again at once."""
    with unit_of_work():
        kept = queries.kept_of(viewer())
        actions.choose(
            viewer(),
            Choices(
                hours=kept.hours if sent.whose is None and not sent.hours else _spans(sent),
                pace=_pace(sent, kept.pace),
                levels=dict(kept.levels) | sent.levels,
                wants_letters=sent.pace is not None,
            ),
        )
    return _now()


@operation(
    "POST",
    "/interruptions/quiet",
    scopes=("write:notifications",),
    body=QuietWanted,
    gives=Interruptions,
)
def be_quiet(sent: QuietWanted) -> Interruptions:
    """Tell the caller nothing for so many minutes from now on."""
    with unit_of_work():
        actions.be_quiet(viewer(), sent.minutes * _MINUTE)
    return _now()


@operation("POST", "/interruptions/quiet/end", scopes=("write:notifications",), gives=Interruptions)
def end_quiet() -> Interruptions:
    """Tell the caller what was held back, if their hours are open. Again changes nothing."""
    with unit_of_work():
        actions.end_quiet(viewer())
    return _now()


@operation(
    "POST",
    "/interruptions/days-off",
    scopes=("write:notifications",),
    body=DaysOffWanted,
    gives=Interruptions,
)
def take_days_off(sent: DaysOffWanted) -> Interruptions:
    """Tell the caller nothing on these days."""
    with unit_of_work():
        actions.take_days_off(viewer(), sent.first_day, sent.last_day or sent.first_day)
    return _now()


@operation(
    "DELETE",
    "/interruptions/days-off/<int:day_off_id>",
    scopes=("write:notifications",),
    gives=Interruptions,
)
def work_after_all(day_off_id: int) -> Interruptions:
    """Forget days off of the caller's own. Again changes nothing."""
    with unit_of_work():
        actions.work_after_all(viewer(), day_off_id)
    return _now()


def _now() -> Interruptions:
    account = viewer()
    kept = queries.kept_of(account)
    schedule, now = hours.schedule_of(account), utc_now()
    is_open = schedule.is_open(now)
    own = Whose.OWN if kept.hours else Whose.ALWAYS
    return Interruptions(
        may_be_told_now=is_open,
        told_again_at=None if is_open else schedule.opens_at(now),
        quiet_until=kept.quiet_until,
        time_zone=account.time_zone,
        whose=Whose.COMPANY if kept.hours is None else own,
        hours=[_shown(span) for span in schedule.spans],
        pace=kept.pace or kept.company_pace,
        pace_is_own=kept.pace is not None,
        levels=dict(kept.levels),
        days_off=[
            DaysOff(id=str(one.id), first_day=one.first, last_day=one.last)
            for one in queries.days_off_of(account)
        ],
    )


def _shown(span: Span) -> Hours:
    return Hours(weekday=span.weekday, start=_clock(span.start), end=_clock(span.end))


def _clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def _pace(sent: InterruptionsWanted, kept: Pace | None) -> Pace | None:
    if sent.pace is None:
        return kept
    return None if sent.pace == "company" else sent.pace


def _spans(sent: InterruptionsWanted) -> tuple[Span, ...] | None:
    """Hours as they are kept; None for the company's."""
    if sent.whose is not Whose.OWN:
        if sent.hours:
            raise Invalid(fields={"hours": N_("Only own hours are given day by day.")})
        return None if sent.whose is Whose.COMPANY else ()
    if not sent.hours:
        raise Invalid(fields={"hours": N_("Give the hours of one day at least.")})
    found: dict[int, Span] = {}
    for one in sent.hours:
        span = actions.span_of(one.weekday, one.start, one.end)
        if span is not None and found.setdefault(one.weekday, span) is not span:
            raise Invalid(fields={"hours": N_("Give each day once.")})
    return tuple(found[day] for day in sorted(found))
