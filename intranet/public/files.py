"""Pictures and files of public posts, and the picture of a public page."""

from __future__ import annotations

from pathlib import Path

from flask import Response, send_file

from intranet.media.storage import Storage
from intranet.public import queries
from intranet.public.door import bp, settings


def _sent(path: Path, mimetype: str, etag: str, download_name: str | None = None) -> Response:
    response = send_file(
        path,
        mimetype=mimetype,
        as_attachment=download_name is not None,
        download_name=download_name,
        conditional=True,
        etag=etag,
    )
    response.headers["Cache-Control"] = "public, max-age=120"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Previews of other sites show them.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _storage() -> Storage:
    return Storage(settings().data / "media")


@bp.get("/p/<handle>/media/<key>/<variant>")
def media(handle: str, key: str, variant: str) -> Response:
    """A picture to show, or a file to download, of a public post of this public page."""
    file = queries.get_media(queries.get_page(handle), key)
    return _sent(
        _storage().path(key, variant),
        file.content_type if variant == "original" else "image/webp",
        f"{key}-{variant}",
        None if file.is_image else file.file_name,
    )


@bp.get("/p/<handle>/picture")
def picture(handle: str) -> Response:
    """The page's own picture, 256 pixels square."""
    key = queries.get_picture_key(queries.get_page(handle))
    return _sent(_storage().path(key, "large"), "image/webp", f"{key}-large")
