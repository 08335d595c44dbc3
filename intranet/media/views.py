"""MediaView: an attachment as templates and serialisers draw it."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.media.models import MediaAttachment, MediaKind


@dataclass(frozen=True, slots=True)
class MediaView:
    """Addresses are made by the door from `key`; sizes in pixels and bytes."""

    id: int
    key: str
    kind: MediaKind
    file_name: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    blurhash: str | None
    alt_text: str


def view_of(media: MediaAttachment) -> MediaView:
    """The view of a loaded attachment."""
    return MediaView(
        id=media.id,
        key=media.key,
        kind=media.kind,
        file_name=media.file_name,
        content_type=media.content_type,
        size=media.size,
        width=media.width,
        height=media.height,
        blurhash=media.blurhash,
        alt_text=media.alt_text,
    )
