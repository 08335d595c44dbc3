"""Administration of what belongs to no group: bots, and webhooks of the whole organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.bots import actions, queries
from intranet.bots.actions import BotDraft
from intranet.kernel.errors import Invalid
from intranet.kernel.pagination import Cursor
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, outgoing_webhooks, slash_commands
from intranet.web.admin import bp
from intranet.web.auth import settings_here
from intranet.web.identity import viewer

_BOTS = 40


def _page(
    _place: Mapping[str, Any],
    error: Invalid | None = None,
    form: Mapping[str, Any] | None = None,
    *,
    part: str = "outgoing",
) -> str:
    cursor = Cursor.parse(request.args.get("before"), limit=_BOTS)
    problems = errors.field_sentences(error) if error is not None else {}
    return render_template(
        "admin/integrations.html",
        bots=queries.list_managed(viewer(), cursor),
        link=lambda name, **values: url_for(f"admin.{name}", **values),
        form=form or {},
        errors={"bot": {}, "outgoing": {}, "command": {}}
        | {part: slash_commands.shown_errors(problems) if part == "command" else problems},
        may_make_bots=True,
        chosen=request.form.getlist("events"),
        **outgoing_webhooks.index_values(None),
        **slash_commands.index_values(None),
    )


@bp.get("/integrations")
def integrations() -> ResponseReturnValue:
    """Every bot, the organisation's webhooks, and the forms of new ones."""
    return _page({})


@bp.post("/integrations/bots")
def add_bot() -> ResponseReturnValue:
    """A new bot, or the form again."""
    draft = BotDraft(
        name=request.form.get("bot", ""),
        handle=request.form.get("handle", ""),
        purpose=request.form.get("purpose", ""),
        owner=request.form.get("owner", ""),
    )
    try:
        with unit_of_work():
            bot = actions.create(viewer(), draft, group=None, group_bots=settings_here().group_bots)
            handle = bot.account.handle
    except Invalid as error:
        return _page({}, error, request.form, part="bot"), error.status
    return redirect(url_for("bots.show", handle=handle), 303)


outgoing_webhooks.attach(
    bp, "/integrations", lambda: None, _page, "integrations", "admin/webhook.html"
)
slash_commands.attach(bp, "/integrations", lambda: None, _page)
