"""What people and administrators choose about being interrupted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update

from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.interruptions.events import HoursChanged
from intranet.interruptions.hours import company_default
from intranet.interruptions.letters import reckon_again
from intranet.interruptions.models import (
    DayOff,
    InterruptionDefault,
    InterruptionPreference,
    Level,
    Pace,
    Topic,
)
from intranet.interruptions.schedule import DAY, Span
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.mail import opting_out

QUIET, LONGEST_QUIET = dt.timedelta(hours=2), dt.timedelta(days=1)
DIGEST_LIST, NOTICE_LIST = "digest", "notices"  # what letters call themselves
MOST_DAYS_OFF = 60
_LONGEST_LEAVE = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a form settles. `hours` None: the company's; () every hour. `pace` None likewise.
    `wants_letters` is whether the pace was chosen now, not only kept."""

    hours: tuple[Span, ...] | None = None
    pace: Pace | None = None
    levels: Mapping[Topic, Level] = field(default_factory=dict)
    wants_letters: bool = True


def span_of(weekday: int, start: str, end: str) -> Span | None:
    """Hours of a weekday from two times as forms send them ("22:00", "06:00": over midnight);
    None when both are empty. Invalid, under `day_N`, for anything else."""
    if not start and not end:
        return None
    name = f"day_{weekday}"
    try:
        first, last = (dt.time.fromisoformat(one) for one in (start, end))
    except ValueError:
        raise Invalid(fields={name: N_("Give both times, as 08:30.")}) from None
    begins, ends = first.hour * 60 + first.minute, last.hour * 60 + last.minute
    if begins == ends:
        raise Invalid(fields={name: N_("Hours that begin and end at the same time are none.")})
    return Span(weekday, begins, ends if ends > begins else ends + DAY)


def choose(actor: Account, choices: Choices) -> None:
    """Keep the actor's own choice. Whoever wants letters again gets them, also after the link in
    one of them has stopped them."""
    _keep(
        actor.id,
        hours=_stored(choices.hours),
        pace=choices.pace,
        levels={topic.value: level.value for topic, level in choices.levels.items()},
    )
    if choices.wants_letters and choices.pace not in (None, Pace.NEVER):
        for list_id in (DIGEST_LIST, NOTICE_LIST):
            opting_out.opt_in(actor, list_id)
    reckon_again(actor, choices.pace or company_default().pace)


def be_quiet(actor: Account, how_long: dt.timedelta = QUIET) -> dt.datetime:
    """Nothing reaches the actor for so long, two hours unless said; gives when that ends. Invalid
    for more than a day: longer are days off."""
    if not dt.timedelta() < how_long <= LONGEST_QUIET:
        raise Invalid(fields={"minutes": N_("At most a day. Longer are days off.")})
    until = utc_now() + how_long
    _keep(actor.id, quiet_until=until)
    return until


def end_quiet(actor: Account) -> None:
    """What was held back is told now, if it lies within the actor's hours."""
    _keep(actor.id, quiet_until=None)


def take_days_off(actor: Account, first: dt.date, last: dt.date) -> None:
    """Not to be told of anything on these days. Invalid when they are over, the wrong way round,
    or too many."""
    if last < first:
        raise Invalid(fields={"last_day": N_("That is before the first day.")})
    if (last - first).days >= _LONGEST_LEAVE:
        raise Invalid(fields={"last_day": N_("At most a year at once.")})
    yesterday = utc_now().date() - dt.timedelta(days=1)  # wherever the actor is
    if last < yesterday:
        raise Invalid(fields={"last_day": N_("That is over already.")})
    kept = select(func.count()).where(DayOff.account_id == actor.id, DayOff.last_day >= yesterday)
    if (db.session.scalar(kept) or 0) >= MOST_DAYS_OFF:
        raise Invalid(fields={"first_day": N_("There are too many of them. Remove some first.")})
    db.session.add(DayOff(id=new_id(), account_id=actor.id, first_day=first, last_day=last))
    db.session.execute(
        delete(DayOff).where(
            DayOff.account_id == actor.id,
            DayOff.last_day < yesterday - dt.timedelta(days=_LONGEST_LEAVE),
        )
    )


def work_after_all(actor: Account, day_off_id: int) -> None:
    """Forget own days off; another's or missing ones change nothing."""
    db.session.execute(delete(DayOff).where(DayOff.id == day_off_id, DayOff.account_id == actor.id))
    record(HoursChanged(account_id=actor.id))


def choose_for_all(actor: Account, spans: Sequence[Span], pace: Pace) -> None:
    """The company's choice, for who has made none."""
    require_may_administer(actor)
    values: dict[str, Any] = {"hours": _stored(tuple(spans)), "pace": pace}
    if not insert_once(InterruptionDefault, id=1, **values):
        db.session.execute(update(InterruptionDefault).values(**values))
        db.session.expire_all()


def _keep(account_id: int, **values: Any) -> None:
    row = InterruptionPreference
    if not insert_once(row, account_id=account_id, **{"levels": {}, **values}):
        db.session.execute(update(row).where(row.account_id == account_id).values(**values))
    record(HoursChanged(account_id=account_id))


def _stored(spans: tuple[Span, ...] | None) -> list[list[int]] | None:
    if spans is None:
        return None
    return [[span.weekday, span.start, span.end] for span in spans]
