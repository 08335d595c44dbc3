"""A group's integrations, for its owners: programs that post into it, and that hear of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.groups import policies, queries
from intranet.groups.home import home
from intranet.groups.models import Group
from intranet.kernel.errors import Invalid
from intranet.unit_of_work import unit_of_work
from intranet.web import outgoing_webhooks, slash_commands
from intranet.web.auth import settings_here
from intranet.web.groups import bp, see, words_for
from intranet.web.identity import viewer
from intranet.webhooks import incoming


def _group(slug: str) -> Group:
    group = queries.get_visible(viewer(), slug)
    policies.require_is_owner(viewer(), group)
    return group


def _page(
    place: Mapping[str, Any],
    error: Invalid | None = None,
    form: Mapping[str, Any] | None = None,
    *,
    part: str = "outgoing",
    address: str = "",
) -> str:
    group = _group(**place)
    problems = words_for(error) if error is not None else {}
    return render_template(
        "groups/integrations.html",
        group=home(viewer(), group.slug),
        incoming=incoming.list_of(group),
        link=lambda name, **values: url_for(f"groups.{name}", slug=group.slug, **values),
        may_make_bots=settings_here().group_bots or viewer().role == "administrator",
        address=address,
        form=form or {},
        errors={"incoming": {}, "outgoing": {}, "command": {}}
        | {part: slash_commands.shown_errors(problems) if part == "command" else problems},
        chosen=request.form.getlist("events"),
        **outgoing_webhooks.index_values(group),
        **slash_commands.index_values(group),
    )


@bp.get("/groups/<slug>/integrations")
def integrations(slug: str) -> ResponseReturnValue:
    """What posts into the group and what hears of it, and the forms of new ones."""
    return _page({"slug": slug})


@bp.post("/groups/<slug>/integrations/incoming")
def add_incoming(slug: str) -> ResponseReturnValue:
    """A new address that programs post to. It is on this answer once."""
    try:
        with unit_of_work():
            made = incoming.create(
                viewer(),
                _group(slug),
                request.form.get("bot", ""),
                group_bots=settings_here().group_bots,
            )
    except Invalid as error:
        return _page({"slug": slug}, error, request.form, part="incoming"), error.status
    # From the settings, not from the Host header, which a caller chooses.
    address = settings_here().base_url + url_for("hooks.receive", token=made.token)
    return _page({"slug": slug}, address=address), 201, {"Cache-Control": "no-store"}


@bp.post("/groups/<slug>/integrations/incoming/<int:webhook_id>/revoke")
def revoke_incoming(slug: str, webhook_id: int) -> ResponseReturnValue:
    """Make an address worthless."""
    with unit_of_work():
        incoming.revoke(viewer(), _group(slug), webhook_id)
    flash(_("The address no longer works."))
    return see(slug, "groups.integrations")


outgoing_webhooks.attach(
    bp, "/groups/<slug>/integrations", _group, _page, "integrations", "groups/webhook.html"
)
slash_commands.attach(bp, "/groups/<slug>/integrations", _group, _page)
slash_commands.attach_switches(
    bp,
    "/groups/<slug>/integrations",
    _group,
    lambda place: see(place["slug"], "groups.integrations"),
)
