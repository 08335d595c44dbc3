"""Making, using and revoking addresses of feeds. The address alone is the key: it is shown once,
kept as a digest, and worthless as soon as it is revoked or its owner's account is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from intranet.accounts import queries as accounts
from intranet.accounts.models import Account
from intranet.db import db
from intranet.feeds.models import TOUCH_AFTER, Feed, FeedKind
from intranet.groups import queries as groups
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.oauth.digests import digest, fresh
from intranet.search import saved
from intranet.tags.actions import canonical

MOST = 30


@dataclass(frozen=True, slots=True)
class Proposed:
    """A feed that could be made: what it is of, by its name."""

    kind: FeedKind
    key: str
    name: str
    columns: dict[str, Any]


def propose(actor: Account, kind: str, key: str) -> Proposed:
    """What a feed of this would be of. NotFound for what the actor may not know, Forbidden for a
    group that it may not read, Invalid for what has no feed."""
    try:
        wanted = FeedKind(kind)
    except ValueError:
        raise Invalid(fields={"of": N_("Choose one of these.")}) from None
    key = key.strip()[:200]
    if wanted is FeedKind.PROFILE:
        person = accounts.get_visible(actor, _clean(key).removeprefix("@"))
        return Proposed(wanted, person.handle, person.display_name, {"profile_id": person.id})
    if wanted is FeedKind.GROUP:
        group = groups.get_readable(actor, _clean(key))
        return Proposed(wanted, group.slug, group.name, {"group_id": group.id})
    if wanted is FeedKind.HASHTAG:
        name = canonical(key)
        return Proposed(wanted, name, f"#{name}", {"hashtag": name})
    if not (key.isascii() and key.isdigit()) or len(key) > 19 or int(key) > MAX_ID:
        raise NotFound
    search = saved.get(actor, int(key))
    return Proposed(wanted, key, search.name, {"search_id": search.id})


def create(actor: Account, proposed: Proposed) -> str:
    """A new address of the actor's own; gives its token (256 bits), kept nowhere else."""
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    there = select(func.count()).select_from(Feed).where(Feed.account_id == actor.id)
    if (db.session.scalar(there) or 0) >= MOST:
        raise Invalid(fields={"of": N_("You have %(limit)s feeds. Revoke one first.")}, limit=MOST)
    token = fresh()
    db.session.add(
        Feed(account_id=actor.id, token_hash=digest(token), kind=proposed.kind, **proposed.columns)
    )
    db.session.flush()
    return token


def revoke(actor: Account, feed_id: int) -> None:
    """The address leads nowhere from now on; NotFound unless it is the actor's."""
    revoked = db.session.execute(
        delete(Feed)
        .where(Feed.id == feed_id, Feed.account_id == actor.id)
        .returning(Feed.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not revoked:
        raise NotFound


def touch(feed_id: int) -> None:
    """Remember that the address was read now; of many that read at once one writes."""
    now = utc_now()
    db.session.execute(
        update(Feed)
        .where(
            Feed.id == feed_id,
            or_(Feed.last_used_at.is_(None), Feed.last_used_at < now - TOUCH_AFTER),
        )
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )


def _clean(key: str) -> str:
    if "\0" in key:
        raise NotFound
    return key
