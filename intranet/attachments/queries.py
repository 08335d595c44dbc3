"""Media under the predicate of what they belong to."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.sql import and_

from intranet.accounts.models import Account
from intranet.announcements import policies as announcement_policies
from intranet.announcements.models import Announcement
from intranet.calendar import policies as event_policies
from intranet.calendar.models import Event
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.media.models import UNATTACHED, MediaAttachment
from intranet.media.views import MediaView, view_of
from intranet.posts import policies
from intranet.posts.models import Post
from intranet.reviews import policies as review_policies
from intranet.reviews.models import PageSubmission


def get_visible(viewer: Account, key: str) -> MediaView:
    """The attachment behind a key: of a post, an announcement or an event that the viewer may
    see, of a post that waits on a page the viewer writes for, or the viewer's own that belongs to
    nothing yet or to a post to come. NotFound otherwise."""
    media = db.session.scalar(
        select(MediaAttachment)
        .outerjoin(Post, Post.id == MediaAttachment.post_id)
        .outerjoin(PageSubmission, PageSubmission.id == MediaAttachment.submission_id)
        .outerjoin(Announcement, Announcement.id == MediaAttachment.announcement_id)
        .outerjoin(Event, Event.id == MediaAttachment.event_id)
        .where(
            MediaAttachment.key == key,
            or_(
                and_(
                    or_(UNATTACHED, MediaAttachment.scheduled_id.is_not(None)),
                    MediaAttachment.owner_id == viewer.id,
                ),
                and_(MediaAttachment.event_id.is_not(None), event_policies.visible_to(viewer)),
                and_(MediaAttachment.post_id.is_not(None), policies.visible_to(viewer)),
                and_(
                    MediaAttachment.post_id.is_(None),
                    PageSubmission.id.is_not(None),
                    review_policies.visible_to(viewer),
                ),
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
