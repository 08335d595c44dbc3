"""Taking in a calendar file: choose it, look at what would come of it, then make the events."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.calendar import importing, imports
from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer

bp = Blueprint("calendar_import", __name__)


def _form(target: str = "", **problems: str) -> str:
    mine = _("My own calendar, seen by nobody else")
    options = [
        (one.name, one.group.name if one.group else one.page.display_name if one.page else mine)
        for one in importing.targets(viewer())
    ]
    return render_template(
        "agenda/import.html",
        options=options,
        form={"target": target},
        errors=problems,
    )


@bp.get("/events/import")
def show() -> ResponseReturnValue:
    """The form, or what is in the file that waits: made, updated, skipped and why."""
    preview = importing.preview(viewer())
    if preview is None:
        return _form(request.args.get("target", "")[:120])
    return render_template("agenda/import_preview.html", preview=preview)


@bp.post("/events/import")
def upload() -> ResponseReturnValue:
    """Keep the file (field `file`) for its reader to look at (field `target`: whose calendar)."""
    target = request.form.get("target", "")[:120]
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(fields={"file": N_("Choose a calendar file first.")})
        with closing(sent):
            data = sent.stream.read(imports.MOST_BYTES + 1)
        with unit_of_work():
            importing.keep(viewer(), sent.filename, data, target)
    except (Invalid, TooLarge) as error:
        return _form(target, **errors.field_sentences(error)), error.status
    return redirect(url_for("calendar_import.show"), 303)


@bp.post("/events/import/discard")
def discard() -> ResponseReturnValue:
    """Forget the file."""
    with unit_of_work():
        importing.discard(viewer())
    return redirect(url_for("calendar_import.show"), 303)


@bp.post("/events/import/events")
def make() -> ResponseReturnValue:
    """Make and update the events of the file that waits."""
    with unit_of_work():
        done = importing.carry_out(viewer())
    flash(
        ngettext("%(num)s event made.", "%(num)s events made.", done.made)
        + " "
        + ngettext("%(num)s updated.", "%(num)s updated.", done.updated)
    )
    return redirect(url_for("agenda.index", on=done.first or None), 303)
