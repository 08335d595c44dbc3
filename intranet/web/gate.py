"""Nobody comes in without a session, except to the few addresses listed here."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from intranet.accounts import sessions
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import forget, viewer_or_none
from intranet.web.wants import wants_page

# Everything else, unknown addresses too, asks for a session: a visitor learns nothing.
PUBLIC_ENDPOINTS = frozenset(
    {
        "static",
        "applications.sample",  # an example: it tells nothing of anybody
        "health.show",
        "auth.login",
        "auth.sign_in",
        "auth.register",
        "auth.create",
        "auth.invitation",
        "auth.accept",
        "confirmations.show",
        "confirmations.confirm",
        "calendar_files.feed",  # its address is the key
        "feeds.show",  # the same
        "passwords.forgotten",
        "passwords.ask",
        "passwords.choose",
        "passwords.set_password",
        "push.worker",  # browsers look for a newer one also when nobody is signed in
        "unsubscribe.show",
        "unsubscribe.stop",
        "unsubscribe.resume",
        "unsubscribe.one_click",
    }
)


def register(app: Flask, *, without_session: Collection[str] = ()) -> None:
    """Stand before every view; attached before anything else that may refuse a request. The views
    of the blueprints `without_session` stand behind a gate of their own, and whoever asks there
    is nobody to this door, whatever cookie comes along."""

    @app.before_request
    def require_session() -> ResponseReturnValue | None:
        if request.blueprint in without_session:
            forget()
            return None
        if request.endpoint in PUBLIC_ENDPOINTS:
            return None
        if viewer_or_none() is None:
            return _to_sign_in()
        if current_user.touch_due:
            with unit_of_work():
                sessions.touch(current_user.session_id)
        return None


def _to_sign_in() -> ResponseReturnValue:
    if not wants_page():
        login = url_for("auth.login")
        return "", 401, {"HX-Redirect": login} if request.headers.get("HX-Request") else {}
    reads = request.method in ("GET", "HEAD")
    here = request.full_path.rstrip("?") if reads and request.path != "/" else None
    return redirect(url_for("auth.login", next=here), 303)


def safe_next(raw: str | None) -> str:
    """A path of this site to go on to; home when `raw` is anything else (no open redirect)."""
    if not raw or len(raw) > 2000 or not raw.startswith("/") or raw.startswith(("//", "/\\")):
        return "/"
    if "\\" in raw or any(ord(mark) < 0x21 for mark in raw):
        return "/"
    return raw
