"""What exactly was read: the content of a text in its one canonical form, and the hash of it.

The export holds the content as it is hashed, so that the verifier needs to know no field of it."""

from __future__ import annotations

from typing import Any

from intranet.announcements.models import AnnouncementText
from intranet.evidence.verify import canonical, sha256


def content_of(text: AnnouncementText) -> dict[str, Any]:
    """Everything that a reader is shown and asked, and nothing else."""
    return {
        "language": text.language,
        "title": text.title,
        "source": text.source,
        "facts": text.facts or [],
        "questions": text.questions or [],
    }


def content_hash(text: AnnouncementText) -> str:
    """SHA-256 of the canonical content, in hexadecimal: AnnouncementText.content_hash."""
    return sha256(canonical(content_of(text)))
