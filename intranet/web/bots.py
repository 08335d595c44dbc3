"""One bot, for those who run it: who answers for it, its tokens, its end."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.bots import actions, queries
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.media import actions as media
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, pictures
from intranet.web.identity import viewer
from intranet.web.limits import limiter

bp = Blueprint("bots", __name__)

SCOPES = ("read", "read write", "write:statuses")


def _page(handle: str, token: str = "", error: Invalid | None = None) -> str:
    bot = queries.get_managed(viewer(), handle)
    line = queries.line(bot)
    return render_template(
        "bots/show.html",
        bot=line,
        tokens=queries.tokens_of(bot),
        token=token,
        form=request.form
        if error is not None
        else {"name": line.chip.display_name, "purpose": line.purpose},
        errors=errors.field_sentences(error) if error is not None else {},
    )


@bp.get("/bots/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """The bot as those who run it see it; nobody else learns that there is something to run."""
    return _page(handle)


@bp.post("/bots/<handle>")
def save(handle: str) -> ResponseReturnValue:
    """Another name and purpose, or the form again."""
    try:
        with unit_of_work():
            actions.edit(
                queries.get_managed(viewer(), handle, lock=True),
                name=request.form.get("name", ""),
                purpose=request.form.get("purpose", ""),
            )
    except Invalid as error:
        return _page(handle, error=error), error.status
    flash(_("Saved."))
    return redirect(url_for("bots.show", handle=handle), 303)


@bp.post("/bots/<handle>/picture")
def set_picture(handle: str) -> ResponseReturnValue:
    """Show an uploaded picture (field `picture`)."""
    queries.get_managed(viewer(), handle)  # before anything is stored
    key = pictures.sent_square("picture")
    if key is not None:
        _use_picture(handle, key)
    return redirect(url_for("bots.show", handle=handle), 303)


@bp.post("/bots/<handle>/picture/remove")
def remove_picture(handle: str) -> ResponseReturnValue:
    """Back to initials."""
    _use_picture(handle, None)
    return redirect(url_for("bots.show", handle=handle), 303)


def _use_picture(handle: str, key: str | None) -> None:
    with unit_of_work():
        old = actions.set_picture(queries.get_managed(viewer(), handle, lock=True), key)
        if old is not None:
            media.purge_avatar(old)
    flash(_("Saved."))


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
