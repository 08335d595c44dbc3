"""Where people let a program act for them, or do not: the authorization endpoint of OAuth 2.

The program's name and wishes are shown in words, and nothing is allowed without a click: a
consent given before is no reason to give another code unasked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_login import current_user, logout_user

from intranet.accounts import authentication, sessions
from intranet.accounts.chips import chip_of
from intranet.kernel.errors import DomainError, Invalid
from intranet.kernel.messages import N_
from intranet.oauth import apps, server
from intranet.oauth.apps import OUT_OF_BAND
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, limits
from intranet.web.auth import settings_here
from intranet.web.identity import viewer
from intranet.web.language import LOCALES
from intranet.web.oauth_words import wishes

bp = Blueprint("oauth", __name__)

FIELDS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "force_login",
    "lang",
)
_MAX_FIELD = 2000
_HOST = re.compile(r"[\w.-]+(:\d+)?", re.ASCII)
_YES = {"1", "true", "True", "on"}


@bp.get("/oauth/authorize", strict_slashes=False)
def authorize() -> ResponseReturnValue:
    """What the program asks for, and the two answers."""
    fields = _fields(request.args)
    asked = _question(fields)
    if isinstance(asked, server.Answer):
        return _onwards(asked, fields)
    return _page(asked, fields)


@bp.post("/oauth/authorize")
@limits.password_again
def allow() -> ResponseReturnValue:
    """Allow it: the browser goes back to the program with a code, or shows the code."""
    fields = _fields(request.form)
    asked = _question(fields)
    if isinstance(asked, server.Answer):
        return _onwards(asked, fields)
    try:
        if _asks_password(fields):
            authentication.prove_again(viewer(), request.form.get("password", ""), field="password")
    except Invalid as error:
        return _page(asked, fields, status=error.status, **errors.field_sentences(error))
    with unit_of_work():
        given = server.decide(fields, viewer())
    return _onwards(given, fields)


@bp.post("/oauth/authorize/deny")
def deny() -> ResponseReturnValue:
    """Deny it: the program is told so."""
    fields = _fields(request.form)
    asked = _question(fields)
    if not isinstance(asked, server.Answer):
        with unit_of_work():
            asked = server.decide(fields, None)
    return _onwards(asked, fields)


@bp.post("/oauth/authorize/another")
def another() -> ResponseReturnValue:
    """Sign out, and in as somebody else, with the same question afterwards."""
    fields = _fields(request.form)
    with unit_of_work():
        sessions.end(viewer().id, current_user.session_id)
    logout_user()
    session.clear()
    here = f"/oauth/authorize?{urlencode(fields)}"
    return redirect(f"/login?{urlencode({'next': here})}", 303)


@bp.after_app_request
def let_the_opener_wait(response: Response) -> Response:
    """A program in a browser opens this page in a window of its own and waits for it: the policy
    that would cut the two apart is left out here, and on the sign-in page in between."""
    if request.path.startswith("/oauth/authorize") or _signs_in_on_the_way():
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _signs_in_on_the_way() -> bool:
    if request.path != "/login":  # of others the body is not looked at: nobody may have read it
        return False
    onwards = request.args.get("next") or request.form.get("next") or ""
    return onwards.startswith("/oauth/authorize")


def _fields(sent: Mapping[str, str]) -> dict[str, str]:
    """The protocol's own parameters, each once, none too long to be meant."""
    return {
        name: value for name in FIELDS if (value := sent.get(name, "")) and len(value) <= _MAX_FIELD
    }


def _question(fields: Mapping[str, str]) -> server.Question | server.Answer:
    """The question, or the refusal that goes back to the program. DomainError, for the person to
    read, while it is not sure where it may be sent."""
    app = apps.find(fields.get("client_id", ""))
    if app is None:
        raise Invalid(N_("No application is known here by that name, or it was turned off."))
    apps.require_registered(app, fields.get("redirect_uri", ""))
    if not apps.may_be_allowed(app, only_approved=settings_here().oauth_apps == "approved"):
        raise apps.Refused
    if fields.get("response_type") != "code":
        raise Invalid(N_("The application asks in a way that is not known here."))
    return server.question(fields)


def _asks_password(fields: Mapping[str, str]) -> bool:
    return fields.get("force_login", "") in _YES


def _page(
    asked: server.Question, fields: dict[str, str], status: int = 200, **problems: str
) -> ResponseReturnValue:
    wanted = fields.get("lang", "")[:2].lower()
    locale = wanted if viewer().locale is None and wanted in LOCALES else str(get_locale())
    with force_locale(locale):
        page = render_template(
            "oauth/authorize.html",
            app=asked.app,
            viewer_chip=chip_of(viewer()),
            wishes=wishes(asked.scopes),
            fields=fields,
            asks_password=_asks_password(fields),
            goes_to=_destination(asked.redirect_uri),
            errors=problems,
        )
    return _guarded(make_response(page, status), asked.redirect_uri)


def _guarded(response: Response, redirect_uri: str) -> Response:
    """The form may lead to the program's own address, which browsers check after the redirect."""
    g.form_target = _source(redirect_uri)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _source(redirect_uri: str) -> str:
    """The address as a source of the content security policy."""
    if redirect_uri == OUT_OF_BAND:
        return ""
    parts = urlsplit(redirect_uri)
    if parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc):
        return f" {parts.scheme}://{parts.netloc}"
    return f" {parts.scheme}:"


def _destination(redirect_uri: str) -> str:
    """Where the code will go, in a word: the host, or the scheme of an app; '' when it is shown."""
    if redirect_uri == OUT_OF_BAND:
        return ""
    parts = urlsplit(redirect_uri)
    if parts.scheme in ("http", "https") and parts.hostname:
        return parts.hostname
    return f"{parts.scheme}:"


def _onwards(given: server.Answer, fields: Mapping[str, str]) -> ResponseReturnValue:
    """Send the browser back to the program; show the code where it has no address of its own."""
    if given.location is None:
        raise Invalid(N_("The application asks in a way that is not known here."))
    if fields.get("redirect_uri") == OUT_OF_BAND:
        code = re.search(r"[?&]code=([\w-]+)", given.location)
        page = render_template("oauth/code.html", code=code[1] if code else None)
        response = make_response(page)
    else:
        response = make_response(redirect(given.location, 303))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.errorhandler(DomainError)
def refused(error: DomainError) -> ResponseReturnValue:
    """Why the question cannot even be asked: a page for the person, never a redirect."""
    return render_template("oauth/refused.html", message=errors.sentence(error)), error.status
