"""What the author of a page's post hears once somebody has read it."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts.models import Post
from intranet.reviews.models import PageSubmission
from intranet.scheduled.models import ScheduledPost


class Outcome(enum.StrEnum):
    """It is out, comes at its time, or was returned with a note."""

    PUBLISHED = "published"
    LATER = "later"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a notification says of which submission."""

    outcome: Outcome
    submission_id: int


def tell(actor: Account, submission: PageSubmission, outcome: Outcome, post: Post | None) -> None:
    """Tell the author; `post` is what came of it already."""
    notify(
        (submission.author_id,),
        actor=actor,
        kind=NotificationKind.REVIEW_ANSWER,
        post_id=post.id if post is not None else None,
        thread_id=post.id if post is not None else None,
        page_id=submission.page_id,
        detail=f"{outcome.value},{submission.id}",
    )


def told(detail: str) -> Answer | None:
    """What the `detail` of a notification says; None for one of the time before there was any."""
    outcome, comma, number = detail.partition(",")
    return Answer(Outcome(outcome), int(number)) if comma else None


def key_of(submission_id: int) -> str:
    """The idempotency key under which a submission becomes a post."""
    return f"submission-{submission_id}"


def is_to_come(submission: PageSubmission) -> bool:
    """Whether it was let out for a time, and waits for that."""
    waiting = select(ScheduledPost.id).where(
        ScheduledPost.author_id == submission.author_id,
        ScheduledPost.idempotency_key == key_of(submission.id),
    )
    return db.session.scalar(waiting) is not None


def notes_of(author: Account, submission_ids: Collection[int]) -> dict[int, str]:
    """Why these posts of the author were returned: one statement, none for none."""
    if not submission_ids:
        return {}
    rows = db.session.execute(
        select(PageSubmission.id, PageSubmission.note).where(
            PageSubmission.id.in_(submission_ids), PageSubmission.author_id == author.id
        )
    )
    return {row.id: row.note for row in rows}
