"""Administration of people: roles, closing accounts, invitations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts import actions, directory, invitations, queries
from intranet.accounts.directory import PeopleFilter
from intranet.accounts.models import Account, Role
from intranet.accounts.policies import require_may_administer
from intranet.groups import queries as groups
from intranet.kernel.errors import DomainError, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.auth import settings_here
from intranet.web.gate import safe_next
from intranet.web.identity import viewer

bp = Blueprint("admin", __name__, url_prefix="/admin")

_PEOPLE = 40


@bp.before_request
def require_administrator() -> None:
    """Nothing here is for anybody else, forms and addresses alike."""
    require_may_administer(viewer())


@bp.get("/people")
def people() -> ResponseReturnValue:
    """Every account, closed ones too."""
    wanted = PeopleFilter(q=request.args.get("q", "").strip()[:200])
    cursor = Cursor.parse(None, request.args.get("after"), _PEOPLE)
    page = directory.list_people(
        viewer(), wanted, after=cursor.after, limit=cursor.limit, with_deactivated=True
    )
    return render_template("admin/people.html", page=page, wanted=wanted)


@bp.post("/people/<handle>/deactivate")
def deactivate(handle: str) -> ResponseReturnValue:
    """Close an account."""
    with unit_of_work():
        actions.deactivate(viewer(), _person(handle))
    flash(_("@%(handle)s can no longer sign in.", handle=handle))
    return _back()


@bp.post("/people/<handle>/reactivate")
def reactivate(handle: str) -> ResponseReturnValue:
    """Open a closed account again."""
    with unit_of_work():
        actions.reactivate(viewer(), _person(handle))
    flash(_("@%(handle)s may sign in again.", handle=handle))
    return _back()


@bp.post("/people/<handle>/role")
def change_role(handle: str) -> ResponseReturnValue:
    """Give another role."""
    with unit_of_work():
        actions.change_role(viewer(), _person(handle), _role())
    flash(_("@%(handle)s has another role now.", handle=handle))
    return _back()


def _person(handle: str) -> Account:
    account = queries.get_visible(viewer(), handle)
    if account.is_page or account.is_bot:  # these are closed where they are run
        raise NotFound()
    return account


def _back() -> ResponseReturnValue:
    back = request.form.get("next")
    return redirect(safe_next(back) if back else url_for("admin.people"), 303)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise Invalid(fields={"role": N_("There is no such role.")}) from None


@bp.get("/invitations")
def invited() -> ResponseReturnValue:
    """Open invitations, and the form of a new one."""
    return _invitations_page({"role": Role.MEMBER.value})


def _invitations_page(form: Mapping[str, Any], link: str = "", **problems: str) -> str:
    return render_template(
        "admin/invitations.html",
        invitations=invitations.list_open(viewer()),
        form=form,
        link=link,
        is_sent=settings_here().sends_mail,
        errors=problems,
    )


@bp.post("/invitations")
def invite() -> ResponseReturnValue:
    """A new invitation. Its link goes out by e-mail, and is on this answer once."""
    form = request.form
    try:
        draft = invitations.InvitationDraft(
            email=form.get("email", ""),
            display_name=form.get("display_name", ""),
            role=_role(),
            group_id=_group_id(form.get("group", "")),
        )
        lifetime = dt.timedelta(days=settings_here().invitation_days)
        with unit_of_work():
            token = invitations.invite(
                viewer(), draft, lifetime=lifetime, key=settings_here().secret_key
            )
    except Invalid as error:
        return _invitations_page(form, **errors.field_sentences(error)), error.status
    # From the settings, not from the Host header, which a caller chooses.
    link = settings_here().base_url + url_for("auth.invitation", token=token)
    page = _invitations_page({"role": Role.MEMBER.value}, link=link)
    return page, 201, {"Cache-Control": "no-store"}


def _group_id(slug: str) -> int | None:
    slug = slug.strip().lower()
    if not slug:
        return None
    try:
        return groups.get_readable(viewer(), slug).id
    except DomainError:
        raise Invalid(fields={"group": N_("There is no such group that you can read.")}) from None


@bp.post("/invitations/<int:invitation_id>/revoke")
def revoke(invitation_id: int) -> ResponseReturnValue:
    """Make a link worthless."""
    with unit_of_work():
        invitations.revoke(viewer(), invitation_id)
    flash(_("The invitation no longer works."))
    return redirect(url_for("admin.invited"), 303)
