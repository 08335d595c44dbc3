"""What people do with their own conversations; writing in one is publishing a post."""

from __future__ import annotations

from sqlalchemy import update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.notifications.actions import mark_read as mark_notifications_read
from intranet.posts.models import Participant


def mark_read(actor: Account, conversation_id: int) -> None:
    """All of it is read, and what the actor was told of it; nothing happens in a conversation that
    the actor is not in."""
    db.session.execute(
        update(Participant)
        .where(
            Participant.conversation_id == conversation_id,
            Participant.account_id == actor.id,
            Participant.last_read_post_id < Participant.last_post_id,
        )
        .values(last_read_post_id=Participant.last_post_id)
        .execution_options(synchronize_session=False)
    )
    mark_notifications_read(actor, thread_id=conversation_id)


def hide(actor: Account, conversation_id: int) -> None:
    """Take it out of the actor's own list until somebody writes again; the messages stay."""
    mark_read(actor, conversation_id)
    db.session.execute(
        update(Participant)
        .where(Participant.conversation_id == conversation_id, Participant.account_id == actor.id)
        .values(hidden=True)
        .execution_options(synchronize_session=False)
    )
