"""The pictures of previews, and taking a preview away."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from intranet.media.storage import Storage
from intranet.posts import previewing, queries
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer
from intranet.web.media import as_private
from intranet.web.posts import bp as posts

bp: Blueprint = posts


@bp.get("/previews/<key>")
def preview_picture(key: str) -> ResponseReturnValue:
    """The picture of a preview that stands below a post which the viewer may read."""
    previewing.require_image_visible(viewer(), key)
    settings: Settings = current_app.extensions["intranet.settings"]
    path = Storage(settings.data / "previews").path(key, "small")
    response = send_file(path, mimetype="image/webp", max_age=86_400, conditional=True, etag=key)
    return as_private(response)


@bp.post("/posts/<int:post_id>/preview/remove")
def remove_preview(post_id: int) -> ResponseReturnValue:
    """Show the post's link without what stands behind it."""
    with unit_of_work():
        previewing.remove(viewer(), queries.get_visible(viewer(), post_id, lock=True))
    return redirect(url_for("posts.show", post_id=post_id, _anchor=f"post-{post_id}"), 303)
