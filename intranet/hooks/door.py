"""The door for incoming webhooks: `POST /hooks/TOKEN`, in the form that Slack's have.

It reads no cookie and asks for no form token: the address itself is the key. Refusals are Slack's
own words as plain text, which the programs that post here know.
"""

from __future__ import annotations

import logging
import time

import orjson
from flask import Blueprint, Flask, Response, current_app, request
from limits import parse
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, default_exceptions

from intranet.hooks.words import said_by
from intranet.kernel.addresses import caller_of
from intranet.kernel.errors import DomainError, TooMany
from intranet.mastodon.limits import Counters
from intranet.oauth.digests import digest
from intranet.posts.drafts import PostLimits, limits_of
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.webhooks import incoming, slack
from intranet.webhooks.incoming import NoService
from intranet.webhooks.slack import InvalidPayload

bp = Blueprint("hooks", __name__)
log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
_PER_ADDRESS_OF_HOOK = parse("60 per minute")
_PER_CALLER = parse("600 per 5 minutes")


class _TooOften(TooMany):
    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


@bp.post("/hooks/<token>")
def receive(token: str) -> Response:
    """Post what was sent into the group of this address, as its bot. `ok`, or JSON with the post's
    id for who accepts it."""
    _count(token)
    with unit_of_work():
        webhook = incoming.find(token)
        if webhook is None:
            raise NoService()
        message = slack.read(_payload())
        key = request.headers.get("Idempotency-Key")
        post = incoming.receive(webhook, message, _limits(), idempotency_key=key)
        post_id = post.id
    if request.accept_mimetypes.best_match(["text/plain", "application/json"]) == (
        "application/json"
    ):
        address = f"{_settings().base_url}/posts/{post_id}"
        said = {"ok": True, "post_id": str(post_id), "url": address}
        return Response(orjson.dumps(said), mimetype="application/json")
    return _plain("ok", 200)


def _payload() -> object:
    """The payload, as JSON or as the form field `payload`, whatever the type says."""
    if (request.content_length or 0) > MOST_BYTES:
        raise InvalidPayload()
    request.max_content_length = MOST_BYTES  # also of a body that does not say how long it is
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raw: str | bytes = request.form.get("payload", "")
    else:
        raw = request.get_data(cache=False)
    if len(raw) > MOST_BYTES:
        raise InvalidPayload()
    try:
        return orjson.loads(raw)
    except ValueError:
        raise InvalidPayload() from None


def _count(token: str) -> None:
    counters: Counters = current_app.extensions["intranet.api_counters"]
    if not counters.enabled:
        return
    for limit, who in (
        (_PER_CALLER, f"hooks:{caller_of(request.remote_addr)}"),
        (_PER_ADDRESS_OF_HOOK, f"hook:{digest(token)}"),
    ):
        within, reset, _left = counters.hit(limit, who)
        if not within:
            raise _TooOften(max(1, round(reset - time.time())))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


def _limits() -> PostLimits:
    return limits_of(_settings())


def _plain(words: str, status: int) -> Response:
    response = Response(words, status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(DomainError)
def refused(error: DomainError) -> Response:
    """A refusal in Slack's words."""
    response = _plain(*said_by(error))
    if isinstance(error, _TooOften):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def of_http(error: HTTPException) -> Response:
    """A refusal of the framework: too large, or a body that cannot be read."""
    status = error.code or 500
    return _plain("invalid_payload" if status < 500 else "server_error", status)


# By their numbers too: another door's handler of a number would win over ours of the class.
bp.register_error_handler(HTTPException, of_http)
for _number in default_exceptions:
    bp.register_error_handler(_number, of_http)


@bp.errorhandler(DataError)
@bp.errorhandler(OverflowError)
def no_such_value(_error: Exception) -> Response:
    """A number that no row can hold names nothing."""
    return _plain("invalid_payload", 400)


@bp.errorhandler(OperationalError)
def database_down(error: OperationalError) -> Response:
    """To be tried again."""
    log.error("the database does not answer: %s", error.orig)
    response = _plain("server_error", 503)
    response.headers["Retry-After"] = "10"
    return response


def register(app: Flask) -> None:
    """Attach the door to the application."""
    app.register_blueprint(bp)
