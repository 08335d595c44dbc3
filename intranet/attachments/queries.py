"""Media under the predicate of what they belong to: a post or an announcement."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.sql import and_

from intranet.accounts.models import Account
from intranet.announcements import policies as announcement_policies
from intranet.announcements.models import Announcement
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.media.models import MediaAttachment
from intranet.media.queries import is_unattached
from intranet.media.views import MediaView, view_of
from intranet.posts import policies
from intranet.posts.models import Post


def get_visible(viewer: Account, key: str) -> MediaView:
    """The attachment behind a key: of a post or an announcement that the viewer may read, or the
    viewer's own that belongs to nothing yet. NotFound otherwise."""
    media = db.session.scalar(
        select(MediaAttachment)
        .outerjoin(Post, Post.id == MediaAttachment.post_id)
        .outerjoin(Announcement, Announcement.id == MediaAttachment.announcement_id)
        .where(
            MediaAttachment.key == key,
            or_(
                and_(is_unattached(), MediaAttachment.owner_id == viewer.id),
                and_(MediaAttachment.post_id.is_not(None), policies.visible_to(viewer)),
                and_(
                    MediaAttachment.announcement_id.is_not(None),
                    announcement_policies.readable_by(viewer),
                ),
            ),
        )
    )
    if media is None:
        raise NotFound
    return view_of(media)
