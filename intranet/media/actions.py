"""Rows for what was uploaded, and their end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, delete, or_, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.media.models import MediaAttachment
from intranet.media.queries import is_unattached
from intranet.media.uploads import StoredUpload
from intranet.tasks.actions import enqueue

PURGE = "media.purge"  # payload: {"keys": [...]}
_UNATTACHED_FOR = dt.timedelta(days=1)
MAX_ALT_TEXT = 1500


def add(owner: Account, upload: StoredUpload, *, alt_text: str = "") -> MediaAttachment:
    """A row for a stored upload; nobody but its owner sees it until it is attached."""
    picture = upload.picture
    media = MediaAttachment(
        key=upload.key,
        owner_id=owner.id,
        kind=upload.kind,
        file_name=upload.file_name,
        content_type=upload.content_type,
        size=upload.size,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        blurhash=picture.blurhash if picture else None,
        alt_text=_alt(alt_text),
    )
    db.session.add(media)
    db.session.flush()
    return media


def describe(owner: Account, media_id: int, alt_text: str) -> None:
    """Give an own, still unattached upload its alternative text."""
    db.session.execute(
        update(MediaAttachment)
        .where(
            MediaAttachment.id == media_id,
            MediaAttachment.owner_id == owner.id,
            is_unattached(),
        )
        .values(alt_text=_alt(alt_text))
    )


def attach(owner: Account, media_ids: Sequence[int], post_id: int) -> None:
    """Give own unattached uploads to a post, in this order. Invalid when one is not the owner's
    or belongs to a post already."""
    for position, media_id in enumerate(media_ids):
        done = db.session.execute(
            update(MediaAttachment)
            .where(
                MediaAttachment.id == media_id,
                MediaAttachment.owner_id == owner.id,
                is_unattached(),
            )
            .values(post_id=post_id, position=position)
            .returning(MediaAttachment.id)
        )
        if done.scalar_one_or_none() is None:
            message = N_("One of the files is no longer there. Please add it again.")
            raise Invalid(message, fields={"files": message})


def attach_to_announcement(owner: Account, media_ids: Sequence[int], announcement_id: int) -> None:
    """Let an announcement have these files, in this order, and no others: its own ones stay,
    the owner's unattached uploads come in, what is not named goes. Invalid when one is neither."""
    gone = MediaAttachment.announcement_id == announcement_id
    _purge(gone, MediaAttachment.id.not_in(media_ids))
    for position, media_id in enumerate(media_ids):
        own = and_(MediaAttachment.owner_id == owner.id, is_unattached())
        done = db.session.execute(
            update(MediaAttachment)
            .where(MediaAttachment.id == media_id, or_(gone, own))
            .values(announcement_id=announcement_id, position=position)
            .returning(MediaAttachment.id)
        )
        if done.scalar_one_or_none() is None:
            message = N_("One of the files is no longer there. Please add it again.")
            raise Invalid(message, fields={"files": message})


def purge_of_announcement(announcement_id: int) -> None:
    """Remove the files of an announcement that was never sent."""
    _purge(MediaAttachment.announcement_id == announcement_id)


def detach_and_purge(post_id: int) -> None:
    """Remove a post's attachments: the rows now, the files by a task once this is committed."""
    _purge(MediaAttachment.post_id == post_id)


def purge_unattached() -> None:
    """Remove uploads that nobody published within a day."""
    _purge(
        is_unattached(),
        MediaAttachment.created_at < utc_now() - _UNATTACHED_FOR,
    )


def purge_avatar(key: str) -> None:
    """Remove the files of a profile picture that is no longer used."""
    enqueue(PURGE, {"keys": [key]})


def _purge(*where: object) -> None:
    keys = list(db.session.scalars(select(MediaAttachment.key).where(*where)))  # type: ignore[arg-type]
    if keys:
        db.session.execute(delete(MediaAttachment).where(MediaAttachment.key.in_(keys)))
        enqueue(PURGE, {"keys": keys})


def _alt(text: str) -> str:
    if len(text) > MAX_ALT_TEXT:
        message = N_("A description may have %(most)s characters at most.")
        raise Invalid(message, fields={"alt_text": message}, most=MAX_ALT_TEXT)
    return " ".join(text.split())
