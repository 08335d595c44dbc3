"""Signing in and out, and the doors for people who have no account yet."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from intranet.accounts import actions, authentication, sessions
from intranet.kernel.errors import Invalid
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, identity
from intranet.web.gate import safe_next

bp = Blueprint("auth", __name__)


def settings_here() -> Settings:
    """The settings of this application."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


def begin_session(proof: authentication.Proof) -> None:
    """Open a session and put its token into the cookie; whatever the cookie held before is gone,
    so a cookie planted earlier is worth nothing (session fixation)."""
    lifetime = dt.timedelta(days=settings_here().session_days)
    with unit_of_work():
        if identity.viewer_or_none() is not None:
            sessions.end(identity.viewer().id, current_user.session_id)
        token = actions.sign_in(
            proof,
            lifetime=lifetime,
            user_agent=request.user_agent.string,
            ip_address=request.remote_addr or "",
        )
    session.clear()
    session.permanent = True
    signed_in = identity.load(token)
    assert signed_in is not None
    login_user(signed_in)


@bp.get("/login")
def login() -> ResponseReturnValue:
    """The sign-in form; straight on for whoever is signed in already."""
    onwards = safe_next(request.args.get("next"))
    if identity.viewer_or_none() is not None:
        return redirect(onwards, 303)
    return _form(onwards)


@bp.post("/login")
def sign_in() -> ResponseReturnValue:
    """Check handle (or e-mail) and password, then on to `next`."""
    onwards = safe_next(request.form.get("next"))
    handle = request.form.get("handle", "")
    try:
        begin_session(authentication.prove(handle, request.form.get("password", "")))
    except Invalid as error:
        return _form(onwards, handle=handle, message=errors.sentence(error)), error.status
    return redirect(onwards, 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this session, here and for its open sockets."""
    with unit_of_work():
        sessions.end(identity.viewer().id, current_user.session_id)
    logout_user()
    session.clear()
    return redirect("/login", 303)


def _form(onwards: str, handle: str = "", message: str = "") -> str:
    return render_template(
        "auth/login.html",
        onwards=onwards,
        handle=handle,
        message=message,
        may_register=settings_here().self_registration,
    )
