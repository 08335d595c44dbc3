"""Events: making, showing, changing and cancelling them, and answering. Invitations, attendance
and checking in are in `event_people`; both are one blueprint."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.calendar import (
    actions,
    cancelling,
    discussion,
    policies,
    queries,
    rsvp,
    series,
)
from intranet.calendar.models import Answer, Event, Occurrence
from intranet.calendar.page import EventPage, page
from intranet.calendar.series import Scope
from intranet.groups import queries as groups
from intranet.kernel.errors import DomainError, Invalid, NotFound, TooLarge
from intranet.kernel.messages import N_
from intranet.kernel.text import escaped
from intranet.posts import actions as posts
from intranet.posts import threads
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, event_forms, event_times, filtering, sent_files
from intranet.web.cards import event_card
from intranet.web.composer import Composer
from intranet.web.errors import field_sentences, sentence
from intranet.web.identity import viewer
from intranet.web.post_audiences import Audience
from intranet.web.wants import wants_fragment

bp = Blueprint("events", __name__)


def see(occurrence_id: int, endpoint: str = "events.show", **values: Any) -> ResponseReturnValue:
    """Off to a page of the date after a write."""
    return redirect(url_for(endpoint, occurrence_id=occurrence_id, **values), 303)


@bp.get("/events/new")
def new() -> ResponseReturnValue:
    """The form of a new event; `group`, `page` and `date` fill it in."""
    return _form("events/new.html", event_forms.empty_form(), {})


@bp.post("/events")
def create() -> ResponseReturnValue:
    """A new event, announced in the feed if that is wished, or the form again."""
    try:
        draft = event_forms.sent_draft()
        with unit_of_work():
            event, first = actions.create(viewer(), draft)
            if request.form.get("announce"):
                words = request.form.get("announcement", "")
                discussion.announce(viewer(), event, _words(event, first, words), composer.limits())
            occurrence_id = first.id
    except (Invalid, TooLarge) as error:
        return _form_again("events/new.html", error)
    return see(occurrence_id)


@bp.get("/events/<int:occurrence_id>")
def show(occurrence_id: int) -> ResponseReturnValue:
    """One date of an event: when, where, who comes, one's answer, and the discussion."""
    return _page(page(viewer(), occurrence_id))


@bp.get("/events/<int:occurrence_id>/state")
def state(occurrence_id: int) -> ResponseReturnValue:
    """Seats, answers and who comes: what an open page fetches when they change (a fragment)."""
    return render_template("events/_state.html", page=page(viewer(), occurrence_id), errors={})


@bp.get("/events/<int:occurrence_id>/edit")
def edit(occurrence_id: int) -> ResponseReturnValue:
    """The form with the event; `scope` is this, following or all."""
    event, date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    scope = _scope(event, request.args.get("scope"))
    shown = page(viewer(), occurrence_id)
    form = event_forms.filled_form(shown, event, date, scope)
    return _form("events/edit.html", form, {}, page=shown, scope=scope)


@bp.post("/events/<int:occurrence_id>")
def save(occurrence_id: int) -> ResponseReturnValue:
    """The event as the form says, for this date, this and the following or all; or the form."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    scope = _scope(event, request.form.get("scope"))
    try:
        draft = event_forms.sent_draft(event)
        with unit_of_work():
            event, date = queries.get_visible(viewer(), occurrence_id)
            shown_id = series.edit(viewer(), event, date, draft, scope).id
    except (Invalid, TooLarge) as error:
        shown = page(viewer(), occurrence_id)
        return _form_again("events/edit.html", error, page=shown, scope=scope)
    flash(_("Saved."))
    return see(shown_id)


@bp.get("/events/<int:occurrence_id>/cancel")
def ask_cancel(occurrence_id: int) -> ResponseReturnValue:
    """Asks once more which dates are called off."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    return render_template("events/cancel.html", page=page(viewer(), occurrence_id))


@bp.post("/events/<int:occurrence_id>/cancel")
def cancel(occurrence_id: int) -> ResponseReturnValue:
    """Call off one date, that and the following ones, or all."""
    with unit_of_work():
        event, date = queries.get_visible(viewer(), occurrence_id)
        cancelling.cancel(viewer(), event, date, _scope(event, request.form.get("scope")))
    flash(_("Cancelled. Everybody who answered has been told."))
    return see(occurrence_id)


@bp.post("/events/<int:occurrence_id>/restoration")
def restore(occurrence_id: int) -> ResponseReturnValue:
    """Let take place what was called off together with this date."""
    with unit_of_work():
        event, date = queries.get_visible(viewer(), occurrence_id)
        cancelling.restore(viewer(), event, date)
    flash(_("It takes place. Everybody who answered has been told."))
    return see(occurrence_id)


@bp.post("/events/<int:occurrence_id>/answer")
def answer(occurrence_id: int) -> ResponseReturnValue:
    """Going, maybe or no, with guests and replies; `series` answers all coming dates. To a `card`
    in a feed the card is the answer."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    try:
        try:
            said = Answer(request.form.get("answer", ""))
            guests = int(request.form.get("guests", "").strip()[:6] or 0)
        except ValueError:
            raise Invalid(N_("Choose one of the three answers.")) from None
        replies = [request.form.get(f"reply-{n}", "") for n in range(len(event.questions))]
        with unit_of_work():
            event, date = queries.get_visible(viewer(), occurrence_id)
            if request.form.get("series"):
                rsvp.answer_all(viewer(), event, said, guests, replies)
            else:
                rsvp.answer(viewer(), event, date, said, guests, replies)
    except Invalid as error:
        if wants_fragment() and request.form.get("card"):
            # Only the page can ask what is missing.
            return "", 204, {"HX-Redirect": url_for("events.show", occurrence_id=occurrence_id)}
        shown = page(viewer(), occurrence_id)
        words = field_sentences(error) or {"answer": sentence(error)}
        if wants_fragment():
            return render_template("events/_state.html", page=shown, errors=words), error.status
        body, status = _page(shown, errors=words), error.status
        return body, status
    if wants_fragment() and request.form.get("card"):
        return event_card(queries.cards(viewer(), [occurrence_id])[0])
    if wants_fragment():
        return render_template("events/_state.html", page=page(viewer(), occurrence_id), errors={})
    return see(occurrence_id, _anchor="answer")


@bp.post("/events/<int:occurrence_id>/comments")
def comment(occurrence_id: int) -> ResponseReturnValue:
    """The first word of the discussion, which begins it, or a further one."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    media_ids: tuple[int, ...] = ()
    try:
        media_ids = sent_files.receive_media()
        with unit_of_work():
            event, date = queries.get_visible(viewer(), occurrence_id)
            root_id = discussion.open_for(
                viewer(), event, _words(event, date, ""), composer.limits()
            )
            draft = composer.sent_draft(media_ids, in_reply_to_id=root_id)
            reply_id = posts.publish(viewer(), draft, composer.limits()).id
    except (Invalid, TooLarge) as error:
        form = composer.refused(_comment_form(page(viewer(), occurrence_id)), error, media_ids)
        return render_template("posts/compose.html", compose=form), error.status
    return see(occurrence_id, _anchor=f"post-{reply_id}")


def _page(shown: EventPage, errors: dict[str, str] | None = None) -> str:
    thread = None
    if shown.post_id is not None:
        try:
            thread = filtering.thread(threads.thread(viewer(), shown.post_id))
        except NotFound:
            thread = None  # invited from outside: the event, not the group's discussion
    compose = _comment_form(shown) if shown.post_id is None and _may_comment(shown) else None
    return render_template(
        "events/show.html",
        page=shown,
        thread=thread,
        compose=compose,
        errors=errors or {},
        Scope=Scope,
    )


def _may_comment(shown: EventPage) -> bool:
    """Whoever is in the group of a group's event; outside groups everybody but guests."""
    if shown.card.group is not None:
        return any(one.id == shown.card.group.id for one in groups.audiences(viewer()))
    return not viewer().is_guest and shown.visibility.value != "group"


def _comment_form(shown: EventPage) -> Composer:
    place = f"/events/{shown.card.occurrence_id}/comments"
    audience = Audience(place, shown.card.title, str(_("all who can see the event")))
    return composer.form_for(place, audience)


def _words(event: Event, date: Occurrence, words: str) -> str:
    """The post that tells of an event: some words, title, time, place and where to find it."""
    when = event_times.in_zone(date.starts_at, date.ends_at, event.time_zone, event.all_day)
    where = ", ".join(part for part in (event.room, event.place) if part)
    address = url_for("events.show", occurrence_id=date.id)
    told = " · ".join(part for part in (when, where) if part)
    text = f"[**{escaped(event.title)}**]({address})  \n{told}"
    return f"{words.strip()}\n\n{text}" if words.strip() else text


def _scope(event: Event, raw: str | None) -> Scope:
    if not event.rrule:
        return Scope.ALL
    try:
        return Scope(raw or Scope.THIS)
    except ValueError:
        raise Invalid(fields={"scope": N_("Choose which dates.")}) from None


def _form(template: str, form: dict[str, Any], errors: dict[str, str], **values: Any) -> str:
    return render_template(
        template, form=form, errors=errors, offer=event_forms.choices(), **values
    )


def _form_again(template: str, error: DomainError, **values: Any) -> ResponseReturnValue:
    words = event_forms.sentences(error)
    return _form(template, event_forms.sent_form(), words, **values), error.status
