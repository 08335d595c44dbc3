"""Post cards as HTML, drawn once for each state of a post and each kind of reader.

Drawing is the dearest part of a page. A PostCard, and the EventCard of what it tells of, is all
that a card depends on (what the viewer may do and has done is in them), so the HTML is kept under
them, the language, the zone and the minute, and can neither be stale nor another reader's. What
belongs to one request only, the form token and where to go back to, is put in afterwards.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Iterable

from flask import Flask, g, render_template, request
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from intranet.calendar.cards import EventCard
from intranet.calendar.queries import cards_of_posts
from intranet.kernel.clock import utc_now
from intranet.kernel.text import plain_text_from_html
from intranet.posts.cards import PostCard
from intranet.web.event_times import in_zone
from intranet.web.identity import viewer
from intranet.web.wants import wants_fragment

# Where a card says that it is held at the top, and at the top of what.
_PIN_OF = {"groups": "place", "pages": "place", "posts": "place", "people": "profile"}
_KEPT = 4096  # cards; about 8 kB each
# Random, so that nobody can write them into a post.
_TOKEN = f"token-{secrets.token_hex(16)}"
_BACK = f"back-{secrets.token_hex(16)}"


# What an announcement says of its event stands in the event's card already: the link, and when and
# where in the next line.
_ABOUT_EVENT = re.compile(
    r'<p><a [^>]*href="/events/\d+"[^>]*>(?:(?!</a>|<br|<p>).)*</a>'
    r"(?:<br>\s*(?P<told>(?:(?!<br|</?p>).)+))?</p>\s*$",
    re.DOTALL,
)
_NAMES_EVENT = 'href="/events/'


def read_events(posts: Iterable[PostCard]) -> str:
    """Read the events that these posts tell of, all in one statement, for the cards that follow;
    nothing when none names one. Gives nothing to be drawn."""
    kept = g.setdefault("events_of_posts", {})
    ids = {one.id for one in posts if _may_tell_of_event(one) and one.id not in kept}
    if ids:
        kept |= dict.fromkeys(ids) | cards_of_posts(viewer(), ids)
    return ""


def post_card(post: PostCard, warning: str | None = None) -> Markup:
    """The card of a post for this request; behind the title of the viewer's filter that it meets,
    if there is one."""
    card = _card(post)
    if warning is None:
        return card
    return Markup(render_template("posts/_filtered.html", post=post, title=warning, card=card))  # noqa: S704  # drawn by a template


def _card(post: PostCard) -> Markup:
    minute = int(utc_now().timestamp()) // 60
    pin_of = _PIN_OF.get(request.blueprint or "", "")
    event = None
    if _may_tell_of_event(post):
        read_events([post])
        event = g.events_of_posts[post.id]
    html = _drawn(post, event, str(get_locale()), str(get_timezone()), minute, pin_of)
    return _for_request(html)


def event_card(event: EventCard) -> Markup:
    """The card of an event below the post that tells of it."""
    html = render_template("events/_card.html", card=event, csrf_token=lambda: _TOKEN)
    return _for_request(html)


def _may_tell_of_event(post: PostCard) -> bool:
    return post.root_id is None and not post.deleted and _NAMES_EVENT in post.html


def _for_request(html: str) -> Markup:
    back = request.full_path if request.method == "GET" and not wants_fragment() else ""
    return Markup(html.replace(_TOKEN, generate_csrf()).replace(_BACK, str(escape(back))))  # noqa: S704


@functools.lru_cache(_KEPT)
def _drawn(
    post: PostCard,
    event: EventCard | None,
    _locale: str,
    _zone: str,
    _minute: int,
    pin_of: str,
) -> str:
    return render_template(
        "posts/_card.html",
        post=post,
        text_html=post.html if event is None else _without_event(post, event),
        event=event,
        pin_of=pin_of,
        csrf_token=lambda: _TOKEN,
        back=_BACK,
    )


def _without_event(post: PostCard, event: EventCard) -> str:
    """The text without what the announcement itself wrote of the event; what its author wrote into
    that place by an edit stays."""
    found = _ABOUT_EVENT.search(post.html)
    if found is None:
        return post.html
    if found["told"] and post.edited_at is not None:
        when, _dot, where = plain_text_from_html(found["told"]).partition(" · ")
        zone = event.time_zone
        if event.all_day:
            is_own = when == in_zone(event.starts_at, event.ends_at, zone, all_day=True)
        else:
            is_own = when.endswith(f" ({zone})")
        if not is_own or where != ", ".join(part for part in (event.room, event.place) if part):
            return post.html
    return post.html[: found.start()]


def register(app: Flask) -> None:
    """Give templates `post_card(post)`, and `read_events(posts)` for those that draw many."""
    app.jinja_env.globals.update(post_card=post_card, read_events=read_events)
