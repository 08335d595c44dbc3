"""The posts that carry a hashtag; following hashtags, and showing them on one's profile."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.pagination import MAX_LIMIT, Cursor
from intranet.kernel.text import canonical_hashtag
from intranet.tags import actions, queries
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.settings import bp as settings
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
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    followed = bool(queries.followed_among(viewer(), [canonical]))
    return render_template("timelines/tag.html", shown=shown, name=canonical, followed=followed)


@bp.post("/tags/<name>/follow")
def follow(name: str) -> ResponseReturnValue:
    """What is for everybody and carries it comes to the viewer's home."""
    return _do(actions.follow, name)


@bp.post("/tags/<name>/unfollow")
def unfollow(name: str) -> ResponseReturnValue:
    """No longer."""
    return _do(actions.unfollow, name)


def _do(act: Callable[[Account, str], None], name: str) -> ResponseReturnValue:
    try:
        canonical = actions.canonical(name)
    except Invalid:
        raise NotFound from None
    with unit_of_work():
        act(viewer(), name)
    back = request.form.get("next")
    return redirect(safe_next(back) if back else url_for("tags.show", name=canonical), 303)


@settings.get("/settings/hashtags")
def hashtags() -> ResponseReturnValue:
    """The hashtags that the viewer follows, and those on their profile."""
    return _hashtags("", {})


def _hashtags(typed: str, problems: dict[str, str]) -> str:
    cursor = Cursor.parse(request.args.get("before"), limit=MAX_LIMIT)
    return render_template(
        "settings/hashtags.html",
        followed=queries.list_followed(viewer(), cursor),
        featured=queries.featured_of(viewer(), viewer().id),
        proposed=queries.featured_suggestions(viewer()),
        most=actions.MAX_FEATURED,
        typed=typed,
        errors=problems,
    )


@settings.post("/settings/hashtags/featured")
def feature_hashtag() -> ResponseReturnValue:
    """Show a hashtag on the viewer's profile."""
    typed = request.form.get("name", "")
    try:
        with unit_of_work():
            actions.feature(viewer(), typed)
    except Invalid as error:
        return _hashtags(typed[:200], errors.field_sentences(error)), error.status
    flash(_("Saved."))
    return redirect(url_for("settings.hashtags"), 303)


@settings.post("/settings/hashtags/featured/<int:featured_id>/remove")
def unfeature_hashtag(featured_id: int) -> ResponseReturnValue:
    """Show it there no longer."""
    with unit_of_work():
        actions.unfeature(viewer(), featured_id)
    flash(_("Saved."))
    return redirect(url_for("settings.hashtags"), 303)
