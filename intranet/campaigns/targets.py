"""Where a short link may lead, and which thing of ours that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import column, select, table

from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.posts.models import Post

LONGEST = 2000
_SHORT_LINKS = "/l/"
_OURS = re.compile(r"/(announcements|events|posts)/([0-9]{1,19})(?=[/?#]|\Z)")
_PUBLIC_POST = re.compile(r"/p/[^/]+/(events|posts)/([0-9]{1,19})(?=[/?#]|\Z)")
_announcement = table("announcement", column("id"))
_occurrence = table("occurrence", column("id"), column("event_id"))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a link is about; at most one is set."""

    announcement_id: int | None = None
    event_id: int | None = None
    post_id: int | None = None


def clean_target(raw: str, origin: str) -> str:
    """The target as it is stored: `https://elsewhere/...`, or the path of an address of this site
    (`origin`). Invalid with the field `target` when nobody should be led there."""
    target = raw.strip()
    if not target:
        raise Invalid(fields={"target": N_("Where should the link lead?")})
    if len(target) > LONGEST:
        raise Invalid(fields={"target": N_("This address is too long.")})
    wrong = Invalid(
        fields={"target": N_("Give an address that begins with https:// or with a slash.")}
    )
    if any(ord(mark) < 0x21 or ord(mark) == 0x7F for mark in target) or "\\" in target:
        raise wrong
    if target == origin or target.startswith(f"{origin}/"):
        target = target.removeprefix(origin) or "/"
    if target.startswith("/"):
        if target.startswith("//"):
            raise wrong
        if target.startswith(_SHORT_LINKS):
            raise Invalid(fields={"target": N_("A short link cannot lead to a short link.")})
        return target
    try:
        parts = urlsplit(target)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise wrong from None
    # With a user name before the host, an address says one place and leads to another.
    if not usable or "@" in parts.netloc:
        raise wrong
    return target


def subject_of(target: str) -> Subject:
    """What of ours a stored target shows; nothing when it is elsewhere or not there."""
    found = _OURS.match(target) or _PUBLIC_POST.match(target)
    if found is None or int(found[2]) > MAX_ID:
        return Subject()
    kind, number = found[1], int(found[2])
    if kind == "announcements":
        known = select(_announcement.c.id).where(_announcement.c.id == number)
        return Subject(announcement_id=db.session.scalar(known))
    if kind == "events":
        event = select(_occurrence.c.event_id).where(_occurrence.c.id == number)
        return Subject(event_id=db.session.scalar(event))
    return Subject(post_id=db.session.scalar(select(Post.id).where(Post.id == number)))
