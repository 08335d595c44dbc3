"""Searches people, pages, groups, posts and files, each under its own predicate: who may not read
it cannot find it, nor count it."""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select

from intranet.accounts import directory as people
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.groups import directory as groups
from intranet.groups import policies as group_policies
from intranet.groups.chips import GroupChip
from intranet.groups.chips import chip_of as group_chip_of
from intranet.groups.models import Group
from intranet.kernel.ids import MAX_ID, moment_of
from intranet.kernel.pagination import Cursor, Page
from intranet.pages import directory as pages
from intranet.posts.cards import PostCard
from intranet.posts.models import Post, PostKind
from intranet.posts.policies import listed_to
from intranet.posts.queries import cards
from intranet.search import engines, highlights, parsing
from intranet.search.highlights import Piece
from intranet.search.ranking import RANKED, best_first
from intranet.search.resolving import Search, resolve

_FACET_VALUES = 6
_MONTHS = 12


class Order(enum.StrEnum):
    """How the posts found are put in order; BEST among the newest RANKED of them."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Month:
    """A month with how many posts it has, and the operators that narrow a question to it."""

    first: dt.date
    count: int

    @property
    def operators(self) -> str:
        """`after:2026-10 before:2026-12` for November 2026."""
        last = self.first - dt.timedelta(days=1)
        following = (self.first + dt.timedelta(days=31)).replace(day=1)
        return f"after:{last:%Y-%m} before:{following:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Facets:
    """How the posts found are spread, each value with how many of the newest RANKED have it."""

    authors: tuple[tuple[AccountChip, int], ...] = ()
    groups: tuple[tuple[GroupChip, int], ...] = ()
    types: tuple[tuple[str, int], ...] = ()
    contents: tuple[tuple[str, int], ...] = ()
    months: tuple[Month, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPosts:
    """Some of the posts found. `count` is how many there are, RANKED + 1 for more than that;
    only the first page has it, and the facets. The next page begins before an id (newest first)
    or after so many (best first)."""

    cards: Sequence[PostCard]
    count: int = 0
    facets: Facets = Facets()
    next_before: int | None = None
    next_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people, pages and groups the viewer can find."""

    people: int
    pages: int
    groups: int


def counts(viewer: Account, words: str) -> Counts:
    """The numbers on the tabs of who and where: three statements."""
    found = db.session.scalar(
        select(func.count())
        .select_from(Account)
        .where(
            Account.kind == AccountKind.PERSON,
            account_policies.visible_to(viewer),
            Account.deactivated_at.is_(None),
            *people.matching(words),
        )
    )
    return Counts(
        people=found or 0,
        pages=pages.count(viewer, words),
        groups=groups.counts(viewer, words).all,
    )


def posts(viewer: Account, query: str, cursor: Cursor) -> Page[PostCard]:
    """Posts and replies that the question finds, newest first: for programs and feeds."""
    found = newest(viewer, resolve(viewer, query), cursor)
    return Page(found.cards, found.next_before)


def newest(viewer: Account, search: Search, cursor: Cursor) -> FoundPosts:
    """A page of the posts found, newest first, without counts."""
    ids = newest_ids(viewer, search, cursor)
    older = ids[cursor.limit - 1] if len(ids) > cursor.limit else None
    return FoundPosts(cards(viewer, ids[: cursor.limit], latest=False), next_before=older)


def newest_ids(viewer: Account, search: Search, cursor: Cursor) -> Sequence[int]:
    """Ids of posts found, newest first, one more than the page holds: one statement."""
    if not search:
        return ()
    statement = hits(viewer, search, cursor.before, cursor.after).add_columns(Post.id)
    return db.session.scalars(statement.limit(cursor.limit + 1)).all()


def numbered_ids(viewer: Account, search: Search, cursor: Cursor, offset: int) -> Sequence[int]:
    """As `newest_ids` for programs that page by number: `limit` ids after so many."""
    if not search:
        return ()
    statement = hits(viewer, search, cursor.before, cursor.after).add_columns(Post.id)
    return db.session.scalars(statement.offset(offset).limit(cursor.limit)).all()


def ids_above(viewer: Account, search: Search, cursor: Cursor) -> Sequence[int]:
    """The ids that follow `cursor.after` upwards, newest first: one statement."""
    if not search:
        return ()
    statement = (
        hits(viewer, search, cursor.before, cursor.after)
        .add_columns(Post.id)
        .order_by(None)
        .order_by(engines.hit_id())
        .limit(cursor.limit)
    )
    return db.session.scalars(statement).all()[::-1]


def first_page(viewer: Account, search: Search, order: Order, limit: int) -> FoundPosts:
    """The first page, with what it is made of counted."""
    return _of_the_newest(viewer, search, order, 0, limit)


def best(viewer: Account, search: Search, offset: int, limit: int) -> FoundPosts:
    """A further page, best first."""
    return _of_the_newest(viewer, search, Order.BEST, offset, limit)


def hits(
    viewer: Account, search: Search, before: int | None = None, after: int | None = None
) -> Select[Any]:
    """What the question finds of what the viewer may read, newest first, to be given columns and
    a limit. The permission stands beside the match: nothing is found first and hidden later."""
    place = engines.hit_id()
    statement = engines.found_by(search.terms).where(listed_to(viewer)).order_by(place.desc())
    until = search.until if before is None else min(before, search.until)
    since = search.since if after is None else max(after + 1, search.since)
    if until < MAX_ID:
        statement = statement.where(place < until)
    if since > 0:
        statement = statement.where(place >= since)
    return statement


def _of_the_newest(
    viewer: Account, search: Search, order: Order, offset: int, limit: int
) -> FoundPosts:
    if not search:
        return FoundPosts(())
    columns: list[Any] = [Post.id, Post.author_id, Post.group_id, Post.root_id, Post.kind]
    if order is Order.BEST:
        columns += [Post.search_text.label("text"), Post.replies_count, Post.boosts_count]
    rows = db.session.execute(hits(viewer, search).add_columns(*columns).limit(RANKED + 1)).all()
    count = len(rows)
    rows = rows[:RANKED]
    ranked = best_first(search, rows) if order is Order.BEST else list(rows)
    shown = [row.id for row in ranked[offset : offset + limit]]
    end = offset + limit
    more = end < len(ranked)
    older = None
    if order is Order.NEWEST and (more or (shown and count > RANKED)):
        older = shown[-1]
    return FoundPosts(
        cards(viewer, shown, latest=False),
        count,
        _facets(viewer, rows) if offset == 0 else Facets(),
        next_before=older,
        next_offset=end if order is Order.BEST and more else None,
    )


def _facets(viewer: Account, rows: Sequence[Any]) -> Facets:
    """Two statements for the names, one for what is in the posts."""
    authors = Counter(row.author_id for row in rows).most_common(_FACET_VALUES)
    in_groups = Counter(row.group_id for row in rows if row.group_id is not None)
    zone = ZoneInfo(viewer.time_zone)
    months = Counter(moment_of(row.id).astimezone(zone).date().replace(day=1) for row in rows)
    types = Counter("post" if row.root_id is None else "reply" for row in rows)
    types.update(row.kind.value for row in rows if row.kind is not PostKind.POST)
    chips = _author_chips(viewer, [id_ for id_, _ in authors])
    tiles = _group_chips(viewer, [id_ for id_, _ in in_groups.most_common(_FACET_VALUES)])
    return Facets(
        authors=tuple((chips[id_], count) for id_, count in authors if id_ in chips),
        groups=tuple(
            (tiles[id_], count)
            for id_, count in in_groups.most_common(_FACET_VALUES)
            if id_ in tiles
        ),
        types=tuple(types.most_common()),
        contents=_contents([row.id for row in rows]),
        months=tuple(
            Month(first, count) for first, count in sorted(months.items(), reverse=True)[:_MONTHS]
        ),
    )


def _contents(post_ids: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """How many of these posts have each thing that `has:` asks for, the most common first."""
    if not post_ids:
        return ()
    kinds = tuple(dict.fromkeys(parsing.HAS.values()))
    marked = [engines.has_mark(engines.mark("has", kind)) for kind in kinds]
    counted = db.session.execute(
        select(*(func.count(case((one, 1))) for one in marked)).where(engines.one_of(post_ids))
    ).one()
    return tuple(
        Counter({kind: n for kind, n in zip(kinds, counted, strict=True) if n}).most_common()
    )


def _author_chips(viewer: Account, ids: Sequence[int]) -> dict[int, AccountChip]:
    if not ids:
        return {}
    rows = db.session.execute(
        select_chips().where(Account.id.in_(ids), account_policies.visible_to(viewer))
    )
    return {chip.id: chip for chip in map(chip_from, rows)}


def _group_chips(viewer: Account, ids: Sequence[int]) -> dict[int, GroupChip]:
    if not ids:
        return {}
    found = db.session.scalars(
        select(Group).where(Group.id.in_(ids), group_policies.visible_to(viewer))
    )
    return {group.id: group_chip_of(group) for group in found}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was found, with the post that it belongs to; `name` and `alt` with what was
    looked for in them."""

    media: Any
    post: PostCard
    name: tuple[Piece, ...]
    alt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FoundFiles:
    files: tuple[FoundFile, ...]
    next_before: int | None = None


def files(viewer: Account, search: Search, cursor: Cursor) -> FoundFiles:
    """Files whose name or description has a word of the question, of posts that have them all in
    their files; newest first."""
    found = newest(viewer, search.in_files(), cursor)
    wanted = highlights.sought(search.question)
    made = tuple(
        FoundFile(
            one,
            card,
            highlights.pieces(one.file_name, wanted),
            highlights.pieces(one.alt_text, wanted),
        )
        for card in found.cards
        for one in card.media
        if not wanted or highlights.holds(f"{one.file_name} {one.alt_text}", wanted)
    )
    return FoundFiles(made, found.next_before)
