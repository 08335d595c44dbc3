"""Feeds for readers: their addresses in the settings, and what they give (Atom, RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from intranet.feeds import actions, queries
from intranet.feeds.models import FeedKind
from intranet.feeds.queries import FoundFeed, State, Subject
from intranet.kernel import text
from intranet.kernel.errors import Invalid
from intranet.kernel.text import writable_in_xml
from intranet.posts.cards import PostCard
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.auth import settings_here
from intranet.web.identity import viewer

bp = Blueprint("feeds", __name__)

_TITLE = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """An Atom entry: RFC 4287, section 4.1.2. Text without characters that XML lacks."""

    address: str
    title: str
    author: str
    html: str
    language: str | None
    published: str
    updated: str


def _page(
    address: str = "",
    proposed: actions.Proposed | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "settings/feeds.html",
        feeds=queries.list_feeds(viewer()),
        proposed=proposed,
        address=address,
        errors=problems or {},
    )


@bp.get("/settings/feeds")
def index() -> ResponseReturnValue:
    """The viewer's feeds. With `of` and `key`: whether to make one of that."""
    proposed: actions.Proposed | None = None
    problems: dict[str, str] = {}
    if request.args.get("of"):
        try:
            proposed = _proposed(request.args.get("of", ""), request.args.get("key", ""))
        except Invalid as error:
            problems = errors.field_sentences(error)
    return _page(proposed=proposed, problems=problems), 422 if problems else 200


@bp.post("/settings/feeds")
def create() -> ResponseReturnValue:
    """A new address (fields `of`, `key`), shown this once."""
    try:
        with unit_of_work():
            proposed = _proposed(request.form.get("of", ""), request.form.get("key", ""))
            token = actions.create(viewer(), proposed)
    except Invalid as error:
        return _page(problems=errors.field_sentences(error)), error.status
    address = settings_here().base_url + url_for("feeds.show", token=token)
    return _page(address), 201, {"Cache-Control": "no-store"}


def _proposed(kind: str, key: str) -> actions.Proposed:
    return actions.propose(viewer(), kind, key)


@bp.post("/settings/feeds/<int:feed_id>/revoke")
def revoke(feed_id: int) -> ResponseReturnValue:
    """The address leads nowhere from now on."""
    with unit_of_work():
        actions.revoke(viewer(), feed_id)
    flash(_("The address no longer works."))
    return redirect(url_for("feeds.index"), 303)


@bp.get("/feeds/<token>.atom")
def show(token: str) -> ResponseReturnValue:
    """What the owner of this address may read now; the address itself is the key. A reader that
    knows it already hears so before any text is read."""
    found = queries.find(token)
    held = queries.state(found)
    if _is_known(held):
        response = Response(status=304, mimetype="application/atom+xml")
    else:
        response = Response(_drawn(found, held), mimetype="application/atom+xml")
    # A GET that writes, once an hour at most, and nothing that was asked for: the owner, who sees
    # it beside the feed, can tell a forgotten address from one that somebody else reads. It is
    # what a log is to RFC 9110 (9.2.1), and a task row in its place would be a write as well.
    if found.touch_due:
        with unit_of_work():
            actions.touch(found.feed.id)
    # Weak: what compresses the answer on its way leaves it alone.
    response.set_etag(held.tag, weak=True)
    response.last_modified = held.updated
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _is_known(held: State) -> bool:
    """RFC 9110, 13.2.2: the tag decides where one was sent. A date has to be the very one that
    was given out: when the newest post is deleted it goes back, and that is a change too."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(held.tag)
    return request.if_modified_since == held.updated.replace(microsecond=0)


def _drawn(found: FoundFeed, held: State) -> str:
    return render_template(
        "feeds/feed.xml",
        id=f"urn:parvis:feed:{found.feed.id}",
        name=writable_in_xml(found.subject.name or settings_here().brand),
        address=_address_of(found),
        updated=held.updated.isoformat(timespec="seconds"),
        entries=[_entry(post) for post in queries.entries(found, held)],
    )


def _address_of(found: FoundFeed) -> str:
    """The page of what it is of; the start page of what the owner may no longer know."""
    subject: Subject = found.subject
    where = url_for("home.show")
    if subject.name is not None:
        where = {
            FeedKind.PROFILE: lambda: url_for("people.show", handle=subject.key),
            FeedKind.GROUP: lambda: url_for("groups.show", slug=subject.key),
            FeedKind.HASHTAG: lambda: url_for("tags.show", name=subject.key),
            FeedKind.SEARCH: lambda: url_for("saved_searches.show", saved_id=subject.key),
        }[found.feed.kind]()
    return settings_here().base_url + where


def _entry(post: PostCard) -> Entry:
    base = settings_here().base_url
    # Readers of feeds cannot fold: of a post behind a warning there is the warning.
    said = post.spoiler_text or text.plain_text(post.source, _TITLE)
    shown = (
        str(Markup("<p>{}</p>").format(post.spoiler_text))
        if post.spoiler_text
        else text.absolute_links(post.html, base)
    )
    return Entry(
        address=f"{base}/posts/{post.id}",
        title=writable_in_xml(said) or writable_in_xml(post.author.display_name),
        author=writable_in_xml(post.author.display_name),
        html=writable_in_xml(shown),
        language=post.language,
        published=post.created_at.isoformat(timespec="seconds"),
        updated=(post.edited_at or post.created_at).isoformat(timespec="seconds"),
    )
