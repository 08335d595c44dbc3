"""Settings of the calendar: subscription addresses, and what comes by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.calendar import feeds
from intranet.calendar.models import FeedScope
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.auth import settings_here
from intranet.web.identity import viewer

bp = Blueprint("calendar_feeds", __name__)


def _page(form: Mapping[str, Any], address: str = "", **problems: str) -> str:
    return render_template(
        "settings/calendar.html",
        feeds=feeds.list_feeds(viewer()),
        mail_going=feeds.wants_mail(viewer().id),
        form=form,
        address=address,
        errors=problems,
    )


@bp.get("/settings/calendar")
def index() -> ResponseReturnValue:
    """The addresses there are, and the form of a new one."""
    return _page({"scope": FeedScope.MINE.value})


@bp.post("/settings/calendar/feeds")
def create() -> ResponseReturnValue:
    """A new address (fields `name`, `scope`), shown this once."""
    form = request.form
    try:
        scope = _scope()
        with unit_of_work():
            token = feeds.create(viewer(), form.get("name", ""), scope)
    except Invalid as error:
        return _page(form, **errors.field_sentences(error)), error.status
    address = settings_here().base_url + url_for("calendar_files.feed", token=token)
    answer = _page({"scope": FeedScope.MINE.value}, address)
    return answer, 201, {"Cache-Control": "no-store"}


def _scope() -> FeedScope:
    try:
        return FeedScope(request.form.get("scope", FeedScope.MINE))
    except ValueError:
        raise Invalid(fields={"scope": N_("Choose one of these.")}) from None


@bp.post("/settings/calendar/feeds/<int:feed_id>/revoke")
def revoke(feed_id: int) -> ResponseReturnValue:
    """The address leads nowhere from now on."""
    with unit_of_work():
        feeds.revoke(viewer(), feed_id)
    flash(_("The address no longer works."))
    return redirect(url_for("calendar_feeds.index"), 303)


@bp.post("/settings/calendar/mail")
def mail() -> ResponseReturnValue:
    """Whether the dates one says yes to come by e-mail (field `mail_going`)."""
    with unit_of_work():
        feeds.set_wants_mail(viewer(), request.form.get("mail_going") == "1")
    flash(_("Saved."))
    return redirect(url_for("calendar_feeds.index"), 303)
