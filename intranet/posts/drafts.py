"""PostDraft and PostEdit: what somebody wants to publish or change. The one input of every door."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise, visible_length
from intranet.polls.drafts import PollDraft, PollLimits
from intranet.posts.models import PostKind, Visibility
from intranet.previews.rules import PreviewRules
from intranet.settings import Settings

_KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class PostLimits:
    """What the settings allow: characters of a text, files of one post."""

    max_length: int
    max_attachments: int
    polls: PollLimits = field(default_factory=PollLimits)
    group_calls_per_day: int = 3
    previews: PreviewRules = field(default_factory=PreviewRules)


def limits_of(settings: Settings) -> PostLimits:
    """What these settings allow: the same in every door."""
    polls = PollLimits(
        settings.poll_max_options,
        settings.poll_option_length,
        dt.timedelta(days=settings.poll_max_days),
    )
    return PostLimits(
        settings.post_max_length,
        settings.max_attachments,
        polls,
        settings.group_calls_per_day,
        preview_rules(settings),
    )


def preview_rules(settings: Settings) -> PreviewRules:
    """Which links these settings let get a preview."""
    return PreviewRules(
        on=settings.link_previews,
        own=settings.base_url.lower(),
        only=settings.link_preview_sites,
        trusted=settings.link_preview_hosts,
    )


@dataclass(frozen=True, slots=True)
class PraiseDraft:
    """Who is praised, by handle, and why: the word of a PraiseReason."""

    handles: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PostDraft:
    """`visibility` and `group_id` count for a post; a reply takes its thread's audience.
    `media_ids` are the author's own uploads. The same author with the same `idempotency_key`
    publishes once, however often it is sent."""

    source: str = ""
    spoiler_text: str = ""  # the warning in front of it
    sensitive: bool = False  # pictures are veiled; a warning implies it
    visibility: Visibility = Visibility.ORGANISATION
    group_id: int | None = None
    audience_id: int | None = None  # set by announcements and events, never by a form
    in_reply_to_id: int | None = None
    to_ids: tuple[int, ...] = ()  # of a direct post: whom it is for, beside those it names
    media_ids: tuple[int, ...] = ()
    poll: PollDraft | None = None
    is_question: bool = False
    praise: PraiseDraft | None = None
    quote_of_id: int | None = None  # the post, or a boost of it, that stands below the text
    language: str | None = None
    idempotency_key: str | None = None
    checks_key: bool = False  # the key came from outside: with another text it is refused
    as_page_id: int | None = None  # the page in whose name it is written
    is_public: bool = False  # readable without signing in; only of a public page
    calls_group: bool = False  # the author has confirmed how many people "@group" tells

    @property
    def kind(self) -> PostKind:
        """What it will be; a praise is no question."""
        if self.praise is not None:
            return PostKind.PRAISE
        return PostKind.QUESTION if self.is_question else PostKind.POST

    @property
    def stored_key(self) -> str | None:
        """The key as it is stored: one that is too long by its digest."""
        key = self.idempotency_key or None
        if key is None or (len(key) <= _KEY_LENGTH and key.isascii() and key.isprintable()):
            return key
        return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()

    def require_text(self, made: str) -> None:
        """Invalid under `idempotency_key` when the key that came with this text has made another:
        to answer with that one would lose what was written since."""
        # As in `checked_text`: a warning with nothing behind it is the text.
        behind = self.media_ids or fold(normalise(self.source)).strip()
        said = self.source if behind else self.spoiler_text
        if self.checks_key and " ".join(normalise(said).split()) != " ".join(made.split()):
            message = N_("This was sent before, with another text. Send it again to publish this.")
            raise Invalid(message, fields={"idempotency_key": message})


def parts_as_json(draft: PostDraft) -> dict[str, Any]:
    """What the draft is beside its text, to be kept for later."""
    parts: dict[str, Any] = {}
    if draft.is_question:
        parts["is_question"] = True
    if draft.praise is not None:
        parts["praise"] = [list(draft.praise.handles), draft.praise.reason]
    if draft.quote_of_id is not None:
        parts["quote_of_id"] = str(draft.quote_of_id)
    return parts


def parts_from_json(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a PostDraft that `parts_as_json` has kept."""
    fields: dict[str, Any] = {"is_question": bool(parts.get("is_question"))}
    if "praise" in parts:
        handles, reason = parts["praise"]
        fields["praise"] = PraiseDraft(tuple(handles), reason)
    if "quote_of_id" in parts:
        fields["quote_of_id"] = int(parts["quote_of_id"])
    return fields


@dataclass(frozen=True, kw_only=True, slots=True)
class PostEdit:
    """What changes in a post; None leaves as it is. `media_ids` are all files that it has
    afterwards, `descriptions` new ones of some. `poll` takes the place of the one that is there
    or comes new; `drops_poll` takes it away."""

    source: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    media_ids: tuple[int, ...] | None = None
    descriptions: Mapping[int, str] = field(default_factory=dict)
    poll: PollDraft | None = None
    drops_poll: bool = False


def checked_text(
    source: str, spoiler_text: str, limits: PostLimits, *, has_media: bool
) -> tuple[str, str]:
    """Text and warning as they are stored; together they keep the limit. A warning with nothing
    behind it is the text itself. Invalid as in `checked_source`."""
    warning = " ".join(normalise(spoiler_text).split())
    if not fold(warning).strip():
        return checked_source(source, limits, has_media=has_media), ""
    if visible_length(warning) > limits.max_length:
        raise _too_long(limits)
    if not has_media and not fold(normalise(source)).strip():
        return checked_source(warning, limits, has_media=False), ""
    text = checked_source(source, limits, has_media=True)
    if visible_length(warning) + visible_length(text) > limits.max_length:
        raise _too_long(limits)
    return text, warning


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
        raise _too_long(limits)
    return text


def checked_media(media_ids: tuple[int, ...], limits: PostLimits) -> tuple[int, ...]:
    """The uploads, each once; Invalid under `files` when there are too many."""
    once = tuple(dict.fromkeys(media_ids))
    if len(once) > limits.max_attachments:
        message = N_("Too many files: %(most)s at most.")
        raise Invalid(message, fields={"files": message}, most=limits.max_attachments)
    return once


def _too_long(limits: PostLimits) -> Invalid:
    message = N_("This is too long: %(most)s characters at most.")
    return Invalid(message, fields={"source": message}, most=limits.max_length)
