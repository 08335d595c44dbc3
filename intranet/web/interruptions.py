"""When and how somebody is told: hours, days off, quiet, levels; and the record of emergencies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, get_locale
from flask_babel import gettext as _
from flask_login import current_user

from intranet.groups import actions as group_actions
from intranet.groups import queries as groups
from intranet.groups.models import NotifyLevel
from intranet.interruptions import actions, emergencies, queries
from intranet.interruptions.actions import Choices
from intranet.interruptions.models import Level, Pace, Topic
from intranet.interruptions.queries import Kept
from intranet.interruptions.schedule import DAY, Span
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.push import keys
from intranet.push import queries as push
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.auth import settings_here
from intranet.web.identity import viewer
from intranet.web.wants import wants_fragment

bp = Blueprint("interruptions", __name__)

COMPANY = "company"
_WEEK = range(7)


def notifications_page(**problems: str) -> str:
    """Everything about being told, on one page: the form again with what was typed when there is
    something to mend."""
    account = viewer()
    kept = queries.kept_of(account)
    devices = push.devices_of(account, current_user.session_id)
    return render_template(
        "settings/notifications.html",
        devices=devices,
        is_here=any(one.is_here for one in devices),
        server_key=keys.public_key(settings_here().data),
        kept=kept,
        zone=account.time_zone,
        form=_form_of(kept) if not request.form else _typed(),
        errors=problems,
        weekdays=weekday_names(),
        paces=pace_words(),
        company_hours=hours_in_words(kept.company_hours),
        topics=_topics(),
        levels=_levels(),
        groups=groups.memberships_of(account),
        days_off=queries.days_off_of(account),
        today=utc_now().date(),
    )


def _form_of(kept: Kept) -> dict[str, Any]:
    hours = {span.weekday: span for span in kept.hours or kept.company_hours}
    return {
        "whose": COMPANY if kept.hours is None else "own" if kept.hours else "always",
        "pace": kept.pace.value if kept.pace else COMPANY,
        "levels": {topic.value: kept.levels[topic].value for topic in Topic},
        "days": {
            day: (clock(hours[day].start), clock(hours[day].end)) if day in hours else ("", "")
            for day in _WEEK
        },
    }


def _typed() -> dict[str, Any]:
    sent = request.form
    form = _form_of(queries.kept_of(viewer()))
    if "whose" in sent:
        form["whose"], form["pace"] = sent.get("whose", ""), sent.get("pace", "")
        form["days"] = {day: _times(day) for day in _WEEK}
        form["levels"] = {topic.value: sent.get(f"level_{topic.value}", "") for topic in Topic}
    form["first_day"], form["last_day"] = sent.get("first_day", ""), sent.get("last_day", "")
    return form


def _times(day: int) -> tuple[str, str]:
    return request.form.get(f"from_{day}", "")[:8], request.form.get(f"to_{day}", "")[:8]


def sent_spans() -> tuple[Span, ...]:
    """The hours of the form's week; Invalid names every day that cannot be read."""
    found, problems = [], {}
    for day in _WEEK:
        try:
            span = actions.span_of(day, *_times(day))
        except Invalid as error:
            problems.update(error.fields)
            continue
        if span is not None:
            found.append(span)
    if problems:
        raise Invalid(fields=problems)
    return tuple(found)


def _sent_choices() -> Choices:
    form, problems = request.form, {}
    spans: tuple[Span, ...] | None = None
    try:
        if form.get("whose") == "own":
            spans = sent_spans()
            if not spans:
                problems["whose"] = N_("Give the hours of one day at least.")
        elif form.get("whose") == "always":
            spans = ()
        elif form.get("whose") != COMPANY:
            problems["whose"] = N_("Choose one of these.")
    except Invalid as error:
        problems.update(error.fields)
    levels: dict[Topic, Level] = {}
    pace = None
    try:
        if form.get("pace") != COMPANY:
            pace = Pace(form.get("pace", ""))
        levels = {topic: Level(form[f"level_{topic.value}"]) for topic in Topic
                  if f"level_{topic.value}" in form}  # fmt: skip
    except ValueError:
        problems["pace"] = N_("Choose one of these.")
    if problems:
        raise Invalid(fields=problems)
    return Choices(hours=spans, pace=pace, levels=levels)


@bp.post("/settings/notifications")
def choose() -> ResponseReturnValue:
    """Keep hours, letters and levels, or the form again."""
    try:
        with unit_of_work():
            actions.choose(viewer(), _sent_choices())
    except Invalid as error:
        return notifications_page(**errors.field_sentences(error)), error.status
    return _saved()


@bp.post("/settings/notifications/groups")
def choose_groups() -> ResponseReturnValue:
    """What the viewer hears of from each of the own groups: fields `group_ID`."""
    mine = {one.chip.id: one for one in groups.memberships_of(viewer())}
    try:
        wanted = {id_: NotifyLevel(request.form[f"group_{id_}"]) for id_ in mine
                  if f"group_{id_}" in request.form}  # fmt: skip
    except ValueError:
        raise Invalid(fields={"level": N_("Choose one of the three.")}) from None
    with unit_of_work():
        for id_, level in wanted.items():
            if level is not mine[id_].notify_level:
                group = groups.get_visible(viewer(), mine[id_].chip.slug)
                group_actions.set_notify_level(viewer(), group, level)
    return _saved()


@bp.post("/settings/notifications/days-off")
def take_days_off() -> ResponseReturnValue:
    """Days off, from `first_day` to `last_day` (that day alone without one)."""
    form = request.form
    try:
        first = _day("first_day")
        last = _day("last_day") if form.get("last_day") else first
        with unit_of_work():
            actions.take_days_off(viewer(), first, last)
    except Invalid as error:
        return notifications_page(**errors.field_sentences(error)), error.status
    return _saved()


@bp.post("/settings/notifications/days-off/<int:day_off_id>/remove")
def work_after_all(day_off_id: int) -> ResponseReturnValue:
    """No days off."""
    with unit_of_work():
        actions.work_after_all(viewer(), min(day_off_id, MAX_ID))
    return _saved()


def _day(name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(fields={name: N_("Give a day.")}) from None


@bp.post("/notifications/quiet")
def be_quiet() -> ResponseReturnValue:
    """Nothing interrupts the viewer for two hours."""
    with unit_of_work():
        actions.be_quiet(viewer())
    return _after_quiet()


@bp.post("/notifications/quiet/end")
def end_quiet() -> ResponseReturnValue:
    """What waited is told now."""
    with unit_of_work():
        actions.end_quiet(viewer())
    return _after_quiet()


def _after_quiet() -> ResponseReturnValue:
    if wants_fragment():
        return render_template("notifications/_quiet.html")
    until = quiet_until()
    flash(_("Quiet.") if until else _("You are told again."))
    return redirect(url_for("notifications.index"), 303)


def quiet_until() -> dt.datetime | None:
    """Until when the viewer is not to be told, if now is before that."""
    return queries.quiet_until(viewer())


@bp.get("/emergencies")
def recorded() -> ResponseReturnValue:
    """Who has interrupted people outside their hours, why, and how many: not for guests."""
    return render_template(
        "notifications/emergencies.html", emergencies=emergencies.list_emergencies(viewer())
    )


def _saved() -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for("push.show"), 303)


def clock(minute: int) -> str:
    """A minute of a day as fields of forms want it."""
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def weekday_names() -> list[str]:
    """Monday to Sunday in the reader's language."""
    names = get_locale().days["stand-alone"]["wide"]
    return [names[day] for day in _WEEK]


def hours_in_words(spans: tuple[Span, ...]) -> list[str]:
    """Each day's hours on a line; none when every hour is open."""
    names = weekday_names()
    return [
        _(
            "%(day)s %(start)s to %(end)s",
            day=names[span.weekday],
            start=clock(span.start),
            end=clock(span.end),
        )
        for span in spans
    ]


def pace_words() -> dict[str, str]:
    """How often letters come."""
    return {
        Pace.AT_ONCE.value: _("A letter for each notice"),
        Pace.HOURLY.value: _("Every hour what is new"),
        Pace.DAILY.value: _("Once a day, when your hours begin"),
        Pace.WEEKLY.value: _("Once a week, when your hours begin"),
        Pace.NEVER.value: _("No letters about notices"),
    }


def _topics() -> Mapping[str, str]:
    return {
        Topic.TALK.value: _("Mentions and replies"),
        Topic.MESSAGES.value: _("Private messages"),
        Topic.GROUPS.value: _("Posts in your groups"),
        Topic.POSTS.value: _("Posts of people you asked to hear of"),
        Topic.EVENTS.value: _("Events and reminders"),
        Topic.TEAM.value: _("Requests, invitations and reviews"),
        Topic.APPLAUSE.value: _("Reactions, boosts and new followers"),
    }


def _levels() -> Mapping[str, str]:
    return {
        Level.AT_ONCE.value: _("At once"),
        Level.DIGEST.value: _("Only in the digest"),
        Level.LIST.value: _("Only in the list"),
    }


def register(app: Flask, _settings: Settings) -> None:
    """Give templates what the bell's menu and the desk of announcements ask."""
    app.jinja_env.filters["clock_of"] = lambda moment: format_time(moment, "short")
    app.jinja_env.globals.update(
        quiet_until=quiet_until, may_send_emergency=lambda: emergencies.may_send(viewer())
    )
