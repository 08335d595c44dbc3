"""MediaAttachment: https://docs.joinmastodon.org/entities/MediaAttachment/"""

from __future__ import annotations

from typing import Any

from intranet.mastodon.files import media_url
from intranet.media.models import MediaKind
from intranet.media.views import MediaView


def attachment(one: MediaView) -> dict[str, Any]:
    """A picture, or a file of any other kind, which is `unknown` to apps: they offer it to be
    downloaded."""
    is_image = one.kind is MediaKind.IMAGE
    url = media_url(one.key, "original")
    return {
        "id": str(one.id),
        "type": "image" if is_image else "unknown",
        "url": url,
        "preview_url": media_url(one.key, "small") if one.has_preview else url,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": _meta(one),
        "description": one.alt_text or (None if is_image else one.file_name),
        "blurhash": one.blurhash,
    }


def _meta(one: MediaView) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.kind is MediaKind.IMAGE and one.width and one.height:
        found["original"] = _size(one.width, one.height)
    if one.small_size is not None:
        found["small"] = _size(*one.small_size)
        found["focus"] = {"x": one.focus[0], "y": one.focus[1]}
    return found


def _size(width: int, height: int) -> dict[str, Any]:
    return {
        "width": width,
        "height": height,
        "size": f"{width}x{height}",
        "aspect": round(width / height, 6),
    }
