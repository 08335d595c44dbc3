"""Answers of calendar programs (METHOD:REPLY) to our invitations."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses

from intranet.calendar.replies import take_reply
from intranet.calendar.reply_addresses import read_token
from intranet.kernel.errors import NotFound
from intranet.letters.addresses import settings_here
from intranet.unit_of_work import unit_of_work

_ADDRESSED = ("Delivered-To", "X-Original-To", "To", "Cc")


def take(message: EmailMessage) -> bool:
    """Do what the answer says for the date and the person that its address is signed for; whom
    it says it comes from does not count. What is stale or not understood is taken as well, and
    changes nothing."""
    token = next(_tokens(message), None)
    if token is None:
        return False
    for part in message.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                with unit_of_work():
                    take_reply(body, token, settings_here().secret_key)
                return True
    return False


def _tokens(message: EmailMessage) -> Iterator[str]:
    """What stands behind the plus in our own address, if we have signed it."""
    settings = settings_here()
    own, _at, domain = settings.mail_from.rpartition("@")
    headers = [str(one) for name in _ADDRESSED for one in message.get_all(name, [])]
    for _name, address in getaddresses(headers):
        local, _at, host = address.lower().rpartition("@")
        name, _plus, token = local.partition("+")
        if host == domain and name == own and token:
            try:
                read_token(settings.secret_key, token)
            except NotFound:
                continue
            yield token
