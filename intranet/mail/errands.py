"""Which letters follow from what happens to accounts: inside the transaction of the fact."""

from __future__ import annotations

from intranet.accounts.events import Invited, PasswordChanged, ResetAsked
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.actions import enqueue_mail
from intranet.mail.kinds import INVITATION, PASSWORD_CHANGED, PASSWORD_RESET


def invited(event: Invited) -> None:
    """Send the link. The outbox gets the seed only: see accounts.links."""
    payload = {"invitation": event.invitation_id, "seed": event.seed, "locale": event.locale}
    enqueue_mail(INVITATION, payload, to=event.email, key=f"invitation {event.invitation_id}")


def reset_asked(event: ResetAsked) -> None:
    """Send the link that sets another password."""
    account = db.session.get_one(Account, event.account_id)
    payload = {"reset": event.reset_id, "seed": event.seed}
    enqueue_mail(PASSWORD_RESET, payload, to=account, key=f"reset {event.reset_id}")


def password_changed(event: PasswordChanged) -> None:
    """Tell the owner, who may not have been the one who changed it."""
    account = db.session.get_one(Account, event.account_id)
    if account.email:
        enqueue_mail(PASSWORD_CHANGED, {"at": utc_now().isoformat()}, to=account)
