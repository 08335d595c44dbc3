"""Another password for whoever has lost theirs: asked for by handle or address, set by a link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from intranet.accounts import passwords, resets
from intranet.kernel.errors import Invalid
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, identity, limits

bp = Blueprint("passwords", __name__)

# The address of the page is a secret: it is kept nowhere and told to nobody.
_SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@bp.get("/password/forgotten")
def forgotten() -> ResponseReturnValue:
    """The form that asks for a link by e-mail."""
    return _ask_page()


def _ask_page(problem: str = "") -> str:
    problems = {"handle": problem} if problem else {}
    return render_template("auth/forgotten.html", asked=False, errors=problems)


@bp.post("/password/forgotten")
@limits.forgotten[0]
@limits.forgotten[1]
def ask() -> ResponseReturnValue:
    """Remember to send a link. The same answer in the same time whoever was named: only the
    background work finds out whether there is such a person."""
    handle = request.form.get("handle", "").strip()
    if not handle:
        return _ask_page(_("Say who you are.")), Invalid.status
    with unit_of_work():
        resets.ask(handle)
    return render_template("auth/forgotten.html", asked=True, errors={})


@bp.get("/password/reset/<token>")
def choose(token: str) -> ResponseReturnValue:
    """The form behind the link of the letter. Reading it uses nothing up: mail programs look at
    links before people do."""
    return _choose_page(token, resets.get_open(token).handle), 200, _SECRET


def _choose_page(token: str, handle: str, **problems: str) -> str:
    return render_template("auth/reset.html", token=token, handle=handle, errors=problems)


@bp.post("/password/reset/<token>")
@limits.arrival
def set_password(token: str) -> ResponseReturnValue:
    """Set the password; the link and every session are over, this browser's too."""
    account = resets.get_open(token)
    try:
        hashed = passwords.prepare(
            request.form.get("password", ""),
            personal=(account.handle, account.email or "", account.display_name),
        )
    except Invalid as error:
        page = _choose_page(token, account.handle, **errors.field_sentences(error))
        return page, error.status, _SECRET
    with unit_of_work():
        resets.redeem(token, hashed)
    if current_user.is_authenticated and identity.viewer().id == account.id:
        logout_user()
    flash(_("Your password has changed. Sign in with the new one."))
    return redirect(url_for("auth.login"), 303)
