"""Reads of uploads and profile pictures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, or_, select

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.together import Read
from intranet.kernel.errors import NotFound
from intranet.media.models import UNATTACHED, WAITING, DraftFile, MediaAttachment
from intranet.media.views import MediaView, view_of

# What a view is made of, and what it belongs to.
_COLUMNS = tuple(
    getattr(MediaAttachment, name)
    for name in (
        "post_id",
        "position",
        "id",
        "key",
        "kind",
        "file_name",
        "content_type",
        "size",
        "width",
        "height",
        "blurhash",
        "alt_text",
        "focus_x",
        "focus_y",
        "preview_width",
        "preview_height",
    )
)


def unattached_of(owner: Account, media_ids: Sequence[int]) -> list[MediaView]:
    """The owner's own uploads that wait for a post, or belong to one that is to come or waits for a
    review, in the asked order: a form that comes back shows them again."""
    rows = db.session.scalars(
        select(MediaAttachment).where(
            MediaAttachment.id.in_(media_ids),
            MediaAttachment.owner_id == owner.id,
            or_(UNATTACHED, WAITING),
        )
    )
    found = {row.id: view_of(row) for row in rows}
    return [found[media_id] for media_id in media_ids if media_id in found]


def get_unattached(owner: Account, media_id: int) -> MediaAttachment:
    """An own upload that belongs to nothing yet; NotFound otherwise."""
    media = db.session.scalar(
        select(MediaAttachment).where(
            MediaAttachment.id == media_id, MediaAttachment.owner_id == owner.id, UNATTACHED
        )
    )
    if media is None:
        raise NotFound
    return media


def of_submissions(submission_ids: Collection[int]) -> dict[int, tuple[MediaView, ...]]:
    """The files of pages' posts that wait, as far as the caller may show them: one statement."""
    if not submission_ids:
        return {}
    rows = db.session.scalars(
        select(MediaAttachment)
        .where(MediaAttachment.submission_id.in_(submission_ids))
        .order_by(MediaAttachment.submission_id, MediaAttachment.position)
    )
    found: dict[int, list[MediaView]] = {}
    for row in rows:
        assert row.submission_id is not None
        found.setdefault(row.submission_id, []).append(view_of(row))
    return {submission_id: tuple(views) for submission_id, views in found.items()}


def of_drafts(owner: Account, draft_ids: Collection[int]) -> dict[int, tuple[MediaView, ...]]:
    """The files that the owner's drafts show and that still wait for a post: one statement."""
    if not draft_ids:
        return {}
    rows = db.session.execute(
        select(DraftFile.draft_id, MediaAttachment)
        .join(MediaAttachment, MediaAttachment.id == DraftFile.media_id)
        .where(DraftFile.draft_id.in_(draft_ids), MediaAttachment.owner_id == owner.id, UNATTACHED)
        .order_by(DraftFile.draft_id, DraftFile.position)
    )
    found: dict[int, list[MediaView]] = {}
    for draft_id, media in rows:
        found.setdefault(draft_id, []).append(view_of(media))
    return {draft_id: tuple(views) for draft_id, views in found.items()}


def of_scheduled(scheduled_ids: Collection[int]) -> dict[int, tuple[MediaView, ...]]:
    """The files of posts to come, for their authors: one statement."""
    if not scheduled_ids:
        return {}
    rows = db.session.scalars(
        select(MediaAttachment)
        .where(MediaAttachment.scheduled_id.in_(scheduled_ids))
        .order_by(MediaAttachment.scheduled_id, MediaAttachment.position)
    )
    found: dict[int, list[MediaView]] = {}
    for row in rows:
        assert row.scheduled_id is not None
        found.setdefault(row.scheduled_id, []).append(view_of(row))
    return {scheduled_id: tuple(views) for scheduled_id, views in found.items()}


def of_posts(post_ids: Collection[int]) -> dict[int, tuple[MediaView, ...]]:
    """The attachments of posts that the caller may show: one statement."""
    if not post_ids:
        return {}
    return views_of_posts(db.session.execute(select_of_posts(post_ids)))


def select_of_posts(post_ids: Any) -> Read:
    """The rows that `views_of_posts` reads; `post_ids` may be a parameter."""
    return select(*_COLUMNS).where(MediaAttachment.post_id.in_(post_ids))


def views_of_posts(rows: Iterable[Row[Any]]) -> dict[int, tuple[MediaView, ...]]:
    """The attachments of each post, in their order."""
    found: dict[int, list[MediaView]] = {}
    for row in sorted(rows, key=attrgetter("position", "id")):
        found.setdefault(row.post_id, []).append(view_of(row))
    return {post_id: tuple(views) for post_id, views in found.items()}


def of_announcement(announcement_id: int) -> tuple[MediaView, ...]:
    """The files of an announcement that the caller may show, in order."""
    rows = db.session.scalars(
        select(MediaAttachment)
        .where(MediaAttachment.announcement_id == announcement_id)
        .order_by(MediaAttachment.position, MediaAttachment.id)
        .limit(80)
    )
    return tuple(map(view_of, rows))


def of_event(event_id: int) -> tuple[MediaView, ...]:
    """The files of an event that the caller may show, the cover among them."""
    rows = db.session.scalars(
        select(MediaAttachment)
        .where(MediaAttachment.event_id == event_id)
        .order_by(MediaAttachment.id)
        .limit(80)
    )
    return tuple(map(view_of, rows))


def require_header_visible(viewer: Account, key: str) -> None:
    """NotFound unless the key is the header of an account that the viewer may see."""
    if not db.session.scalar(
        select(Account.id).where(Account.header_key == key, account_policies.visible_to(viewer))
    ):
        raise NotFound


def require_avatar_visible(viewer: Account, key: str) -> None:
    """NotFound unless the key is the picture of an account that the viewer may see."""
    if not db.session.scalar(
        select(Account.id).where(Account.avatar_key == key, account_policies.visible_to(viewer))
    ):
        raise NotFound
