"""The public door: what anybody in the world may read, without a session and without cookies.

It never learns who comes: a colleague who is signed in is shown the same. So its answers may be
kept by caches on the way, and say so, for a short time.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, DBAPIError

from intranet.kernel.errors import DomainError, NotFound
from intranet.settings import Settings

log = logging.getLogger(__name__)

bp = Blueprint("public", __name__)

LANGUAGES = ("en", "fr")
_CACHE_SECONDS = 120
# No script at all. The descriptions for search engines are data in a script element, which is
# never run, and so needs no leave.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


def settings() -> Settings:
    """Of this application."""
    found: Settings = current_app.extensions["intranet.settings"]
    return found


def absolute(endpoint: str, **values: Any) -> str:
    """The whole address, for readers elsewhere: feeds, previews, search engines."""
    return settings().base_url + url_for(endpoint, **values)


def here(endpoint: str, **values: Any) -> str:
    """The path of another public page, in the language that was chosen on this one."""
    return url_for(endpoint, **values, lang=_asked_language())


def in_language(code: str) -> str:
    """The path of this same page in another language."""
    endpoint = request.endpoint or "public.show"
    return url_for(endpoint, **(request.view_args or {}), lang=code)


def draw(template: str, status: int = 200, **values: Any) -> Response:
    """A public page."""
    return Response(render_template(template, **values), status, mimetype="text/html")


def _asked_language() -> str | None:
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else None


@bp.before_request
def choose_language() -> None:
    """The one asked for in the address, or the browser's."""
    wanted = (code.lower().split("-")[0] for code in request.accept_languages.values())
    read = next((code for code in wanted if code in LANGUAGES), settings().default_locale)
    g.chosen_language = _asked_language() or read


@bp.after_request
def protect(response: Response) -> Response:
    """May be kept for a while, says what it was made of, and runs nothing."""
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    if response.status_code == 200 and "Cache-Control" not in response.headers:
        response.cache_control.public = True
        response.cache_control.max_age = _CACHE_SECONDS
    elif response.status_code >= 400:
        response.headers["Cache-Control"] = "public, max-age=30"
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
    if response.status_code == 200 and not response.is_streamed and not response.direct_passthrough:
        response.add_etag()
        response.make_conditional(request)
    return response


@bp.context_processor
def addresses() -> dict[str, Any]:
    """What the templates of this door make addresses with."""
    return {"here": here, "absolute": absolute, "in_language": in_language, "languages": LANGUAGES}


@bp.errorhandler(DomainError)
def refuse(error: DomainError) -> ResponseReturnValue:
    """The same words for what is not public and for what does not exist."""
    if error.status == NotFound.status:
        return draw("public/missing.html", NotFound.status, message=_("This page is not here."))
    return draw("public/missing.html", error.status, message=_("This address is not complete."))


@bp.errorhandler(DataError)
@bp.errorhandler(OverflowError)
def no_such_value(_error: Exception) -> ResponseReturnValue:
    """A number or a character that no row can hold names nothing."""
    return refuse(NotFound())


@bp.errorhandler(DBAPIError)
def database_down(error: DBAPIError) -> ResponseReturnValue:
    """Said without asking the database anything."""
    log.error("the database does not answer: %s", error.orig)
    answer = draw("public/missing.html", 503, message=_("Please come back in a moment."))
    answer.headers["Retry-After"] = "10"
    return answer


def register(app: Flask) -> None:
    """Attach the door. Before every other part, so that this is the last to see an answer."""

    @app.after_request
    def forget_session(response: Response) -> Response:
        # Others have looked for a session in passing. The answer does not depend on it, and a
        # cache that is told so need not keep one for each cookie.
        if request.blueprint == bp.name:
            request_ctx.session.accessed = False
            response.headers.remove("Set-Cookie")
        return response

    app.register_blueprint(bp)
