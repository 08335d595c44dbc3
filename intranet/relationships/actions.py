"""Following and unfollowing. Doing either twice changes nothing. What keeps people apart is in
`distance`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from intranet.accounts.models import Account, AccountKind
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.notifications import actions as notifications
from intranet.notifications.models import NotificationKind
from intranet.relationships.events import Followed, Unfollowed
from intranet.relationships.models import Follow
from intranet.relationships.policies import require_may_follow

_MOST_LANGUAGES = 12


@dataclass(frozen=True, slots=True)
class FollowWishes:
    """What a follower wants of somebody; None leaves a wish as it is. No languages: all."""

    boosts: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None


def follow(actor: Account, followee: Account, wishes: FollowWishes | None = None) -> None:
    """The actor follows an account it may see; the followee is told, if it is a person: nobody
    reads what pages and bots are told. Again with other wishes changes
    these. Forbidden for oneself, closed accounts, guests of other groups, and where a block
    stands between the two."""
    one_at_a_time(actor.id, followee.id)
    require_may_follow(actor, followee)
    changes = _changes(wishes or FollowWishes())
    if _connect(actor, followee) and followee.kind is AccountKind.PERSON:
        notifications.notify((followee.id,), actor=actor, kind=NotificationKind.FOLLOW)
    if changes:
        db.session.execute(
            update(Follow)
            .where(Follow.follower_id == actor.id, Follow.followee_id == followee.id)
            .values(changes)
            .execution_options(synchronize_session=False)
        )


def _changes(wishes: FollowWishes) -> dict[str, bool | str | None]:
    changes: dict[str, bool | str | None] = {}
    if wishes.boosts is not None:
        changes["boosts"] = wishes.boosts
    if wishes.notify is not None:
        changes["notify"] = wishes.notify
    if wishes.languages is not None:
        codes = dict.fromkeys(code.strip().lower() for code in wishes.languages)
        if len(codes) > _MOST_LANGUAGES or any(
            not (2 <= len(code) <= 8 and code.isascii() and code.replace("-", "").isalnum())
            for code in codes
        ):
            raise Invalid(fields={"languages": N_("Use the codes of languages, such as fr.")})
        changes["languages"] = f",{','.join(codes)}," if codes else None
    return changes


def unfollow(actor: Account, followee: Account) -> None:
    """The actor no longer follows; a notification not read yet is taken back."""
    gone = db.session.execute(
        delete(Follow)
        .where(Follow.follower_id == actor.id, Follow.followee_id == followee.id)
        .returning(Follow.id)
    ).first()
    if gone is None:
        return
    _count(actor.id, followee.id, -1)
    notifications.withdraw_follow(actor, followee.id)
    record(Unfollowed(follower_id=actor.id, followee_id=followee.id))


def follow_defaults(newcomer: Account, handles: tuple[str, ...]) -> None:
    """New staff begin with the organisation's chosen accounts, who are not told of each. Handles
    that name nobody active are passed over; guests begin with none."""
    if newcomer.is_guest or not handles:
        return
    followees = db.session.scalars(
        select(Account).where(
            Account.handle.in_([handle.lower() for handle in handles]),
            Account.id != newcomer.id,
            Account.deactivated_at.is_(None),
        )
    ).all()
    for followee in followees:
        if not followee.is_guest:
            _connect(newcomer, followee)


def one_at_a_time(one_id: int, other_id: int) -> None:
    """What decides between these two waits for whoever decides at the same moment: a follow that
    has looked for blocks before a block was there would outlive it."""
    db.session.execute(
        select(Account.id)
        .where(Account.id.in_((one_id, other_id)))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    )


def _connect(actor: Account, followee: Account) -> bool:
    """True when this call made the follow, not one before or beside it."""
    wide = select(Account.wide).where(Account.id == followee.id).scalar_subquery()
    if not insert_once(Follow, follower_id=actor.id, followee_id=followee.id, wide=wide):
        return False
    _count(actor.id, followee.id, 1)
    record(Followed(follower_id=actor.id, followee_id=followee.id))
    return True


def _count(follower_id: int, followee_id: int, by: int) -> None:
    changes = {
        follower_id: {"following_count": Account.following_count + by},
        followee_id: {"followers_count": Account.followers_count + by},
    }
    # In the order of ids: two who follow each other at once would otherwise wait for ever.
    for account_id in sorted(changes):
        db.session.execute(
            update(Account).where(Account.id == account_id).values(changes[account_id])
        )
