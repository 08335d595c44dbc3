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
        as_page_id=organiser.id if organiser.is_page else None,
        is_public=organiser.is_page and event.is_public,
    )
    writer = _maker(event) or actor if organiser.is_page else organiser
    # Who may make the page's events has let out what tells of this one.
    post = posts.publish(writer, draft, limits, reviewed=True)
    event.post_id = post.id
    db.session.flush()
    return post


def _maker(event: Event) -> Account | None:
    """Who made the event for the page, if still here to answer for it."""
    maker = db.session.get(Account, event.created_by_id) if event.created_by_id else None
    return maker if maker is not None and maker.is_active and not maker.is_guest else None


def _is_reviewed(event: Event) -> bool:
    page = select(Page.review_required).where(Page.account_id == event.organiser_id)
    return bool(db.session.scalar(page))


def _reviews(actor: Account, event: Event) -> bool:
    return page_policies.role_in(actor, event.organiser_id) in page_policies.REVIEWERS
