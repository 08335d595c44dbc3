"""Background work on accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete

from intranet.accounts.models import AccountSession, Invitation
from intranet.db import db
from intranet.kernel.clock import utc_now

EXPIRE = "accounts.expire"
_INVITATIONS_KEPT = dt.timedelta(days=30)  # administrators may want to know why a link is dead


def expire(_payload: dict[str, Any]) -> None:
    """Delete sessions that have ended and invitations that nobody used in time."""
    now = utc_now()
    db.session.execute(delete(AccountSession).where(AccountSession.expires_at < now))
    db.session.execute(
        delete(Invitation).where(
            Invitation.used_at.is_(None), Invitation.expires_at < now - _INVITATIONS_KEPT
        )
    )
