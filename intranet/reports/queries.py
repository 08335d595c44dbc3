"""Reads of reports, for those who handle them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.chips import GroupChip, chip_of
from intranet.groups.models import Group
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.posts import policies as post_policies
from intranet.posts.cards import PostCard
from intranet.posts.models import Post
from intranet.posts.queries import cards
from intranet.reports.models import Report, ReportCategory, ReportedPost
from intranet.reports.policies import visible_to


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """A report as who handles it sees it. `posts` are those that the viewer may read; `unseen`
    counts the others: deleted, or in a group that is not theirs. `group` is None, too, when the
    viewer may not know of it."""

    id: int
    reporter: AccountChip
    target: AccountChip
    group: GroupChip | None
    category: ReportCategory
    comment: str
    posts: tuple[PostCard, ...]
    unseen: int
    created_at: dt.datetime
    handled_by: AccountChip | None
    handled_at: dt.datetime | None
    note: str


def get_visible(viewer: Account, report_id: int, *, lock: bool = False) -> Report:
    """The report, if the viewer handles it; NotFound otherwise."""
    query = select(Report).where(Report.id == report_id, visible_to(viewer))
    if lock:
        query = query.with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def list_reports(
    viewer: Account, cursor: Cursor, *, is_open: bool, group_id: int | None = None
) -> Page[ReportView]:
    """The reports that the viewer handles, newest first; of one group with `group_id`. The number
    of statements does not depend on how many they are."""
    query = (
        select(Report)
        .where(
            visible_to(viewer),
            Report.handled_at.is_(None) if is_open else Report.handled_at.is_not(None),
        )
        .order_by(Report.id.desc())
        .limit(cursor.limit + 1)
        .execution_options(populate_existing=True)
    )
    if group_id is not None:
        query = query.where(Report.group_id == group_id)
    if cursor.before is not None:
        query = query.where(Report.id < cursor.before)
    page = page_of(db.session.scalars(query).all(), cursor.limit, lambda row: row.id)
    return Page(_drawn(viewer, list(page.items)), page.next_before)


def count_open(viewer: Account, group_id: int | None = None) -> int:
    """How many wait for the viewer."""
    waiting = select(func.count()).select_from(Report)
    waiting = waiting.where(visible_to(viewer), Report.handled_at.is_(None))
    if group_id is not None:
        waiting = waiting.where(Report.group_id == group_id)
    return db.session.scalar(waiting) or 0


def readable_posts(viewer: Account, ids: Collection[int]) -> list[Post]:
    """These posts: one statement. NotFound unless the viewer may read each of them."""
    if not ids:
        return []
    found = db.session.scalars(
        select(Post).where(Post.id.in_(ids), post_policies.visible_to(viewer)).order_by(Post.id)
    ).all()
    if len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def author_of(post: Post) -> Account:
    """Who wrote a post that the viewer may read, also a former colleague."""
    return db.session.get_one(Account, post.author_id)


def posts_by_report(report_ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the reported posts that still are, of each of these reports: one statement."""
    found: dict[int, set[int]] = {id_: set() for id_ in report_ids}
    if found:
        rows = select(ReportedPost.report_id, ReportedPost.post_id).where(
            ReportedPost.report_id.in_(found)
        )
        for report_id, post_id in db.session.execute(rows):
            found[report_id].add(post_id)
    return found


def _drawn(viewer: Account, rows: list[Report]) -> list[ReportView]:
    if not rows:
        return []
    posts: dict[int, list[int]] = {}
    for report_id, post_id in db.session.execute(
        select(ReportedPost.report_id, ReportedPost.post_id)
        .where(ReportedPost.report_id.in_([row.id for row in rows]))
        .order_by(ReportedPost.post_id)
    ):
        posts.setdefault(report_id, []).append(post_id)
    everything = list(dict.fromkeys(id_ for ids in posts.values() for id_ in ids))
    readable = {card.entry_id: card for card in cards(viewer, everything, latest=False)}
    people = chips.by_id(
        id_
        for row in rows
        for id_ in (row.reporter_id, row.target_id, row.handled_by_id)
        if id_ is not None
    )
    groups = {
        group.id: chip_of(group)
        for group in db.session.scalars(
            select(Group).where(
                Group.id.in_({row.group_id for row in rows if row.group_id is not None}),
                group_policies.visible_to(viewer),
            )
        )
    }
    views = []
    for row in rows:
        shown = tuple(readable[id_] for id_ in posts.get(row.id, ()) if id_ in readable)
        views.append(
            ReportView(
                id=row.id,
                reporter=people[row.reporter_id],
                target=people[row.target_id],
                group=groups.get(row.group_id) if row.group_id is not None else None,
                category=row.category,
                comment=row.comment,
                posts=shown,
                unseen=row.posts_count - len(shown),
                created_at=row.created_at,
                handled_by=people.get(row.handled_by_id or 0),
                handled_at=row.handled_at,
                note=row.note,
            )
        )
    return views
