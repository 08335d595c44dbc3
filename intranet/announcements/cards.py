"""Announcements as pages draw them: finished, and under the viewer's rights."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from intranet.accounts.chips import AccountChip
from intranet.announcements.models import AnnouncementStatus
from intranet.media.views import MediaView


@dataclass(frozen=True, slots=True)
class AnnouncementCard:
    """A row of a list. The last five are what it is to the viewer, None where it is not for
    them."""

    id: int
    title: str
    lead: str
    language: str
    status: AnnouncementStatus
    voice: AccountChip  # the page, or the author
    published_at: dt.datetime | None
    publish_at: dt.datetime | None
    created_at: dt.datetime
    expires_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    requires_acknowledgement: bool
    acknowledge_by: dt.datetime | None
    approval_note: str
    read_at: dt.datetime | None = None
    acknowledged_at: dt.datetime | None = None
    to_confirm: bool = False
    again: bool = False  # confirmed before it changed in substance
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands above the feed: the first few, and how many there are in all. `to_confirm`
    counts those that must be confirmed."""

    items: tuple[WaitingItem, ...] = ()
    total: int = 0
    to_confirm: int = 0

    @property
    def more(self) -> int:
        """How many are not among the items."""
        return self.total - len(self.items)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    id: int
    title: str
    voice_name: str
    to_confirm: bool
    again: bool
    acknowledge_by: dt.datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One language of the text. `stale`: the default language has moved on since."""

    code: str
    stale: bool


@dataclass(frozen=True, slots=True)
class TextView:
    """The text that is shown."""

    id: int
    language: str
    version: int
    revision: int
    title: str
    html: str
    facts: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, tuple[str, ...]], ...]  # without what is right
    content_hash: str
    change_note: str
    written_at: dt.datetime
    minutes: int
    stale: bool
    current: bool  # says what the newest revision says, so that it can be confirmed


@dataclass(frozen=True, slots=True)
class MyReading:
    """What it is to the viewer, as a recipient."""

    read_at: dt.datetime | None
    acknowledged_at: dt.datetime | None  # of this revision
    again: bool
    overdue: bool
    exempted: bool


@dataclass(frozen=True, slots=True)
class ReachFigures:
    """How far it got, for who manages it."""

    recipients: int
    read: int
    acknowledged: int
    joiners: int
    by_site: tuple[tuple[str, int, int], ...]  # name, recipients, done; small ones left out

    @property
    def done_percent(self) -> int:
        """Who has done what is asked, in percent, rounded down so that 100 means all."""
        return 100 * self.acknowledged // self.recipients if self.recipients else 0

    @property
    def read_percent(self) -> int:
        """Who has read it, in percent."""
        return 100 * self.read // self.recipients if self.recipients else 0


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """The page of one announcement for one viewer. `text` is None of a withdrawn one that is not
    the viewer's to manage."""

    card: AnnouncementCard
    author: AccountChip
    approved_by: AccountChip | None
    audience_id: int
    revision: int
    text: TextView | None
    languages: tuple[LanguageChoice, ...]
    default_language: str
    files: tuple[MediaView, ...]
    mine: MyReading | None
    manages: bool
    may_approve: bool
    post_id: int | None
    pinned: bool
    by_email: bool
    joiner_days: int
    takes_questions: bool
    reminders: tuple[dict[str, Any], ...]
    expired: bool
    figures: ReachFigures | None

    @property
    def is_out(self) -> bool:
        """Whether readers have it."""
        return self.card.status is AnnouncementStatus.PUBLISHED
