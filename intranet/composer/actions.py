"""Keeping what somebody writes, while it is written. The caller has made sure that the author may
know of the place."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, or_, select, union_all

from intranet.accounts.models import Account
from intranet.composer.models import Draft
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.ids import id_at, new_id
from intranet.kernel.messages import N_
from intranet.media.actions import keep_for_draft
from intranet.media.models import DraftFile
from intranet.posts.models import Post, Visibility
from intranet.scheduled.models import ScheduledPost

_LONGEST_EXTRAS = 20_000  # bytes of the parts of the form as JSON
_MOST_FILES = 50
_LATE = dt.timedelta(minutes=2)  # how long a request of a page that was left may take


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftContent:
    """What the form holds. Nothing of it has to be right yet: that is asked on publishing."""

    source: str = ""
    visibility: Visibility = Visibility.ORGANISATION
    group_id: int | None = None
    language: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    media_ids: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not self.source.strip() and self.is_text_only

    @property
    def is_text_only(self) -> bool:
        """Whether it has neither files nor further parts."""
        return not (self.extras or self.media_ids)


@dataclass(frozen=True, slots=True)
class Form:
    """Which form writes: its `key` is its own, `draft_id` and `version` say what it last saw (None
    and 0 when it began empty)."""

    key: str
    draft_id: int | None = None
    version: int = 0


def save(
    author: Account,
    place: str,
    content: DraftContent,
    form: Form,
    *,
    longest: int,
    most: int,
) -> Draft | None:
    """Keep what the form holds; None when it holds nothing, or was published meanwhile. What
    another form wrote since this one looked is not lost: it is kept as a draft of its own.
    Invalid for more than `longest` characters, too many files, or beyond `most` drafts."""
    _require_bounds(content, longest)
    if _is_out(author, form.key):
        return None  # overtaken by the form itself
    draft = _locked(author, place, form)
    if draft is None and content.is_text_only and _just_said(author, content.source):
        return None  # the last words of a page whose text was published on the next
    if content.is_empty:
        if draft is not None and _seen_by(draft, form):
            db.session.delete(draft)
            db.session.flush()
        return None
    if draft is None:
        draft = _begin(author, place, content, most)
    elif not _seen_by(draft, form) and not _says(draft, content):
        _keep_aside(author, draft, most)
    draft.source, draft.language = content.source, content.language
    draft.visibility, draft.group_id = content.visibility, content.group_id
    draft.extras = content.extras
    draft.form_key = form.key
    draft.version += 1
    draft.updated_at = utc_now()
    db.session.flush()
    keep_for_draft(author, content.media_ids, draft.id)
    return draft


def published(author: Account, place: str, form: Form, source: str) -> None:
    """The form was published with this text, or is kept for a time: its draft goes with it, in
    the same transaction. What another form wrote there stays, unless it is this text and nothing
    else: a page that is left sends its last words beside the page that follows it."""
    draft = _locked(author, place, form)
    if draft is not None and (_seen_by(draft, form) or _is_only(draft, source)):
        db.session.delete(draft)
        db.session.flush()


def discard(author: Account, draft_id: int) -> None:
    """Throw one away. NotFound when it is not the author's."""
    draft = db.session.scalar(
        select(Draft).where(Draft.id == draft_id, Draft.author_id == author.id)
    )
    if draft is None:
        raise NotFound()
    db.session.delete(draft)
    db.session.flush()


def _locked(author: Account, place: str, form: Form) -> Draft | None:
    """The draft that the form writes: the one that it names, else that of its place."""
    own = Draft.author_id == author.id
    for where in (Draft.id == form.draft_id, (Draft.place == place) & Draft.is_current):
        found = db.session.scalar(
            select(Draft)
            .where(own, where)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if found is not None:
            return found
    return None


def _is_out(author: Account, key: str) -> bool:
    """Whether what this form wrote is published, or kept for a time."""
    wrote = or_(Post.author_id == author.id, Post.written_by_id == author.id)
    out = select(Post.id).where(wrote, Post.idempotency_key == key)
    coming = select(ScheduledPost.id).where(
        ScheduledPost.author_id == author.id, ScheduledPost.idempotency_key == key
    )
    return bool(key and db.session.scalar(union_all(out, coming).limit(1)))


def _just_said(author: Account, source: str) -> bool:
    """Whether the author's newest post says this, and is some minutes old at most."""
    wrote = or_(Post.author_id == author.id, Post.written_by_id == author.id)
    fresh = Post.id > id_at(utc_now() - _LATE)
    newest = select(Post.source).where(wrote, fresh).order_by(Post.id.desc()).limit(1)
    said = db.session.scalar(newest)
    return said is not None and bool(source.strip()) and _same(said, source)


def _is_only(draft: Draft, source: str) -> bool:
    """Whether the draft holds this text, no files and no further parts."""
    if draft.extras or not _same(draft.source, source):
        return False
    return not db.session.scalar(select(exists().where(DraftFile.draft_id == draft.id)))


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _seen_by(draft: Draft, form: Form) -> bool:
    """Whether the form wrote it last, or shows what was written last."""
    return draft.form_key == form.key or (
        draft.id == form.draft_id and draft.version == form.version
    )


def _says(draft: Draft, content: DraftContent) -> bool:
    return draft.source.strip() == content.source.strip() and draft.extras == content.extras


def _begin(author: Account, place: str, content: DraftContent, most: int) -> Draft:
    _require_room(author, most)
    id_ = new_id()
    if not insert_once(
        Draft,
        id=id_,
        author_id=author.id,
        place=place,
        is_current=True,
        version=0,
        source="",
        visibility=content.visibility,
        form_key="",
        extras={},
        updated_at=utc_now(),
        created_at=utc_now(),
    ):
        # Another device began at the same moment: the next attempt finds what it wrote.
        raise Conflict(N_("This draft was changed elsewhere. Try again."))
    return db.session.get_one(Draft, id_)


def _keep_aside(author: Account, draft: Draft, most: int) -> None:
    """A copy of what the draft says, once for each form that wrote it: two devices in turn leave
    one copy of each, not one a word."""
    copy = db.session.scalar(
        select(Draft).where(
            Draft.author_id == author.id,
            Draft.place == draft.place,
            ~Draft.is_current,
            Draft.form_key == draft.form_key,
            Draft.id != draft.id,
        )
    )
    if copy is None:
        _require_room(author, most)
        copy = Draft(
            id=new_id(), author_id=author.id, place=draft.place, is_current=False, version=0,
            form_key=draft.form_key,
        )  # fmt: skip
        db.session.add(copy)
    copy.source, copy.language = draft.source, draft.language
    copy.visibility, copy.group_id = draft.visibility, draft.group_id
    copy.extras, copy.updated_at = draft.extras, draft.updated_at
    copy.version += 1
    db.session.flush()
    keep_for_draft(author, [], copy.id, also_of=draft.id)


def _require_bounds(content: DraftContent, longest: int) -> None:
    if len(content.source) > longest:
        message = N_("This is too long to be kept: %(most)s characters at most.")
        raise Invalid(message, fields={"source": message}, most=longest)
    if len(json.dumps(content.extras)) > _LONGEST_EXTRAS or len(content.media_ids) > _MOST_FILES:
        raise Invalid(N_("This is too much for a draft."))


def _require_room(author: Account, most: int) -> None:
    kept = db.session.scalar(select(func.count()).where(Draft.author_id == author.id)) or 0
    if kept >= most:
        message = N_("You have %(most)s drafts already. Delete some of them.")
        raise Invalid(message, most=most)
