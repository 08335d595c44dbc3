"""Post cards as HTML, drawn once for each state of a post and each kind of reader.

Drawing is the dearest part of a page. A PostCard is all that a card depends on (what the viewer
may do and has done is in it), so the HTML is kept under the card itself, the language, the zone and
the minute, and can neither be stale nor another reader's. What belongs to one request only, the
form token and where to go back to, is put in afterwards.
"""

from __future__ import annotations

import functools
import secrets

from flask import Flask, render_template, request
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from intranet.kernel.clock import utc_now
from intranet.posts.cards import PostCard
from intranet.web.wants import wants_fragment

_KEPT = 4096  # cards; about 8 kB each
# Random, so that nobody can write them into a post.
_TOKEN = f"token-{secrets.token_hex(16)}"
_BACK = f"back-{secrets.token_hex(16)}"


def post_card(post: PostCard, warning: str | None = None) -> Markup:
    """The card of a post for this request; behind the title of the viewer's filter that it meets,
    if there is one."""
    card = _card(post)
    if warning is None:
        return card
    return Markup(render_template("posts/_filtered.html", post=post, title=warning, card=card))  # noqa: S704  # drawn by a template


def _card(post: PostCard) -> Markup:
    minute = int(utc_now().timestamp()) // 60
    shows_pin = request.blueprint in ("groups", "pages", "posts")
    html = _drawn(post, str(get_locale()), str(get_timezone()), minute, shows_pin)
    back = request.full_path if request.method == "GET" and not wants_fragment() else ""
    return Markup(html.replace(_TOKEN, generate_csrf()).replace(_BACK, str(escape(back))))  # noqa: S704


@functools.lru_cache(_KEPT)
def _drawn(post: PostCard, _locale: str, _zone: str, _minute: int, shows_pin: bool) -> str:
    return render_template(
        "posts/_card.html",
        post=post,
        shows_pin=shows_pin,
        csrf_token=lambda: _TOKEN,
        back=_BACK,
    )


def register(app: Flask) -> None:
    """Give templates `post_card(post)`."""
    app.jinja_env.globals.update(post_card=post_card)
