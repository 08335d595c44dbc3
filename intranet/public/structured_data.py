"""What search engines are told: schema.org in JSON-LD, from what the page itself shows."""

from __future__ import annotations

from typing import Any

from intranet.public import times
from intranet.public.cards import PublicEvent, PublicPage, PublicPost
from intranet.public.door import absolute

_CONTEXT = "https://schema.org"


def organisation(page: PublicPage) -> dict[str, Any]:
    """schema.org/Organization."""
    said = {
        "@context": _CONTEXT,
        "@type": "Organization",
        "name": page.name,
        "url": absolute("public.show", handle=page.handle),
        "description": page.description,
        "logo": absolute("public.picture", handle=page.handle) if page.has_picture else "",
        "email": page.contact_email,
        "telephone": page.contact_phone,
    }
    return {name: value for name, value in said.items() if value}


def article(page: PublicPage, post: PublicPost) -> dict[str, Any]:
    """schema.org/Article; the page is its author."""
    address = absolute("public.post", handle=page.handle, post_id=post.id)
    publisher = organisation(page)
    del publisher["@context"]
    said: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Article",
        "headline": post.title or page.name,
        "description": post.description,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": post.created_at.isoformat(),
        "dateModified": (post.edited_at or post.created_at).isoformat(),
        "inLanguage": post.language,
        "author": publisher,
        "publisher": publisher,
        "image": [picture_of(page, post)] if post.picture else None,
    }
    return {name: value for name, value in said.items() if value}


def event(page: PublicPage, date: PublicEvent) -> dict[str, Any]:
    """schema.org/Event."""
    starts, ends = times.local_times(date)
    places: list[dict[str, str]] = []
    if date.place:
        places.append({"@type": "Place", "name": date.place, "address": date.place})
    if date.online_url:
        places.append({"@type": "VirtualLocation", "url": date.online_url})
    organiser = organisation(page)
    del organiser["@context"]
    said: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Event",
        "name": date.title,
        "description": date.description,
        "url": absolute("public.event", handle=page.handle, occurrence_id=date.id),
        "startDate": starts.date().isoformat() if date.all_day else starts.isoformat(),
        "endDate": ends.date().isoformat() if date.all_day else ends.isoformat(),
        "eventStatus": f"{_CONTEXT}/{'EventCancelled' if date.cancelled else 'EventScheduled'}",
        "location": places,
        "organizer": organiser,
    }
    return {name: value for name, value in said.items() if value}


def picture_of(page: PublicPage, post: PublicPost) -> str:
    """The address of the picture that a preview of the post shows; empty when it has none."""
    if post.picture is None:
        return ""
    return absolute("public.media", handle=page.handle, key=post.picture.key, variant="large")
