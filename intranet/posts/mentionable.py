"""Proposals while somebody types a name: only people who will be able to see the post."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.groups.models import Group, Membership
from intranet.kernel.text import fold
from intranet.posts import policies
from intranet.posts.models import Post, Visibility
from intranet.relationships.policies import may_meet

SHOWN = 8


def for_new_post(
    viewer: Account,
    visibility: Visibility,
    group: Group | None,
    typed: str,
    *,
    only_people: bool = False,
) -> list[AccountChip]:
    """People to name in a post of this audience; `group` is one that the viewer may know of.
    `only_people` leaves pages and programs out."""
    if policies.may_publish(
        viewer,
        group_id=group.id if group else None,
        role=policies.role_in(viewer, group.id if group else None),
    ):
        group_id = group.id if group else None
        may_read = policies.readers(visibility, group_id, viewer.id)
        if only_people:
            may_read = and_(may_read, Account.kind == AccountKind.PERSON)
        return _find(viewer, may_read, group_id, typed)
    return []


def for_reply(viewer: Account, post: Post, typed: str) -> list[AccountChip]:
    """People to name in a reply to a post that the viewer sees, or in its new text."""
    return _find(viewer, policies.readers_of(post), post.group_id, typed)


def _find(
    viewer: Account, may_read: ColumnElement[bool], group_id: int | None, typed: str
) -> list[AccountChip]:
    start = fold(typed.strip().removeprefix("@"))[:60]
    if not start:
        return []
    begins = Account.search_text.startswith(start, autoescape=True)
    holds = Account.search_text.contains(" " + start, autoescape=True)
    query = chips.select_chips().where(
        or_(begins, holds, Account.handle.startswith(start, autoescape=True)),
        Account.deactivated_at.is_(None),
        Account.id != viewer.id,
        account_policies.visible_to(viewer),
        may_meet(viewer.id),
        may_read,
    )
    if group_id is not None:
        # Colleagues of the group before others who may read it.
        colleagues = select(Membership.account_id).where(Membership.group_id == group_id)
        query = query.order_by(Account.id.in_(colleagues).desc())
    rows = db.session.execute(query.order_by(Account.display_name, Account.id).limit(SHOWN))
    return [chips.chip_from(row) for row in rows]
