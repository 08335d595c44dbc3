"""Reads timelines: pages of finished cards, what is new in them, and how they are called.

A page costs the same few statements whatever it holds and whatever the viewer follows.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.accounts.readers import reader_of
from intranet.db import db
from intranet.db.keyset import page_from
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.posts.cards import PostCard
from intranet.posts.models import Post
from intranet.posts.queries import cards
from intranet.timelines import statements

NEWER_CAP = 100  # counting stops here: the pill says 99+
SINCE_LIMIT = 60  # cards given at once after an absence; beyond it the page is better loaded anew
_AUTHORS = 3
_OVERLAP = (60 * 1000) << 22  # a minute, in ids: see `newer`


class Kind(enum.StrEnum):
    HOME = "home"
    GROUPS = "groups"
    ORGANISATION = "organisation"
    SAVED = "saved"  # subject: the id of a folder of the viewer's, or none
    GROUP = "group"  # subject: the group's id
    ACCOUNT = "account"  # subject: the account's id
    TAG = "tag"  # subject: the hashtag's canonical name
    LIST = "list"  # subject: the id of a list of the viewer's


_NUMBERED = (Kind.GROUP, Kind.ACCOUNT, Kind.LIST)
_WITH_SUBJECT = (*_NUMBERED, Kind.TAG)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Which timeline: `name` is what addresses and pages call it ("home", "group-123")."""

    kind: Kind
    subject: str = ""

    @property
    def name(self) -> str:
        """The name that `named` takes apart."""
        return f"{self.kind}-{self.subject}" if self.subject else str(self.kind)


def named(name: str) -> Timeline:
    """The timeline of that name; NotFound when there is no such kind."""
    kind, _, subject = name.partition("-")
    if kind not in list(Kind) or (Kind(kind) in _WITH_SUBJECT) != bool(subject):
        raise NotFound()
    if kind in _NUMBERED and not (
        subject.isascii() and subject.isdigit() and len(subject) < 20 and int(subject) <= MAX_ID
    ):
        raise NotFound()
    return Timeline(Kind(kind), subject)


@dataclass(frozen=True, slots=True)
class Newer:
    """How many posts of others have come, up to NEWER_CAP, and who wrote the newest of them."""

    count: int = 0
    authors: tuple[AccountChip, ...] = ()
    other_authors: bool = False


def page(viewer: Account, timeline: Timeline, cursor: Cursor) -> Page[PostCard]:
    """A page of any timeline, newest first."""
    if timeline.kind is Kind.SAVED:
        return saved(viewer, cursor, int(timeline.subject) if timeline.subject else None)
    return _drawn(viewer, entry_ids(viewer, timeline, cursor))


def entry_ids(viewer: Account, timeline: Timeline, cursor: Cursor) -> Page[int]:
    """The ids of the posts and boosts of a page; not for SAVED, whose ids are of bookmarks."""
    more = replace(cursor, limit=cursor.limit + 1)
    ids = _ids(viewer, timeline, more)
    if timeline.kind is Kind.HOME and len(ids) < more.limit and viewer.home_from > 0:
        # Older than the home is kept: the only case that takes a second statement.
        ids = _run(viewer, statements.home_from_streams, more)
    return page_of(ids, cursor.limit, int)


def home(viewer: Account, cursor: Cursor) -> Page[PostCard]:
    """Own posts and what the people and groups the viewer chose have posted."""
    return page(viewer, Timeline(Kind.HOME), cursor)


def my_groups(viewer: Account, cursor: Cursor) -> Page[PostCard]:
    """The posts of the viewer's groups."""
    return page(viewer, Timeline(Kind.GROUPS), cursor)


def organisation(viewer: Account, cursor: Cursor) -> Page[PostCard]:
    """What is for the whole organisation; nothing for a guest."""
    return page(viewer, Timeline(Kind.ORGANISATION), cursor)


def group_timeline(viewer: Account, group_id: int, cursor: Cursor) -> Page[PostCard]:
    """A group's posts; empty when the viewer may not read them."""
    return page(viewer, Timeline(Kind.GROUP, str(group_id)), cursor)


def account_timeline(viewer: Account, account_id: int, cursor: Cursor) -> Page[PostCard]:
    """What one person posted and boosted, as far as the viewer may read it."""
    return page(viewer, Timeline(Kind.ACCOUNT, str(account_id)), cursor)


def hashtag_timeline(viewer: Account, name: str, cursor: Cursor) -> Page[PostCard]:
    """The posts and replies with the hashtag of this canonical name."""
    return page(viewer, Timeline(Kind.TAG, name), cursor)


def saved(viewer: Account, cursor: Cursor, folder_id: int | None = None) -> Page[PostCard]:
    """The viewer's bookmarks, or those in a folder, the last saved first; the cursor's ids are of
    bookmarks."""
    more = replace(cursor, limit=cursor.limit + 1)
    reader = reader_of(viewer)
    if folder_id is None:
        query, values = statements.saved(reader), statements.parameters(viewer, more)
    else:
        query = statements.saved_in_folder(reader)
        values = statements.parameters(viewer, more, subject=folder_id)
    if cursor.upwards:
        query = query.order_by(None).order_by(query.selected_columns.id)
    rows = db.session.execute(query, values).all()
    found = page_from(rows, cursor, lambda row: int(row.id))
    drawn = cards(viewer, [row.post_id for row in found.items])
    return Page(drawn, found.next_before, found.newest)


def newer(viewer: Account, timeline: Timeline, after: int, known: Collection[int] = ()) -> Newer:
    """What others have posted since `after`, the newest id the reader's page had. `known` are the
    ids it shows: an id is older than its commit, so the last minute is looked at again."""
    if timeline.kind is Kind.SAVED:
        return Newer()
    unknown = _unknown(viewer, timeline, after, known, NEWER_CAP)
    if not unknown:
        return Newer()
    rows = db.session.execute(
        chips.select_chips()
        .join(Post, Post.author_id == Account.id)
        .where(Post.id.in_(unknown), Post.author_id != viewer.id)
        .order_by(Post.id.desc())
    ).all()
    authors = {row.account_id: row for row in rows}  # in the order in which they come first
    named = [chips.chip_from(row) for row in list(authors.values())[:_AUTHORS]]
    return Newer(len(rows), tuple(named), len(authors) > _AUTHORS)


def since(
    viewer: Account, timeline: Timeline, after: int, known: Collection[int] = ()
) -> Page[PostCard]:
    """The posts that `newer` counted, own ones included, newest first; at most SINCE_LIMIT.
    `next_before` is set when there are more: then the page should be loaded anew."""
    if timeline.kind is Kind.SAVED:
        return Page([])
    unknown = _unknown(viewer, timeline, after, known, SINCE_LIMIT + 1)
    return _drawn(viewer, page_of(unknown, SINCE_LIMIT, int))


def _unknown(
    viewer: Account, timeline: Timeline, after: int, known: Collection[int], limit: int
) -> list[int]:
    start = after - _OVERLAP
    if known:
        # What the page knows is the top of its list: below it nothing is new.
        start = max(start, min(known) - 1)
    cursor = Cursor(after=max(start, 0), limit=limit + len(known))
    shown = set(known)
    return [id_ for id_ in _ids(viewer, timeline, cursor) if id_ not in shown][:limit]


_STATEMENTS = {
    Kind.HOME: statements.home,
    Kind.GROUPS: statements.my_groups,
    Kind.ORGANISATION: statements.organisation,
    Kind.GROUP: statements.group,
    Kind.ACCOUNT: statements.account,
    Kind.TAG: statements.hashtag,
    Kind.LIST: statements.people_list,
}


def _ids(viewer: Account, timeline: Timeline, cursor: Cursor) -> Sequence[int]:
    subject: dict[str, int | str] = {}
    if timeline.kind in _NUMBERED:
        subject = {"subject": int(timeline.subject)}
    elif timeline.kind is Kind.TAG:
        subject = {"name": timeline.subject}
    return _run(viewer, _STATEMENTS[timeline.kind], cursor, **subject)


def _run(
    viewer: Account,
    statement: statements.Builder,
    cursor: Cursor,
    **subject: int | str,
) -> Sequence[int]:
    return db.session.scalars(
        statement(reader_of(viewer)),
        statements.parameters(viewer, cursor, **subject),
    ).all()


def _drawn(viewer: Account, ids: Page[int]) -> Page[PostCard]:
    return Page(cards(viewer, ids.items), ids.next_before)
