"""Administration of working hours: what holds for who has chosen nothing, and who may interrupt
people outside their hours."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.interruptions import actions, emergencies, hours
from intranet.interruptions.models import Pace
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.admin import bp
from intranet.web.identity import viewer
from intranet.web.interruptions import clock, pace_words, sent_spans, weekday_names


@bp.get("/interruptions")
def interruptions() -> ResponseReturnValue:
    """The company's hours and letters as a form, and whom administrators have named."""
    return _page()


@bp.post("/interruptions")
def save_interruptions() -> ResponseReturnValue:
    """Keep them, or the form again."""
    try:
        try:
            pace = Pace(request.form.get("pace", ""))
        except ValueError:
            raise Invalid(fields={"pace": N_("Choose one of these.")}) from None
        with unit_of_work():
            actions.choose_for_all(viewer(), sent_spans(), pace)
    except Invalid as error:
        return _page(**errors.field_sentences(error)), error.status
    flash(_("Saved."))
    return redirect(url_for("admin.interruptions"), 303)


@bp.post("/interruptions/senders")
def name_sender() -> ResponseReturnValue:
    """Let a colleague (`handle`) send emergencies."""
    try:
        with unit_of_work():
            emergencies.name_sender(viewer(), request.form.get("handle", ""))
    except Invalid as error:
        return _page(**errors.field_sentences(error)), error.status
    return redirect(url_for("admin.interruptions"), 303)


@bp.post("/interruptions/senders/<int:account_id>/remove")
def remove_sender(account_id: int) -> ResponseReturnValue:
    """No longer."""
    with unit_of_work():
        emergencies.remove_sender(viewer(), min(account_id, MAX_ID))
    return redirect(url_for("admin.interruptions"), 303)


def _page(**problems: str) -> str:
    company = hours.company_default()
    spans = {span.weekday: span for span in hours.spans_from(company.hours)}
    days = {
        day: (clock(spans[day].start), clock(spans[day].end)) if day in spans else ("", "")
        for day in range(7)
    }
    typed = request.form
    if problems and "pace" in typed:
        days = {day: (typed.get(f"from_{day}", ""), typed.get(f"to_{day}", "")) for day in days}
    return render_template(
        "admin/interruptions.html",
        senders=emergencies.senders(viewer()),
        days=days,
        pace=typed.get("pace") or company.pace.value,
        paces=pace_words(),
        weekdays=weekday_names(),
        errors=problems,
        handle=typed.get("handle", ""),
    )
