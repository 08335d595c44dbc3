"""The threads that the viewer follows, and those of which they hear nothing."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.kernel.pagination import Cursor
from intranet.kernel.text import plain_text
from intranet.posts.heard import Heard, list_threads
from intranet.web.auth import settings_here
from intranet.web.identity import viewer

bp = Blueprint("threads", __name__)

_EXCERPT = 280


@bp.get("/threads")
def followed() -> ResponseReturnValue:
    """The threads of which the viewer hears every reply."""
    return _page(Heard.FOLLOWED)


@bp.get("/threads/muted")
def muted() -> ResponseReturnValue:
    """Those of which they hear nothing."""
    return _page(Heard.MUTED)


def _page(heard: Heard) -> str:
    cursor = Cursor.parse(request.args.get("before"), limit=settings_here().page_size)
    page = list_threads(viewer(), heard, cursor)
    here = f"threads.{heard}"
    return render_template(
        "posts/threads.html",
        heard=heard,
        here=url_for(here, before=cursor.before),
        threads=[
            (card, plain_text(card.spoiler_text or card.source, _EXCERPT)) for card in page.items
        ],
        older_url=url_for(here, before=page.next_before) if page.next_before else None,
    )
