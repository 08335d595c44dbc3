"""MediaView: an attachment as templates and serialisers draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from intranet.media.images import SMALL_SIDE
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
    focus: tuple[float, float] = (0.0, 0.0)  # -1 (left, bottom) to 1 (right, top)
    preview_width: int | None = None  # of a preview that its owner gave
    preview_height: int | None = None

    @property
    def has_preview(self) -> bool:
        """Whether there is a small picture of it."""
        return self.kind is MediaKind.IMAGE or self.preview_width is not None

    @property
    def small_size(self) -> tuple[int, int] | None:
        """Width and height of the small picture; None when there is none."""
        if self.preview_width and self.preview_height:
            return self.preview_width, self.preview_height
        if self.kind is not MediaKind.IMAGE or not self.width or not self.height:
            return None
        scale = min(1.0, SMALL_SIDE / max(self.width, self.height))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    @property
    def focus_place(self) -> str:
        """Where the focus lies on a grid of five by five, as `column-row` from the top left: what
        style sheets know. Empty for the middle."""
        x, y = self.focus
        column, row = round((x + 1) * 2), round((1 - y) * 2)
        return "" if (column, row) == (2, 2) else f"{column}-{row}"


def view_of(media: MediaAttachment | Row[Any]) -> MediaView:
    """The view of a loaded attachment, or of a row of its columns."""
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
        focus=(media.focus_x, media.focus_y),
        preview_width=media.preview_width,
        preview_height=media.preview_height,
    )
