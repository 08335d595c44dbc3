"""The deadline, the expiry, the pin and the reminders of an announcement that is out. Part of the
announcements' blueprint."""

from __future__ import annotations

import datetime as dt

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.announcements import queries, terms
from intranet.announcements.models import Announcement, AnnouncementStatus
from intranet.announcements.terms import Terms
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web import composer
from intranet.web.announcement_forms import (
    SettingsForm,
    end_of_day,
    sent_settings_form,
    settings_form_of,
    words_for,
)
from intranet.web.announcements import bp, see
from intranet.web.identity import viewer


@bp.get("/announcements/<int:announcement_id>/terms")
def terms_form(announcement_id: int) -> ResponseReturnValue:
    """The form with what is settled now."""
    announcement = _out(announcement_id)
    return _form(announcement, settings_form_of(announcement, ()), {})


@bp.post("/announcements/<int:announcement_id>/terms")
def save_terms(announcement_id: int) -> ResponseReturnValue:
    """Settle it anew, or the form again."""
    _out(announcement_id)
    sent = sent_settings_form()
    try:
        with unit_of_work():
            announcement = queries.get_manageable(viewer(), announcement_id, lock=True)
            wanted = Terms(
                # Days are sent; a moment within the same day is meant to stay as it is.
                expires_at=_kept(announcement, sent, "expires_at"),
                acknowledge_by=_kept(announcement, sent, "acknowledge_by"),
                pinned=sent.pinned,
                reminds=sent.reminds,
            )
            four_eyes = composer.settings_here().announcement_approval
            terms.change(viewer(), announcement, wanted, four_eyes=four_eyes)
    except Invalid as error:
        return _form(_out(announcement_id), sent, words_for(error)), error.status
    flash(_("Saved."))
    return see(announcement_id)


def _kept(announcement: Announcement, sent: SettingsForm, name: str) -> dt.datetime | None:
    raw = getattr(sent, name)
    before: dt.datetime | None = getattr(announcement, name)
    if raw and raw == getattr(settings_form_of(announcement, ()), name):
        return before
    return end_of_day(raw, name)


def _out(announcement_id: int) -> Announcement:
    announcement = queries.get_manageable(viewer(), announcement_id)
    if announcement.status is not AnnouncementStatus.PUBLISHED:
        raise Conflict(N_("Only what is out can be changed this way."))
    return announcement


def _form(announcement: Announcement, settings: SettingsForm, problems: dict[str, str]) -> str:
    return render_template(
        "announcements/terms.html",
        announcement=announcement,
        settings=settings,
        errors=problems,
    )
