"""Reports: the form for everybody, the queue for those who look after the place or a group."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts import queries as accounts
from intranet.accounts.chips import chip_of
from intranet.accounts.models import Account
from intranet.groups import policies as group_policies
from intranet.groups import queries as groups
from intranet.groups.home import home
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.posts import deletion
from intranet.posts import queries as posts
from intranet.posts.models import Post
from intranet.reports import actions, queries
from intranet.reports.actions import ReportDraft
from intranet.reports.models import ReportCategory
from intranet.reports.policies import require_may_moderate
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.gate import safe_next
from intranet.web.groups import bp as groups_bp
from intranet.web.identity import viewer

bp = Blueprint("moderation", __name__)

_PAGE = 20


@bp.get("/reports/new")
def new() -> ResponseReturnValue:
    """The form to report a post (`?post=`) or a person (`?account=`)."""
    found = _subject(request.args)
    return _form_page(*found, {})


@bp.post("/reports")
def create() -> ResponseReturnValue:
    """Report it, or the form again."""
    target, post = _subject(request.form)
    try:
        draft = ReportDraft(category=_category(), comment=request.form.get("comment", ""))
        with unit_of_work():
            actions.file(viewer(), target, [post] if post else [], draft)
    except Invalid as error:
        return _form_page(target, post, errors.field_sentences(error)), error.status
    flash(_("Thank you. Those who look after this place will read it."))
    if post is not None:
        return redirect(url_for("posts.show", post_id=post.id), 303)
    return redirect(url_for("people.show", handle=target.handle), 303)


def _subject(sent: Mapping[str, str]) -> tuple[Account, Post | None]:
    """Who is reported, and the post if it is one; of a boost what it passes on."""
    raw = sent.get("post", "")
    if raw:
        wanted = Cursor.parse(raw).before
        post = posts.get_visible_original(viewer(), wanted or 0)
        return queries.author_of(post), post
    handle = sent.get("account", "").replace("\0", "")
    return accounts.get_visible(viewer(), handle), None


def _category() -> ReportCategory:
    try:
        return ReportCategory(request.form.get("category", ""))
    except ValueError:
        raise Invalid(fields={"category": N_("Choose one of these.")}) from None


def _form_page(target: Account, post: Post | None, problems: Mapping[str, str]) -> str:
    return render_template(
        "moderation/new.html",
        target=chip_of(target),
        post=posts.card(viewer(), post.id) if post else None,
        errors=problems,
        form=request.form,
    )


@bp.get("/admin/reports")
def reports() -> ResponseReturnValue:
    """The reports of the whole organisation; `?state=resolved` those that are dealt with."""
    require_may_moderate(viewer())
    is_open = request.args.get("state") != "resolved"
    cursor = Cursor.parse(request.args.get("before"), limit=_PAGE)
    return render_template(
        "moderation/index.html",
        page=queries.list_reports(viewer(), cursor, is_open=is_open),
        is_open=is_open,
        waiting=queries.count_open(viewer()),
    )


@groups_bp.get("/groups/<slug>/reports")
def reports_of_group(slug: str) -> ResponseReturnValue:
    """The reports about a group's posts, for those who run it."""
    group = groups.get_visible(viewer(), slug)
    group_policies.require_may_run(viewer(), group)
    is_open = request.args.get("state") != "resolved"
    cursor = Cursor.parse(request.args.get("before"), limit=_PAGE)
    return render_template(
        "moderation/group.html",
        group=home(viewer(), slug),
        page=queries.list_reports(viewer(), cursor, is_open=is_open, group_id=group.id),
        is_open=is_open,
    )


@bp.post("/reports/<int:report_id>/resolve")
def resolve(report_id: int) -> ResponseReturnValue:
    """It is dealt with; `note` says how."""
    with unit_of_work():
        report = queries.get_visible(viewer(), report_id, lock=True)
        actions.resolve(viewer(), report, request.form.get("note", ""))
    flash(_("The report is closed."))
    return _back()


@bp.post("/reports/<int:report_id>/reopen")
def reopen(report_id: int) -> ResponseReturnValue:
    """It is not dealt with after all."""
    with unit_of_work():
        actions.reopen(queries.get_visible(viewer(), report_id, lock=True))
    flash(_("The report is open again."))
    return _back()


@bp.post("/reports/<int:report_id>/posts/<int:post_id>/delete")
def delete_post(report_id: int, post_id: int) -> ResponseReturnValue:
    """Delete a reported post, as far as the viewer may; the report stays."""
    with unit_of_work():
        report = queries.get_visible(viewer(), report_id, lock=True)
        if post_id not in queries.posts_by_report([report.id])[report.id]:
            raise NotFound
        deletion.remove(viewer(), posts.get_visible(viewer(), post_id, lock=True))
    flash(_("The post is deleted."))
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(safe_next(request.form.get("next") or url_for("home.show")), 303)
