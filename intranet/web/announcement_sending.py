"""Sending announcements: reach beforehand, approval, publication, taking back, withdrawing; and the
audiences that an author keeps."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.announcements import approval, policies, publication, queries, revising
from intranet.announcements.models import AnnouncementStatus
from intranet.audiences import actions as audience_actions
from intranet.audiences import queries as audiences
from intranet.kernel.errors import Forbidden, Invalid
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, errors
from intranet.web.announcement_forms import asked_rule, moment, number
from intranet.web.announcements import bp, page_of, see
from intranet.web.audience_words import rule_words
from intranet.web.identity import viewer


@bp.get("/announcements/reach")
def reach() -> ResponseReturnValue:
    """How many people the chosen audience is now, in words (a fragment)."""
    _require_author()
    announcement_id = number(request.args.get("announcement", ""))
    announcement = queries.get_manageable(viewer(), announcement_id) if announcement_id else None
    try:
        found = audiences.reach(asked_rule(announcement))
    except Invalid as error:
        problem = " ".join(errors.field_sentences(error).values())
        return render_template("announcements/_reach.html", reach=None, problem=problem)
    return render_template("announcements/_reach.html", reach=found, problem="")


@bp.post("/announcements/<int:announcement_id>/publication")
def send(announcement_id: int) -> ResponseReturnValue:
    """Let a draft out: now, at a time (`when` later, `publish_at`), or to whoever approves it."""
    try:
        with unit_of_work():
            announcement = queries.get_manageable(viewer(), announcement_id, lock=True)
            later = request.form.get("when") == "later"
            at = moment(request.form.get("publish_at", ""), "publish_at") if later else None
            if later and at is None:
                raise Invalid(fields={"publish_at": _("Say when.")})
            four_eyes = composer.settings_here().announcement_approval
            reason = request.form.get("emergency_reason", "")
            approval.send(viewer(), announcement, at=at, four_eyes=four_eyes, emergency=reason)
            status = announcement.status
    except Invalid as error:
        return _page_again(announcement_id, error)
    _say_where_it_is(status)
    return see(announcement_id)


@bp.post("/announcements/<int:announcement_id>/approval")
def approve(announcement_id: int) -> ResponseReturnValue:
    """The second pair of eyes lets it out."""
    try:
        with unit_of_work():
            announcement = queries.get_visible(viewer(), announcement_id, lock=True)
            approval.approve(viewer(), announcement)
            status = announcement.status
    except Invalid as error:
        return _page_again(announcement_id, error)
    _say_where_it_is(status)
    return see(announcement_id)


@bp.post("/announcements/<int:announcement_id>/return")
def send_back(announcement_id: int) -> ResponseReturnValue:
    """The second pair of eyes gives it back with a note."""
    try:
        with unit_of_work():
            announcement = queries.get_visible(viewer(), announcement_id, lock=True)
            approval.send_back(viewer(), announcement, request.form.get("note", ""))
    except Invalid as error:
        return _page_again(announcement_id, error)
    flash(_("It is back with its author."))
    return redirect(url_for("announcements.index", show="approval"), 303)


@bp.post("/announcements/<int:announcement_id>/recall")
def take_back(announcement_id: int) -> ResponseReturnValue:
    """A draft again."""
    with unit_of_work():
        publication.take_back(
            viewer(), queries.get_manageable(viewer(), announcement_id, lock=True)
        )
    flash(_("It is a draft again."))
    return see(announcement_id)


@bp.post("/announcements/<int:announcement_id>/withdrawal")
def withdraw(announcement_id: int) -> ResponseReturnValue:
    """Nobody reads it any more."""
    with unit_of_work():
        revising.withdraw(viewer(), queries.get_manageable(viewer(), announcement_id, lock=True))
    flash(_("It is withdrawn. Readers see a line that says so."))
    return see(announcement_id)


@bp.get("/announcements/audiences")
def saved_audiences() -> ResponseReturnValue:
    """The audiences that the viewer has kept under a name."""
    _require_author()
    return _audiences_page({})


@bp.post("/announcements/audiences/<int:audience_id>/name")
def rename_audience(audience_id: int) -> ResponseReturnValue:
    """Give a kept audience another name."""
    _require_author()
    try:
        with unit_of_work():
            audience_actions.rename(viewer(), audience_id, request.form.get("name", ""))
    except Invalid as error:
        return _audiences_page(errors.field_sentences(error), audience_id), error.status
    return redirect(url_for("announcements.saved_audiences"), 303)


@bp.post("/announcements/audiences/<int:audience_id>/delete")
def delete_audience(audience_id: int) -> ResponseReturnValue:
    """Forget a kept audience that nothing was made for."""
    _require_author()
    with unit_of_work():
        audience_actions.delete(viewer(), audience_id)
    return redirect(url_for("announcements.saved_audiences"), 303)


def _audiences_page(problems: dict[str, str], wrong: int = 0) -> str:
    saved = audiences.saved_by(viewer())
    return render_template(
        "announcements/audiences.html",
        saved=[(one, rule_words(viewer(), one.rule), audiences.reach(one.rule)) for one in saved],
        errors=problems,
        wrong=wrong,
        form=request.form,
    )


def _page_again(announcement_id: int, error: Invalid) -> ResponseReturnValue:
    problems = errors.field_sentences(error)
    message = " ".join(dict.fromkeys(problems.values())) or errors.sentence(error)
    return page_of(announcement_id, problems, message), error.status


def _say_where_it_is(status: AnnouncementStatus) -> None:
    if status is AnnouncementStatus.IN_APPROVAL:
        flash(_("It waits for somebody else to approve it."))
    elif status is AnnouncementStatus.SCHEDULED:
        flash(_("It goes out at its time."))
    else:
        flash(_("It is out."))


def _require_author() -> None:
    if not policies.may_announce(viewer()):
        raise Forbidden
