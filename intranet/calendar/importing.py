"""Making events of a calendar file that somebody has looked at: what is new is made, what came
before is brought up to date, and the rest is left out."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, and_, delete, select

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.audiences.models import Audience, AudienceField, AudienceTerm
from intranet.calendar import actions, clocks, imports, ranges, reminders, schedule
from intranet.calendar.drafts import REMINDERS, EventDraft
from intranet.calendar.events import EventChanged
from intranet.calendar.imports import Found, Override
from intranet.calendar.models import CalendarImport, Event, Occurrence
from intranet.calendar.telling import tell_all
from intranet.db import db, record
from intranet.groups import policies as group_policies
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.models import NotificationKind
from intranet.pages import policies as page_policies
from intranet.pages.models import Page

SHOWN = 80


class Outcome(enum.StrEnum):
    MAKE = "make"
    UPDATE = "update"
    SAME = "same"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Item:
    """One event of the file. `reason` (a marked sentence) says why it is skipped."""

    found: Found
    outcome: Outcome
    starts_at: dt.datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of the file; `items` are the first SHOWN, counts are of all."""

    file_name: str
    target: Target
    items: tuple[Item, ...]
    counts: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class Done:
    made: int
    updated: int
    first: str  # the day of the first coming one, or ""


@dataclass(frozen=True, slots=True)
class Target:
    """Whose calendar: the actor's own (seen by nobody else), a group's or a page's. `name` as the
    form says it: "", "group:SLUG" or "page:HANDLE"."""

    name: str
    organiser_id: int
    group: GroupChip | None = None
    page: AccountChip | None = None


def targets(actor: Account) -> tuple[Target, ...]:
    """The calendars the actor may bring events into."""
    found = [Target("", actor.id)]
    found += [
        Target(f"group:{mine.chip.slug}", actor.id, group=mine.chip)
        for mine in groups.memberships_of(actor)
        if mine.role in group_policies.STEWARDS
    ]
    found += [Target(f"page:{chip.handle}", chip.id, page=chip) for chip in _own_pages(actor)]
    return tuple(found)


def target_of(actor: Account, name: str) -> Target:
    """The calendar of that name: NotFound when the actor may not know of it, Forbidden when it
    may not bring events into it."""
    kind, _colon, key = name.partition(":")
    for one in targets(actor):
        if one.name == name:
            return one
    if kind == "group" and key:
        groups.get_visible(actor, key)
    elif kind == "page" and key:
        page = ranges.page_named(actor, key)
        page_policies.require_role(actor, page.id, page_policies.WRITERS)
    else:
        raise NotFound()
    raise Forbidden(N_("Only the group's owners and moderators may do that."))


def keep(actor: Account, file_name: str, data: bytes, target: str) -> None:
    """Remember the file until its owner has looked at it; the one before is forgotten."""
    target_of(actor, target)
    if not imports.read(data, actor.time_zone):
        raise Invalid(fields={"file": N_("There are no events in this file.")})
    discard(actor)
    db.session.add(
        CalendarImport(
            account_id=actor.id,
            file_name=" ".join(file_name.split())[:255],
            source=data.decode("utf-8-sig"),
            target=target,
        )
    )


def discard(actor: Account) -> None:
    """Forget the file."""
    db.session.execute(delete(CalendarImport).where(CalendarImport.account_id == actor.id))


def preview(actor: Account) -> Preview | None:
    """What would come of the file that waits; None when none does, or its calendar is no longer
    the actor's to fill."""
    kept = db.session.get(CalendarImport, actor.id)
    if kept is None:
        return None
    try:
        target = target_of(actor, kept.target)
    except (NotFound, Forbidden):
        return None
    items = _items(actor, kept, target)
    counts = {outcome: sum(item.outcome is outcome for item in items) for outcome in Outcome}
    return Preview(kept.file_name, target, tuple(items[:SHOWN]), counts)


def carry_out(actor: Account) -> Done:
    """Make and update what the preview says; the file is forgotten. NotFound when none waits."""
    kept = db.session.get(CalendarImport, actor.id)
    if kept is None:
        raise NotFound()
    target = target_of(actor, kept.target)
    items = [item for item in _items(actor, kept, target) if item.outcome in _WRITTEN]
    known = _known(target, [item.found for item in items])
    own = target.group is None and target.page is None
    audience_id = _nobody_else(actor) if own and items else None
    for item in items:
        draft = _draft(item.found, target, audience_id)
        key = imports.key_of(item.found.uid)
        if key in known:
            _update(actor, known[key], draft, item.found)
        else:
            event, _first = actions.create(actor, draft, imported_from=key)
            _differ(event, item.found)
    discard(actor)
    coming = [item.starts_at for item in items if item.starts_at and item.starts_at > utc_now()]
    return Done(
        made=sum(item.outcome is Outcome.MAKE for item in items),
        updated=sum(item.outcome is Outcome.UPDATE for item in items),
        first=min(coming).date().isoformat() if coming else "",
    )


_WRITTEN = (Outcome.MAKE, Outcome.UPDATE)


def _items(actor: Account, kept: CalendarImport, target: Target) -> list[Item]:
    found = imports.read(kept.source.encode(), actor.time_zone)
    known = _known(target, found)
    items, seen = [], set()
    for one in found:
        key = imports.key_of(one.uid)
        if one.problem or one.starts is None:
            items.append(Item(one, Outcome.SKIP, None, one.problem))
            continue
        starts_at = clocks.to_utc(one.starts, one.time_zone)
        if key in seen:
            items.append(Item(one, Outcome.SKIP, starts_at, N_("It is in the file twice.")))
        else:
            items.append(_weighed(one, starts_at, known.get(key), target))
        seen.add(key)
    return items


def _weighed(found: Found, starts_at: dt.datetime, event: Event | None, target: Target) -> Item:
    try:
        draft = _draft(found, target, None)
    except Invalid as error:
        return Item(found, Outcome.SKIP, starts_at, next(iter(error.fields.values())))
    if event is None:
        return Item(found, Outcome.MAKE, starts_at)
    same = not found.overrides and not _what_changed(event, draft)
    return Item(found, Outcome.SAME if same else Outcome.UPDATE, starts_at)


def _own_pages(actor: Account) -> list[AccountChip]:
    """The open pages that the actor writes for."""
    if actor.is_guest:
        return []
    rows = db.session.execute(
        select_chips()
        .join(Page, Page.account_id == Account.id)
        .where(page_policies.has_role(actor, page_policies.WRITERS))
        .where(Account.deactivated_at.is_(None))
        .order_by(Account.sort_name, Account.id)
        .limit(80)
    )
    return list(map(chip_from, rows))


def _known(target: Target, found: Iterable[Found]) -> dict[str, Event]:
    """The living events of this calendar that came from elsewhere, by where from."""
    keys = [imports.key_of(one.uid) for one in found if one.uid]
    where = (
        Event.group_id == target.group.id
        if target.group is not None
        else and_(Event.group_id.is_(None), Event.organiser_id == target.organiser_id)
    )
    events = db.session.scalars(
        select(Event).where(Event.imported_from.in_(keys), where, Event.cancelled_at.is_(None))
    )
    return {event.imported_from: event for event in events}


def _nobody_else(actor: Account) -> int:
    """An audience that includes nobody: what people bring from elsewhere is theirs alone. A term
    without its group is one that nobody fulfils."""
    audience = Audience(owner_id=actor.id)
    db.session.add(audience)
    db.session.flush()
    db.session.add(AudienceTerm(audience_id=audience.id, field=AudienceField.GROUP))
    return audience.id


def _draft(found: Found, target: Target, audience_id: int | None) -> EventDraft:
    """The event as every door gives it; Invalid when it cannot be taken."""
    return EventDraft(
        title=found.title or found.place or "…",
        starts=found.starts,
        ends=found.ends,
        time_zone=found.time_zone,
        all_day=found.all_day,
        rrule=found.rrule,
        source=found.source,
        place=found.place,
        online_url=found.online_url,
        page_id=target.page.id if target.page is not None else None,
        group_id=target.group.id if target.group is not None else None,
        audience_id=audience_id,
        excluded=found.excluded,
        reminders=tuple(
            min(REMINDERS, key=lambda offered: abs(offered - minutes))
            for minutes in found.reminders
        ),
    )


_COMPARED = ("title", "place", "online_url", "source", "reminders")
_TOLD = {"title": "title", "place": "place", "online_url": "online"}


def _what_changed(event: Event, draft: EventDraft) -> set[str]:
    new = actions.written(draft) | actions.timed(draft)
    names = (*_COMPARED, *actions.timed(draft))
    changed = {name for name in names if getattr(event, name) != new[name]}
    if sorted(event.excluded) != sorted(one.isoformat() for one in draft.excluded):
        changed.add("excluded")
    return changed


def _update(actor: Account, event: Event, draft: EventDraft, found: Found) -> None:
    """Bring the event to what the file says now: dates that stay keep their answers. What was
    set here, such as seats and hosts, stays."""
    schedule.hold(event)
    dates = schedule.hold_dates(event)
    changed = _what_changed(event, draft)
    new = actions.written(draft) | actions.timed(draft)
    for name in (*_COMPARED, "html", "search_text", *actions.timed(draft)):
        setattr(event, name, new[name])
    event.excluded = sorted(one.isoformat() for one in draft.excluded)
    event.sequence, event.updated_at = event.sequence + 1, utc_now()
    planned = {one for one in schedule.planned(event) if one.isoformat() not in event.excluded}
    if not event.rrule and len(dates) == 1:
        dates[0].recurrence_id = event.starts_at  # a single date that moved is still the same
    for date in dates:
        if date.recurrence_id not in planned:
            db.session.delete(date)
            continue
        date.starts_at = date.recurrence_id
        date.ends_at = schedule.ends_at(event, date.recurrence_id)
        date.moved, date.changes, date.cancelled_at = False, {}, None
    db.session.flush()
    schedule.fill(event)
    _differ(event, found)
    reminders.plan(event)
    what = {_TOLD.get(name, "time") for name in changed - {"source", "reminders"}}
    if what:
        ids = tuple(db.session.scalars(_ids_of(event)))
        said = tuple(sorted(what))
        tell_all(actor, NotificationKind.EVENT_CHANGED, event, ids, ",".join(said))
        record(EventChanged(event_id=event.id, occurrence_ids=ids, what=said))


def _ids_of(event: Event) -> Select[int]:
    return select(Occurrence.id).where(
        Occurrence.event_id == event.id, Occurrence.ends_at > utc_now()
    )


def _differ(event: Event, found: Found) -> None:
    """Let single dates say what the file says of them."""
    overrides = {one.position: one for one in found.overrides}
    dates = db.session.scalars(
        select(Occurrence).where(
            Occurrence.event_id == event.id, Occurrence.recurrence_id.in_(list(overrides))
        )
    ).all()
    for date in dates:
        _apply(date, event, overrides[date.recurrence_id])
    db.session.flush()


def _apply(date: Occurrence, event: Event, differs: Override) -> None:
    starts_at = clocks.to_utc(differs.starts, event.time_zone)
    date.moved = starts_at != date.starts_at
    date.starts_at, date.ends_at = starts_at, clocks.to_utc(differs.ends, event.time_zone)
    said = {"title": differs.title, "place": differs.place}
    date.changes = {
        name: value for name, value in said.items() if value and value != getattr(event, name)
    }
    date.cancelled_at = utc_now() if differs.cancelled else None
