"""Reads of polls. The caller has made sure that the viewer may read their posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, and_, select

from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.together import Read
from intranet.kernel.clock import utc_now
from intranet.polls.models import Poll, PollOption, PollVote, PollVoter
from intranet.polls.views import PollOptionView, PollView

VOTERS_SHOWN = 300


def of_posts(
    viewer: Account, post_ids: Collection[int], own_ids: Collection[int] = ()
) -> dict[int, PollView]:
    """The polls of these posts, of which the viewer wrote `own_ids`: one statement."""
    if not post_ids:
        return {}
    return views_of_posts(db.session.execute(select_of_posts(viewer, post_ids)), own_ids)


def select_of_posts(viewer: Account, post_ids: Any) -> Read:
    """The rows that `views_of_posts` reads; `post_ids` and the viewer's id may be parameters."""
    return (
        select(
            Poll.post_id,
            Poll.multiple,
            Poll.hide_totals,
            Poll.anonymous,
            Poll.expires_at,
            Poll.voters_count,
            PollOption.position,
            PollOption.title,
            PollOption.votes_count,
            PollVote.account_id.label("chosen"),
            PollVoter.account_id.label("voter"),
        )
        .join(PollOption, PollOption.post_id == Poll.post_id)
        .outerjoin(
            PollVoter, and_(PollVoter.post_id == Poll.post_id, PollVoter.account_id == viewer.id)
        )
        .outerjoin(
            PollVote,
            and_(
                PollVote.post_id == Poll.post_id,
                PollVote.account_id == viewer.id,
                PollVote.position == PollOption.position,
            ),
        )
        .where(Poll.post_id.in_(post_ids))
    )


def views_of_posts(rows: Iterable[Row[Any]], own_ids: Collection[int] = ()) -> dict[int, PollView]:
    """The poll of each post that has one."""
    found: dict[int, list[Any]] = {}
    for row in sorted(rows, key=attrgetter("position")):
        found.setdefault(row.post_id, []).append(row)
    return {id_: _view(lines, own=id_ in own_ids) for id_, lines in found.items()}


def voters(viewer: Account, post_id: int) -> list[tuple[AccountChip, ...]]:
    """For each answer who chose it, as far as the viewer may know them, those who voted first
    coming first. Only for a poll whose voters are shown."""
    rows = db.session.execute(
        select_chips()
        .add_columns(PollVote.position)
        .join(PollVote, PollVote.account_id == Account.id)
        .join(
            PollVoter,
            and_(PollVoter.post_id == post_id, PollVoter.account_id == PollVote.account_id),
        )
        .where(PollVote.post_id == post_id, account_policies.visible_to(viewer))
        .order_by(PollVoter.created_at, Account.id)
        .limit(VOTERS_SHOWN)
    )
    chosen: dict[int, list[AccountChip]] = {}
    for row in rows:
        chosen.setdefault(row.position, []).append(chip_from(row))
    positions = db.session.scalars(
        select(PollOption.position)
        .where(PollOption.post_id == post_id)
        .order_by(PollOption.position)
    )
    return [tuple(chosen.get(position, ())) for position in positions]


def voter_ids(post_id: int) -> set[int]:
    """Who has voted: for telling them of the end, never to be shown."""
    return set(db.session.scalars(select(PollVoter.account_id).where(PollVoter.post_id == post_id)))


def titles_of(post_id: int) -> tuple[str, ...] | None:
    """The answers of a post's poll in their order; None without one."""
    found = db.session.scalars(
        select(PollOption.title).where(PollOption.post_id == post_id).order_by(PollOption.position)
    ).all()
    return tuple(found) or None


def _view(rows: list[Any], *, own: bool) -> PollView:
    poll = rows[0]
    expired = poll.expires_at <= utc_now()
    hidden = poll.hide_totals and not expired
    return PollView(
        id=poll.post_id,
        options=tuple(
            PollOptionView(
                title=row.title,
                votes=None if hidden else row.votes_count,
                share=None if hidden else _share(row.votes_count, poll.voters_count),
                chosen=row.chosen is not None,
            )
            for row in rows
        ),
        multiple=poll.multiple,
        hides_totals=hidden,
        anonymous=poll.anonymous,
        expires_at=poll.expires_at,
        expired=expired,
        voters_count=poll.voters_count,
        votes_count=sum(row.votes_count for row in rows),
        voted=poll.voter is not None,
        own=own,
    )


def _share(votes: int, voters: int) -> int:
    return round(100 * votes / voters) if voters else 0
