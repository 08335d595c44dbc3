"""The link of a post that is shown below it: found when the text is written, taken away by who
wrote it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, exists, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.media.storage import Storage
from intranet.posts import policies
from intranet.posts.events import PostChanged
from intranet.posts.models import Post, Visibility
from intranet.posts.telling import tell
from intranet.previews import asking
from intranet.previews.models import LinkPreview
from intranet.previews.rules import PreviewRules, first_link
from intranet.previews.views import PreviewView

_TOLD = 50  # posts with one preview whose cards open pages fetch anew
_PURGED = 200  # in one go


def find(post: Post, rules: PreviewRules) -> None:
    """Set on the post what the first link of its HTML leads to. A message between people asks
    nobody outside; it still shows posts of ours."""
    link = first_link(post.html, rules)
    post.preview_id = post.link_post_id = None
    if link.url is not None and post.visibility is not Visibility.DIRECT:
        post.preview_id = asking.ask(link.url)
    if link.post_id is not None and link.post_id != post.id:
        # Whether its readers may see it is asked when it is drawn. It stays until this is written.
        post.link_post_id = db.session.scalar(
            select(Post.id)
            .where(Post.id == link.post_id, Post.boost_of_id.is_(None))
            .with_for_update(read=True, key_share=True)
        )


def find_anew(post: Post, html_before: str, rules: PreviewRules) -> None:
    """After an edit: only another link is another preview. One that was taken away stays away."""
    if first_link(html_before, rules) != first_link(post.html, rules):
        find(post, rules)


def remove(actor: Account, post: Post) -> None:
    """Show the link without what stands behind it; for those who may edit the post."""
    policies.require_may_edit(actor, post)
    if post.preview_id is None and post.link_post_id is None:
        return
    post.preview_id = post.link_post_id = None
    db.session.flush()
    tell(PostChanged, post)


def tell_of(preview_id: int) -> None:
    """The preview has come, or is another one: so are the cards of its posts."""
    posts = select(Post).where(Post.preview_id == preview_id, Post.deleted_at.is_(None))
    for post in db.session.scalars(posts.order_by(Post.id.desc()).limit(_TOLD)):
        tell(PostChanged, post)


def view(row: Row[Any]) -> PreviewView | None:
    """Of one of the rows that cards are made of; None while nothing is known."""
    if not row.preview_title:
        return None
    return PreviewView(
        row.preview_url,
        row.preview_title,
        row.preview_description,
        row.preview_site_name,
        row.preview_image_key,
        row.preview_image_width,
        row.preview_image_height,
    )


def require_image_visible(viewer: Account, key: str) -> None:
    """NotFound unless the picture stands below a post that the viewer may read."""
    shown = (
        select(Post.id)
        .join(LinkPreview, LinkPreview.id == Post.preview_id)
        .where(LinkPreview.image_key == key, policies.visible_to(viewer))
        .limit(1)
    )
    if db.session.scalar(shown) is None:
        raise NotFound()


def purge(storage: Storage) -> None:
    """Forget what no post shows any more and what is out of date, with its pictures."""
    used = exists().where(Post.preview_id == LinkPreview.id)
    old = db.session.execute(
        select(LinkPreview.id, LinkPreview.image_key)
        .where(LinkPreview.expires_at < utc_now(), LinkPreview.due_at.is_(None), ~used)
        .limit(_PURGED)
    ).all()
    db.session.execute(delete(LinkPreview).where(LinkPreview.id.in_([row.id for row in old])))
    for row in old:
        if row.image_key is not None:
            storage.delete(row.image_key)
