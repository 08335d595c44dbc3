"""Rows for what was uploaded, and their end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.media.models import UNATTACHED, MediaAttachment
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
        .where(MediaAttachment.id == media_id, MediaAttachment.owner_id == owner.id, UNATTACHED)
        .values(alt_text=_alt(alt_text))
    )


def attach(owner: Account, media_ids: Sequence[int], post_id: int) -> None:
    """Give own unattached uploads to a post, in this order. Invalid when one is not the owner's
    or belongs to a post already."""
    _attach(owner, media_ids, {"post_id": post_id})


def attach_to_event(
    owner: Account, media_ids: Sequence[int], event_id: int
) -> list[MediaAttachment]:
    """As `attach`, to an event; gives them in this order."""
    return _attach(owner, media_ids, {"event_id": event_id})


def move_to_event(event_id: int, target_id: int) -> None:
    """Give the files of one event to another: a series went on as a new one."""
    db.session.execute(
        update(MediaAttachment)
        .where(MediaAttachment.event_id == event_id)
        .values(event_id=target_id)
        .execution_options(synchronize_session=False)
    )


def _attach(
    owner: Account, media_ids: Sequence[int], subject: dict[str, int]
) -> list[MediaAttachment]:
    attached = []
    for position, media_id in enumerate(media_ids):
        done = db.session.execute(
            update(MediaAttachment)
            .where(MediaAttachment.id == media_id, MediaAttachment.owner_id == owner.id, UNATTACHED)
            .values(position=position, **subject)
            .returning(MediaAttachment)
        )
        media = done.scalar_one_or_none()
        if media is None:
            message = N_("One of the files is no longer there. Please add it again.")
            raise Invalid(message, fields={"files": message})
        attached.append(media)
    return attached


def detach_and_purge(post_id: int) -> None:
    """Remove a post's attachments: the rows now, the files by a task once this is committed."""
    _purge(MediaAttachment.post_id == post_id)


def purge_unattached() -> None:
    """Remove uploads that nobody published within a day."""
    _purge(
        UNATTACHED,
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
