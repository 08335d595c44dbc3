"""The letters of the demo company: people about to come in, and one letter that came back.

They are written and kept in the folder as soon as the server runs; nothing is ever sent."""

from __future__ import annotations

import datetime as dt

from intranet.accounts.invitations import InvitationDraft, invite
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import in_the_past
from intranet.mail.kinds import PASSWORD_CHANGED
from intranet.mail.models import OutboxMessage, OutboxStatus

_EXPECTED = (
    ("oriane.kerbrat@merival.example", "Oriane Kerbrat"),
    ("d.whitfield@merival.example", "Daniel Whitfield"),
    ("soizic.lemoine@merival.example", "Soizic Lemoine"),
)
_LIFETIME = dt.timedelta(days=7)


def write_letters(accounts: dict[str, Account], now: dt.datetime, key: str) -> None:
    """Invitations of the administrator, and a letter that came back. `key` is the secret key."""
    host = accounts["mathieu"]
    for hours, (address, name) in enumerate(_EXPECTED, 1):
        with in_the_past(now - dt.timedelta(hours=3 * hours)):
            draft = InvitationDraft(email=address, display_name=name)
            invite(host, draft, lifetime=_LIFETIME, key=key)
    with in_the_past(now - dt.timedelta(hours=20)):
        db.session.add(
            OutboxMessage(
                kind=PASSWORD_CHANGED,
                account_id=accounts["camille"].id,
                payload={"at": (now - dt.timedelta(hours=20)).isoformat()},
                status=OutboxStatus.FAILED,
                send_after=now - dt.timedelta(hours=20),
                attempts=1,
                last_error="552 5.2.2 Mailbox full",
            )
        )
        db.session.flush()
