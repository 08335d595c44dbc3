"""Letters about accounts: coming in, and passwords."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from intranet.accounts import invitations, links, resets
from intranet.accounts.models import Account
from intranet.db import db
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage


def invitation(message: OutboxMessage, _recipient: Account | None) -> Letter | None:
    """The link that makes an account; nothing when it was revoked or used meanwhile."""
    found = invitations.find_open(message.payload["invitation"])
    if found is None:
        return None
    host = db.session.get(Account, found.invited_by_id) if found.invited_by_id else None
    brand = settings_here().brand
    return Letter(
        subject=(
            _("%(name)s invites you to %(brand)s", name=host.display_name, brand=brand)
            if host is not None
            else _("You are invited to %(brand)s", brand=brand)
        ),
        template="invitation",
        values={
            "host": host.display_name if host is not None else "",
            "name": found.display_name,
            "until": found.expires_at,
            "link": _link("auth.invitation", invitations.PURPOSE, message),
        },
    )


def password_reset(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """The link that sets another password; nothing when it is too old or was used."""
    if recipient is None or not resets.is_open(message.payload["reset"]):
        return None
    return Letter(
        subject=_("Choose another password"),
        template="password_reset",
        values={
            "handle": recipient.handle,
            "minutes": int(resets.LIFETIME.total_seconds() // 60),
            "link": _link("passwords.choose", resets.PURPOSE, message),
        },
    )


def password_changed(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """The notice to the owner."""
    if recipient is None:
        return None
    return Letter(
        subject=_("Your password has changed"),
        template="password_changed",
        values={
            "handle": recipient.handle,
            "at": dt.datetime.fromisoformat(message.payload["at"]),
            "link": absolute("passwords.forgotten"),
        },
    )


def _link(endpoint: str, purpose: str, message: OutboxMessage) -> str:
    token = links.token_of(settings_here().secret_key, purpose, message.payload["seed"])
    return absolute(endpoint, token=token)
