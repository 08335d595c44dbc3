"""Reports of mail servers that could not deliver what ours had taken (RFC 3464)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage, Message

from intranet.letters.addresses import settings_here
from intranet.mail import message_ids, queue
from intranet.unit_of_work import unit_of_work

_LONGEST_RETURNED = 100_000


def take(message: EmailMessage) -> bool:
    """Mark the letter that came back as failed, with the reason. A report that it is only late,
    or of a letter that is not ours, changes nothing and is taken all the same."""
    if message.get_content_type() != "multipart/report":
        return False
    status = next(
        (part for part in message.walk() if part.get_content_type() == "message/delivery-status"),
        None,
    )
    if status is None:
        return False
    reason = _failure(status)
    if reason is None:
        return True
    ids = message_ids.ids_in(settings_here().secret_key, "\n".join(_returned(message)))
    if ids:
        with unit_of_work():
            for id_ in ids[:1]:
                queue.bounced(id_, reason)
    return True


def _failure(status: Message) -> str | None:
    """Why, when the report says `Action: failed`; None when delivery goes on."""
    groups = status.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, Message) and str(group.get("Action", "")).strip().lower() == "failed":
            said = str(group.get("Diagnostic-Code") or group.get("Status") or "")
            return " ".join(said.split())[:300] or "undeliverable"
    return None


def _returned(message: EmailMessage) -> Iterator[str]:
    """The Message-ID of the letter that came back, from the copy or its headers alone."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and isinstance(inner[0], Message):
                yield str(inner[0].get("Message-ID", ""))
        elif kind == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                yield raw[:_LONGEST_RETURNED].decode("utf-8", "replace")
