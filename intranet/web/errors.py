"""Draws every refusal once: a page, or a fragment for a partial request."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from intranet.kernel.errors import DomainError, NotFound

log = logging.getLogger(__name__)


def sentence(error: DomainError) -> str:
    """The error in the reader's language."""
    text = str(gettext(error.message))
    return text % error.params if error.params else text


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

    @app.errorhandler(OperationalError)
    def database_down(error: OperationalError) -> ResponseReturnValue:
        log.error("the database does not answer: %s", error.orig)
        body, status = _draw(503, gettext("The database does not answer. Please try again."))
        return body, status, {"Retry-After": "10"}
