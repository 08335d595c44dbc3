"""One incoming message, from bytes to the answer that its sender gets."""

from __future__ import annotations

import email
import email.policy
import enum
import logging

from flask import Flask
from sqlalchemy.exc import DBAPIError

from intranet.letters.reader import reading
from intranet.mailbox import inbound
from intranet.settings import Settings

log = logging.getLogger(__name__)

MOST_BYTES = 10 * 1024 * 1024


class Outcome(enum.Enum):
    """What became of a message."""

    TAKEN = "taken"
    NOBODY = "nobody takes such a message"
    LATER = "cannot be taken now"


def is_ours(settings: Settings, address: str) -> bool:
    """Whether mail to this address is for us; with `+something` before the @ too."""
    name, _, domain = address.strip().strip("<>").lower().rpartition("@")
    own_name, _, own_domain = settings.mail_from.rpartition("@")
    return domain == own_domain and name.partition("+")[0] == own_name


def receive(app: Flask, raw: bytes) -> Outcome:
    """Hand the message to the first handler that takes it. TAKEN only after its commit; what it
    did not understand, however broken, is NOBODY's, so that it does not come back for days."""
    settings: Settings = app.extensions["intranet.settings"]
    if len(raw) > MOST_BYTES:
        return Outcome.NOBODY
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for handler in inbound.HANDLERS:
            with app.app_context(), reading(settings.default_locale, settings.default_timezone):
                if handler(message):
                    return Outcome.TAKEN
    except DBAPIError as error:
        log.error("incoming mail has to wait, the database does not answer: %s", error.orig)
        return Outcome.LATER
    except Exception:
        log.exception("an incoming message could not be read")
    return Outcome.NOBODY
