"""Subscription addresses: made, listed, revoked, and followed by a calendar program.

The address alone is the key, so it is shown once, kept as a hash only, and worthless as soon as
it is revoked or its owner's account is closed. What it gives is decided at each reading."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select, update

from intranet.accounts.models import Account
from intranet.calendar.models import CalendarFeed, CalendarPreference, FeedScope
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.text import UnsuitableName, clean_name
from intranet.oauth.digests import digest, fresh

MOST = 20
NAME_LIMIT = 60
_TOUCH_AFTER = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    account: Account
    feed_id: int
    scope: FeedScope
    touch_due: bool  # last_used_at is old enough to be worth a write


def create(actor: Account, name: str, scope: FeedScope) -> str:
    """A new address of the actor's own; gives its token (256 bits), kept nowhere else."""
    try:
        kept = clean_name(name, limit=NAME_LIMIT)
    except UnsuitableName as error:
        raise Invalid(fields={"name": str(error)}) from None
    living = select(func.count()).where(
        CalendarFeed.account_id == actor.id, CalendarFeed.revoked_at.is_(None)
    )
    if (db.session.scalar(living) or 0) >= MOST:
        raise Invalid(
            fields={"name": N_("You have %(limit)s addresses. Revoke one first.")}, limit=MOST
        )
    token = fresh()
    db.session.add(
        CalendarFeed(account_id=actor.id, token_hash=digest(token), name=kept, scope=scope)
    )
    return token


def list_feeds(actor: Account) -> list[CalendarFeed]:
    """The actor's living addresses, the newest first."""
    return list(
        db.session.scalars(
            select(CalendarFeed)
            .where(CalendarFeed.account_id == actor.id, CalendarFeed.revoked_at.is_(None))
            .order_by(CalendarFeed.id.desc())
            .limit(MOST)
        )
    )


def revoke(actor: Account, feed_id: int) -> None:
    """The address leads nowhere from now on; NotFound unless it is the actor's."""
    revoked = db.session.execute(
        update(CalendarFeed)
        .where(
            CalendarFeed.id == feed_id,
            CalendarFeed.account_id == actor.id,
            CalendarFeed.revoked_at.is_(None),
        )
        .values(revoked_at=utc_now())
        .returning(CalendarFeed.id)
    ).all()
    if not revoked:
        raise NotFound()


def find(token: str) -> FoundFeed:
    """Whose address this is: a living one of an active account; NotFound otherwise."""
    row = db.session.execute(
        select(Account, CalendarFeed.id, CalendarFeed.scope, CalendarFeed.last_used_at)
        .join(CalendarFeed, CalendarFeed.account_id == Account.id)
        .where(
            CalendarFeed.token_hash == digest(token),
            CalendarFeed.revoked_at.is_(None),
            Account.deactivated_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    used: dt.datetime | None = row[3]
    return FoundFeed(row[0], row[1], row[2], used is None or used < utc_now() - _TOUCH_AFTER)


def touch(feed_id: int) -> None:
    """Remember that the address was read now."""
    db.session.execute(
        update(CalendarFeed).where(CalendarFeed.id == feed_id).values(last_used_at=utc_now())
    )


def wants_mail(account_id: int) -> bool:
    """Whether the dates one says yes to come by e-mail."""
    kept = select(CalendarPreference.mail_going).where(CalendarPreference.account_id == account_id)
    return bool(db.session.scalar(kept))


def set_wants_mail(actor: Account, wanted: bool) -> None:
    """Ask for these letters, or for none."""
    kept = db.session.get(CalendarPreference, actor.id)
    if kept is None:
        kept = CalendarPreference(account_id=actor.id)
        db.session.add(kept)
    kept.mail_going = wanted
