"""The threads that somebody follows or has muted, as a list."""

from __future__ import annotations

import enum

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.posts.cards import PostCard
from intranet.posts.models import Post, ThreadFollow, ThreadMute
from intranet.posts.policies import visible_to
from intranet.posts.queries import cards


class Heard(enum.StrEnum):
    """What somebody has chosen to hear of a thread: every reply, or none."""

    FOLLOWED = "followed"
    MUTED = "muted"


_MODELS: dict[Heard, type[ThreadFollow] | type[ThreadMute]] = {
    Heard.FOLLOWED: ThreadFollow,
    Heard.MUTED: ThreadMute,
}


def list_threads(viewer: Account, heard: Heard, cursor: Cursor) -> Page[PostCard]:
    """The first posts of these threads, those begun last first; what the viewer may no longer see
    is left out. One statement beside the cards'."""
    chosen = _MODELS[heard]
    ids = db.session.scalars(
        select(Post.id)
        .join(chosen, chosen.thread_id == Post.id)
        .where(
            chosen.account_id == viewer.id,
            chosen.thread_id < (MAX_ID if cursor.before is None else cursor.before),
            Post.deleted_at.is_(None),
            visible_to(viewer),
        )
        .order_by(chosen.thread_id.desc())
        .limit(cursor.limit + 1)
    ).all()
    page = page_of(ids, cursor.limit, int)
    return Page(cards(viewer, page.items, latest=False), page.next_before)
