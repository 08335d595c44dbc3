"""The devices of somebody, for the page where they are turned off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account, AccountSession
from intranet.db import db
from intranet.oauth.models import AccessToken, OAuthApp
from intranet.push.models import PushSubscription

_MOST = 100


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device that is told what happens: a browser by what it calls itself, or a program."""

    id: int
    user_agent: str | None  # of a browser
    program: str | None
    is_here: bool  # the browser that asks
    since: dt.datetime


def devices_of(account: Account, session_id: int) -> list[DeviceLine]:
    """The account's devices, the newest first: one statement."""
    rows = db.session.execute(
        select(PushSubscription, AccountSession.user_agent, OAuthApp.name)
        .outerjoin(AccountSession, AccountSession.id == PushSubscription.session_id)
        .outerjoin(AccessToken, AccessToken.id == PushSubscription.token_id)
        .outerjoin(OAuthApp, OAuthApp.id == AccessToken.app_id)
        .where(PushSubscription.account_id == account.id, AccessToken.revoked_at.is_(None))
        .order_by(PushSubscription.id.desc())
        .limit(_MOST)
    )
    return [
        DeviceLine(row.id, user_agent, program, row.session_id == session_id, row.created_at)
        for row, user_agent, program in rows
    ]
