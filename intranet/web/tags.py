"""The posts that carry a hashtag."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from intranet.kernel.text import canonical_hashtag
from intranet.timelines.queries import Kind, Timeline
from intranet.web.timelines import shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("tags", __name__)


@bp.get("/tags/<name>")
def show(name: str) -> ResponseReturnValue:
    """The posts and replies with this hashtag that the viewer may read, one address a hashtag.
    Whether it was ever used elsewhere is not told."""
    canonical = canonical_hashtag(name[:100])
    if canonical != name:
        return redirect(url_for("tags.show", name=canonical), 301)
    shown = shown_here(Timeline(Kind.TAG, canonical))
    template = "timelines/_posts.html" if wants_fragment() else "timelines/tag.html"
    return render_template(template, shown=shown, name=canonical)
