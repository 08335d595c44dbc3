"""Reads of personal lists. Each is fetched through its owner: to others it does not exist."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.directory import matching
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.keyset import keyed, page_from
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, Page
from intranet.lists.models import ListMember, PeopleList, RepliesPolicy
from intranet.relationships.models import Follow

_PROPOSED = 20


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as its owner sees it."""

    id: int
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool
    members_count: int


def get_own(viewer: Account, list_id: int, *, lock: bool = False) -> PeopleList:
    """The viewer's list; NotFound for another's. With `lock`, for an action: nobody else changes
    it before this transaction ends."""
    query = select(PeopleList).where(PeopleList.id == list_id, PeopleList.owner_id == viewer.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def view(viewer: Account, list_id: int) -> ListView:
    """The viewer's list; NotFound for another's."""
    found = _views(_own(viewer).where(PeopleList.id == list_id))
    if not found:
        raise NotFound
    return found[0]


def own_lists(viewer: Account) -> list[ListView]:
    """The viewer's lists by title: one statement."""
    return _views(_own(viewer))


def lists_with(viewer: Account, account_id: int) -> list[ListView]:
    """Those of the viewer's lists that hold this account: one statement."""
    holding = select(ListMember.list_id).where(ListMember.account_id == account_id)
    return _views(_own(viewer).where(PeopleList.id.in_(holding)))


def _own(viewer: Account) -> Select[PeopleList, int]:
    members = (
        select(func.count())
        .select_from(ListMember)
        .where(ListMember.list_id == PeopleList.id)
        .scalar_subquery()
    )
    return (
        select(PeopleList, members)
        .where(PeopleList.owner_id == viewer.id)
        .order_by(func.lower(PeopleList.title), PeopleList.id)
    )


def _views(query: Select[PeopleList, int]) -> list[ListView]:
    return [
        ListView(row.id, row.title, row.replies_policy, row.exclusive, count)
        for row, count in db.session.execute(query)
    ]


def members(viewer: Account, list_id: int, cursor: Cursor | None = None) -> Page[AccountChip]:
    """Who is in the viewer's list, the last added first; all of them without a cursor."""
    query = (
        select_chips()
        .add_columns(ListMember.id.label("member_id"))
        .join(ListMember, ListMember.account_id == Account.id)
        .join(PeopleList, PeopleList.id == ListMember.list_id)
        .where(
            PeopleList.id == list_id,
            PeopleList.owner_id == viewer.id,
            account_policies.visible_to(viewer),
        )
    )
    if cursor is None:
        newest_first = query.order_by(ListMember.id.desc())
        return Page([chip_from(row) for row in db.session.execute(newest_first)])
    rows = db.session.execute(keyed(query, ListMember.id, cursor)).all()
    page = page_from(rows, cursor, lambda row: int(row.member_id))
    return Page([chip_from(row) for row in page.items], page.next_before, page.newest)


def people_to_add(viewer: Account, list_id: int, q: str) -> list[AccountChip]:
    """Whom the viewer follows and the list does not hold, found by name; some of them."""
    held = select(ListMember.account_id).where(ListMember.list_id == list_id)
    rows = db.session.execute(
        select_chips()
        .join(Follow, Follow.followee_id == Account.id)
        .where(
            Follow.follower_id == viewer.id,
            Account.id.not_in(held),
            Account.deactivated_at.is_(None),
            account_policies.visible_to(viewer),
            *matching(q),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(_PROPOSED)
    )
    return [chip_from(row) for row in rows]
