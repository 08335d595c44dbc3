"""Reads of the public site. There is no viewer: everybody is told the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, exists, func, select

from intranet.accounts.models import Account
from intranet.calendar.models import Event, Occurrence
from intranet.db import db
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, page_of
from intranet.kernel.pagination import Page as Listing
from intranet.media.models import MediaAttachment, MediaKind
from intranet.media.queries import of_posts
from intranet.media.views import MediaView
from intranet.pages.models import Page
from intranet.posts.models import Post
from intranet.public import policies
from intranet.public.cards import PublicEvent, PublicPage, PublicPost

MOST_EVENTS = 60
MOST_IN_SITEMAP = 1000


def get_page(handle: str) -> PublicPage:
    """The public page of this handle; NotFound when there is none, public or at all."""
    ahead = exists(
        select(Occurrence.id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Event.organiser_id == Page.account_id,
            policies.public_event(),
            Occurrence.ends_at >= utc_now(),
        )
        .correlate(Page)
    )
    row = db.session.execute(
        select(Page, Account, ahead.label("has_events"))
        .join(Account, Account.id == Page.account_id)
        .where(Account.handle == handle, policies.public_page())
    ).first()
    if row is None:
        raise NotFound
    page, account = row.Page, row.Account
    return PublicPage(
        id=account.id,
        handle=account.handle,
        name=account.display_name,
        verified=account.verified,
        has_picture=account.avatar_key is not None,
        tagline=page.tagline,
        about_html=text.without_references(account.about_html),
        contact_email=page.contact_email,
        contact_phone=page.contact_phone,
        contact_url=_web_address(page.contact_url),
        has_events=bool(row.has_events),
    )


def list_posts(page: PublicPage, cursor: Cursor) -> Listing[PublicPost]:
    """The page's public posts, newest first. Two statements."""
    query = _posts_of(page).order_by(Post.id.desc()).limit(cursor.limit + 1)
    if cursor.before is not None:
        query = query.where(Post.id < cursor.before)
    return page_of(_drawn(db.session.scalars(query).all()), cursor.limit, lambda post: post.id)


def get_post(page: PublicPage, post_id: int) -> PublicPost:
    """One public post of the page; NotFound otherwise."""
    post = db.session.scalar(_posts_of(page).where(Post.id == post_id))
    if post is None:
        raise NotFound
    return _drawn([post])[0]


def upcoming_events(page: PublicPage) -> list[PublicEvent]:
    """The next dates of the page's public events, soonest first."""
    query = _events_of(page).where(Occurrence.ends_at >= utc_now())
    rows = db.session.execute(
        query.order_by(Occurrence.starts_at, Occurrence.id).limit(MOST_EVENTS)
    )
    return [_event(row) for row in rows]


def get_event(page: PublicPage, occurrence_id: int) -> PublicEvent:
    """One date of a public event of the page; NotFound otherwise."""
    row = db.session.execute(_events_of(page).where(Occurrence.id == occurrence_id)).first()
    if row is None:
        raise NotFound
    return _event(row)


@dataclass(frozen=True, slots=True)
class PublicFile:
    """What is behind a key of the public site. `content_type` is that of the original."""

    key: str
    is_image: bool
    content_type: str
    file_name: str


def get_media(page: PublicPage, key: str) -> PublicFile:
    """A file of a public post of the page, or the cover of a public event; NotFound otherwise."""
    media = db.session.scalar(
        select(MediaAttachment)
        .join(Post, Post.id == MediaAttachment.post_id)
        .where(MediaAttachment.key == key, Post.author_id == page.id, policies.public_post())
    )
    if media is not None:
        is_image = media.kind is MediaKind.IMAGE
        return PublicFile(key, is_image, media.content_type, media.file_name)
    cover = select(Event.id).where(
        Event.cover_key == key, Event.organiser_id == page.id, policies.public_event()
    )
    if db.session.scalar(cover.limit(1)) is None:
        raise NotFound
    return PublicFile(key, True, "image/webp", "cover.webp")


def get_picture_key(page: PublicPage) -> str:
    """The key of the page's picture; NotFound when it has none."""
    key = db.session.scalar(select(Account.avatar_key).where(Account.id == page.id))
    if key is None:
        raise NotFound
    return key


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """`post_id` and `occurrence_id` None: the page itself."""

    handle: str
    post_id: int | None
    occurrence_id: int | None
    changed_at: dt.datetime | None


def sitemap() -> list[SitemapEntry]:
    """Every public page, and the newest posts and next dates of all of them. Three statements."""
    handles = {
        row.account_id: row.handle
        for row in db.session.execute(
            select(Page.account_id, Account.handle)
            .join(Account, Account.id == Page.account_id)
            .where(policies.public_page())
            .order_by(Account.handle)
            .limit(MOST_IN_SITEMAP)
        )
    }
    posts = db.session.execute(
        select(
            Post.author_id, Post.id, func.coalesce(Post.edited_at, Post.created_at).label("changed")
        )
        # Named once more, for the index: few of all posts are public.
        .where(policies.public_post(), Post.author_id.in_(handles))
        .order_by(Post.id.desc())
        .limit(MOST_IN_SITEMAP)
    ).all()
    dates = db.session.execute(
        select(Event.organiser_id, Occurrence.id, Event.updated_at)
        .join(Event, Event.id == Occurrence.event_id)
        .where(policies.public_event(), Occurrence.ends_at >= utc_now())
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(MOST_IN_SITEMAP)
    ).all()
    return [
        *(SitemapEntry(handle, None, None, None) for handle in handles.values()),
        *(
            SitemapEntry(handles[row.author_id], row.id, None, row.changed)
            for row in posts
            if row.author_id in handles
        ),
        *(
            SitemapEntry(handles[row.organiser_id], None, row.id, row.updated_at)
            for row in dates
            if row.organiser_id in handles
        ),
    ]


def _posts_of(page: PublicPage) -> Select[Post]:
    return select(Post).where(Post.author_id == page.id, policies.public_post())


def _drawn(posts: Sequence[Post]) -> list[PublicPost]:
    media: dict[int, tuple[MediaView, ...]] = of_posts([post.id for post in posts])
    return [
        PublicPost(
            id=post.id,
            html=text.without_references(post.html),
            warning=post.spoiler_text,
            sensitive=post.sensitive,
            language=post.language,
            created_at=post.created_at,
            edited_at=post.edited_at,
            media=media.get(post.id, ()),
        )
        for post in posts
    ]


def _events_of(page: PublicPage) -> Select[Event, Occurrence]:
    return (
        select(Event, Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .where(Event.organiser_id == page.id, policies.public_event())
    )


def _event(row: Row[Event, Occurrence]) -> PublicEvent:
    event, date = row[0], row[1]
    changes = date.changes or {}
    return PublicEvent(
        id=date.id,
        title=changes.get("title") or event.title,
        html=text.without_references(event.html),
        place=changes.get("place") or event.place,
        online_url=_web_address(changes.get("online_url") or event.online_url),
        time_zone=event.time_zone,
        all_day=event.all_day,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        cancelled=(date.cancelled_at or event.cancelled_at) is not None,
        cover_key=event.cover_key,
    )


def _web_address(raw: str) -> str:
    return raw if raw.startswith(("https://", "http://")) else ""
