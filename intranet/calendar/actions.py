"""Making events. Changing and cancelling them is in `series`, answers in `rsvp`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select

from intranet.accounts.mentions import html_of
from intranet.accounts.models import Account, AccountKind
from intranet.audiences.actions import store
from intranet.calendar import policies, reminders, schedule
from intranet.calendar.clocks import to_utc
from intranet.calendar.drafts import EventDraft
from intranet.calendar.events import EventCreated
from intranet.calendar.models import Event, EventHost, EventInvitation, Occurrence, Rsvp
from intranet.calendar.rsvp import withdraw
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.groups import policies as group_policies
from intranet.groups.events import MembershipChanged
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden, Invalid, NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import fold
from intranet.media.actions import attach_to_event
from intranet.pages import policies as page_policies
from intranet.pages.models import Page


def create(
    actor: Account, draft: EventDraft, *, uid: str | None = None, imported_from: str = ""
) -> tuple[Event, Occurrence]:
    """A new event with its dates; gives it with the first of them. Forbidden for a page one does
    not write for and a group one does not belong to. `uid` is iCalendar's; made here if None."""
    organiser_id = _organiser(actor, draft)
    event = Event(
        id=new_id(),
        uid=uid or f"{uuid.uuid4()}@parvis",
        organiser_id=organiser_id,
        created_by_id=actor.id,
        group_id=draft.group_id,
        visibility=draft.visibility,
        audience_id=_audience(actor, draft),
        imported_from=imported_from,
        excluded=[one.isoformat() for one in draft.excluded],
        **written(draft),
        **timed(draft),
    )
    event.is_public = draft.is_public and _is_public_page(organiser_id)
    db.session.add(event)
    db.session.flush()
    set_hosts(event, draft.host_ids)
    attach_files(actor, event, draft)
    schedule.fill(event)
    first = db.session.scalar(
        select(Occurrence)
        .where(Occurrence.event_id == event.id)
        .order_by(Occurrence.starts_at)
        .limit(1)
    )
    if first is None:
        message = N_("No date fits this repetition.")
        raise Invalid(message, fields={"rrule": message})
    reminders.plan(event)
    record(EventCreated(event_id=event.id))
    return event, first


def written(draft: EventDraft) -> dict[str, Any]:
    """The columns that hold words and numbers."""
    return {
        "title": draft.title,
        "source": draft.source,
        "html": html_of(draft.source),
        "place": draft.place,
        "room": draft.room,
        "online_url": draft.online_url,
        "capacity": draft.capacity,
        "guests_allowed": draft.guests_allowed,
        "questions": [{"text": one.text, "required": one.required} for one in draft.questions],
        "reminders": list(draft.reminders),
        "search_text": fold(f"{draft.title} {draft.place} {draft.room} {draft.source}"),
    }


def timed(draft: EventDraft) -> dict[str, Any]:
    """The columns that hold the time."""
    starts, ends = draft.span
    return {
        "time_zone": draft.time_zone,
        "all_day": draft.all_day,
        "starts_at": to_utc(starts, draft.time_zone),
        "ends_at": to_utc(ends, draft.time_zone),
        "rrule": str(draft.repetition) if draft.repetition else "",
    }


def set_hosts(event: Event, account_ids: Collection[int]) -> None:
    """Let these people, and no others, run the event. Invalid for pages, guests and whoever is
    gone."""
    wanted = set(account_ids)
    fit = set(
        db.session.scalars(
            select(Account.id).where(
                Account.id.in_(wanted),
                Account.kind == AccountKind.PERSON,
                Account.role != "guest",
                Account.deactivated_at.is_(None),
            )
        )
    )
    if fit != wanted:
        message = N_("Only colleagues can be hosts.")
        raise Invalid(message, fields={"hosts": message})
    db.session.execute(
        delete(EventHost).where(EventHost.event_id == event.id, EventHost.account_id.not_in(wanted))
    )
    for account_id in wanted:
        insert_once(EventHost, event_id=event.id, account_id=account_id)


def attach_files(actor: Account, event: Event, draft: EventDraft) -> None:
    """Give the actor's uploads to the event, the cover picture among them."""
    ids = [*draft.media_ids, *([draft.cover_id] if draft.cover_id is not None else [])]
    keys = attach_to_event(actor, ids, event.id)
    if draft.cover_id is not None:
        cover = keys[-1]
        if cover.width is None:
            message = N_("The cover must be a picture.")
            raise Invalid(message, fields={"cover": message})
        event.cover_key = cover.key


def membership_changed(fact: MembershipChanged) -> None:
    """Who has left a group does not run its events any more, is no longer asked to come, and
    gives back seats in what is out of sight now."""
    account = db.session.get(Account, fact.account_id)
    if account is None or db.session.scalar(
        select(group_policies.is_member(account, fact.group_id))
    ):
        return
    of_group = select(Event.id).where(Event.group_id == fact.group_id)
    for model in (EventHost, EventInvitation):
        db.session.execute(
            delete(model).where(model.account_id == account.id, model.event_id.in_(of_group))
        )
    rows = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .join(Rsvp, Rsvp.occurrence_id == Occurrence.id)
        .where(
            Rsvp.account_id == account.id,
            Event.group_id == fact.group_id,
            Occurrence.ends_at > utc_now(),
            ~policies.visible_to(account),
        )
        .order_by(Occurrence.id)
        .with_for_update(of=Occurrence)
        .execution_options(populate_existing=True)
    ).all()
    for event, date in rows:
        withdraw(event, date, account.id)


def _organiser(actor: Account, draft: EventDraft) -> int:
    policies.require_may_organise(actor, draft.group_id)
    if draft.group_id is not None and draft.page_id is not None:
        raise Invalid(fields={"organiser": N_("Choose either a page or a group.")})
    if draft.page_id is not None:
        if page_policies.role_in(actor, draft.page_id) not in page_policies.WRITERS:
            raise Forbidden(N_("Your role in this page does not allow that."))
        return draft.page_id
    if draft.group_id is not None:
        group = db.session.scalar(
            select(Group).where(Group.id == draft.group_id, group_policies.visible_to(actor))
        )
        if group is None:
            raise NotFound()
        group_policies.require_may_post(actor, group)
    return actor.id


def _audience(actor: Account, draft: EventDraft) -> int | None:
    if draft.group_id is not None:
        return None
    if draft.audience_id is not None:
        return draft.audience_id
    if draft.rule is None or draft.rule.is_everyone:
        return None
    return store(draft.rule, actor).id


def _is_public_page(account_id: int) -> bool:
    page = select(Page.is_public).where(Page.account_id == account_id)
    return bool(db.session.scalar(page))


def change_audience(actor: Account, event: Event, draft: EventDraft) -> None:
    """Who the event is for, as the draft says; a group's event stays the group's."""
    if event.group_id is not None:
        return
    draft.group_id = None
    event.is_public = draft.is_public and _is_public_page(event.organiser_id)
    event.audience_id = _audience(actor, draft)
    event.visibility = draft.visibility
