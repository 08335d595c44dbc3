"""Uploads in, pictures and files out: only to those who may see the post they belong to."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, Response, current_app, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intranet.attachments import queries as attachments
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.media import actions, queries, uploads
from intranet.media.models import MediaKind
from intranet.media.storage import Storage
from intranet.media.uploads import StoredUpload, UploadLimits
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer

bp = Blueprint("media", __name__)

_BROWSER_SECONDS = 600


def storage() -> Storage:
    """Where this application keeps its files."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return Storage(settings.data / "media")


def limits() -> UploadLimits:
    """What this application takes."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return UploadLimits(
        settings.upload_max_bytes, settings.image_max_pixels, settings.upload_macros
    )


def take_files(field: str = "files") -> list[StoredUpload]:
    """Store every file of the form's field; empty inputs are passed over."""
    return [
        uploads.take(
            cast(BinaryIO, sent.stream), sent.filename or "", storage=storage(), limits=limits()
        )
        for sent in request.files.getlist(field)
        if sent.filename
    ]


@bp.post("/media")
def upload() -> ResponseReturnValue:
    """One file (field `file`, with `alt_text`), kept for a post that is being written."""
    taken = take_files("file")
    if len(taken) != 1:
        raise Invalid(N_("Send one file at a time."))
    with unit_of_work():
        media = actions.add(viewer(), taken[0], alt_text=request.form.get("alt_text", ""))
    is_image = media.kind is MediaKind.IMAGE
    body = {
        "id": str(media.id),
        "key": media.key,
        "kind": media.kind,
        "file_name": media.file_name,
        "size": media.size,
        "width": media.width,
        "height": media.height,
        "preview_url": url_for("media.show", key=media.key, variant="small") if is_image else None,
    }
    return jsonify(body), 201


@bp.post("/media/<int:media_id>/description")
def describe(media_id: int) -> ResponseReturnValue:
    """The alternative text of an own upload that waits for its post."""
    with unit_of_work():
        actions.describe(viewer(), media_id, request.form.get("alt_text", ""))
    return "", 204


@bp.get("/media/<key>/<variant>")
def show(key: str, variant: str) -> ResponseReturnValue:
    """A picture to show, or a file to download; never anything that a browser would run."""
    media = attachments.get_visible(viewer(), key)
    path = storage().path(key, variant)
    is_image = media.kind is MediaKind.IMAGE
    response = send_file(
        path,
        mimetype=media.content_type if variant == "original" else "image/webp",
        as_attachment=not is_image and variant == "original",
        download_name=media.file_name,
        max_age=_BROWSER_SECONDS,
        conditional=True,
        etag=f"{key}-{variant}",
    )
    return as_private(response)


@bp.get("/avatars/<key>/<size>")
def avatar(key: str, size: str) -> ResponseReturnValue:
    """A profile picture, `small` (96 px) or `large` (256 px), square."""
    queries.require_avatar_visible(viewer(), key)
    return square_picture(key, size)


def square_picture(key: str, size: str) -> Response:
    """A stored square picture that the viewer may see; NotFound for a size that there is not."""
    path = storage().path(key, size)
    response = send_file(
        path, mimetype="image/webp", max_age=86_400, conditional=True, etag=f"{key}-{size}"
    )
    return as_private(response)


@bp.get("/headers/<key>/<size>")
def header(key: str, size: str) -> ResponseReturnValue:
    """The wide picture of a profile, `small` (600 x 200 px) or `large` (1500 x 500 px)."""
    queries.require_header_visible(viewer(), key)
    path = storage().path(key, size)
    response = send_file(
        path, mimetype="image/webp", max_age=86_400, conditional=True, etag=f"{key}-{size}"
    )
    return as_private(response)


def as_private(response: Response) -> Response:
    """For this reader only, and never something to run."""
    response.cache_control.public = False
    response.cache_control.private = True
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
