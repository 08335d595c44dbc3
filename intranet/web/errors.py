"""Draws every refusal once: a page, or a fragment for a partial request."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    TooManyRequests,
)

from intranet.kernel.errors import DomainError, NotFound
from intranet.web import identity

log = logging.getLogger(__name__)


def sentence(error: DomainError) -> str:
    """The error in the reader's language."""
    text = str(gettext(error.message))
    return text % error.params if error.params else text


def field_sentences(error: DomainError) -> dict[str, str]:
    """What to say beside each field of the form, in the reader's language."""
    return {
        field: str(gettext(text)) % error.params if error.params else str(gettext(text))
        for field, text in error.fields.items()
    }


def _draw(status: int, message: str) -> tuple[str, int]:
    template = "errors/_fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    return render_template(template, status=status, message=message), status


def register(app: Flask) -> None:
    """Attach the handlers to the application."""

    @app.errorhandler(DomainError)
    def domain_error(error: DomainError) -> ResponseReturnValue:
        return _draw(error.status, sentence(error))

    @app.errorhandler(404)
    def not_found(_error: HTTPException) -> ResponseReturnValue:
        return domain_error(NotFound())

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> ResponseReturnValue:
        return _draw(400, gettext("This form is too old. Load the page again and repeat."))

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: HTTPException) -> ResponseReturnValue:
        return _draw(413, gettext("What you sent is too large."))

    @app.errorhandler(TooManyRequests)
    def too_many(error: HTTPException) -> ResponseReturnValue:
        body, status = _draw(429, gettext("Too many attempts. Please wait a little."))
        headers = error.get_headers()
        return body, status, {"Retry-After": dict(headers).get("Retry-After", "60")}

    @app.errorhandler(HTTPException)
    def refusal(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()  # a redirect is no error
        return _draw(status, gettext("The server could not do what was asked."))

    @app.errorhandler(InternalServerError)
    def bug(_error: InternalServerError) -> ResponseReturnValue:
        # Flask has logged the traceback; whatever broke, this page asks the database nothing.
        identity.forget()
        return _draw(500, gettext("This is our fault, and it has been noted. Please try again."))

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def no_such_value(_error: Exception) -> ResponseReturnValue:
        # A number or a character that no row can hold names nothing that exists.
        identity.forget()
        return _draw(404, sentence(NotFound()))

    @app.errorhandler(OperationalError)
    def database_down(error: DBAPIError) -> ResponseReturnValue:
        log.error("the database does not answer: %s", error.orig)
        identity.forget()
        body, status = _draw(503, gettext("The database does not answer. Please try again."))
        return body, status, {"Retry-After": "10"}
