"""EventDraft: what somebody wants to put into the calendar. The one input of every door."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from intranet.audiences.rules import AudienceRule
from intranet.calendar.clocks import EARLIEST, LATEST
from intranet.calendar.models import EventVisibility
from intranet.calendar.recurrence import Rule, aligned, parse
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise
from intranet.kernel.zones import is_zone

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
MOST_SEATS = 100_000
MOST_GUESTS = 10
MOST_QUESTIONS = 8
QUESTION_LENGTH = 200
MOST_HOSTS = 20
MOST_FILES = 10
# Minutes before the start at which one may be reminded.
REMINDERS = (10, 30, 60, 1440, 10080)
_LONGEST = dt.timedelta(days=366)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of who comes."""

    text: str
    required: bool = False


@dataclass(kw_only=True, slots=True)
class EventDraft:
    """`starts` and `ends` are what the clocks of `time_zone` show (naive); an all-day event ends,
    exclusively, at a midnight. `rrule` is a value of RFC 5545. The organiser is the actor, or the
    page or the group that is named; a group's event is for the group. `rule` narrows who it is
    for to an audience; `audience_id` names one that is stored."""

    title: str
    starts: dt.datetime | None
    ends: dt.datetime | None
    time_zone: str
    all_day: bool = False
    rrule: str = ""
    source: str = ""
    place: str = ""
    room: str = ""
    online_url: str = ""
    page_id: int | None = None
    group_id: int | None = None
    rule: AudienceRule | None = None
    audience_id: int | None = None
    is_public: bool = False
    capacity: int | None = None
    guests_allowed: int = 0
    questions: tuple[Question, ...] = ()
    reminders: tuple[int, ...] = ()
    host_ids: tuple[int, ...] = ()
    media_ids: tuple[int, ...] = ()
    cover_id: int | None = None  # one of the actor's own uploads
    excluded: tuple[dt.datetime, ...] = ()  # of an import: dates that do not take place
    repetition: Rule | None = field(default=None, init=False)  # rrule, read

    def __post_init__(self) -> None:
        problems: dict[str, str] = {}
        self.title = _line(self.title, TITLE_LENGTH, "title", problems)
        if not self.title and "title" not in problems:
            problems["title"] = N_("Give the event a title.")
        self.place = _line(self.place, 200, "place", problems)
        self.room = _line(self.room, 120, "room", problems)
        self._check_url(problems)
        if len(self.source) > TEXT_LENGTH:
            problems["source"] = N_("This is too long: 20,000 characters at most.")
        else:
            self.source = normalise(self.source)
        self._check_times(problems)
        self._check_numbers(problems)
        if problems:
            raise Invalid(fields=problems)

    @property
    def visibility(self) -> EventVisibility:
        """Who it is for."""
        if self.group_id is not None:
            return EventVisibility.GROUP
        if self.audience_id is not None or (self.rule and not self.rule.is_everyone):
            return EventVisibility.AUDIENCE
        return EventVisibility.ORGANISATION

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Start and end, which are there once the draft is accepted."""
        assert self.starts is not None
        assert self.ends is not None
        return self.starts, self.ends

    def _check_url(self, problems: dict[str, str]) -> None:
        self.online_url = self.online_url.strip()
        if not self.online_url:
            return
        try:
            parts = urlsplit(self.online_url)
            fits = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            fits = False
        if not fits or len(self.online_url) > 500 or re.search(r"[\s\x00-\x1f]", self.online_url):
            problems["online_url"] = N_("Enter a web address that begins with https://.")

    def _check_times(self, problems: dict[str, str]) -> None:
        if not is_zone(self.time_zone):
            problems["time_zone"] = N_("There is no such time zone.")
        for name, moment in (("starts", self.starts), ("ends", self.ends)):
            if moment is None:
                problems[name] = N_("Enter a date and a time.")
            elif not EARLIEST <= moment.year <= LATEST:
                problems[name] = N_("This date is too far away.")
        if problems.keys() & {"starts", "ends", "time_zone"}:
            return
        starts, ends = self.span
        starts, ends = starts.replace(microsecond=0), ends.replace(microsecond=0)
        if self.all_day:
            midnight = dt.time()
            starts, ends = (dt.datetime.combine(one.date(), midnight) for one in (starts, ends))
        if ends <= starts:
            problems["ends"] = N_("The end must come after the start.")
        elif ends - starts > _LONGEST:
            problems["ends"] = N_("An event lasts a year at most.")
        elif self.rrule.strip():
            try:
                self.repetition = parse(self.rrule, self.time_zone)
                first = aligned(self.repetition, starts)
                starts, ends = first, ends + (first - starts)
            except Invalid as error:
                problems.update(error.fields)
        self.starts, self.ends = starts, ends

    def _check_numbers(self, problems: dict[str, str]) -> None:
        if self.capacity is not None and not 1 <= self.capacity <= MOST_SEATS:
            problems["capacity"] = N_("Enter a number of seats between 1 and 100,000.")
        if not 0 <= self.guests_allowed <= MOST_GUESTS:
            problems["guests_allowed"] = N_("At most 10 guests for each person.")
        asked = tuple(
            Question(" ".join(normalise(one.text[:1000]).split()), one.required)
            for one in self.questions[: MOST_QUESTIONS + 1]
        )
        self.questions = tuple(one for one in asked if one.text)
        if len(self.questions) > MOST_QUESTIONS:
            problems["questions"] = N_("At most 8 questions.")
        elif any(len(one.text) > QUESTION_LENGTH for one in self.questions):
            problems["questions"] = N_("A question may have 200 characters at most.")
        self.reminders = tuple(sorted(set(self.reminders)))
        if not set(self.reminders) <= set(REMINDERS):
            problems["reminders"] = N_("Choose from the reminders that are offered.")
        self.host_ids = tuple(dict.fromkeys(self.host_ids))
        if len(self.host_ids) > MOST_HOSTS:
            problems["hosts"] = N_("At most 20 hosts.")
        self.media_ids = tuple(dict.fromkeys(self.media_ids))
        if len(self.media_ids) > MOST_FILES:
            problems["files"] = N_("At most 10 files.")


def _line(raw: str, most: int, name: str, problems: dict[str, str]) -> str:
    text = " ".join(normalise(raw[: 10 * most]).split())
    if len(text) > most:
        problems[name] = N_("This is too long.")
    return text
