"""Which pins still stand at a reader's top: not what they put away, nor announcements that they
have confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.db import db
from intranet.posts import chosen
from intranet.posts.models import PinnedPost


def on_top(viewer: Account, post_ids: Sequence[int]) -> list[int]:
    """Those of these pinned posts, in their order, that the viewer has not done with: one
    statement. One that was changed in substance stands at the top again."""
    if not post_ids:
        return []
    row = AnnouncementRecipient
    confirmed = exists().where(
        Announcement.post_id == PinnedPost.post_id,
        Announcement.requires_acknowledgement,
        row.announcement_id == Announcement.id,
        row.account_id == viewer.id,
        row.acknowledged_revision >= Announcement.revision,
    )
    done = select(PinnedPost.post_id).where(
        PinnedPost.post_id.in_(post_ids), or_(chosen.put_away(viewer), confirmed)
    )
    gone = set(db.session.scalars(done))
    return [post_id for post_id in post_ids if post_id not in gone]
