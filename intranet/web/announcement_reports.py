"""What became of an announcement: figures, names, exemptions and reminders, under its own address.
The evidence to take away is in `announcement_exports`; both are one blueprint."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, get_timezone, ngettext
from flask_babel import gettext as _

from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.models import Account
from intranet.announcements import exemptions, looks, reminders, reportable, reports, texts
from intranet.announcements.models import Announcement, AnnouncementText
from intranet.announcements.reports import Wanted
from intranet.announcements.states import State, may_be_confirmed
from intranet.db import db
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.pagination import Cursor
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer

bp = Blueprint("reports", __name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands above every page of a report."""

    announcement: Announcement
    title: str
    voice: AccountChip
    may_see_names: bool
    may_be_confirmed: bool


def head_of(announcement: Announcement) -> Head:
    """The head of a report, in the reader's language where the announcement speaks it."""
    text = text_for(announcement, str(get_locale()))
    voice = db.session.get_one(Account, announcement.page_id or announcement.author_id)
    return Head(
        announcement=announcement,
        title=text.title,
        voice=chip_of(voice),
        may_see_names=reportable.may_see_names(viewer(), announcement),
        may_be_confirmed=may_be_confirmed(announcement),
    )


def text_for(announcement: Announcement, language: str) -> AnnouncementText:
    """The current text in a language, else in the announcement's own, else in any."""
    known = texts.current(announcement.id)
    found = known.get(language) or known.get(announcement.default_language)
    return found or next(iter(known.values()))


def settings_in_force() -> Settings:
    """The settings of this process."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        q=request.args.get("q", "").strip()[:200],
        state=state if state in {one.value for one in State} else "",
        department=request.args.get("department", "")[:120],
        site=request.args.get("site", "")[:120],
    )


def _see(announcement_id: int, endpoint: str = "reports.show") -> ResponseReturnValue:
    return redirect(url_for(endpoint, announcement_id=announcement_id), 303)


@bp.get("/announcements/<int:announcement_id>/report")
def show(announcement_id: int) -> ResponseReturnValue:
    """The figures."""
    announcement = reportable.get_reportable(viewer(), announcement_id)
    figures = reports.report(
        announcement, minimum=settings_in_force().min_group, zone=str(get_timezone())
    )
    return render_template(
        "reports/show.html",
        head=head_of(announcement),
        report=figures,
        steps=reminders.steps_of(announcement),
        reminded_today=reminders.reminded_today(announcement),
    )


@bp.get("/announcements/<int:announcement_id>/report/people")
def people(announcement_id: int) -> ResponseReturnValue:
    """The names, and where each stands. That they were looked at is recorded, once a day."""
    announcement = reportable.get_named(viewer(), announcement_id)
    if looks.is_look_due(viewer(), announcement):
        with unit_of_work():
            looks.opened(viewer(), announcement)
    wanted = _wanted()
    after = Cursor.parse(request.args.get("after")).before
    departments, sites = reports.facets(announcement)
    return render_template(
        "reports/people.html",
        head=head_of(announcement),
        page=reports.people(announcement, wanted, after=after),
        wanted=wanted,
        departments=departments,
        sites=sites,
    )


@bp.get("/announcements/<int:announcement_id>/report/team")
def team(announcement_id: int) -> ResponseReturnValue:
    """A manager's own reports, where the reminders climb to managers."""
    announcement = reportable.get_for_manager(viewer(), announcement_id)
    return render_template(
        "reports/team.html",
        head=head_of(announcement),
        people=reports.team(announcement, viewer()),
    )


@bp.get("/announcements/<int:announcement_id>/report/people/<handle>/exemption")
def exemption(announcement_id: int, handle: str) -> ResponseReturnValue:
    """The form that lets somebody off, or asks again."""
    announcement = reportable.get_named(viewer(), announcement_id)
    account, row = exemptions.get_recipient(announcement, handle)
    return render_template(
        "reports/exemption.html",
        head=head_of(announcement),
        person=chip_of(account),
        reason=row.exemption_reason,
        exempted_at=row.exempted_at,
        errors={},
    )


@bp.post("/announcements/<int:announcement_id>/report/people/<handle>/exemption")
def exempt(announcement_id: int, handle: str) -> ResponseReturnValue:
    """Let somebody off, or the form again."""
    reason = request.form.get("reason", "")[:2000]
    try:
        with unit_of_work():
            announcement = reportable.get_named(viewer(), announcement_id)
            account, _row = exemptions.get_recipient(announcement, handle)
            exemptions.exempt(viewer(), announcement, account.id, reason)
            name = account.display_name
    except Invalid as error:
        announcement = reportable.get_named(viewer(), announcement_id)
        account, _row = exemptions.get_recipient(announcement, handle)
        page = render_template(
            "reports/exemption.html",
            head=head_of(announcement),
            person=chip_of(account),
            reason=reason,
            exempted_at=None,
            errors={field: _(message) for field, message in error.fields.items()},
        )
        return page, error.status
    flash(_("%(name)s need not confirm it.", name=name))
    return _see(announcement_id, "reports.people")


@bp.post("/announcements/<int:announcement_id>/report/people/<handle>/exemption/remove")
def withdraw_exemption(announcement_id: int, handle: str) -> ResponseReturnValue:
    """Ask somebody again."""
    with unit_of_work():
        announcement = reportable.get_named(viewer(), announcement_id)
        account, _row = exemptions.get_recipient(announcement, handle)
        exemptions.withdraw(viewer(), announcement, account.id)
        name = account.display_name
    flash(_("%(name)s is asked to confirm it again.", name=name))
    return _see(announcement_id, "reports.people")


@bp.post("/announcements/<int:announcement_id>/report/reminders")
def remind(announcement_id: int) -> ResponseReturnValue:
    """Tell everybody who has not confirmed; once a day."""
    try:
        with unit_of_work():
            announcement = reportable.get_reportable(viewer(), announcement_id)
            count = reminders.remind_now(viewer(), announcement)
    except Conflict as error:
        flash(_(error.message), "warning")
        return _see(announcement_id)
    flash(
        ngettext("%(num)s person is being reminded.", "%(num)s people are being reminded.", count)
    )
    return _see(announcement_id)
