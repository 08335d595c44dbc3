"""The letter by which an administrator finds out whether mail arrives."""

from __future__ import annotations

from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage


def trial(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """It says so, and when it was asked for."""
    if recipient is None:
        return None
    return Letter(
        subject=_("Mail from %(brand)s arrives", brand=settings_here().brand),
        template="trial",
        values={"asked_at": message.created_at, "link": absolute("admin.mail")},
    )
