"""Questions: which reply is the answer."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.actions import withdraw
from intranet.notifications.models import NotificationKind
from intranet.posts import policies
from intranet.posts.events import PostChanged
from intranet.posts.models import Post, PostKind
from intranet.posts.telling import notify_author, tell


def accept(actor: Account, reply: Post) -> None:
    """Say that this reply answers the question; another that did gives way. Who wrote it is told.
    Invalid for what answers no question, Forbidden unless `policies.may_accept`."""
    question = _question_of(actor, reply)
    if question.answer_id == reply.id:
        return
    _withdraw(actor, question)
    question.answer_id = reply.id
    db.session.flush()
    notify_author(actor, NotificationKind.ANSWER, reply)
    tell(PostChanged, question)
    tell(PostChanged, reply)


def take_back(actor: Account, reply: Post) -> None:
    """The reply is not the answer after all; nothing happens when it was not. As `accept`."""
    question = _question_of(actor, reply)
    if question.answer_id != reply.id:
        return
    _withdraw(actor, question)
    question.answer_id = None
    db.session.flush()
    tell(PostChanged, question)


def _withdraw(actor: Account, question: Post) -> None:
    if question.answer_id is None:
        return
    before = db.session.get(Post, question.answer_id)
    withdraw(actor=actor, kind=NotificationKind.ANSWER, post_id=question.answer_id)
    if before is not None:
        tell(PostChanged, before)


def _question_of(actor: Account, reply: Post) -> Post:
    if reply.root_id is None:
        raise _no_question()
    question = db.session.scalar(
        select(Post)
        .where(Post.id == reply.root_id, Post.deleted_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if question is None:
        raise NotFound()
    if question.kind is not PostKind.QUESTION:
        raise _no_question()
    role = policies.role_in(actor, question.group_id)
    page_role, _reviewed = policies.role_in_page(actor, question)
    if not policies.may_accept(actor, asker_id=question.author_id, role=role, page_role=page_role):
        raise Forbidden(N_("Who asked, or who runs the group, says which reply is the answer."))
    return question


def _no_question() -> Invalid:
    return Invalid(N_("Only a reply to a question can be its answer."))
