"""The letter to somebody whose answer by mail could not be published, with what they wrote."""

from __future__ import annotations

from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.db import db
from intranet.letters.letter import Letter
from intranet.mail.models import MailedReply, OutboxMessage


def mailed_reply(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """Why it was not published, or which of its files were left out."""
    row = db.session.get(MailedReply, message.payload["reply"])
    if recipient is None or row is None or row.account_id != recipient.id:
        return None
    if row.post_id is None:
        subject = _("Your answer could not be published")
        words = _(row.reason) % (row.params or {}) if row.reason else ""
    else:
        subject = _("Your answer is published without its files")
        words = _("These files could not be taken: %(names)s", names=", ".join(row.dropped))
    return Letter(
        subject=subject,
        template="mailed_reply",
        values={"words": words, "text": row.text},
    )
