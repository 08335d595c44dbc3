"""The end of a list of letters, by the link in one of them. It works without signing in: the link
names whose and which, signed, and does nothing else."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.mail import opting_out
from intranet.unit_of_work import unit_of_work
from intranet.web.auth import settings_here

bp = Blueprint("unsubscribe", __name__)

_SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@bp.get("/mail/lists/<token>")
def show(token: str) -> ResponseReturnValue:
    """Whether these letters come, with the button that changes it."""
    account, list_id = opting_out.read_token(settings_here().secret_key, token)
    page = render_template(
        "auth/mail_list.html",
        token=token,
        stopped=opting_out.has_opted_out(account.id, list_id),
    )
    return page, 200, _SECRET


@bp.post("/mail/lists/<token>/stop")
def stop(token: str) -> ResponseReturnValue:
    """No more of them."""
    _stop(token)
    flash(_("You will get no more letters of this kind."))
    return redirect(url_for("unsubscribe.show", token=token), 303)


@bp.post("/mail/lists/<token>/resume")
def resume(token: str) -> ResponseReturnValue:
    """Send them again."""
    with unit_of_work():
        opting_out.opt_in(*opting_out.read_token(settings_here().secret_key, token))
    flash(_("You will get these letters again."))
    return redirect(url_for("unsubscribe.show", token=token), 303)


@bp.post("/mail/lists/<token>/one-click")
def one_click(token: str) -> ResponseReturnValue:
    """As `stop`, for mail programs (RFC 8058): without a form's token, answered by nothing."""
    _stop(token)
    return "", 204


def _stop(token: str) -> None:
    with unit_of_work():
        opting_out.opt_out(*opting_out.read_token(settings_here().secret_key, token))
