"""What the public sees of a page, a post and a date of an event: nothing of who read, wrote or
answered it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts.chips import HUES, initials_of
from intranet.kernel import text
from intranet.media.views import MediaView

_TITLE, _DESCRIPTION = 90, 200


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicPage:
    """`has_events`: dates lie ahead. The contact is the page's own, never a person's."""

    id: int
    handle: str
    name: str
    verified: bool
    has_picture: bool
    tagline: str
    about_html: str
    contact_email: str
    contact_phone: str
    contact_url: str
    has_events: bool

    @property
    def initials(self) -> str:
        """Two capitals, in the place of a picture."""
        return initials_of(self.name)

    @property
    def hue(self) -> int:
        """The same identity colour as inside."""
        return (self.id >> 22 ^ self.id) % HUES

    @property
    def description(self) -> str:
        """One sentence for search engines and previews."""
        return self.tagline or text.plain_text_from_html(self.about_html, _DESCRIPTION)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicPost:
    """`html` has no links to people or hashtags."""

    id: int
    html: str
    warning: str  # what stands in front of it, or ''
    sensitive: bool
    language: str | None
    created_at: dt.datetime
    edited_at: dt.datetime | None
    media: tuple[MediaView, ...]

    @property
    def title(self) -> str:
        """Its warning, or its beginning, for the title of a page or an entry; may be empty."""
        return self.warning or text.plain_text_from_html(self.html, _TITLE)

    @property
    def description(self) -> str:
        """A little more of it; behind a warning no more than that."""
        return self.warning or text.plain_text_from_html(self.html, _DESCRIPTION)

    @property
    def picture(self) -> MediaView | None:
        """What a preview shows; nothing of a sensitive post."""
        if self.sensitive:
            return None
        return next((one for one in self.media if one.width), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicEvent:
    """One date. Times in UTC; `time_zone` is where it takes place. All-day dates end at the
    midnight after their last day."""

    id: int  # of the occurrence
    title: str
    html: str
    place: str
    online_url: str
    time_zone: str
    all_day: bool
    starts_at: dt.datetime
    ends_at: dt.datetime
    cancelled: bool
    cover_key: str | None

    @property
    def description(self) -> str:
        """The beginning of its text."""
        return text.plain_text_from_html(self.html, _DESCRIPTION)
