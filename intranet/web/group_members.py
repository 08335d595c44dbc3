"""A group's members, the requests to join it and the invitations to it."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.groups import invitations as inviting
from intranet.groups import queries, roles
from intranet.groups import requests as asking
from intranet.groups.home import home
from intranet.groups.members import list_members
from intranet.groups.models import GroupRole
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.unit_of_work import unit_of_work
from intranet.web.groups import bp, see, words_for
from intranet.web.identity import viewer


@bp.get("/groups/<slug>/members")
def members(slug: str) -> ResponseReturnValue:
    """Who belongs to the group."""
    group = queries.get_readable(viewer(), slug)
    q = request.args.get("q", "").strip()[:200]
    page = list_members(viewer(), group, q, Cursor.parse(request.args.get("before"), limit=40))
    return render_template("groups/members.html", group=home(viewer(), slug), page=page, q=q)


@bp.post("/groups/<slug>/members/<handle>/role")
def set_role(slug: str, handle: str) -> ResponseReturnValue:
    """Make somebody owner, moderator or plain member."""
    with unit_of_work():
        group = queries.get_readable(viewer(), slug)
        try:
            role = GroupRole(request.form.get("role", ""))
        except ValueError:
            raise Invalid(fields={"role": N_("Choose one of the three.")}) from None
        roles.set_role(viewer(), group, roles.get_member(group, handle), role)
    return see(slug, "groups.members")


@bp.post("/groups/<slug>/members/<handle>/remove")
def remove_member(slug: str, handle: str) -> ResponseReturnValue:
    """Take somebody out of the group."""
    with unit_of_work():
        group = queries.get_readable(viewer(), slug)
        roles.remove(viewer(), group, roles.get_member(group, handle))
    return see(slug, "groups.members")


@bp.get("/groups/<slug>/requests")
def requests(slug: str) -> ResponseReturnValue:
    """Who asks to join."""
    rows = asking.list_requests(viewer(), queries.get_visible(viewer(), slug))
    return render_template("groups/requests.html", group=home(viewer(), slug), rows=rows)


@bp.post("/groups/<slug>/requests/<int:request_id>/approve")
def approve_request(slug: str, request_id: int) -> ResponseReturnValue:
    """Let somebody in."""
    with unit_of_work():
        asking.approve(viewer(), queries.get_visible(viewer(), slug), request_id)
    return see(slug, "groups.requests")


@bp.post("/groups/<slug>/requests/<int:request_id>/decline")
def decline_request(slug: str, request_id: int) -> ResponseReturnValue:
    """Leave somebody outside."""
    with unit_of_work():
        asking.decline(viewer(), queries.get_visible(viewer(), slug), request_id)
    return see(slug, "groups.requests")


def _invitations_page(slug: str, errors: dict[str, str]) -> str:
    group = queries.get_visible(viewer(), slug)
    q = request.args.get("q", "").strip()[:200]
    return render_template(
        "groups/invitations.html",
        invited=inviting.list_invitations(viewer(), group),
        found=inviting.invitable(viewer(), group, q),
        group=home(viewer(), slug),
        q=q,
        handle=request.form.get("handle", "")[:80],
        errors=errors,
    )


@bp.get("/groups/<slug>/invitations")
def invite(slug: str) -> ResponseReturnValue:
    """Find colleagues to invite, and see who has not answered."""
    return _invitations_page(slug, {})


@bp.post("/groups/<slug>/invitations")
def send_invitation(slug: str) -> ResponseReturnValue:
    """Invite the account behind a handle."""
    try:
        with unit_of_work():
            group = queries.get_visible(viewer(), slug)
            account = inviting.account_to_invite(viewer(), group, request.form.get("handle", ""))
            inviting.invite(viewer(), group, account)
            name = account.display_name
    except Invalid as error:
        return _invitations_page(slug, words_for(error)), error.status
    flash(_("%(name)s has been invited.", name=name))
    return see(slug, "groups.invite")


@bp.post("/groups/<slug>/invitations/<int:invitation_id>/remove")
def withdraw_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    with unit_of_work():
        inviting.withdraw(viewer(), queries.get_visible(viewer(), slug), invitation_id)
    return see(slug, "groups.invite")
