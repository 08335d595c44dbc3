"""EventCard: one date of an event as one viewer sees it; lists, calendars and feeds draw this."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts.chips import AccountChip
from intranet.calendar.models import Answer
from intranet.groups.chips import GroupChip
from intranet.kernel.clock import utc_now


@dataclass(frozen=True, kw_only=True, slots=True)
class EventCard:
    """Finished: templates never query. Times are in UTC; all-day dates begin and end (exclusively)
    at midnight of `time_zone`. `seats_left` is None when there is no limit."""

    occurrence_id: int
    event_id: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    all_day: bool
    time_zone: str
    place: str
    room: str
    online_url: str
    organiser: AccountChip
    group: GroupChip | None  # None too when the viewer may not know of it
    my_answer: Answer | None
    my_waiting: bool
    going_count: int
    maybe_count: int
    waiting_count: int
    capacity: int | None
    seats_left: int | None
    cancelled: bool
    moved: bool
    recurring: bool
    is_public: bool

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.ends_at <= utc_now()
