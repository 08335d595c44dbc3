"""Own posts that people hold at the top of their profile."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.posts import policies
from intranet.posts.models import Post, ProfilePin
from intranet.posts.pins import MAX_PINS, hold, let_go


def pin(actor: Account, post: Post) -> None:
    """Hold the post at the top of the actor's profile; again changes nothing. Invalid for what is
    not theirs to hold there, and when there is no room left."""
    policies.require_may_pin_to_profile(actor, post)
    # Two at once must not both find the last place free.
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    # What its author cannot read any more they cannot unpin either: it takes no place.
    held = select(ProfilePin.post_id).join(Post, Post.id == ProfilePin.post_id)
    mine = held.where(ProfilePin.account_id == actor.id, policies.visible_to(actor))
    pinned = db.session.scalars(mine).all()
    full = N_("A profile can hold %(most)s posts at the top. Unpin one first.")
    hold(ProfilePin, post, pinned, Invalid(full, most=MAX_PINS), account_id=actor.id)


def unpin(actor: Account, post: Post) -> None:
    """Let it go down with the others."""
    policies.require_may_pin_to_profile(actor, post)
    let_go(ProfilePin, post)


def pinned_on_profile(account_id: int) -> list[int]:
    """The pinned posts of a person, the last pinned first; `queries.cards` draws those that the
    viewer may see."""
    return list(
        db.session.scalars(
            select(ProfilePin.post_id)
            .where(ProfilePin.account_id == account_id)
            .order_by(ProfilePin.created_at.desc(), ProfilePin.post_id.desc())
        )
    )
