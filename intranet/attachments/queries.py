"""Media under the predicate of what they belong to."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.sql import and_

from intranet.accounts.models import Account
from intranet.calendar import policies as event_policies
from intranet.calendar.models import Event
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.media.models import UNATTACHED, MediaAttachment
from intranet.media.views import MediaView, view_of
from intranet.posts import policies
from intranet.posts.models import Post


def get_visible(viewer: Account, key: str) -> MediaView:
    """The attachment behind a key: of a post or an event that the viewer may see, or the viewer's
    own that is not published yet. NotFound otherwise."""
    media = db.session.scalar(
        select(MediaAttachment)
        .outerjoin(Post, Post.id == MediaAttachment.post_id)
        .outerjoin(Event, Event.id == MediaAttachment.event_id)
        .where(
            MediaAttachment.key == key,
            or_(
                and_(UNATTACHED, MediaAttachment.owner_id == viewer.id),
                and_(MediaAttachment.event_id.is_not(None), event_policies.visible_to(viewer)),
                and_(MediaAttachment.post_id.is_not(None), policies.visible_to(viewer)),
            ),
        )
    )
    if media is None:
        raise NotFound
    return view_of(media)
