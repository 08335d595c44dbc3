"""PostDraft: what somebody wants to publish. The one input of every door."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise, visible_length
from intranet.posts.models import Visibility

_KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class PostLimits:
    """What the settings allow: characters of a text, files of one post."""

    max_length: int
    max_attachments: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostDraft:
    """`visibility` and `group_id` count for a post; a reply takes its thread's audience.
    `media_ids` are the author's own uploads. The same author with the same `idempotency_key`
    publishes once, however often it is sent."""

    source: str = ""
    visibility: Visibility = Visibility.ORGANISATION
    group_id: int | None = None
    audience_id: int | None = None  # set by announcements and events, never by a form
    in_reply_to_id: int | None = None
    to_ids: tuple[int, ...] = ()  # of a direct post: whom it is for, beside those it names
    media_ids: tuple[int, ...] = ()
    language: str | None = None
    idempotency_key: str | None = None
    as_page_id: int | None = None  # the page in whose name it is written
    is_public: bool = False  # readable without signing in; only of a public page

    @property
    def stored_key(self) -> str | None:
        """The key as it is stored: one that is too long by its digest."""
        key = self.idempotency_key or None
        if key is None or (len(key) <= _KEY_LENGTH and key.isascii() and key.isprintable()):
            return key
        return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def checked_source(source: str, limits: PostLimits, *, has_media: bool) -> str:
    """The text as it is stored. Invalid under `source` when nobody could see any of it and there
    is no picture or file either, or when it is too long."""
    text = normalise(source)
    if not fold(text).strip():
        if has_media:
            return ""
        message = N_("Write something, or add a picture or a file.")
        raise Invalid(message, fields={"source": message})
    if visible_length(text) > limits.max_length:
        message = N_("This is too long: %(most)s characters at most.")
        raise Invalid(message, fields={"source": message}, most=limits.max_length)
    return text


def checked_media(media_ids: tuple[int, ...], limits: PostLimits) -> tuple[int, ...]:
    """The uploads, each once; Invalid under `files` when there are too many."""
    once = tuple(dict.fromkeys(media_ids))
    if len(once) > limits.max_attachments:
        message = N_("Too many files: %(most)s at most.")
        raise Invalid(message, fields={"files": message}, most=limits.max_attachments)
    return once
