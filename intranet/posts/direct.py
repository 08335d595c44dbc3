"""Direct posts: whom they are for, and how far each of those has read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import mentioned_handles
from intranet.posts.models import Participant, Post, Visibility
from intranet.relationships.models import Block
from intranet.relationships.policies import apart_from, may_meet

MAX_PARTICIPANTS = 50


def addressees(author: Account, post: Post, to_ids: Collection[int]) -> tuple[int, ...] | None:
    """Whom a direct post is for beside its author: of the first of a thread the people that it
    names and those of `to_ids`, of an answer everybody else in the conversation. None for a post
    that is not direct. Invalid when one of `to_ids` cannot be written to, or when there are too
    many; Forbidden in a conversation in which the author may address nobody any more."""
    if post.visibility is not Visibility.DIRECT:
        return None
    there = participants_of(post.root_id or post.id)
    if there:
        _require_somebody(author, there)
        return tuple(sorted(there - {post.author_id}))
    named = or_(Account.id.in_(to_ids), Account.handle.in_(mentioned_handles(post.source)[:80]))
    found = set(
        db.session.scalars(
            select(Account.id).where(
                named, account_policies.may_be_written_to(author), may_meet(author.id)
            )
        )
    )
    if not set(to_ids) <= found | {author.id}:
        message = N_("You cannot write to one of these people.")
        raise Invalid(message, fields={"to": message})
    if len(found) >= MAX_PARTICIPANTS:
        message = N_("These are too many people for a conversation. A group is better.")
        raise Invalid(message, fields={"to": message})
    return tuple(sorted(found - {author.id}))


def participants_of(conversation_id: int) -> set[int]:
    """The accounts that a conversation is for, its author among them."""
    return set(
        db.session.scalars(
            select(Participant.account_id).where(Participant.conversation_id == conversation_id)
        )
    )


def deliver(post: Post, account_ids: Collection[int]) -> None:
    """Let a new direct post be the newest of its conversation for everybody in it who may read
    it, and read by its author. Whom a block keeps from the author keeps the conversation as it
    is."""
    if post.root_id is None:
        db.session.add_all(
            Participant(
                conversation_id=post.id,
                account_id=account_id,
                id=new_id(),
                last_post_id=post.id,
                last_read_post_id=post.id if account_id == post.author_id else 0,
            )
            for account_id in sorted({post.author_id, *account_ids})
        )
        db.session.flush()
        return
    # The rows are changed under the lock of the thread's first post, which counts its answers.
    of_thread = Participant.conversation_id == post.root_id
    db.session.execute(
        update(Participant)
        .where(
            of_thread, or_(Participant.account_id.not_in(apart_from(post.author_id)), _moderates())
        )
        .values(last_post_id=post.id, hidden=False)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Participant)
        .where(of_thread, Participant.account_id == post.author_id)
        .values(last_read_post_id=post.id)
        .execution_options(synchronize_session=False)
    )


def step_back(post: Post) -> None:
    """The post is gone: where it was the newest of its conversation that is the newest of the
    others now, for everybody of those they may read; one that has no others keeps its place until
    it goes itself."""
    root_id = post.root_id or post.id
    reader, writer = Participant.account_id, Post.author_id
    blocked = exists().where(
        or_(
            and_(Block.blocker_id == reader, Block.blocked_id == writer),
            and_(Block.blocker_id == writer, Block.blocked_id == reader),
        )
    )
    newest = (
        select(func.max(Post.id))
        .where(
            or_(Post.id == root_id, Post.root_id == root_id),
            Post.deleted_at.is_(None),
            or_(~blocked.correlate(Participant, Post), _moderates()),
        )
        .correlate(Participant)
        .scalar_subquery()
    )
    db.session.execute(
        update(Participant)
        .where(Participant.conversation_id == root_id, Participant.last_post_id == post.id)
        .values(last_post_id=func.coalesce(newest, Participant.last_post_id))
        .execution_options(synchronize_session=False)
    )


def _moderates() -> ColumnElement[bool]:
    """The participant reads in spite of blocks, as `policies.not_withheld` says."""
    return Participant.account_id.in_(
        select(Account.id).where(Account.role.in_((Role.MODERATOR, Role.ADMINISTRATOR)))
    )


def _require_somebody(author: Account, there: Collection[int]) -> None:
    others = set(there) - {author.id}
    if not others:
        return
    apart = set(db.session.scalars(apart_from(author.id)))
    if others <= apart:
        raise Forbidden(N_("A block keeps you apart."))
    if not author.is_guest:
        return
    if not db.session.scalar(
        select(Account.id)
        .where(and_(Account.id.in_(others), account_policies.may_be_written_to(author)))
        .limit(1)
    ):
        raise Forbidden(N_("You share no group with these people any more."))
