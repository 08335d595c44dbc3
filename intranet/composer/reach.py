"""Whom a post would reach, said before it is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.interruptions.hours import held_back
from intranet.kernel.clock import utc_now
from intranet.kernel.text import mentioned_handles
from intranet.posts import calls, direct, policies, telling
from intranet.posts.drafts import PostDraft
from intranet.posts.models import Visibility
from intranet.posts.references import MAX_MENTIONS
from intranet.posts.rehearsal import Rehearsal, rehearse


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """`people` may read it, the author not counted; `told` of them hear of it when it comes, and
    `waiting` when their working hours begin. `cannot_see` are named in it and will not be able to
    read it: only people whom the author may know."""

    people: int
    told: int
    waiting: int
    called: int  # of those who are told, by "@group"
    cannot_see: tuple[AccountChip, ...]


def reach(
    actor: Account,
    draft: PostDraft,
    *,
    at: dt.datetime | None = None,
    reviewed: bool = False,
) -> Reach:
    """Whom the draft would reach if it were published now, or at that time. NotFound or Forbidden
    as publishing would say. What one of them has muted is that person's own, and not told."""
    would = rehearse(actor, draft, reviewed=reviewed)
    called = calls.members_called(actor, would.post)
    named = {*would.text.mentioned_ids, *called}
    heard = telling.who_would_hear(
        actor,
        would.post,
        named,
        would.author,
        praised_ids=would.extra.praised_ids,
        quoted=would.extra.quoted,
    )
    moment = at or utc_now()
    held = held_back(heard, int(moment.timestamp() * 1000)) & heard
    return Reach(
        people=_count(actor, would),
        told=len(heard) - len(held),
        waiting=len(held),
        called=len(called),
        cannot_see=_who_cannot_see(actor, would),
    )


def _count(actor: Account, would: Rehearsal) -> int:
    """The active people who may read it, but the actor."""
    is_person = (
        Account.deactivated_at.is_(None),
        Account.kind == AccountKind.PERSON,
        Account.id != actor.id,
    )
    among: ColumnElement[bool]
    if would.post.visibility is Visibility.DIRECT:
        there = direct.participants_of(would.post.root_id or would.post.id)
        among = Account.id.in_(there | set(would.text.mentioned_ids))
    else:
        among = policies.readers_of(would.post)
    return db.session.scalar(select(func.count(Account.id)).where(*is_person, among)) or 0


def _who_cannot_see(actor: Account, would: Rehearsal) -> tuple[AccountChip, ...]:
    """Whom the text names in vain."""
    handles = mentioned_handles(would.post.source)[:MAX_MENTIONS]
    if not handles:
        return ()
    rows = db.session.execute(
        chips.select_chips()
        .where(
            Account.handle.in_(handles),
            Account.id.not_in({*would.text.mentioned_ids, actor.id}),
            Account.deactivated_at.is_(None),
            account_policies.visible_to(actor),
        )
        .order_by(Account.display_name, Account.id)
    )
    return tuple(chips.chip_from(row) for row in rows)
