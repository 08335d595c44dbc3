"""Every refusal of this door, once: `{"error": ..., "error_description": ...}`."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests, default_exceptions

from intranet.kernel.errors import DomainError, Invalid, NotFound
from intranet.mastodon.answers import answer

log = logging.getLogger(__name__)

_HTTP = {
    404: "Record not found",
    405: "Method not allowed",
    413: "What was sent is too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "This is our fault, and it has been noted",
}


class NoToken(DomainError):
    """No token, or one that opens nothing."""

    code, status = "invalid_token", 401
    default = "The access token is invalid"


class OutsideScopes(DomainError):
    """The token may not do this."""

    code, status = "insufficient_scope", 403
    default = "This action is outside the authorized scopes"


class NotAPerson(DomainError):
    """The token speaks for an application, and the route is a person's."""

    code, status = "no_person", 422
    default = "This method requires an authenticated user"


def refusal(status: int, error: str, **more: Any) -> Response:
    """The body of an error."""
    return answer({"error": error, **more}, status)


def of_domain(error: DomainError) -> Response:
    """A refusal of the domain, in the caller's language."""
    if isinstance(error, NotFound):
        return refusal(404, _HTTP[404])
    if isinstance(error, NoToken | OutsideScopes | NotAPerson):
        response = refusal(error.status, error.message, error_description=error.message)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = f'Bearer error="{error.code}"'
        return response
    sentence = _said(error, error.message)
    if not isinstance(error, Invalid):
        return refusal(error.status, sentence, error_description=sentence)
    details = {
        field: [{"error": "ERR_INVALID", "description": _said(error, text)}]
        for field, text in error.fields.items()
    }
    first = next(iter(details.values()))[0]["description"] if details else sentence
    return refusal(422, f"Validation failed: {first}", error_description=first, details=details)


def _said(error: DomainError, text: str) -> str:
    translated = str(gettext(text))
    return translated % error.params if error.params else translated


def of_http(error: HTTPException) -> Response:
    """A refusal of the framework: unknown address, wrong method, too large, too often."""
    status = error.code or 500
    if isinstance(error, TooManyRequests):
        response = refusal(429, _HTTP[429])
        response.headers["Retry-After"] = str(dict(error.get_headers()).get("Retry-After", "60"))
        return response
    response = refusal(status, _HTTP.get(status, error.name))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def register(bp: Blueprint) -> None:
    """Attach the handlers to the blueprint."""
    bp.register_error_handler(DomainError, of_domain)
    # By their numbers too: another door's handler of a number would win over ours of the class.
    bp.register_error_handler(HTTPException, of_http)
    for number in default_exceptions:
        bp.register_error_handler(number, of_http)

    @bp.errorhandler(DataError)
    @bp.errorhandler(OverflowError)
    def no_such_value(_error: Exception) -> Response:
        return of_domain(NotFound())

    @bp.errorhandler(OperationalError)
    def database_down(error: DBAPIError) -> Response:
        log.error("the database does not answer: %s", error.orig)
        response = refusal(503, "The database does not answer")
        response.headers["Retry-After"] = "10"
        return response
