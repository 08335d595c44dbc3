"""PostCard: one post as one viewer sees it. The HTML card and the API's status draw this."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts.chips import AccountChip
from intranet.groups.chips import GroupChip
from intranet.media.views import MediaView
from intranet.polls.views import PollView
from intranet.posts.models import PostKind, PraiseReason, Visibility
from intranet.previews.views import PreviewView


@dataclass(frozen=True, slots=True)
class ReactionCount:
    """How many people gave this emoji, and whether the viewer is one of them."""

    emoji: str
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class PraiseView:
    """Who is praised, in the order in which they were named, and what for."""

    reason: PraiseReason
    people: tuple[AccountChip, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PostCard:
    """Finished: templates and serialisers never query. For a boost, `id` and the content are the
    original's; `boosted_by` and `entry_id` (which orders timelines) are the boost's."""

    id: int
    entry_id: int
    author: AccountChip
    group: GroupChip | None
    visibility: Visibility
    source: str
    html: str
    language: str | None
    created_at: dt.datetime
    edited_at: dt.datetime | None
    deleted: bool  # a tombstone: no author, no text, only its place in the thread
    in_reply_to_id: int | None
    root_id: int | None
    boosted_by: AccountChip | None
    pinned_by: AccountChip | None
    media: tuple[MediaView, ...]
    reactions: tuple[ReactionCount, ...]  # most given first
    replies_count: int
    boosts_count: int
    boosted: bool  # by the viewer
    bookmarked: bool
    may_edit: bool
    may_delete: bool
    may_pin: bool
    may_reply: bool
    may_boost: bool
    latest_replies: tuple[PostCard, ...]  # the newest one, in feeds; () elsewhere
    spoiler_text: str = ""  # the warning in front of the text
    sensitive: bool = False  # its pictures are veiled
    poll: PollView | None = None
    kind: PostKind = PostKind.POST
    praise: PraiseView | None = None
    # What it quotes: `quoted` is None when that is gone, not for the viewer, or (with `quotes`)
    # within a card that stands in another one.
    is_quote: bool = False
    quotes: int | None = None
    quoted: PostCard | None = None
    quotes_count: int = 0
    may_quote: bool = False
    # Of a question: which reply was accepted, and that reply if the viewer may read it.
    answer_id: int | None = None
    answer: PostCard | None = None
    # Of its first link: what is known of that page, or the post of ours that it leads to.
    preview: PreviewView | None = None
    linked: PostCard | None = None
    # Of a reply to a question.
    is_answer: bool = False
    may_accept: bool = False
    # Of a page's post: who wrote it, when the viewer may know; the page may keep it to itself.
    written_by: AccountChip | None = None
    is_public: bool = False  # readable without signing in
    may_make_public: bool = False  # or take that back
    withheld: bool = False  # a tombstone because of a block: it is there for others
    mine: bool = False  # the viewer is its author
    muted: bool = False  # the viewer hears no more of its thread
    followed: bool = False  # the viewer hears every reply in its thread
    put_away: bool = False  # pinned, but the viewer wants it no longer at the top
    on_profile: bool = False  # held at the top of its author's profile
    may_pin_to_profile: bool = False
    may_speak: bool = False  # the viewer may answer below it in the name of the page
