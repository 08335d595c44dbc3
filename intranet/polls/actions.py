"""Writes of polls, below posts: who may vote and who is told is settled there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.polls.drafts import PollDraft
from intranet.polls.models import Poll, PollOption, PollVote, PollVoter
from intranet.tasks.actions import enqueue

CLOSE = "polls.close"  # payload: {"post_id": ...}


class AlreadyVoted(Invalid):
    """A second vote, or several choices where there is one: clients know both by one sentence."""

    code = "already_voted"
    default = N_("You have already voted on this poll")


def create(post_id: int, draft: PollDraft) -> None:
    """The poll of a new post, and a task for its end. `draft` is checked."""
    db.session.add(Poll(post_id=post_id, **_kept(draft, anonymous=True)))
    db.session.flush()
    _add_options(post_id, draft)


def replace(poll: Poll, draft: PollDraft, titles: tuple[str, ...]) -> bool:
    """Give a locked poll, whose answers are `titles`, what an edit says. With other answers,
    another way of choosing, or names where none were to be shown, the votes were for something
    else: they go. Its end moves only when it is open for another length than before. False when
    nothing changes: an ended poll that stays the same stays ended."""
    kept = _kept(draft, anonymous=poll.anonymous)
    begins_anew = (
        draft.options != titles
        or draft.multiple != poll.multiple
        or (poll.anonymous and not kept["anonymous"])
    )
    if not begins_anew and poll.expires_at <= utc_now():
        return False
    before = round((poll.expires_at - poll.created_at).total_seconds())
    moves = begins_anew or draft.seconds != before
    if not moves:
        kept = {name: kept[name] for name in ("anonymous", "hide_totals")}
        if all(getattr(poll, name) == value for name, value in kept.items()):
            return False
    for name, value in kept.items():
        setattr(poll, name, value)
    if not begins_anew:
        db.session.flush()
        if moves:
            enqueue(CLOSE, {"post_id": str(poll.post_id)}, run_at=poll.expires_at)
        return True
    poll.voters_count = 0
    db.session.flush()
    for model in (PollVote, PollVoter, PollOption):
        db.session.execute(
            delete(model)
            .where(model.post_id == poll.post_id)
            .execution_options(synchronize_session=False)
        )
    _add_options(poll.post_id, draft)
    return True


def find_locked(post_id: int) -> Poll | None:
    """The poll of a post, which nobody else changes before this transaction ends."""
    return db.session.scalar(
        select(Poll)
        .where(Poll.post_id == post_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def cast(voter: Account, poll: Poll, choices: Collection[int]) -> None:
    """Vote once, in a poll that is locked. Invalid when it has ended, for no choice or one that
    is not there, for several where one is asked for, and for a second vote."""
    chosen = sorted(set(choices))
    if poll.expires_at <= utc_now():
        raise _refused(N_("This poll has ended."))
    if not chosen:
        raise _refused(N_("Choose an answer."))
    if len(chosen) > 1 and not poll.multiple:
        raise AlreadyVoted
    there = db.session.scalars(
        select(PollOption.position).where(
            PollOption.post_id == poll.post_id, PollOption.position.in_(chosen)
        )
    ).all()
    if len(there) < len(chosen):
        raise _refused(N_("The poll has no such answer."))
    if not insert_once(PollVoter, post_id=poll.post_id, account_id=voter.id):
        raise AlreadyVoted
    common = {"post_id": poll.post_id, "account_id": voter.id}
    db.session.execute(insert(PollVote), [{**common, "position": one} for one in chosen])
    _count(poll.post_id, chosen)


def remove(poll: Poll) -> None:
    """The poll goes, with its votes."""
    db.session.delete(poll)
    db.session.flush()


def _kept(draft: PollDraft, *, anonymous: bool) -> dict[str, Any]:
    """The columns; `anonymous` for a draft that does not say."""
    now = utc_now()
    return {
        "multiple": draft.multiple,
        "hide_totals": draft.hide_totals,
        "anonymous": anonymous if draft.anonymous is None else draft.anonymous,
        "created_at": now,
        "expires_at": now + draft.length,
        "closed_at": None,
    }


def _add_options(post_id: int, draft: PollDraft) -> None:
    db.session.execute(
        insert(PollOption),
        [
            {"post_id": post_id, "position": position, "title": title}
            for position, title in enumerate(draft.options)
        ],
    )
    enqueue(CLOSE, {"post_id": str(post_id)}, run_at=utc_now() + draft.length)


def _count(post_id: int, chosen: list[int]) -> None:
    db.session.execute(
        update(PollOption)
        .where(PollOption.post_id == post_id, PollOption.position.in_(chosen))
        .values(votes_count=PollOption.votes_count + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Poll)
        .where(Poll.post_id == post_id)
        .values(voters_count=Poll.voters_count + 1)
        .execution_options(synchronize_session=False)
    )


def _refused(message: str) -> Invalid:
    return Invalid(message, fields={"choices": message})
