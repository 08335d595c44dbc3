"""Background work on accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete

from intranet.accounts import resets
from intranet.accounts.models import AccountSession, Invitation
from intranet.db import db
from intranet.kernel.clock import utc_now

EXPIRE = "accounts.expire"
_INVITATIONS_KEPT = dt.timedelta(days=30)  # administrators may want to know why a link is dead
_RESETS_KEPT = dt.timedelta(days=1)  # they also count how often somebody asked


def expire(_payload: dict[str, Any]) -> None:
    """Delete sessions that have ended, and invitations and resets that nobody used in time."""
    now = utc_now()
    db.session.execute(delete(AccountSession).where(AccountSession.expires_at < now))
    db.session.execute(
        delete(Invitation).where(
            Invitation.used_at.is_(None), Invitation.expires_at < now - _INVITATIONS_KEPT
        )
    )
    resets.expire(now - _RESETS_KEPT)
