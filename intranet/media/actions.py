"""Rows for what was uploaded, and their end."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, case, delete, insert, or_, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.media.models import UNATTACHED, WAITING, DraftFile, MediaAttachment, is_unattached
from intranet.media.queries import get_unattached
from intranet.media.storage import Storage
from intranet.media.uploads import StoredUpload
from intranet.tasks.actions import enqueue

PURGE = "media.purge"  # payload: {"keys": [...]}
_UNATTACHED_FOR = dt.timedelta(days=1)
MAX_ALT_TEXT = 1500


def add(
    owner: Account,
    upload: StoredUpload,
    *,
    alt_text: str = "",
    focus: tuple[float, float] = (0.0, 0.0),
) -> MediaAttachment:
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
        focus_x=_within(focus[0]),
        focus_y=_within(focus[1]),
        preview_width=upload.preview[0] if upload.preview else None,
        preview_height=upload.preview[1] if upload.preview else None,
    )
    db.session.add(media)
    db.session.flush()
    return media


def describe(owner: Account, media_id: int, alt_text: str) -> None:
    """Give an own upload that is not out yet its alternative text."""
    unseen = or_(UNATTACHED, WAITING)
    db.session.execute(
        update(MediaAttachment)
        .where(MediaAttachment.id == media_id, MediaAttachment.owner_id == owner.id, unseen)
        .values(alt_text=_alt(alt_text))
    )


def change(
    owner: Account,
    media_id: int,
    *,
    alt_text: str | None = None,
    focus: tuple[float, float] | None = None,
    preview: tuple[int, int] | None = None,
) -> None:
    """Change what is said of an own, still unattached upload; None leaves it as it is. NotFound
    when it is somebody else's, or used."""
    media = get_unattached(owner, media_id)
    if alt_text is not None:
        media.alt_text = _alt(alt_text)
    if focus is not None:
        media.focus_x, media.focus_y = _within(focus[0]), _within(focus[1])
    if preview is not None:
        media.preview_width, media.preview_height = preview


def discard(owner: Account, media_id: int) -> None:
    """Remove an own upload, row and files. NotFound when it is not the owner's, Invalid when it
    belongs to something already."""
    media = db.session.scalar(
        select(MediaAttachment).where(
            MediaAttachment.id == media_id, MediaAttachment.owner_id == owner.id
        )
    )
    if media is None:
        raise NotFound
    if not is_unattached(media):
        raise Invalid(N_("This file belongs to a post. Delete it there."))
    _purge(MediaAttachment.id == media_id, UNATTACHED)


def attach(owner: Account, media_ids: Sequence[int], post_id: int) -> None:
    """Give own unattached uploads to a post, in this order. Invalid when one is not the owner's
    or belongs to something already."""
    _give(media_ids, _own(owner), post_id=post_id)


def attach_to_event(
    owner: Account, media_ids: Sequence[int], event_id: int
) -> list[MediaAttachment]:
    """As `attach`, to an event; gives them in this order."""
    return _give(media_ids, _own(owner), event_id=event_id)


def move_to_event(event_id: int, target_id: int) -> None:
    """Give the files of one event to another: a series went on as a new one."""
    db.session.execute(
        update(MediaAttachment)
        .where(MediaAttachment.event_id == event_id)
        .values(event_id=target_id)
        .execution_options(synchronize_session=False)
    )


def keep_for_submission(owner: Account, media_ids: Sequence[int], submission_id: int) -> None:
    """Give own unattached uploads to a page's post that waits, in this order, in the place of
    those it had. Invalid when one is not the owner's or belongs to something already."""
    drop_from_submission(submission_id)
    _give(media_ids, _own(owner), submission_id=submission_id)


def attach_to_announcement(owner: Account, media_ids: Sequence[int], announcement_id: int) -> None:
    """Let an announcement have these files, in this order, and no others: its own ones stay,
    the owner's unattached uploads come in, what is not named goes. Invalid when one is neither."""
    there = MediaAttachment.announcement_id == announcement_id
    _purge(there, MediaAttachment.id.not_in(media_ids))
    _give(media_ids, or_(there, _own(owner)), announcement_id=announcement_id)


def copy_to_announcement(
    owner: Account, announcement_id: int, target_id: int, storage: Storage
) -> None:
    """Give an announcement files of its own like those of another, in their order. What is no
    longer on the disk is left out."""
    files = db.session.scalars(
        select(MediaAttachment)
        .where(MediaAttachment.announcement_id == announcement_id)
        .order_by(MediaAttachment.position, MediaAttachment.id)
    ).all()
    for file in files:
        try:
            key = storage.copy(file.key)
        except NotFound:
            continue
        same = ("kind", "file_name", "content_type", "size", "width", "height", "blurhash")
        db.session.add(
            MediaAttachment(
                key=key,
                owner_id=owner.id,
                announcement_id=target_id,
                position=file.position,
                alt_text=file.alt_text,
                **{name: getattr(file, name) for name in same},
            )
        )
    db.session.flush()


def keep_for_scheduled(owner: Account, media_ids: Sequence[int], scheduled_id: int) -> None:
    """Give own unattached uploads to a post to come, in this order. Invalid when one is not the
    owner's or belongs to something already."""
    _give(media_ids, _own(owner), scheduled_id=scheduled_id)


def keep_for_draft(
    owner: Account, media_ids: Sequence[int], draft_id: int, *, also_of: int | None = None
) -> None:
    """Let a draft show these own unattached uploads, in this order, and no others; what is not
    the owner's, or used, is left out. `also_of`: those of another draft of the owner instead."""
    db.session.execute(delete(DraftFile).where(DraftFile.draft_id == draft_id))
    if also_of is not None:
        there = select(DraftFile.media_id).where(DraftFile.draft_id == also_of)
        media_ids = db.session.scalars(there.order_by(DraftFile.position)).all()
    if not media_ids:
        return
    usable = set(
        db.session.scalars(
            select(MediaAttachment.id).where(MediaAttachment.id.in_(media_ids), _own(owner))
        )
    )
    rows = [
        {"draft_id": draft_id, "media_id": media_id, "position": position}
        for position, media_id in enumerate(dict.fromkeys(media_ids))
        if media_id in usable
    ]
    if rows:
        db.session.execute(insert(DraftFile), rows)


def drop_from_scheduled(scheduled_id: int) -> None:
    """The files of a post that will not come are its author's own again."""
    db.session.execute(
        update(MediaAttachment)
        .where(MediaAttachment.scheduled_id == scheduled_id)
        .values(scheduled_id=None)
    )


def keep_on_post(owner: Account, media_ids: Sequence[int], post_id: int) -> None:
    """Let a post have these files, in this order, and no others: its own ones stay, the owner's
    unattached uploads come in, what is not named is purged. Invalid when one is neither."""
    there = MediaAttachment.post_id == post_id
    _purge(there, MediaAttachment.id.not_in(media_ids))
    _give(media_ids, or_(there, _own(owner)), post_id=post_id)


def describe_on_post(post_id: int, words: Mapping[int, str]) -> None:
    """Give files of a post other alternative texts, by their ids: one statement. Nothing happens
    for another post's."""
    if not words:
        return
    told = {media_id: _alt(text) for media_id, text in words.items()}
    db.session.execute(
        update(MediaAttachment)
        .where(MediaAttachment.id.in_(told), MediaAttachment.post_id == post_id)
        .values(alt_text=case(told, value=MediaAttachment.id))
    )


def drop_from_submission(submission_id: int) -> None:
    """The files of a page's post that will not be are its author's own again, and purged with
    the other uploads that nobody published."""
    db.session.execute(
        update(MediaAttachment)
        .where(MediaAttachment.submission_id == submission_id)
        .values(submission_id=None)
    )


def purge_of_announcement(announcement_id: int) -> None:
    """Remove the files of an announcement that was never sent."""
    _purge(MediaAttachment.announcement_id == announcement_id)


def detach_and_purge(post_id: int) -> None:
    """Remove a post's attachments: the rows now, the files by a task once this is committed."""
    _purge(MediaAttachment.post_id == post_id)


def purge_unattached() -> None:
    """Remove uploads that nobody published within a day, and that no draft shows."""
    _purge(
        UNATTACHED,
        MediaAttachment.id.not_in(select(DraftFile.media_id)),
        MediaAttachment.created_at < utc_now() - _UNATTACHED_FOR,
    )


def purge_avatar(key: str) -> None:
    """Remove the files of a profile or header picture that is no longer used."""
    enqueue(PURGE, {"keys": [key]})


def _own(owner: Account) -> ColumnElement[bool]:
    return and_(MediaAttachment.owner_id == owner.id, UNATTACHED)


def _give(media_ids: Sequence[int], may: ColumnElement[bool], **to: int) -> list[MediaAttachment]:
    """Let the attachments belong to one thing, in this order. Invalid when one may not."""
    given = []
    for position, media_id in enumerate(media_ids):
        done = db.session.execute(
            update(MediaAttachment)
            .where(MediaAttachment.id == media_id, may)
            .values(position=position, **to)
            .returning(MediaAttachment)
        )
        media = done.scalar_one_or_none()
        if media is None:
            message = N_("One of the files is no longer there. Please add it again.")
            raise Invalid(message, fields={"files": message})
        given.append(media)
    return given


def _purge(*where: object) -> None:
    keys = list(db.session.scalars(select(MediaAttachment.key).where(*where)))  # type: ignore[arg-type]
    if keys:
        db.session.execute(delete(MediaAttachment).where(MediaAttachment.key.in_(keys)))
        enqueue(PURGE, {"keys": keys})


def _within(number: float) -> float:
    return max(-1.0, min(1.0, number)) if math.isfinite(number) else 0.0


def _alt(text: str) -> str:
    if len(text) > MAX_ALT_TEXT:
        message = N_("A description may have %(most)s characters at most.")
        raise Invalid(message, fields={"alt_text": message}, most=MAX_ALT_TEXT)
    return " ".join(text.split())
