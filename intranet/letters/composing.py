"""From a row of the outbox to a message that is ready to go."""

from __future__ import annotations

import datetime as dt
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import render_template

from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions import hours
from intranet.kernel.clock import utc_now
from intranet.letters import registry
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.letter import Letter
from intranet.letters.reader import reading
from intranet.mail import message_ids, opting_out
from intranet.mail.delivery import Later, Sealed
from intranet.mail.models import OutboxMessage
from intranet.settings import Settings

_LONGEST_SUBJECT = 200


def compose(message: OutboxMessage) -> Sealed | Later | None:
    """The finished message and its recipient; None when nobody is there to read it, or nothing is
    to be said any more; Later outside the recipient's hours. Needs an application context of its
    own."""
    settings = settings_here()
    recipient = db.session.get(Account, message.account_id) if message.account_id else None
    if message.account_id is not None and (recipient is None or not recipient.is_active):
        return None
    address = recipient.email if recipient is not None else message.address
    if not address:
        return None
    if recipient is not None and message.kind not in registry.AT_ANY_HOUR:
        until = _held_until(message, recipient)
        if until is not None:
            return Later(until)
    # Of somebody without an account nothing is known: then the payload may say it, such as the
    # language of whoever invites.
    locale = recipient.locale if recipient is not None else message.payload.get("locale")
    locale = locale or settings.default_locale
    zone = recipient.time_zone if recipient is not None else settings.default_timezone
    with reading(locale, zone):
        letter = registry.LETTERS[message.kind](message, recipient)
        if letter is None or _is_unwanted(letter, recipient):
            return None
        sealed = _build(message, letter, recipient, settings, locale)
    name = " ".join(recipient.display_name.split()) if recipient is not None else ""
    sealed["To"] = Address(name, addr_spec=address)
    return Sealed(sealed, address)


def _held_until(message: OutboxMessage, recipient: Account) -> dt.datetime | None:
    """When the recipient's hours open; None when they are, or it is part of an emergency."""
    now = utc_now()
    if message.payload.get("urgent"):
        return None
    return hours.openings((recipient.id,), now).get(recipient.id)


def _is_unwanted(letter: Letter, recipient: Account | None) -> bool:
    return (
        letter.list_id is not None
        and recipient is not None
        and opting_out.has_opted_out(recipient.id, letter.list_id)
    )


def _build(
    message: OutboxMessage,
    letter: Letter,
    recipient: Account | None,
    settings: Settings,
    locale: str,
) -> EmailMessage:
    # EmailMessage refuses line ends in headers; a subject made of people's words is one line.
    subject = " ".join(letter.subject.split())[:_LONGEST_SUBJECT]
    domain = settings.mail_from.rpartition("@")[2]
    built = EmailMessage(policy=SMTP)
    built["From"] = Address(settings.brand, addr_spec=settings.mail_from)
    if letter.reply_token is not None:
        own, _at, host = settings.mail_from.rpartition("@")
        answers = f"{own}+{letter.reply_token}@{host}"
        built["Reply-To"] = Address(settings.brand, addr_spec=answers)
    built["Subject"] = subject
    built["Date"] = format_datetime(utc_now())
    built["Message-ID"] = message_ids.message_id(settings.secret_key, message.id, domain)
    if letter.thread is not None:
        root = message_ids.thread_id(settings.secret_key, letter.thread, domain)
        built["In-Reply-To"] = root
        built["References"] = root
    unsubscribe = ""
    if letter.list_id is not None:
        built["List-Id"] = f"{settings.brand} <{letter.list_id}.{domain}>"
        if recipient is not None:
            token = opting_out.token_of(settings.secret_key, recipient.id, letter.list_id)
            unsubscribe = absolute("unsubscribe.show", token=token)
            built["List-Unsubscribe"] = f"<{absolute('unsubscribe.one_click', token=token)}>"
            built["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # So that absence notes and the like are not sent back (RFC 3834).
    built["Auto-Submitted"] = "auto-generated"
    drawn = letter.values | {
        "subject": subject,
        "base_url": settings.base_url,
        "unsubscribe": unsubscribe,
    }
    built.set_content(render_template(f"email/{letter.template}.txt", **drawn))
    built.add_alternative(render_template(f"email/{letter.template}.html", **drawn), subtype="html")
    if letter.calendar is not None:
        method, invitation = letter.calendar
        built.add_alternative(
            invitation.decode(), subtype="calendar", charset="utf-8", params={"method": method}
        )
    for file in letter.attachments:
        maintype, _, subtype = file.content_type.partition("/")
        built.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.file_name)
    built["Content-Language"] = locale  # last: headers of this name move into the first part
    return built
