"""Reads around one post: its thread, what it said before, who reacted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.keyset import keyed, page_from
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, Page
from intranet.media.queries import of_posts as media_of_posts
from intranet.media.views import MediaView
from intranet.pages.policies import WRITERS
from intranet.polls.queries import titles_of
from intranet.posts import policies
from intranet.posts.cards import PostCard
from intranet.posts.models import Post, PostRevision, Reaction
from intranet.posts.queries import get_visible, thread_cards

REPLIES_SHOWN = 200  # of one page of a thread
REACTORS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ThreadReply:
    """A reply in its place; `indented` when it answers another reply; `warning` is what a page
    says before it shows the reply."""

    card: PostCard
    indented: bool
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A post and its answers. `focus_id` was asked for; `next_after` is where a long thread goes
    on."""

    root: PostCard
    replies: tuple[ThreadReply, ...]
    focus_id: int
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Reactors:
    """Who gave one emoji, the first first, as far as the viewer may know them and there is room;
    `total` gave it."""

    emoji: str
    accounts: tuple[AccountChip, ...]
    total: int


def thread(viewer: Account, post_id: int, after: int = 0) -> Thread:
    """The thread that a post (or what a boost passes on) belongs to; replies with ids above
    `after`. NotFound unless it is for the viewer."""
    row = db.session.execute(
        select(Post.id, Post.root_id, Post.boost_of_id).where(
            Post.id == post_id,
            policies.audience_includes(viewer),
            policies.not_withheld(viewer),
        )
    ).first()
    if row is None:
        raise NotFound()
    if row.boost_of_id is not None:
        return thread(viewer, row.boost_of_id, after)
    root_id = row.root_id or row.id
    # A link to a late reply of a long thread opens the page on which it stands.
    if row.root_id is not None and not after and _place_of(root_id, row.id) >= REPLIES_SHOWN:
        after = row.id - 1
    ids = list(
        db.session.scalars(
            select(Post.id)
            .where(Post.root_id == root_id, Post.id > after)
            .order_by(Post.id)
            .limit(REPLIES_SHOWN + 1)
        )
    )
    shown = ids[:REPLIES_SHOWN]
    cards = thread_cards(viewer, [root_id, *shown])
    if root_id not in cards:
        raise NotFound()
    return Thread(
        root=cards[root_id],
        replies=_in_places(root_id, [cards[one] for one in shown if one in cards]),
        focus_id=row.id,
        next_after=shown[-1] if len(ids) > REPLIES_SHOWN else None,
    )


@dataclass(frozen=True, slots=True)
class Text:
    """One state of a post, as it was drawn. `files` are those that are still there, with what was
    said of them then."""

    written_at: dt.datetime
    html: str
    spoiler_text: str
    sensitive: bool
    options: tuple[str, ...] | None  # of its poll
    files: tuple[MediaView, ...]


def texts(viewer: Account, post_id: int) -> list[Text]:
    """What the post said, the oldest version first; the present one last."""
    post = get_visible(viewer, post_id)
    present = media_of_posts([post.id]).get(post.id, ())
    files = {str(one.id): one for one in present}
    earlier = [
        Text(
            one.created_at,
            one.html,
            one.spoiler_text,
            one.sensitive,
            tuple(one.options) if one.options else None,
            tuple(
                replace(files[media_id], alt_text=words)
                for media_id, words, *_name in one.media or ()
                if media_id in files
            ),
        )
        for one in revisions(post.id)
    ]
    now = Text(
        post.edited_at or post.created_at,
        post.html,
        post.spoiler_text,
        post.sensitive,
        titles_of(post.id),
        present,
    )
    return [*earlier, now]


def revisions(post_id: int) -> Sequence[PostRevision]:
    """What the post said before each of its edits, the oldest first."""
    return db.session.scalars(
        select(PostRevision).where(PostRevision.post_id == post_id).order_by(PostRevision.id)
    ).all()


def true_author(viewer: Account, post_id: int) -> AccountChip | None:
    """Who wrote a page's post: for those who write for the page, and for administrators, who
    answer for what is said here. None for everybody else and for posts of people."""
    post = get_visible(viewer, post_id)
    if post.written_by_id is None:
        return None
    role, _reviewed = policies.role_in_page(viewer, post)
    if role not in WRITERS and not account_policies.may_administer(viewer):
        return None
    return chips.by_id([post.written_by_id]).get(post.written_by_id)


def reactors(viewer: Account, post_id: int) -> list[Reactors]:
    """Who reacted how, the most given emoji first: two statements."""
    post = get_visible(viewer, post_id)
    given = func.count()
    totals = db.session.execute(
        select(Reaction.emoji, given)
        .where(Reaction.post_id == post.id)
        .group_by(Reaction.emoji)
        .order_by(given.desc(), func.min(Reaction.created_at), Reaction.emoji)
    ).all()
    place = func.row_number().over(
        partition_by=Reaction.emoji, order_by=(Reaction.created_at, Reaction.account_id)
    )
    known = (
        select(Reaction.emoji, Reaction.account_id, place.label("place"))
        .join(Account, Account.id == Reaction.account_id)
        .where(Reaction.post_id == post.id, account_policies.visible_to(viewer))
        .subquery()
    )
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(known.c.emoji)
        .join(known, known.c.account_id == Account.id)
        .where(known.c.place <= REACTORS_SHOWN)
        .order_by(known.c.place)
    )
    found: dict[str, list[AccountChip]] = {}
    for row in rows:
        found.setdefault(row.emoji, []).append(chips.chip_from(row))
    return [Reactors(emoji, tuple(found.get(emoji, ())), total) for emoji, total in totals]


def reactors_of(viewer: Account, post: Post, emoji: str, cursor: Cursor) -> Page[AccountChip]:
    """Who gave this emoji to a post that the viewer may see; the cursor's ids are of accounts,
    whose order it is. Those whom the viewer may not see are left out."""
    statement = (
        chips.select_chips()
        .join(Reaction, Reaction.account_id == Account.id)
        .where(
            Reaction.post_id == post.id,
            Reaction.emoji == emoji,
            account_policies.visible_to(viewer),
        )
    )
    rows = db.session.execute(keyed(statement, Account.id, cursor)).all()
    return page_from([chips.chip_from(row) for row in rows], cursor, lambda chip: chip.id)


def _place_of(root_id: int, post_id: int) -> int:
    earlier = select(Post.id).where(Post.root_id == root_id, Post.id < post_id).limit(REPLIES_SHOWN)
    return len(db.session.scalars(earlier).all())


def _in_places(root_id: int, cards: list[PostCard]) -> tuple[ThreadReply, ...]:
    """Answers to the post in the order of time, each followed by what was answered to it."""
    by_id = {card.id: card for card in cards}
    top_of: dict[int, int] = {}
    below: dict[int, list[PostCard]] = {}
    for card in cards:  # in the order of time: what is answered stands before its answers
        parent = card.in_reply_to_id
        top = card.id if parent in (None, root_id) or parent not in by_id else top_of[parent]
        top_of[card.id] = top
        below.setdefault(top, []).append(card)
    return tuple(
        ThreadReply(card, indented=card.in_reply_to_id not in (None, root_id))
        for cards_of_top in below.values()
        for card in cards_of_top
    )
