"""PreviewCard, of posts that tell of events:
https://docs.joinmastodon.org/entities/PreviewCard/"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from intranet.accounts.models import Account
from intranet.calendar.cards import EventCard
from intranet.mastodon.answers import absolute, settings_here
from intranet.mastodon.entities.accounts import profile_url
from intranet.mastodon.files import preview_url
from intranet.posts.cards import PostCard

_NAMES_EVENT = 'href="/events/'


def tells_of_event(post: PostCard) -> bool:
    """Whether it is worth asking for the event that a post tells of."""
    return post.root_id is None and _NAMES_EVENT in post.html


def event_cards(
    viewer: Account, posts: Iterable[PostCard], events: Mapping[int, EventCard]
) -> dict[int, dict[str, Any]]:
    """The card of each post that tells of one of these events, by the post's id."""
    return {
        one.id: _entity(viewer, events[one.id])
        for one in posts
        if one.id in events and tells_of_event(one)
    }


def link_card(card: PostCard) -> dict[str, Any] | None:
    """The card of what the post links to; None without a preview."""
    found = card.preview
    if found is None:
        return None
    return preview_card(
        url=found.url,
        title=found.title,
        description=found.description,
        provider_name=found.site_name,
        width=found.image_width or 0,
        height=found.image_height or 0,
        image=preview_url(found.image_key) if found.image_key else None,
    )


def _entity(viewer: Account, event: EventCard) -> dict[str, Any]:
    author = {
        "name": event.organiser.display_name,
        "url": profile_url(event.organiser.handle),
        "account": None,
    }
    return preview_card(
        url=absolute(f"/events/{event.occurrence_id}"),
        title=event.title,
        description=" · ".join(filter(None, (_when(viewer, event), event.room, event.place))),
        authors=[author],
        author_name=author["name"],
        author_url=author["url"],
        provider_name=settings_here().brand,
        provider_url=absolute("/"),
    )


def preview_card(**values: Any) -> dict[str, Any]:
    """The card of a link, of which no more is known than these values."""
    return {
        "url": "",
        "title": "",
        "description": "",
        "type": "link",
        "authors": [],
        "author_name": "",
        "author_url": "",
        "provider_name": "",
        "provider_url": "",
        "html": "",
        "width": 0,
        "height": 0,
        "image": None,
        "image_description": "",
        "embed_url": "",
        "blurhash": None,
        "published_at": None,
        "language": None,
        **values,
    }


def _when(viewer: Account, event: EventCard) -> str:
    """In the reader's language and zone; whole days are those of the event's own."""
    locale = viewer.locale or settings_here().default_locale
    if event.all_day:
        zone = ZoneInfo(event.time_zone)
        return format_date(event.starts_at.astimezone(zone), "EEEE d MMMM y", locale=locale)
    zone = ZoneInfo(viewer.time_zone)
    return format_datetime(event.starts_at, "EEEE d MMMM y, HH:mm", tzinfo=zone, locale=locale)
