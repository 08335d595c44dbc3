"""Lists: the caller's own, and each of their groups as one that can be read but not changed.

https://docs.joinmastodon.org/methods/lists/
"""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from pydantic import BeforeValidator, Field

from intranet.accounts import queries as accounts
from intranet.accounts.models import Account
from intranet.groups import members as group_members
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.kernel.pagination import MAX_LIMIT, Cursor, Page
from intranet.lists import actions, queries
from intranet.lists.actions import ListDraft
from intranet.lists.models import PeopleList
from intranet.lists.queries import ListView
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts as drawn
from intranet.mastodon.identity import viewer
from intranet.mastodon.lists import page_of_statuses
from intranet.mastodon.parameters import Flag, Ids, MaybeText, Paging, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.timelines.queries import Kind, Timeline, entry_ids
from intranet.unit_of_work import unit_of_work


def _limit(value: Any) -> Any:
    return 40 if value in ("", None) else value


class SentList(Parameters):
    """What a list shall be."""

    title: MaybeText = None
    replies_policy: MaybeText = None
    exclusive: Flag = None

    @property
    def draft(self) -> ListDraft:
        """The same for the domain."""
        return ListDraft(self.title, self.replies_policy, self.exclusive)


class SentPeople(Parameters):
    """Accounts to put into a list, or to take out."""

    account_ids: Ids = ()


class MembersPaging(Paging):
    """`limit=0` asks for all members (of a group for as many as a page holds)."""

    limit: Annotated[int | None, BeforeValidator(_limit), Field(ge=0)] = 40


@bp.get("/api/v1/lists")
@scope("read:lists")
def lists() -> Response:
    """The caller's lists, then their groups: each of these is a list that one can read."""
    mine = [_list(one) for one in queries.own_lists(viewer())]
    return answer(mine + [_group(one.chip) for one in groups.memberships_of(viewer())])


@bp.post("/api/v1/lists")
@scope("write:lists")
def create_list() -> Response:
    """A new list."""
    with unit_of_work():
        made = actions.create(viewer(), read(SentList).draft).id
    return _one(made)


@bp.get("/api/v1/lists/<int:list_id>")
@scope("read:lists")
def show_list(list_id: int) -> Response:
    """One of the caller's lists or groups."""
    group = _my_group(list_id)
    return answer(_group(group)) if group else _one(list_id)


@bp.put("/api/v1/lists/<int:list_id>")
@scope("write:lists")
def edit_list(list_id: int) -> Response:
    """Another title or other rules."""
    with unit_of_work():
        actions.edit(viewer(), _to_change(list_id), read(SentList).draft)
    return _one(list_id)


@bp.delete("/api/v1/lists/<int:list_id>")
@scope("write:lists")
def delete_list(list_id: int) -> Response:
    """The list is gone; its people are followed as before."""
    with unit_of_work():
        actions.delete_list(viewer(), _to_change(list_id))
    return answer({})


@bp.get("/api/v1/lists/<int:list_id>/accounts")
@scope("read:lists")
def list_accounts(list_id: int) -> Response:
    """Who is in the list, the last added first; of a group its members, the last come first."""
    sent = read(MembersPaging)
    cursor = sent.cursor(MAX_LIMIT, MAX_LIMIT)
    group = groups.find_visible_by_id(viewer(), list_id) if _my_group(list_id) else None
    if group is not None:
        rows = group_members.list_members(viewer(), group, cursor=cursor)
        page = Page([row.account for row in rows.items], rows.next_before, rows.newest)
    else:
        queries.view(viewer(), list_id)
        page = queries.members(viewer(), list_id, cursor if sent.limit else None)
    return linked(answer(drawn(viewer(), page.items)), older=page.next_before, newer=page.newest)


@bp.post("/api/v1/lists/<int:list_id>/accounts")
@scope("write:lists")
def add_to_list(list_id: int) -> Response:
    """Put people whom the caller follows into the list, all or none."""
    with unit_of_work():
        actions.add(viewer(), _to_change(list_id), read(SentPeople).account_ids)
    return answer({})


@bp.delete("/api/v1/lists/<int:list_id>/accounts")
@scope("write:lists")
def remove_from_list(list_id: int) -> Response:
    """Take people out of the list."""
    with unit_of_work():
        actions.remove(viewer(), _to_change(list_id), read(SentPeople).account_ids)
    return answer({})


@bp.get("/api/v1/accounts/<int:account_id>/lists")
@scope("read:lists")
def lists_of_account(account_id: int) -> Response:
    """Those of the caller's lists that hold this account."""
    found = accounts.get_visible_by_id(viewer(), account_id)
    return answer([_list(one) for one in queries.lists_with(viewer(), found.id)])


@bp.get("/api/v1/timelines/list/<int:list_id>")
@scope("read:lists")
def list_timeline(list_id: int) -> Response:
    """What the people of a list wrote, or the posts of one of the caller's groups."""
    timeline = timeline_of_list(viewer(), list_id)

    def ids(cursor: Cursor) -> Page[int]:
        return entry_ids(viewer(), timeline, cursor)

    return page_of_statuses(ids, read(Paging))


def timeline_of_list(reader: Account, list_id: int) -> Timeline:
    """What a list or group of the reader shows, here and live; NotFound when it is neither."""
    if _group_of(reader, list_id) is not None:
        return Timeline(Kind.GROUP, str(list_id))
    return Timeline(Kind.LIST, str(queries.view(reader, list_id).id))


def _group_of(reader: Account, list_id: int) -> GroupChip | None:
    return groups.find_mine(reader, list_id)


def _my_group(list_id: int) -> GroupChip | None:
    return _group_of(viewer(), list_id)


def _to_change(list_id: int) -> PeopleList:
    """The caller's list. Forbidden for a group, which its own pages and members change."""
    if _my_group(list_id) is not None:
        raise Forbidden(N_("This list is a group: it cannot be changed as a list."))
    return queries.get_own(viewer(), list_id, lock=True)


def _one(list_id: int) -> Response:
    return answer(_list(queries.view(viewer(), list_id)))


def _list(one: ListView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/List/"""
    return {
        "id": str(one.id),
        "title": one.title,
        "replies_policy": str(one.replies_policy),
        "exclusive": one.exclusive,
    }


def _group(group: GroupChip) -> dict[str, Any]:
    return {
        "id": str(group.id),
        "title": group.name,
        "replies_policy": "list",
        "exclusive": False,
    }
