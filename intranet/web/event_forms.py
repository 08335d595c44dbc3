"""The form of an event: what it holds, and what it says when it is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _

from intranet.accounts import directory
from intranet.accounts.profile import time_zones
from intranet.audiences.rules import AudienceRule, read
from intranet.calendar.clocks import to_local
from intranet.calendar.drafts import MOST_QUESTIONS, REMINDERS, EventDraft, Question
from intranet.calendar.models import Event, Occurrence
from intranet.calendar.organisers import handles_of, organisers, page_id_of
from intranet.calendar.page import EventPage
from intranet.calendar.recurrence import DAYS, Frequency, Rule, parse
from intranet.calendar.schedule import ends_at, planned
from intranet.calendar.series import Scope
from intranet.groups import queries as groups
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.text import is_handle
from intranet.media import actions as media
from intranet.media.models import MediaKind
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer
from intranet.web.media import take_files
from intranet.web.sent_files import sent_media_ids

_ASKED = 3  # rows for questions that an empty form offers
_DAY = dt.timedelta(days=1)


def choices() -> dict[str, Any]:
    """What the form offers the viewer."""
    facets = directory.facets(viewer())
    return {
        "organisers": organisers(viewer()),
        "departments": [name for name, _count in facets.departments],
        "sites": [name for name, _count in facets.sites],
        "time_zones": time_zones(),
        "weekdays": DAYS,
        "reminders": REMINDERS,
    }


def empty_form() -> dict[str, Any]:
    """A new event: tomorrow in working hours, or the day that the address names."""
    zone = viewer().time_zone
    now = to_local(utc_now(), zone)
    try:
        day = dt.date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        day = now.date() + _DAY
    starts = dt.datetime.combine(day, dt.time(min(max(now.hour + 1, 9), 17)))
    organiser = "me"
    if request.args.get("group"):
        organiser = f"group:{request.args['group'][:80]}"
    elif request.args.get("page"):
        organiser = f"page:{request.args['page'][:80]}"
    return {
        "organiser": organiser,
        "time_zone": zone,
        "audience": "everyone",
        "repeat": "",
        "interval": "1",
        "repeat_end": "never",
        "guests_allowed": "0",
        "reminders": ["60"],
        "questions": [("", False)] * _ASKED,
        "departments": [],
        "sites": [],
        "days": [],
        **_times(starts, starts + dt.timedelta(hours=1), all_day=False),
    }


def filled_form(page: EventPage, event: Event, date: Occurrence, scope: Scope) -> dict[str, Any]:
    """The form of an event that is there; one date shows its own times, a series those that its
    rule gives."""
    zone = event.time_zone
    card = page.card
    own = scope is Scope.THIS or not event.rrule
    starts_at = date.starts_at if own else date.recurrence_id
    until = date.ends_at if own else ends_at(event, starts_at)
    rule = parse(event.rrule, zone) if event.rrule else None
    if rule is not None and rule.count is not None and scope is Scope.FOLLOWING:
        earlier = sum(one < date.recurrence_id for one in planned(event))
        rule = replace(rule, count=max(1, rule.count - earlier))
    audience = page.rule or AudienceRule()
    asked = [(one.text, one.required) for one in page.questions]
    return {
        "title": card.title if own else event.title,
        "source": event.source,
        "place": card.place if own else event.place,
        "room": card.room if own else event.room,
        "online_url": card.online_url if own else event.online_url,
        "time_zone": zone,
        "audience": "some" if page.rule else "everyone",
        "departments": list(audience.departments),
        "sites": list(audience.sites),
        "is_public": event.is_public,
        "capacity": str(event.capacity or ""),
        "guests_allowed": str(event.guests_allowed),
        "questions": [*asked, *[("", False)] * max(1, _ASKED - len(asked))][:MOST_QUESTIONS],
        "reminders": [str(one) for one in event.reminders],
        "hosts": ", ".join(f"@{one.handle}" for one in page.hosts),
        **_times(to_local(starts_at, zone), to_local(until, zone), all_day=event.all_day),
        **_repetition(rule, zone),
    }


def sent_form() -> dict[str, Any]:
    """The form as it was sent, to be shown again."""
    form: dict[str, Any] = {name: request.form.get(name, "") for name in request.form}
    for name in ("departments", "sites", "days", "reminders"):
        form[name] = request.form.getlist(name)
    form["questions"] = _questions() or [("", False)] * _ASKED
    return form


def sentences(error: DomainError) -> dict[str, str]:
    """What to say beside the fields; a refusal of the whole stands above them."""
    fields = errors.field_sentences(error)
    return fields or {"form": errors.sentence(error)}


def sent_draft(event: Event | None = None) -> EventDraft:
    """The draft in the form; Invalid with the fields to mend. An event that is there keeps its
    organiser."""
    all_day = bool(request.form.get("all_day"))
    starts = _moment("starts", all_day)
    ends = _moment("ends", all_day)
    if all_day and ends is not None:
        ends += _DAY if ends.year < dt.MAXYEAR else dt.timedelta()
    zone = request.form.get("time_zone", "")[:64]
    page_id, group_id = _organiser(event)
    rule = None
    if request.form.get("audience") == "some":
        rule = AudienceRule(departments=_names("departments"), sites=_names("sites"))
    media_ids, cover_id = _files()
    try:
        return EventDraft(
            title=request.form.get("title", ""),
            starts=starts,
            ends=ends,
            time_zone=zone,
            all_day=all_day,
            rrule=_rrule(starts, zone),
            source=request.form.get("source", ""),
            place=request.form.get("place", ""),
            room=request.form.get("room", ""),
            online_url=request.form.get("online_url", ""),
            page_id=page_id,
            group_id=group_id,
            rule=rule,
            audience_id=_kept_audience(event, rule),
            is_public=bool(request.form.get("is_public")),
            capacity=_number("capacity"),
            guests_allowed=_number("guests_allowed") or 0,
            questions=tuple(Question(text, required) for text, required in _questions()),
            reminders=tuple(int(one) for one in request.form.getlist("reminders") if _digits(one)),
            host_ids=_hosts(),
            media_ids=media_ids,
            cover_id=cover_id,
        )
    except OverflowError:
        raise Invalid(fields={"starts": N_("This date is too far away.")}) from None


def _times(starts: dt.datetime, ends: dt.datetime, *, all_day: bool) -> dict[str, Any]:
    last = (ends - _DAY if all_day else ends).date()
    return {
        "all_day": all_day,
        "starts_date": starts.date().isoformat(),
        "starts_time": f"{starts:%H:%M}",
        "ends_date": last.isoformat(),
        "ends_time": f"{ends:%H:%M}",
    }


def _moment(name: str, all_day: bool) -> dt.datetime | None:
    day = request.form.get(f"{name}_date", "").strip()[:20]
    clock = "00:00" if all_day else request.form.get(f"{name}_time", "").strip()[:8]
    try:
        return dt.datetime.combine(
            dt.date.fromisoformat(day), dt.time.fromisoformat(clock).replace(tzinfo=None)
        )
    except ValueError:
        return None


def _rrule(starts: dt.datetime | None, zone: str) -> str:
    """What the simple form says, as RRULE. "custom" keeps a rule that the form cannot show."""
    repeat = request.form.get("repeat", "")
    if not repeat or starts is None:
        return ""
    if repeat == "custom":
        return request.form.get("rrule", "")[:600]
    day, several = DAYS[starts.weekday()], _weekdays()
    parts = {
        "daily": "FREQ=DAILY",
        # A single day is the one on which the event begins.
        "weekly": f"FREQ=WEEKLY;BYDAY={','.join(several if len(several) > 1 else [day])}",
        "monthly": f"FREQ=MONTHLY;BYMONTHDAY={starts.day}",
        "monthly_weekday": f"FREQ=MONTHLY;BYDAY={_ordinal(starts)}{day}",
        "yearly": "FREQ=YEARLY",
    }
    if repeat not in parts:
        raise Invalid(fields={"rrule": N_("Choose how the event repeats.")})
    rule = f"{parts[repeat]};INTERVAL={_number('interval') or 1}"
    end = request.form.get("repeat_end", "never")
    if end == "count":
        rule += f";COUNT={_number('count') or 0}"
    elif end == "until":
        try:
            last = dt.date.fromisoformat(request.form.get("until", "").strip()[:20])
        except ValueError:
            raise Invalid(fields={"until": N_("Enter a date.")}) from None
        if request.form.get("all_day"):
            rule += f";UNTIL={last:%Y%m%d}"
        else:
            rule += f";UNTIL={last:%Y%m%d}T235959"
    return rule


def _repetition(rule: Rule | None, zone: str) -> dict[str, Any]:
    """The fields of a rule that the form can show; any other one is kept as it is."""
    if rule is None:
        return {"repeat": "", "interval": "1", "repeat_end": "never", "days": []}
    fields: dict[str, Any] = {
        "interval": str(rule.interval),
        "repeat_end": "never",
        "days": [DAYS[day] for _nth, day in rule.by_day],
        "rrule": str(rule),
        "repeat": "custom",
    }
    if rule.count is not None:
        fields |= {"repeat_end": "count", "count": str(rule.count)}
    elif rule.until is not None:
        last = rule.until
        day = to_local(last, zone).date() if isinstance(last, dt.datetime) else last
        fields |= {"repeat_end": "until", "until": day.isoformat()}
    plain = not (rule.by_month or rule.by_set_pos or rule.week_start)
    if not plain:
        return fields
    if rule.frequency is Frequency.DAILY and not (rule.by_day or rule.by_month_day):
        fields["repeat"] = "daily"
    elif rule.frequency is Frequency.WEEKLY:
        fields["repeat"] = "weekly"
    elif rule.frequency is Frequency.MONTHLY and not rule.by_day:
        fields["repeat"] = "monthly" if len(rule.by_month_day) < 2 else "custom"
    elif rule.frequency is Frequency.MONTHLY and len(rule.by_day) == 1 and not rule.by_month_day:
        fields["repeat"] = "monthly_weekday" if rule.by_day[0][0] else "custom"
    elif rule.frequency is Frequency.YEARLY and not (rule.by_day or rule.by_month_day):
        fields["repeat"] = "yearly"
    return fields


def _ordinal(starts: dt.datetime) -> int:
    """Which one of its weekday in the month: the fifth counts as the last."""
    nth = (starts.day - 1) // 7 + 1
    return -1 if nth == 5 else nth


def _weekdays() -> list[str]:
    sent = set(request.form.getlist("days"))
    return [day for day in DAYS if day in sent]


def _names(field: str) -> tuple[str, ...]:
    return tuple(one[:120] for one in dict.fromkeys(request.form.getlist(field)) if one)[:60]


def _kept_audience(event: Event | None, rule: AudienceRule | None) -> int | None:
    """The stored audience of an event whose rule did not change."""
    if event is None or event.audience_id is None or rule is None:
        return None
    stored = read(event.audience_id)
    changed = (set(stored.departments), set(stored.sites)) != (
        set(rule.departments),
        set(rule.sites),
    )
    return None if changed else event.audience_id


def _organiser(event: Event | None) -> tuple[int | None, int | None]:
    if event is not None:
        return None, event.group_id
    raw = request.form.get("organiser", "me")
    kind, _colon, name = raw.partition(":")
    if kind == "page":
        page_id = page_id_of(name[:64]) if not viewer().is_guest else None
        if page_id is None:
            raise NotFound()
        return page_id, None
    if kind == "group":
        return None, groups.get_visible(viewer(), name[:80]).id
    return None, None


def _questions() -> list[tuple[str, bool]]:
    found = []
    for number in range(MOST_QUESTIONS + 1):
        text = request.form.get(f"question-{number}", "").strip()
        if text:
            found.append((text, bool(request.form.get(f"required-{number}"))))
    return found


def _hosts() -> tuple[int, ...]:
    raw = request.form.get("hosts", "")[:2000].replace(",", " ").split()
    handles = [one.removeprefix("@").lower() for one in raw]
    known = handles_of(viewer(), [one for one in handles if is_handle(one)])
    for handle in handles:
        if handle not in known:
            message = N_("Nobody here has the handle %(handle)s.")
            raise Invalid(message, fields={"hosts": message}, handle=f"@{handle[:64]}")
    return tuple(known[handle] for handle in handles)


def _files() -> tuple[tuple[int, ...], int | None]:
    """The uploads of the form; what arrived has its row before anything else is tried."""
    stored, cover = take_files(), take_files("cover")
    if cover and cover[0].kind is not MediaKind.IMAGE:
        raise Invalid(fields={"cover": N_("The cover must be a picture.")})
    kept = sent_media_ids()
    if not stored and not cover:
        return kept, None
    with unit_of_work():
        new = tuple(media.add(viewer(), one).id for one in stored)
        cover_id = media.add(viewer(), cover[0]).id if cover else None
    return kept + new, cover_id


def _number(name: str) -> int | None:
    raw = request.form.get(name, "").strip()
    if not raw:
        return None
    if not _digits(raw):
        raise Invalid(fields={name: N_("Enter a whole number.")})
    return int(raw)


def _digits(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) < 10


def scope_words(scope: Scope) -> str:
    """A scope of change, in words."""
    return {
        Scope.THIS: str(_("Only this date")),
        Scope.FOLLOWING: str(_("This date and the following ones")),
        Scope.ALL: str(_("All dates")),
    }[scope]
