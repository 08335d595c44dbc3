"""Pictures and files for programs.

Apps load pictures without showing their token, so each address carries a signed ticket that names
the token it was made for. The token and the right to see are asked anew each time: an address that
leaks opens nothing once the token is revoked, or the group is left.
"""

from __future__ import annotations

from flask import Response, send_file
from itsdangerous import BadSignature

from intranet.accounts.models import Account
from intranet.attachments import queries as attachments
from intranet.kernel.errors import NotFound
from intranet.mastodon.answers import absolute, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.requirements import open_to_all
from intranet.mastodon.tickets import File, serializer, ticket_here
from intranet.media import queries as media
from intranet.media.models import MediaKind
from intranet.media.storage import Storage
from intranet.oauth import tokens
from intranet.posts import previewing

_DAY = 86_400
_MAX_TICKET = 400


def avatar_url(key: str, size: str) -> str:
    """The address of a profile picture for the program that asks now."""
    return _url("a", key, size)


def header_url(key: str, size: str) -> str:
    """The address of the wide picture of a profile for the program that asks now."""
    return _url("h", key, size)


def media_url(key: str, variant: str) -> str:
    """The address of a picture or file for the program that asks now."""
    return _url("m", key, variant)


def preview_url(key: str) -> str:
    """The address of the picture of a link's preview for the program that asks now."""
    return _url("p", key, "small")


def _url(kind: str, key: str, variant: str) -> str:
    return absolute(f"/api/files/{ticket_here(File(kind, key, variant))}")


@bp.get("/api/files/<ticket>")
@open_to_all
def file(ticket: str) -> Response:
    """A picture or file, as long as the token of its ticket lives and may see it."""
    try:
        if len(ticket) > _MAX_TICKET:
            raise NotFound
        token_id, kind, key, variant = serializer().loads(ticket)
    except (BadSignature, ValueError):
        raise NotFound from None
    found = tokens.find_by_id(token_id)
    if found is None or found.account is None:
        raise NotFound
    storage = Storage(settings_here().data / "media")
    if kind == "a":
        media.require_avatar_visible(found.account, key)
        return _picture(storage, key, variant)
    if kind == "h":
        media.require_header_visible(found.account, key)
        return _picture(storage, key, variant)
    if kind == "p":
        previewing.require_image_visible(found.account, key)
        return _picture(Storage(settings_here().data / "previews"), key, variant)
    return _media(found.account, storage, key, variant)


def _picture(storage: Storage, key: str, size: str) -> Response:
    path = storage.path(key, size)
    return _private(send_file(path, mimetype="image/webp", conditional=True, etag=f"{key}-{size}"))


def _media(viewer: Account, storage: Storage, key: str, variant: str) -> Response:
    found = attachments.get_visible(viewer, key)
    is_image = found.kind is MediaKind.IMAGE
    response = send_file(
        storage.path(key, variant),
        mimetype=found.content_type if variant == "original" else "image/webp",
        as_attachment=not is_image and variant == "original",
        download_name=found.file_name,
        conditional=True,
        etag=f"{key}-{variant}",
    )
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = f"private, max-age={_DAY}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
