"""What programs read: an Atom feed for each public page, the sitemap, and the word to robots."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template
from flask_babel import get_locale
from markupsafe import Markup

from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import Cursor
from intranet.kernel.text import writable_in_xml
from intranet.public import queries
from intranet.public.cards import PublicPost
from intranet.public.door import absolute, bp, settings

_ENTRIES = 40


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An Atom entry: RFC 4287, section 4.1.2. Text without characters that XML lacks."""

    address: str
    title: str
    html: str
    language: str | None
    published: str
    updated: str


def _entry(handle: str, name: str, post: PublicPost) -> FeedEntry:
    return FeedEntry(
        address=absolute("public.post", handle=handle, post_id=post.id),
        title=writable_in_xml(post.title) or writable_in_xml(name),
        html=writable_in_xml(_shown(post)),
        language=post.language,
        published=post.created_at.isoformat(timespec="seconds"),
        updated=(post.edited_at or post.created_at).isoformat(timespec="seconds"),
    )


def _shown(post: PublicPost) -> str:
    """Readers of feeds cannot fold: of a post behind a warning there is the warning."""
    if post.warning:
        return str(Markup("<p>{}</p>").format(post.warning))
    return text.absolute_links(post.html, settings().base_url)


@bp.get("/p/<handle>/feed.atom")
def feed(handle: str) -> Response:
    """The newest public posts as Atom (RFC 4287)."""
    page = queries.get_page(handle)
    posts = queries.list_posts(page, Cursor(limit=_ENTRIES))
    entries = [_entry(handle, page.name, post) for post in posts.items]
    updated = max((entry.updated for entry in entries), default=None)
    said = render_template(
        "public/feed.xml",
        name=writable_in_xml(page.name),
        tagline=writable_in_xml(page.description),
        address=absolute("public.show", handle=handle),
        self_address=absolute("public.feed", handle=handle),
        picture=absolute("public.picture", handle=handle) if page.has_picture else None,
        entries=entries,
        # A feed must say when it changed; one without entries never did.
        updated=updated or utc_now().replace(hour=0, minute=0, second=0, microsecond=0).isoformat(),
        language=str(get_locale()),
    )
    return Response(said, mimetype="application/atom+xml")


@bp.get("/p/sitemap.xml")
def sitemap() -> Response:
    """Every public address worth finding (sitemaps.org, version 0.9)."""
    addresses = []
    for entry in queries.sitemap():
        if entry.post_id is not None:
            at = absolute("public.post", handle=entry.handle, post_id=entry.post_id)
        elif entry.occurrence_id is not None:
            at = absolute("public.event", handle=entry.handle, occurrence_id=entry.occurrence_id)
        else:
            at = absolute("public.show", handle=entry.handle)
        changed = entry.changed_at.isoformat(timespec="seconds") if entry.changed_at else None
        addresses.append((at, changed))
    said = render_template("public/sitemap.xml", addresses=addresses)
    return Response(said, mimetype="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """Search engines may read what is public, and nothing else."""
    lines = (
        "User-agent: *",
        "Allow: /p/",
        "Allow: /static/",
        "Disallow: /",
        f"Sitemap: {absolute('public.sitemap')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
