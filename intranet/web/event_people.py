"""The people of an event: invitations, the attendance list, checking in. On the blueprint of
`events`."""

from __future__ import annotations

import segno
from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from intranet.accounts import queries as accounts
from intranet.calendar import attendance, invitations, policies, queries
from intranet.calendar.attendance import Attendee
from intranet.calendar.models import Answer, Event
from intranet.calendar.organisers import handles_of
from intranet.calendar.page import page
from intranet.kernel import spreadsheet
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import is_handle
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, limits
from intranet.web.errors import field_sentences, sentence
from intranet.web.events import bp, see
from intranet.web.identity import viewer


@bp.get("/events/<int:occurrence_id>/invite")
def invite(occurrence_id: int) -> ResponseReturnValue:
    """Whom to invite, found by name, and who has not answered yet."""
    event, date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    q = request.args.get("q", "").strip()[:200]
    return render_template(
        "events/invite.html",
        page=page(viewer(), occurrence_id),
        q=q,
        found=invitations.suggested(viewer(), event, q),
        invited=invitations.list_invited(event, date),
    )


@bp.post("/events/<int:occurrence_id>/invitations")
def send_invitations(occurrence_id: int) -> ResponseReturnValue:
    """Invite the people whose `handle`s are sent."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    raw = [one.strip().removeprefix("@").lower() for one in request.form.getlist("handle")]
    handles = [one for one in raw if is_handle(one)][: invitations.AT_ONCE]
    known = handles_of(viewer(), handles)
    if not known:
        raise Invalid(N_("Choose whom to invite."))
    with unit_of_work():
        event, date = queries.get_visible(viewer(), occurrence_id)
        number = invitations.invite(viewer(), event, date, list(known.values()))
    flash(ngettext("%(num)s person invited.", "%(num)s people invited.", number))
    return see(occurrence_id, "events.invite")


@bp.post("/events/<int:occurrence_id>/invitations/<handle>/remove")
def withdraw_invitation(occurrence_id: int, handle: str) -> ResponseReturnValue:
    """Take an invitation back."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    account = accounts.get_visible(viewer(), handle)
    with unit_of_work():
        event, _date = queries.get_visible(viewer(), occurrence_id)
        invitations.withdraw(viewer(), event, account.id)
    return see(occurrence_id, "events.invite")


@bp.get("/events/<int:occurrence_id>/attendance")
def list_attendance(occurrence_id: int) -> ResponseReturnValue:
    """Who answered and who was there, with the code that people enter; for hosts."""
    event, date = queries.get_visible(viewer(), occurrence_id)
    people = attendance.list_attendees(viewer(), event, date)
    path = url_for("events.check_in", occurrence_id=occurrence_id, code=date.check_in_code)
    address = composer.settings_here().base_url + path
    return render_template(
        "events/attendance.html",
        page=page(viewer(), occurrence_id),
        people=people,
        check_in_url=address,
        check_in_picture=_picture_of(address),
    )


def _picture_of(address: str) -> Markup:
    """The address as a QR code: an inline SVG without styles."""
    code = segno.make(address, error="m", micro=False)
    # Black on white in both themes: that is what cameras read.
    drawn = code.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass="evt__qr")
    return Markup(drawn)  # noqa: S704  (of modules only, no words)


@bp.get("/events/<int:occurrence_id>/attendance.csv")
def export_attendance(occurrence_id: int) -> ResponseReturnValue:
    """The same as a table for spreadsheets."""
    event, date = queries.get_visible(viewer(), occurrence_id)
    people = attendance.list_attendees(viewer(), event, date)
    header = [
        _("Name"), _("Handle"), _("Department"), _("Site"), _("Answer"), _("Waiting place"),
        _("Guests"), _("Checked in at (UTC)"), *(one["text"] for one in event.questions),
    ]  # fmt: skip
    body = spreadsheet.to_csv(header, (_row(event, one) for one in people))
    response = Response(body, mimetype="text/csv; charset=utf-8")
    name = f"attendance-{date.starts_at:%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


@bp.post("/events/<int:occurrence_id>/attendance/<handle>")
def set_present(occurrence_id: int, handle: str) -> ResponseReturnValue:
    """Tick somebody as present (`present=1`), or take the tick away."""
    event, _date = queries.get_visible(viewer(), occurrence_id)
    policies.require_may_manage(viewer(), event)
    account = accounts.get_visible(viewer(), handle)
    with unit_of_work():
        event, date = queries.get_visible(viewer(), occurrence_id, lock=True)
        attendance.set_present(
            viewer(), event, date, account.id, request.form.get("present") == "1"
        )
    return see(occurrence_id, "events.list_attendance", _anchor=f"person-{handle}")


@bp.get("/events/<int:occurrence_id>/check-in")
def check_in(occurrence_id: int) -> ResponseReturnValue:
    """The form for the code; the link on the door has filled it in."""
    shown = page(viewer(), occurrence_id)
    code = request.args.get("code", "")[:20]
    return render_template("events/check_in.html", page=shown, code=code, errors={})


@bp.post("/events/<int:occurrence_id>/check-in")
@limits.check_in
def arrive(occurrence_id: int) -> ResponseReturnValue:
    """I am there; or the form again for a wrong code."""
    code = request.form.get("code", "")[:20]
    try:
        with unit_of_work():
            event, date = queries.get_visible(viewer(), occurrence_id, lock=True)
            attendance.check_in(viewer(), event, date, code)
    except (Invalid, Conflict) as error:
        words = field_sentences(error)
        errors = {"code": words.get("code") or sentence(error)}
        shown = page(viewer(), occurrence_id)
        body = render_template("events/check_in.html", page=shown, code=code, errors=errors)
        return body, error.status
    flash(_("You are checked in. Enjoy!"))
    return see(occurrence_id)


def answer_words(answer: Answer, waiting: bool = False) -> str:
    """An answer in the reader's language."""
    if waiting:
        return str(_("On the waiting list"))
    return {
        Answer.GOING: str(_("Comes")),
        Answer.MAYBE: str(_("May come")),
        Answer.NO: str(_("Does not come")),
    }[answer]


def _row(event: Event, one: Attendee) -> list[object]:
    replies = [*one.replies, *[""] * len(event.questions)][: len(event.questions)]
    arrived = one.checked_in_at.strftime("%Y-%m-%d %H:%M") if one.checked_in_at else ""
    words = answer_words(one.answer, one.place is not None)
    return [
        one.account.display_name, f"{one.account.handle}", one.department, one.site, words,
        one.place, one.guests, arrived, *replies,
    ]  # fmt: skip
