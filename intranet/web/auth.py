"""Signing in and out, and the doors for people who have no account yet."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from intranet.accounts import actions, authentication, invitations, passwords, sessions
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import membership
from intranet.groups.models import Group
from intranet.kernel.errors import Invalid, NotFound
from intranet.relationships import actions as relationships
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, identity, limits
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
    if signed_in is None:  # shut in the same instant
        raise NotFound
    login_user(signed_in)


@bp.get("/login")
def login() -> ResponseReturnValue:
    """The sign-in form; straight on for whoever is signed in already."""
    onwards = safe_next(request.args.get("next"))
    if identity.viewer_or_none() is not None:
        return redirect(onwards, 303)
    return _form(onwards)


@bp.post("/login")
@limits.sign_in[0]
@limits.sign_in[1]
@limits.sign_in[2]
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


@bp.get("/register")
def register() -> ResponseReturnValue:
    """The form of people who make their own account, where the settings allow it."""
    _require_registration()
    return render_template("auth/register.html", form={}, errors={})


@bp.post("/register")
@limits.arrival
def create() -> ResponseReturnValue:
    """A new member of the organisation, signed in at once."""
    _require_registration()
    form = request.form
    try:
        hashed = _new_password()
        with unit_of_work():
            account = actions.create_account(
                actions.NewAccount(
                    handle=form.get("handle", ""),
                    email=form.get("email", ""),
                    display_name=form.get("display_name", ""),
                    password_hash=hashed,
                    time_zone=settings_here().default_timezone,
                )
            )
            relationships.follow_defaults(account, settings_here().default_follows)
    except Invalid as error:
        page = render_template(
            "auth/register.html", form=form, errors=errors.field_sentences(error)
        )
        return page, error.status
    return _welcome(account, hashed)


def _require_registration() -> None:
    if not settings_here().self_registration:
        raise NotFound


@bp.get("/invitations/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """What an invited person sees: choose a handle and a password."""
    found = invitations.get_open(token)
    return render_template(
        "auth/invitation.html",
        invitation=found,
        token=token,
        form={"display_name": found.display_name},
        errors={},
    )


@bp.post("/invitations/<token>")
@limits.arrival
def accept(token: str) -> ResponseReturnValue:
    """Make the invited account and sign it in; the link is worth nothing afterwards."""
    found = invitations.get_open(token)
    form = request.form
    try:
        hashed = _new_password()
        arrival = invitations.Arrival(
            handle=form.get("handle", ""),
            display_name=form.get("display_name", ""),
            password_hash=hashed,
            time_zone=settings_here().default_timezone,
            locale=None,
        )
        with unit_of_work():
            account, group_id = invitations.accept(token, arrival)
            group = db.session.get(Group, group_id) if group_id is not None else None
            if group is not None:
                membership.add_member(group, account)
            relationships.follow_defaults(account, settings_here().default_follows)
    except Invalid as error:
        page = render_template(
            "auth/invitation.html",
            invitation=found,
            token=token,
            form=form,
            errors=errors.field_sentences(error),
        )
        return page, error.status
    return _welcome(account, hashed)


def _new_password() -> passwords.PasswordHash:
    form = request.form
    personal = tuple(form.get(name, "").strip() for name in ("handle", "email", "display_name"))
    return passwords.prepare(form.get("password", ""), personal=personal)


def _welcome(account: Account, hashed: passwords.PasswordHash) -> ResponseReturnValue:
    begin_session(authentication.Proof(account.id, hashed, None))
    return redirect("/", 303)
