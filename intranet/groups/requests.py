"""Asking to join a closed group, and answering."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.groups import policies
from intranet.groups.membership import add_member
from intranet.groups.models import Group, JoinRequest, Membership
from intranet.kernel import text
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.actions import notify, settle_request
from intranet.notifications.models import NotificationKind

MESSAGE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Somebody who waits at the door."""

    id: int
    account: AccountChip
    message: str
    created_at: dt.datetime


def ask(actor: Account, group: Group, message: str = "") -> None:
    """Leave a request and tell those who run the group, once. `actions.join` decides whether
    asking is the way in."""
    if len(message) > MESSAGE_LENGTH:
        raise Invalid(fields={"message": N_("At most 500 characters, please.")})
    made = insert_once(
        JoinRequest,
        group_id=group.id,
        account_id=actor.id,
        message=text.normalise(message),
    )
    if not made:
        return
    stewards = db.session.scalars(
        select(Membership.account_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.group_id == group.id,
            Membership.role.in_(policies.STEWARDS),
            Account.deactivated_at.is_(None),
        )
    ).all()
    notify(stewards, actor=actor, kind=NotificationKind.JOIN_REQUEST, group_id=group.id)


def withdraw(actor: Account, group: Group) -> None:
    """Take one's own request back; nothing when there is none."""
    _settle(group, JoinRequest.account_id == actor.id, actor.id)


def approve(actor: Account, group: Group, request_id: int) -> None:
    """Let the asking account in and tell it. Conflict when another has answered already."""
    policies.require_may_run(actor, group)
    account = _asker(group, request_id)
    settle_request(group.id, account.id)
    if add_member(group, account):
        notify([account.id], actor=actor, kind=NotificationKind.JOIN_ACCEPTED, group_id=group.id)


def decline(actor: Account, group: Group, request_id: int) -> None:
    """Take the request away without a word. Conflict when another has answered already."""
    policies.require_may_run(actor, group)
    account = _asker(group, request_id)
    _settle(group, JoinRequest.id == request_id, account.id)


def list_requests(viewer: Account, group: Group, limit: int = 80) -> tuple[RequestRow, ...]:
    """Who asks to join, the longest-waiting first. Only for those who run the group."""
    policies.require_may_run(viewer, group)
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(JoinRequest.id, JoinRequest.message, JoinRequest.created_at)
        .join(JoinRequest, JoinRequest.account_id == Account.id)
        .where(JoinRequest.group_id == group.id, Account.deactivated_at.is_(None))
        .order_by(JoinRequest.id)
        .limit(limit)
    )
    return tuple(
        RequestRow(row.id, chips.chip_from(row), row.message, row.created_at) for row in rows
    )


def _asker(group: Group, request_id: int) -> Account:
    """Who asked. An id of another group's request is as good as none."""
    account = db.session.scalar(
        select(Account)
        .join(JoinRequest, JoinRequest.account_id == Account.id)
        .where(JoinRequest.id == request_id, JoinRequest.group_id == group.id)
    )
    if account is None:
        raise Conflict(N_("This request has been answered or taken back."))
    if not account.is_active:
        raise NotFound()
    return account


def _settle(group: Group, which: Any, asker_id: int) -> None:
    gone = db.session.execute(delete(JoinRequest).where(JoinRequest.group_id == group.id, which))
    if cast(CursorResult[Any], gone).rowcount:
        settle_request(group.id, asker_id)
