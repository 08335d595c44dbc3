"""Posts to come: kept, moved, published at their time, given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.media.actions import drop_from_scheduled, keep_for_scheduled
from intranet.media.models import MediaAttachment
from intranet.polls.drafts import from_json
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits, parts_as_json, parts_from_json
from intranet.posts.models import Post
from intranet.scheduled.models import ScheduledPost
from intranet.tasks.actions import enqueue

PUBLISH = "scheduled.publish"  # payload: {"id": ...}
SOONEST = dt.timedelta(minutes=5)
LATEST = dt.timedelta(days=5 * 366)


def schedule(
    author: Account,
    draft: PostDraft,
    publish_at: dt.datetime,
    limits: PostLimits,
    *,
    most: int,
    reviewed: bool = False,
) -> ScheduledPost:
    """Keep a post for a time; for a key that was used before what it made. NotFound, Forbidden or
    Invalid as for publishing now, and Invalid for a time that is too near or too far, beyond
    `most` posts to come, and for what is not kept: an audience of its own. `reviewed`: the caller
    has made sure that somebody who may has let this page's post out."""
    _require_kept(draft)
    made = _made_before(author, draft.stored_key)
    if made is not None:
        draft.require_text(made.source)
        return made
    draft = posts.checked(author, draft, limits, reviewed=reviewed)
    _require_time(publish_at)
    waiting = select(func.count()).where(ScheduledPost.author_id == author.id)
    if (db.session.scalar(waiting) or 0) >= most:
        message = N_("You have %(most)s posts to come already.")
        raise Invalid(message, fields={"scheduled_at": message}, most=most)
    id_ = new_id()
    values = {
        "as_page_id": draft.as_page_id,
        "language": draft.language,
        "group_id": draft.group_id,
        "in_reply_to_id": draft.in_reply_to_id,
        "poll": draft.poll.as_json() if draft.poll else None,
        "idempotency_key": draft.stored_key,
    }
    if not insert_once(
        ScheduledPost,
        id=id_,
        author_id=author.id,
        publish_at=publish_at,
        source=draft.source,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive,
        visibility=draft.visibility,
        is_public=draft.is_public,
        reviewed=reviewed,
        calls_group=draft.calls_group,
        parts=parts_as_json(draft),
        **{name: value for name, value in values.items() if value is not None},
    ):
        made = _made_before(author, draft.stored_key)
        assert made is not None  # the other one has committed: the unique index says so
        return made
    keep_for_scheduled(author, draft.media_ids, id_)
    enqueue(PUBLISH, {"id": str(id_)}, run_at=publish_at)
    return db.session.get_one(ScheduledPost, id_)


def change(
    author: Account,
    scheduled: ScheduledPost,
    draft: PostDraft,
    publish_at: dt.datetime,
    limits: PostLimits,
) -> None:
    """Another text, other files, another audience or time, also for one that failed; what it
    answers or quotes and in whose name it speaks stay. NotFound, Forbidden or Invalid as for
    `schedule`; what a second person has let out holds for what that person read, and for nothing
    else. The row is locked by the caller."""
    _require_kept(draft)
    wanted = replace(
        draft,
        in_reply_to_id=scheduled.in_reply_to_id,
        as_page_id=scheduled.as_page_id,
        quote_of_id=parts_from_json(scheduled.parts).get("quote_of_id"),
    )
    wanted = posts.checked(author, wanted, limits, reviewed=scheduled.reviewed)
    if scheduled.reviewed and not _says(scheduled, wanted):
        wanted = posts.checked(author, wanted, limits)
        scheduled.reviewed = False
    if publish_at != scheduled.publish_at or scheduled.failed_at is not None:
        _require_time(publish_at)
    scheduled.source, scheduled.spoiler_text = wanted.source, wanted.spoiler_text
    scheduled.sensitive, scheduled.language = wanted.sensitive, wanted.language
    scheduled.visibility, scheduled.group_id = wanted.visibility, wanted.group_id
    scheduled.is_public, scheduled.calls_group = wanted.is_public, wanted.calls_group
    scheduled.poll = wanted.poll.as_json() if wanted.poll else None
    scheduled.parts = parts_as_json(wanted)
    drop_from_scheduled(scheduled.id)
    keep_for_scheduled(author, wanted.media_ids, scheduled.id)
    _set_time(scheduled, publish_at)


def move(scheduled: ScheduledPost, publish_at: dt.datetime) -> None:
    """Another time, also for one that failed. Invalid as for `schedule`."""
    _require_time(publish_at)
    _set_time(scheduled, publish_at)


def _set_time(scheduled: ScheduledPost, publish_at: dt.datetime) -> None:
    scheduled.publish_at = publish_at
    scheduled.failed_at, scheduled.failure, scheduled.failure_params = None, "", {}
    db.session.flush()
    enqueue(PUBLISH, {"id": str(scheduled.id)}, run_at=publish_at)


def publish(author: Account, scheduled: ScheduledPost, limits: PostLimits) -> Post:
    """Publish it now, by the rules of now; the row goes. It is locked by the caller."""
    media_ids = _media_ids(scheduled)
    drop_from_scheduled(scheduled.id)
    post = posts.publish(
        author,
        PostDraft(
            source=scheduled.source,
            spoiler_text=scheduled.spoiler_text,
            sensitive=scheduled.sensitive,
            visibility=scheduled.visibility,
            group_id=scheduled.group_id,
            in_reply_to_id=scheduled.in_reply_to_id,
            media_ids=media_ids,
            poll=from_json(scheduled.poll) if scheduled.poll else None,
            language=scheduled.language,
            **parts_from_json(scheduled.parts),
            idempotency_key=f"scheduled-{scheduled.id}",
            as_page_id=scheduled.as_page_id,
            is_public=scheduled.is_public,
            calls_group=scheduled.calls_group,
        ),
        limits,
        reviewed=scheduled.reviewed,
    )
    _hand_over_key(scheduled, post)
    db.session.delete(scheduled)
    db.session.flush()
    return post


def give_up(scheduled: ScheduledPost) -> None:
    """It will not come. Its files are the author's own again, and purged like others that nobody
    published."""
    drop_from_scheduled(scheduled.id)
    db.session.delete(scheduled)
    db.session.flush()


def _media_ids(scheduled: ScheduledPost) -> tuple[int, ...]:
    there = MediaAttachment.scheduled_id == scheduled.id
    ids = select(MediaAttachment.id).where(there).order_by(MediaAttachment.position)
    return tuple(db.session.scalars(ids))


def _says(scheduled: ScheduledPost, draft: PostDraft) -> bool:
    """Whether readers would see the same."""
    return (
        (scheduled.source, scheduled.spoiler_text) == (draft.source, draft.spoiler_text)
        and (scheduled.sensitive, scheduled.is_public) == (draft.sensitive, draft.is_public)
        and (from_json(scheduled.poll) if scheduled.poll else None) == draft.poll
        and _media_ids(scheduled) == draft.media_ids
    )


def _hand_over_key(scheduled: ScheduledPost, post: Post) -> None:
    """Whoever sends the request again hears of the post that came of it; unless something else was
    published under its key meanwhile."""
    if scheduled.idempotency_key is None:
        return
    try:
        with db.session.begin_nested():
            post.idempotency_key = scheduled.idempotency_key
    except IntegrityError:
        db.session.refresh(post)


def _require_kept(draft: PostDraft) -> None:
    if draft.to_ids or draft.audience_id is not None:
        message = N_("What is for chosen people is published at once.")
        raise Invalid(message, fields={"scheduled_at": message})


def _require_time(publish_at: dt.datetime) -> None:
    ahead = publish_at - utc_now()
    if ahead < SOONEST:
        message = N_("Choose a time that is at least five minutes ahead.")
        raise Invalid(message, fields={"scheduled_at": message})
    if ahead > LATEST:
        message = N_("Choose a time within the next five years.")
        raise Invalid(message, fields={"scheduled_at": message})


def _made_before(author: Account, key: str | None) -> ScheduledPost | None:
    if key is None:
        return None
    return db.session.scalar(
        select(ScheduledPost).where(
            ScheduledPost.author_id == author.id, ScheduledPost.idempotency_key == key
        )
    )
