"""Blocking and muting, and taking either back. Doing it twice changes nothing more.

A mute is quiet: the muter reads less of somebody, who learns nothing of it. A block holds both:
neither reads, follows, names or answers the other. What it does not do stands in
docs/adr/0010-a-block-between-colleagues.md.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.notifications import actions as notifications
from intranet.relationships.actions import one_at_a_time, unfollow
from intranet.relationships.models import AccountNote, Block, DismissedSuggestion, Mute
from intranet.relationships.policies import require_may_block, require_may_mute

LONGEST_MUTE = dt.timedelta(days=3660)
_NOTE_LENGTH = 2000


def mute(actor: Account, account: Account, *, seconds: int = 0, notifications: bool = True) -> None:
    """Read less of an account that the actor may see, for so many seconds (0: until it is taken
    back); a second time sets both anew. Invalid for a length that makes no sense."""
    require_may_mute(actor, account)
    if not 0 <= seconds <= LONGEST_MUTE.total_seconds():
        raise Invalid(fields={"duration": N_("Choose a shorter time.")})
    ends = utc_now() + dt.timedelta(seconds=seconds) if seconds else None
    insert_once(Mute, muter_id=actor.id, muted_id=account.id)
    kept = db.session.scalars(
        select(Mute).where(Mute.muter_id == actor.id, Mute.muted_id == account.id)
    ).one()
    kept.notifications, kept.expires_at = notifications, ends
    db.session.flush()


def unmute(actor: Account, account: Account) -> None:
    """Read them again."""
    db.session.execute(
        delete(Mute)
        .where(Mute.muter_id == actor.id, Mute.muted_id == account.id)
        .execution_options(synchronize_session=False)
    )


def block(actor: Account, account: Account) -> None:
    """Keep the two apart from now on: follows end both ways, and what either was told of the
    other is gone. Forbidden for oneself and for pages."""
    require_may_block(actor, account)
    one_at_a_time(actor.id, account.id)
    if not insert_once(Block, blocker_id=actor.id, blocked_id=account.id):
        return
    unfollow(actor, account)
    unfollow(account, actor)
    notifications.forget_between(actor.id, account.id)


def unblock(actor: Account, account: Account) -> None:
    """The actor's block is gone; one of the other's against the actor stands. Follows do not come
    back by themselves."""
    db.session.execute(
        delete(Block)
        .where(Block.blocker_id == actor.id, Block.blocked_id == account.id)
        .execution_options(synchronize_session=False)
    )


def remove_follower(actor: Account, follower: Account) -> None:
    """Somebody no longer follows the actor; they are not told, and may follow again."""
    unfollow(follower, actor)


def note(actor: Account, account: Account, text: str) -> None:
    """Write down something about an account, for the actor alone; nothing takes it away. Invalid
    when it is too long."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > _NOTE_LENGTH:
        raise Invalid(
            fields={"comment": N_("This is too long: %(most)s characters at most.")},
            most=_NOTE_LENGTH,
        )
    mine = (AccountNote.writer_id == actor.id, AccountNote.account_id == account.id)
    db.session.execute(
        delete(AccountNote).where(*mine).execution_options(synchronize_session=False)
    )
    if text:
        insert_once(AccountNote, writer_id=actor.id, account_id=account.id, text=text)


def dismiss_suggestion(actor: Account, account_id: int) -> None:
    """Do not propose this account to the actor any more."""
    if db.session.scalar(select(Account.id).where(Account.id == account_id)) is not None:
        insert_once(DismissedSuggestion, viewer_id=actor.id, account_id=account_id)
