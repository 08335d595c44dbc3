"""One bot, for those who run it: who answers for it, its tokens, its end."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.bots import actions, queries
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer
from intranet.web.limits import limiter

bp = Blueprint("bots", __name__)

SCOPES = ("read", "read write", "write:statuses")


def _page(handle: str, token: str = "") -> str:
    bot = queries.get_managed(viewer(), handle)
    return render_template(
        "bots/show.html",
        bot=queries.line(bot),
        tokens=queries.tokens_of(bot),
        token=token,
    )


@bp.get("/bots/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """The bot as those who run it see it; nobody else learns that there is something to run."""
    return _page(handle)


@bp.post("/bots/<handle>/tokens")
@limiter.limit("20 per hour")
def add_token(handle: str) -> ResponseReturnValue:
    """A new token. It is on this answer once."""
    scopes = request.form.get("scopes", "")
    if scopes not in SCOPES:
        raise Invalid(fields={"scopes": N_("There is no such scope.")})
    with unit_of_work():
        token = actions.issue_token(queries.get_managed(viewer(), handle), scopes)
    return _page(handle, token), 201, {"Cache-Control": "no-store"}


@bp.post("/bots/<handle>/tokens/<int:token_id>/revoke")
def revoke_token(handle: str, token_id: int) -> ResponseReturnValue:
    """Make a token worthless."""
    with unit_of_work():
        actions.revoke_token(queries.get_managed(viewer(), handle), token_id)
    flash(_("The token opens nothing any more."))
    return redirect(url_for("bots.show", handle=handle), 303)


@bp.post("/bots/<handle>/shut")
def shut(handle: str) -> ResponseReturnValue:
    """The bot acts no more."""
    with unit_of_work():
        actions.shut(queries.get_managed(viewer(), handle))
    flash(_("The bot acts no more. What it wrote stays."))
    return redirect(url_for("bots.show", handle=handle), 303)
