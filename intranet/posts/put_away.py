"""Pins that a reader has seen enough of: they leave the top for this reader, and nobody else."""

from __future__ import annotations

from sqlalchemy import delete, exists, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.posts.marks import removed
from intranet.posts.models import PinnedPost, PinPutAway, Post


def put_away(actor: Account, post: Post) -> None:
    """Hold the pinned post no longer at the actor's top; it stays in its place below. Invalid when
    it is not pinned."""
    if not db.session.scalar(select(exists().where(PinnedPost.post_id == post.id))):
        raise Invalid(N_("This post is not pinned."))
    bring_back(actor, post)  # what was put away before it was pinned anew
    insert_once(PinPutAway, account_id=actor.id, post_id=post.id, created_at=utc_now())


def bring_back(actor: Account, post: Post) -> None:
    """Hold it at the actor's top again."""
    removed(
        delete(PinPutAway).where(PinPutAway.account_id == actor.id, PinPutAway.post_id == post.id)
    )
