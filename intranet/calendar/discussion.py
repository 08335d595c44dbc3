"""The post whose thread is an event's discussion: for the same people as the event."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import schedule
from intranet.calendar.models import Event, EventVisibility
from intranet.db import db
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.pages import policies as page_policies
from intranet.pages.models import Page
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post, Visibility

_VISIBILITY = {
    EventVisibility.ORGANISATION: Visibility.ORGANISATION,
    EventVisibility.GROUP: Visibility.GROUP,
    EventVisibility.AUDIENCE: Visibility.AUDIENCE,
}


def announce(actor: Account, event: Event, words: str, limits: PostLimits) -> Post:
    """Tell the event's people of it by a post of its organiser, whose thread is the discussion.
    Invalid for a page whose posts have to be reviewed by somebody else."""
    if event.organiser_id != actor.id and _is_reviewed(event) and not _reviews(actor, event):
        message = N_("Posts of this page are reviewed first. Announce the event by a post.")
        raise Invalid(message, fields={"announce": message})
    return _open(actor, event, words, limits)


def open_for(actor: Account, event: Event, words: str, limits: PostLimits) -> int:
    """The post to comment on, made at the first comment. Two who comment at once get one."""
    schedule.hold(event)
    if event.post_id is not None:
        return event.post_id
    return _open(actor, event, words, limits).id


def _open(actor: Account, event: Event, words: str, limits: PostLimits) -> Post:
    if event.post_id is not None:
        raise Conflict(N_("This event has been announced already."))
    organiser = db.session.get_one(Account, event.organiser_id)
    draft = PostDraft(
        source=words,
        visibility=_VISIBILITY[event.visibility],
        group_id=event.group_id,
        audience_id=event.audience_id,
    )
    post = posts.publish(organiser, draft, limits)
    if organiser.is_page:
        post.written_by_id = event.created_by_id or actor.id
    post.is_public = event.is_public
    event.post_id = post.id
    db.session.flush()
    return post


def _is_reviewed(event: Event) -> bool:
    page = select(Page.review_required).where(Page.account_id == event.organiser_id)
    return bool(db.session.scalar(page))


def _reviews(actor: Account, event: Event) -> bool:
    return page_policies.role_in(actor, event.organiser_id) in page_policies.REVIEWERS
