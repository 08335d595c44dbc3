"""Writes to personal lists. The caller has fetched the list through `queries.get_own`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from intranet.accounts import names
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_each_once
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.lists.models import ListMember, PeopleList, RepliesPolicy
from intranet.relationships.events import Unfollowed
from intranet.relationships.models import Follow

MAX_LISTS = 50  # of one person
MAX_MEMBERS = 300  # of one list: its timeline reads each of them
_TITLE = 100


@dataclass(frozen=True, slots=True)
class ListDraft:
    """What a list shall be; None leaves an existing one as it is."""

    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


def create(actor: Account, draft: ListDraft) -> PeopleList:
    """A new, empty list. Invalid for a title that is none, and when there are too many lists."""
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    count = select(func.count()).select_from(PeopleList).where(PeopleList.owner_id == actor.id)
    if (db.session.scalar(count) or 0) >= MAX_LISTS:
        message = N_("You have %(most)s lists, which is as many as one can.")
        raise Invalid(message, fields={"title": message}, most=MAX_LISTS)
    made = PeopleList(owner_id=actor.id, title=_title(draft.title or ""))
    _set(made, draft)
    db.session.add(made)
    db.session.flush()
    return made


def edit(actor: Account, one: PeopleList, draft: ListDraft) -> None:
    """Give the actor's list another title or other rules."""
    _require_own(actor, one)
    if draft.title is not None:
        one.title = _title(draft.title)
    _set(one, draft)
    db.session.flush()


def delete_list(actor: Account, one: PeopleList) -> None:
    """The list is gone; its people are followed as before."""
    _require_own(actor, one)
    db.session.execute(
        delete(PeopleList)
        .where(PeopleList.id == one.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expunge(one)


def add(actor: Account, one: PeopleList, account_ids: Collection[int]) -> None:
    """Put accounts into the actor's list, all or none. NotFound when the actor does not follow
    one of them, Invalid when they are too many."""
    _require_own(actor, one)
    wanted = set(account_ids)
    if not wanted:
        return
    if len(wanted) > MAX_MEMBERS:
        raise _full()
    followed = set(
        db.session.scalars(
            select(Follow.followee_id)
            .where(Follow.follower_id == actor.id, Follow.followee_id.in_(wanted))
            # Who is unfollowed at this moment would stay in the list otherwise.
            .with_for_update(read=True)
        )
    )
    if followed != wanted:
        raise NotFound
    held = set(
        db.session.scalars(select(ListMember.account_id).where(ListMember.list_id == one.id))
    )
    if len(held | wanted) > MAX_MEMBERS:
        raise _full()
    insert_each_once(
        ListMember,
        [{"list_id": one.id, "account_id": account_id} for account_id in sorted(wanted - held)],
    )


def remove(actor: Account, one: PeopleList, account_ids: Collection[int]) -> None:
    """Take accounts out of the actor's list; who is not in it is passed over."""
    _require_own(actor, one)
    db.session.execute(
        delete(ListMember)
        .where(ListMember.list_id == one.id, ListMember.account_id.in_(set(account_ids)))
        .execution_options(synchronize_session=False)
    )


def follow_ended(event: Unfollowed) -> None:
    """Whom one follows no longer leaves one's lists."""
    mine = select(PeopleList.id).where(PeopleList.owner_id == event.follower_id)
    db.session.execute(
        delete(ListMember)
        .where(ListMember.account_id == event.followee_id, ListMember.list_id.in_(mine))
        .execution_options(synchronize_session=False)
    )


def _require_own(actor: Account, one: PeopleList) -> None:
    if one.owner_id != actor.id:
        raise NotFound


def _title(raw: str) -> str:
    return names.line(raw, field="title", most=_TITLE, required=True)


def _set(one: PeopleList, draft: ListDraft) -> None:
    if draft.replies_policy is not None:
        try:
            one.replies_policy = RepliesPolicy(draft.replies_policy)
        except ValueError:
            message = N_("Choose which replies the list shows.")
            raise Invalid(fields={"replies_policy": message}) from None
    if draft.exclusive is not None:
        one.exclusive = draft.exclusive


def _full() -> Invalid:
    message = N_("A list holds %(most)s people at most.")
    return Invalid(message, fields={"account_ids": message}, most=MAX_MEMBERS)
