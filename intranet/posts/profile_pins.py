"""Own posts that people hold at the top of their profile."""

from __future__ import annotations

from sqlalchemy import delete, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.posts import policies
from intranet.posts.events import PostChanged
from intranet.posts.marks import removed
from intranet.posts.models import Post, ProfilePin
from intranet.posts.telling import tell

MAX_PINS = 5  # of one profile


def pin(actor: Account, post: Post) -> None:
    """Hold the post at the top of the actor's profile; again changes nothing. Invalid for what is
    not theirs to hold there, and when there is no room left."""
    policies.require_may_pin_to_profile(actor, post)
    # Two at once must not both find the last place free.
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    held = pinned_on_profile(actor.id)
    if post.id in held:
        return
    if len(held) >= MAX_PINS:
        sentence = N_("A profile can hold %(most)s posts at the top. Unpin one first.")
        raise Invalid(sentence, most=MAX_PINS)
    if insert_once(ProfilePin, post_id=post.id, account_id=actor.id):
        tell(PostChanged, post)


def unpin(actor: Account, post: Post) -> None:
    """Let it go down with the others."""
    policies.require_may_pin_to_profile(actor, post)
    if removed(delete(ProfilePin).where(ProfilePin.post_id == post.id)):
        tell(PostChanged, post)


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
