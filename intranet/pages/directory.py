"""The directory of pages: those that the viewer follows first, each part by name."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.directory import matching
from intranet.accounts.models import Account
from intranet.db import db
from intranet.pages import policies
from intranet.pages.models import Page, PageCategory, PageEditor, PageRole
from intranet.relationships.models import Follow


class Scope(enum.StrEnum):
    """Which pages: all, those the viewer follows, those the viewer has a role in."""

    ALL = "all"
    FOLLOWED = "followed"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of the directory, and how the viewer stands to it."""

    chip: AccountChip
    category: PageCategory
    tagline: str
    is_public: bool
    followers_count: int
    is_following: bool
    role: PageRole | None


@dataclass(frozen=True, slots=True)
class PageList:
    """Pages in their order; `next_after` is the id after which the next ones come."""

    entries: tuple[PageEntry, ...]
    next_after: int | None


def list_pages(
    viewer: Account,
    q: str = "",
    scope: Scope = Scope.ALL,
    *,
    after: int | None = None,
    limit: int = 40,
) -> PageList:
    """Open pages that hold every word; closed ones only among those that are the viewer's own.
    One statement."""
    rank = _rank(viewer, Account.id)
    statement: Select[Any] = (
        select_chips()
        .add_columns(
            Page.category,
            Page.tagline,
            Page.is_public,
            Account.followers_count,
            rank.label("rank"),
            PageEditor.role.label("my_role"),
        )
        .join(Page, Page.account_id == Account.id)
        .outerjoin(
            PageEditor,
            and_(PageEditor.page_id == Page.account_id, PageEditor.account_id == viewer.id),
        )
        .where(*_wanted(viewer, q, scope))
        .order_by(rank, Account.sort_name, Account.id)
        .limit(limit + 1)
    )
    if after is not None:
        last = aliased(Account)
        place = select(last.sort_name).where(last.id == after).scalar_subquery()
        statement = statement.where(
            tuple_(rank, Account.sort_name, Account.id) > tuple_(_rank(viewer, after), place, after)
        )
    rows = db.session.execute(statement).all()
    entries = tuple(
        PageEntry(
            chip=chip_from(row),
            category=row.category,
            tagline=row.tagline,
            is_public=row.is_public,
            followers_count=row.followers_count,
            is_following=row.rank == 0,
            role=row.my_role,
        )
        for row in rows[:limit]
    )
    return PageList(entries, entries[-1].chip.id if len(rows) > limit else None)


def count(viewer: Account, q: str = "", scope: Scope = Scope.ALL) -> int:
    """How many pages `list_pages` would give."""
    found = (
        select(func.count())
        .select_from(Account)
        .join(Page, Page.account_id == Account.id)
        .outerjoin(
            PageEditor,
            and_(PageEditor.page_id == Page.account_id, PageEditor.account_id == viewer.id),
        )
        .where(*_wanted(viewer, q, scope))
    )
    return db.session.scalar(found) or 0


def _wanted(viewer: Account, q: str, scope: Scope) -> list[ColumnElement[bool]]:
    where = [policies.visible_to(viewer), *matching(q)]
    if scope is Scope.MINE:
        return [*where, PageEditor.role.is_not(None)]
    where.append(Account.deactivated_at.is_(None))
    if scope is Scope.FOLLOWED:
        where.append(_follows(viewer, Account.id))
    return where


def _follows(viewer: Account, page_id: Any) -> ColumnElement[bool]:
    follow = aliased(Follow)
    return exists().where(follow.follower_id == viewer.id, follow.followee_id == page_id)


def _rank(viewer: Account, page_id: Any) -> ColumnElement[int]:
    return case((_follows(viewer, page_id), 0), else_=1)
