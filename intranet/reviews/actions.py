"""A page's post on its way: handed in, read by a second person, published or returned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.mail.actions import enqueue_mail
from intranet.media.actions import drop_from_submission, keep_for_submission
from intranet.media.models import MediaAttachment
from intranet.notifications.actions import notify, settle_review
from intranet.notifications.models import NotificationKind
from intranet.pages import policies as pages
from intranet.pages.models import Page
from intranet.polls.drafts import from_json
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits, parts_as_json, parts_from_json
from intranet.posts.models import Post
from intranet.reviews import answers, policies
from intranet.reviews.answers import Outcome
from intranet.reviews.models import PageSubmission, SubmissionState
from intranet.reviews.queries import OPEN
from intranet.scheduled import actions as scheduled

NOTE_LENGTH = 1000
# The letters (intranet/letters/reviews.py); payload: submission_id; of an answer also state.
REVIEW_ASKED, REVIEW_ANSWERED = "review.asked", "review.answered"


def submit(
    actor: Account,
    page: Page,
    draft: PostDraft,
    limits: PostLimits,
    publish_at: dt.datetime | None = None,
) -> PageSubmission:
    """Hand a post in for review, by a writer of the page; for a key that was used before what it
    made. The page's reviewers are told. Invalid when nobody but the author could read it. With
    `publish_at` it does not come before that time."""
    pages.require_role(actor, page.account_id, pages.WRITERS)
    _require_open(page)
    made = _made_before(actor, draft.stored_key)
    if made is not None:
        return made
    reviewers = _reviewers(page, actor)
    draft = _checked(actor, page, draft, limits)
    now = utc_now()
    submission_id = new_id()
    values = {
        "language": draft.language,
        "idempotency_key": draft.stored_key,
        "poll": draft.poll.as_json() if draft.poll else None,
        "publish_at": publish_at,
    }
    if not insert_once(
        PageSubmission,
        id=submission_id,
        page_id=page.account_id,
        author_id=actor.id,
        source=draft.source,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive,
        is_public=draft.is_public,
        parts=parts_as_json(draft),
        submitted_at=now,
        created_at=now,
        **{name: value for name, value in values.items() if value is not None},
    ):
        made = _made_before(actor, draft.stored_key)
        assert made is not None  # the other one has committed: the unique index says so
        return made
    keep_for_submission(actor, draft.media_ids, submission_id)
    submission = db.session.get_one(PageSubmission, submission_id)
    _ask(actor, submission, reviewers)
    return submission


def change(
    actor: Account,
    page: Page,
    submission: PageSubmission,
    draft: PostDraft,
    limits: PostLimits,
    publish_at: dt.datetime | None = None,
) -> None:
    """Its author gives it another text and hands it in again. Conflict once it is settled."""
    policies.require_is_author(actor, submission)
    _require_open(page)
    _require_state(submission, *OPEN)
    reviewers = _reviewers(page, actor)
    draft = _checked(actor, page, draft, limits)
    submission.source, submission.spoiler_text = draft.source, draft.spoiler_text
    submission.sensitive, submission.language = draft.sensitive, draft.language
    submission.poll = draft.poll.as_json() if draft.poll else None
    submission.parts = parts_as_json(draft)
    submission.publish_at = publish_at
    submission.is_public = draft.is_public
    keep_for_submission(actor, draft.media_ids, submission.id)
    was_returned = submission.state is SubmissionState.RETURNED
    submission.state = SubmissionState.WAITING
    submission.submitted_at = utc_now()
    db.session.flush()
    if was_returned:
        _ask(actor, submission, reviewers)


def publish(
    actor: Account, page: Page, submission: PageSubmission, limits: PostLimits, *, most: int
) -> Post | None:
    """Let it out, by somebody else than its author, who is told; None when its time is still to
    come: it is one of its author's posts to come then (`most` as in `scheduled.schedule`). Conflict
    when it was settled meanwhile."""
    policies.require_may_decide(actor, submission)
    _require_state(submission, SubmissionState.WAITING)
    author = db.session.get_one(Account, submission.author_id)
    media_ids = db.session.scalars(
        select(MediaAttachment.id)
        .where(MediaAttachment.submission_id == submission.id)
        .order_by(MediaAttachment.position)
    ).all()
    drop_from_submission(submission.id)
    draft = PostDraft(
        source=submission.source,
        spoiler_text=submission.spoiler_text,
        sensitive=submission.sensitive,
        media_ids=tuple(media_ids),
        poll=from_json(submission.poll) if submission.poll else None,
        language=submission.language,
        **parts_from_json(submission.parts),
        idempotency_key=answers.key_of(submission.id),
        as_page_id=page.account_id,
        is_public=submission.is_public and page.is_public,
    )
    at = submission.publish_at
    post = None
    try:
        if at is not None and at - utc_now() > scheduled.SOONEST:
            scheduled.schedule(author, draft, at, limits, most=most, reviewed=True)
        else:
            post = posts.publish(author, draft, limits, reviewed=True)
            submission.post_id = post.id
    except NotFound:  # the page is there: it is the quoted post
        raise Conflict(N_("The post that it quotes is gone, or not for its author.")) from None
    _settle(actor, submission, SubmissionState.PUBLISHED)
    outcome = Outcome.LATER if post is None else Outcome.PUBLISHED
    answers.tell(actor, submission, outcome, post)
    return post


def give_back(actor: Account, submission: PageSubmission, note: str) -> None:
    """Return it to its author, who is told, with what to mend. Invalid under `note` without one."""
    policies.require_may_decide(actor, submission)
    _require_state(submission, SubmissionState.WAITING)
    if len(note) > 4 * NOTE_LENGTH or len(cleaned := text.normalise(note).strip()) > NOTE_LENGTH:
        raise Invalid(fields={"note": N_("That is too long.")})
    if not text.fold(cleaned).strip():
        raise Invalid(fields={"note": N_("Say what should change.")})
    submission.note = cleaned
    _settle(actor, submission, SubmissionState.RETURNED)
    answers.tell(actor, submission, Outcome.RETURNED, None)


def withdraw(actor: Account, submission: PageSubmission) -> None:
    """Its author takes it back; twice is once. Conflict when it is published already."""
    policies.require_is_author(actor, submission)
    if submission.state is SubmissionState.WITHDRAWN:
        return
    _require_state(submission, *OPEN)
    submission.state = SubmissionState.WITHDRAWN
    submission.decided_at = utc_now()
    drop_from_submission(submission.id)
    db.session.flush()
    _forget_request(submission)


def _settle(actor: Account, submission: PageSubmission, state: SubmissionState) -> None:
    submission.state = state
    submission.reviewer_id = actor.id
    submission.decided_at = utc_now()
    db.session.flush()
    _forget_request(submission)
    author = db.session.get_one(Account, submission.author_id)
    if author.email:
        payload = {"submission_id": submission.id, "state": state.value}
        enqueue_mail(REVIEW_ANSWERED, payload, to=author)


def _forget_request(submission: PageSubmission) -> None:
    """Nobody need read any more what was answered, unless its author has more that waits."""
    waits = db.session.scalar(
        select(PageSubmission.id)
        .where(
            PageSubmission.page_id == submission.page_id,
            PageSubmission.author_id == submission.author_id,
            PageSubmission.state == SubmissionState.WAITING,
        )
        .limit(1)
    )
    if waits is None:
        settle_review(submission.page_id, submission.author_id)


def _checked(actor: Account, page: Page, draft: PostDraft, limits: PostLimits) -> PostDraft:
    """What could be published in the page's name now, were it not to be read first."""
    spoken = replace(draft, as_page_id=page.account_id)
    return posts.checked(actor, spoken, limits, reviewed=True)


def _reviewers(page: Page, author: Account) -> list[Account]:
    found = db.session.scalars(policies.reviewers_but(page.account_id, author.id)).all()
    if not found:
        raise Invalid(
            N_("Nobody else can read it before it goes out: the page needs a second reviewer.")
        )
    return list(found)


def _ask(actor: Account, submission: PageSubmission, reviewers: list[Account]) -> None:
    notify(
        [one.id for one in reviewers],
        actor=actor,
        kind=NotificationKind.REVIEW_REQUEST,
        page_id=submission.page_id,
    )
    for reviewer in reviewers:
        if reviewer.email:
            payload = {"submission_id": submission.id}
            enqueue_mail(REVIEW_ASKED, payload, to=reviewer, unless_waiting=True)


def _require_open(page: Page) -> None:
    if not page.account.is_active:
        raise Forbidden(N_("This page is closed."))


def _require_state(submission: PageSubmission, *states: SubmissionState) -> None:
    if submission.state not in states:
        raise Conflict(N_("This has been settled meanwhile."))


def _made_before(actor: Account, key: str | None) -> PageSubmission | None:
    if key is None:
        return None
    return db.session.scalar(
        select(PageSubmission).where(
            PageSubmission.author_id == actor.id, PageSubmission.idempotency_key == key
        )
    )
