"""PreviewView: the preview of a link as templates and serialisers draw it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreviewView:
    """Plain texts; the picture is ours, by its key."""

    url: str
    title: str
    description: str
    site_name: str
    image_key: str | None
    image_width: int | None
    image_height: int | None
