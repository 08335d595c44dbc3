"""A series in the calendar at home: what is kept there after each letter is what the site shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import recurring_ical_events
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import (
    cancelling,
    feeds,
    invitations,
    itip,
    replies,
    reply_addresses,
    rsvp,
    series,
)
from intranet.calendar.models import (
    Answer,
    CalendarPreference,
    MailedDate,
    MailedSeries,
    Occurrence,
    Rsvp,
)
from intranet.calendar.queries import get_visible
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.mail.actions import enqueue_mail
from intranet.mail.delivery import Deliverer
from intranet.mailbox.intake import Outcome, receive
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.calendar.conftest import Arrange, a_draft, soon
from tests.calendar.rfc5545 import problems
from tests.calendar.test_letters import reply_to
from tests.factories import Factory
from tests.mail.sink import Sink

FOUR = "FREQ=WEEKLY;COUNT=4"
Act = Callable[[Callable[..., Any]], None]


class HomeCalendar:
    """A calendar program that does what RFC 5546 says with each letter: a REQUEST replaces what
    is there of its UID (of one RECURRENCE-ID: that date), a CANCEL takes it away."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[Any, Any]] = {}
        self.zones: list[Any] = []

    def read(self, messages: list[Any]) -> None:
        for message in messages:
            for part in message.walk():
                if part.get_content_type() == "text/calendar":
                    raw = part.get_payload(decode=True).replace(b"\r\n", b"\n")
                    raw = raw.replace(b"\n", b"\r\n")
                    assert problems(raw) == []
                    self.take(Calendar.from_ical(raw))

    def take(self, calendar: Any) -> None:
        self.zones += calendar.walk("VTIMEZONE")
        events = calendar.walk("VEVENT")
        uid = str(events[0]["UID"])
        names = [one["RECURRENCE-ID"].dt if "RECURRENCE-ID" in one else None for one in events]
        kept = self.parts.setdefault(uid, {})
        if str(calendar["METHOD"]) == "REQUEST":
            if None in names and None in kept:
                assert events[names.index(None)]["SEQUENCE"] >= kept[None]["SEQUENCE"]
            if None in names:
                kept.clear()
            for name, event in zip(names, events, strict=True):
                assert name not in kept or event["SEQUENCE"] >= kept[name]["SEQUENCE"]
                kept[name] = event
        elif None in names:
            del self.parts[uid]
        else:
            for name in names:
                kept.pop(name, None)
                if None in kept:
                    kept[None].add("EXDATE", name)
            if not kept:
                del self.parts[uid]

    def starts(self) -> list[dt.datetime]:
        """What it shows of the next three months, but for what was declined."""
        found = []
        for kept in self.parts.values():
            calendar: Any = Calendar()
            for part in [*self.zones, *kept.values()]:
                calendar.add_component(part)
            now = utc_now()
            for event in recurring_ical_events.of(calendar).between(
                now, now + dt.timedelta(days=90)
            ):
                if event["ATTENDEE"].params["PARTSTAT"] != "DECLINED":
                    found.append(event["DTSTART"].dt.astimezone(dt.UTC))
        return sorted(found)


class Home:
    """Ben, who was invited to a series, and his calendar."""

    def __init__(self, app: Flask, make: Factory, arrange: Arrange, sink: Sink, smtp: Deliverer):
        self.app, self.sink, self.smtp = app, sink, smtp
        self.ann, self.ben = make.accounts("ann", "ben")
        self.event_id, self.first = arrange(self.ann, rrule=FOUR, title="Line review")
        self.calendar = HomeCalendar()
        self.act(lambda *who: invitations.invite(*who, [self.ben.id]))

    def act(self, do: Callable[..., Any], date_id: int | None = None) -> list[Any]:
        """Ann does something about a date; gives the letters that follow, read at home."""
        with self.app.app_context(), unit_of_work():
            ann = db.session.get_one(Account, self.ann.id)
            do(ann, *get_visible(ann, date_id or self.first))
        return self.fetch()

    def say(self, said: Answer, date_id: int | None = None) -> list[Any]:
        """Ben answers on the site, for one date or all."""
        with self.app.app_context(), unit_of_work():
            ben = db.session.get_one(Account, self.ben.id)
            event, date = get_visible(ben, date_id or self.first)
            if date_id is None:
                rsvp.answer_all(ben, event, said)
            else:
                rsvp.answer(ben, event, date, said)
        return self.fetch()

    def fetch(self) -> list[Any]:
        before = len(self.sink.taken)
        self.smtp.drain()
        letters = self.sink.taken[before:]
        self.calendar.read(letters)
        return letters

    def dates(self) -> list[Occurrence]:
        """The dates that stand, in order, of whatever series they are now."""
        with self.app.app_context():
            query = select(Occurrence).where(Occurrence.cancelled_at.is_(None))
            return list(db.session.scalars(query.order_by(Occurrence.starts_at)))

    def starts(self) -> list[dt.datetime]:
        return [one.starts_at for one in self.dates()]

    def answers(self) -> list[Answer | None]:
        with self.app.app_context():
            own = {one.occurrence_id: one.answer for one in db.session.scalars(select(Rsvp))}
        return [own.get(one.id) for one in self.dates()]


@pytest.fixture
def home(app: Flask, make: Factory, arrange: Arrange, sink: Sink, smtp: Deliverer) -> Home:
    return Home(app, make, arrange, sink, smtp)


def test_an_invitation_to_a_series_brings_all_its_dates_in_one_letter(home: Home) -> None:
    (letter,) = home.sink.taken
    assert letter["Subject"] == "Line review: an event for your calendar"
    (kept,) = home.calendar.parts.values()
    assert str(kept[None]["RRULE"].to_ical().decode()) == FOUR
    assert len(home.starts()) == 4
    assert home.calendar.starts() == home.starts()


@pytest.mark.parametrize("number", range(4))
def test_a_moved_date_is_moved_at_home_and_a_cancelled_one_is_gone(home: Home, number: int) -> None:
    date = home.dates()[number]
    later = soon(7 * (number + 1), 15)
    assert len(home.act(
        lambda *who: series.edit(*who, a_draft(starts=later, place="Pool"), Scope.THIS), date.id
    )) == 1  # fmt: skip
    assert home.calendar.starts() == home.starts()
    (letter,) = home.act(lambda *who: cancelling.cancel(*who, Scope.THIS), date.id)
    assert letter["Subject"].startswith("Cancelled: Line review")
    assert len(home.starts()) == 3
    assert home.calendar.starts() == home.starts()
    # And what comes later does not bring it back.
    home.act(lambda *who: series.edit(*who, a_draft(place="Erdre", rrule=FOUR), Scope.ALL))
    assert home.calendar.starts() == home.starts()


@pytest.mark.parametrize("scope", [Scope.FOLLOWING, Scope.ALL])
@pytest.mark.parametrize(
    ("days", "rrule"),
    [(14, FOUR), (15, FOUR), (14, "FREQ=WEEKLY;COUNT=2"), (14, "FREQ=WEEKLY;INTERVAL=2;COUNT=2")],
)
def test_dates_that_an_edit_drops_or_moves_are_not_kept_at_home(
    home: Home, scope: Scope, days: int, rrule: str
) -> None:
    second = home.dates()[1]
    home.act(
        lambda *who: series.edit(*who, a_draft(starts=soon(days, 11), rrule=rrule), scope),
        second.id,
    )
    assert home.calendar.starts() == home.starts()
    held = 1 if scope is Scope.ALL else 2
    assert len(home.calendar.parts) == held
    # Each half goes its own way afterwards.
    last = home.dates()[-1]
    home.act(lambda *who: cancelling.cancel(*who, Scope.FOLLOWING), last.id)
    assert home.calendar.starts() == home.starts()
    for date in home.dates():
        home.act(lambda *who: cancelling.cancel(*who, Scope.ALL), date.id)
    assert home.calendar.parts == {}


def test_calling_off_what_follows_leaves_the_dates_before_it(home: Home) -> None:
    third = home.dates()[2]
    (letter,) = home.act(lambda *who: cancelling.cancel(*who, Scope.FOLLOWING), third.id)
    assert len(home.starts()) == 2
    assert home.calendar.starts() == home.starts()
    assert "calendar" in letter["Subject"]
    home.act(lambda *who: cancelling.cancel(*who, Scope.ALL))
    assert home.calendar.parts == {}
    with home.app.app_context():
        assert db.session.scalars(select(MailedSeries)).all() == []


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("number", [0, 2])
def test_what_was_called_off_comes_back_here_and_at_home(
    home: Home, scope: Scope, number: int
) -> None:
    before = home.starts()
    date = home.dates()[number]
    home.say(Answer.GOING, home.dates()[3].id)
    home.act(lambda *who: cancelling.cancel(*who, scope), date.id)
    assert home.calendar.starts() == home.starts() != before
    letters = home.act(cancelling.restore, date.id)
    assert len(letters) == 1
    assert home.starts() == before
    assert home.calendar.starts() == before


@pytest.mark.parametrize("scope", list(Scope))
def test_what_comes_back_before_a_letter_was_written_is_never_taken_away(
    home: Home, scope: Scope
) -> None:
    date = home.dates()[1]
    with home.app.app_context(), unit_of_work():
        ann = db.session.get_one(Account, home.ann.id)
        cancelling.cancel(ann, *get_visible(ann, date.id), scope)
    home.act(cancelling.restore, date.id)
    assert len(home.starts()) == 4
    assert home.calendar.starts() == home.starts()


def test_who_holds_the_series_is_asked_once_for_all_who_come(
    home: Home, make: Factory, statements: list[str]
) -> None:
    date = home.dates()[1]
    asked = []
    for handles in (("cem",), ("dora", "eve", "fay")):
        for person in make.accounts(*handles):
            with home.app.app_context(), unit_of_work():
                db.session.add(CalendarPreference(account_id=person.id, mail_going=True))
                account = db.session.get_one(Account, person.id)
                rsvp.answer(account, *get_visible(account, date.id), Answer.GOING)
        home.act(lambda *who: cancelling.cancel(*who, Scope.THIS), date.id)
        with home.app.app_context(), unit_of_work():
            ann = db.session.get_one(Account, home.ann.id)
            event, occurrence = get_visible(ann, date.id)
            statements.clear()
            cancelling.restore(ann, event, occurrence)
        asked.append(sum("FROM mailed_series" in one for one in statements))
        letters = home.fetch()
        assert len(letters) == 2 + 3 * (len(handles) > 1)  # theirs, and the series of Ben
    assert asked[0] == asked[1]


def test_an_answer_counts_for_all_dates_or_for_the_one_it_names(home: Home) -> None:
    (letter,) = home.sink.taken
    raw = next(
        part.get_payload(decode=True)
        for part in letter.walk()
        if part.get_content_type() == "text/calendar"
    )
    assert receive(home.app, reply_to(Calendar.from_ical(raw), "ACCEPTED")) is Outcome.TAKEN
    assert home.answers() == [Answer.GOING] * 4
    one = Calendar.from_ical(raw)
    (event,) = one.walk("VEVENT")
    place = event["DTSTART"].dt + dt.timedelta(days=7)
    event.pop("RRULE")
    event.add("RECURRENCE-ID", place)
    assert receive(home.app, reply_to(one, "DECLINED")) is Outcome.TAKEN
    assert home.answers() == [Answer.GOING, Answer.NO, Answer.GOING, Answer.GOING]
    assert home.fetch() == []  # their calendar knows
    other = Calendar.from_ical(raw)
    (event,) = other.walk("VEVENT")
    event.pop("RRULE")
    event.add("RECURRENCE-ID", place + dt.timedelta(days=1))
    assert receive(home.app, reply_to(other, "DECLINED")) is Outcome.TAKEN
    assert home.answers() == [Answer.GOING, Answer.NO, Answer.GOING, Answer.GOING]
    # The next letter says what was answered.
    home.act(lambda *who: series.edit(*who, a_draft(place="Erdre", rrule=FOUR), Scope.ALL))
    kept = next(iter(home.calendar.parts.values()))
    said = {name: one["ATTENDEE"].params["PARTSTAT"] for name, one in kept.items()}
    assert said == {None: "ACCEPTED", place: "DECLINED"}
    # An answer to the letter before it is too old.
    assert receive(home.app, reply_to(Calendar.from_ical(raw), "TENTATIVE")) is Outcome.TAKEN
    assert Answer.MAYBE not in home.answers()


def test_declining_here_is_told_to_the_calendar_once(home: Home) -> None:
    second = home.dates()[1]
    assert len(home.say(Answer.NO, second.id)) == 1
    left = [one.starts_at for one in home.dates() if one.id != second.id]
    assert home.calendar.starts() == left
    assert home.say(Answer.NO, second.id) == []
    assert len(home.say(Answer.GOING, second.id)) == 1  # it comes back
    assert home.calendar.starts() == home.starts()
    (letter,) = home.say(Answer.NO)
    assert letter["Subject"] == "Out of your calendar: Line review"
    assert home.calendar.parts == {}


def test_who_wants_its_dates_and_says_yes_to_all_gets_one_letter(home: Home) -> None:
    from_before = len(home.sink.taken)
    with home.app.app_context(), unit_of_work():
        db.session.query(MailedSeries).delete()
    home.calendar.parts.clear()
    with home.app.app_context(), unit_of_work():
        feeds.set_wants_mail(db.session.get_one(Account, home.ben.id), True)
    assert len(home.say(Answer.GOING)) == 1
    assert len(home.sink.taken) == from_before + 1
    assert home.calendar.starts() == home.starts()


def test_a_single_date_held_at_home_follows_its_series_when_that_is_rearranged(home: Home) -> None:
    with home.app.app_context(), unit_of_work():
        db.session.query(MailedSeries).delete()
        for date in home.dates()[1:3]:
            db.session.add(MailedDate(occurrence_id=date.id, account_id=home.ben.id))
            enqueue_mail(itip.REQUEST, {"occurrence_id": date.id}, to=home.ben)
    home.calendar.parts.clear()
    home.fetch()
    own = [one.id for one in home.dates()[1:3]]

    def here() -> list[dt.datetime]:
        return [one.starts_at for one in home.dates() if one.id in own]

    assert home.calendar.starts() == here()
    for scope in (Scope.ALL, Scope.FOLLOWING):
        later = home.dates()[2].starts_at.date() + dt.timedelta(days=1)
        moved = dt.datetime.combine(later, dt.time(9))
        home.act(
            lambda *who, moved=moved, scope=scope: series.edit(
                *who, a_draft(starts=moved, rrule=FOUR), scope
            ),
            home.dates()[2].id,
        )
        assert len(here()) == 2
        assert home.calendar.starts() == here()
    # A rule that leaves one of them out.
    home.act(
        lambda *who: series.edit(
            *who, a_draft(starts=moved, rrule="FREQ=DAILY;INTERVAL=30;COUNT=2"), Scope.ALL
        ),
        own[1],
    )
    assert home.calendar.starts() == here()


def test_nobody_outside_hears_of_a_series(
    app: Flask, make: Factory, arrange: Arrange, sink: Sink, smtp: Deliverer, settings: Settings
) -> None:
    ann, out = make.accounts("ann", "out")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann)
    event_id, date_id = arrange(ann, group_id=board.id, title="Kraken", rrule=FOUR)
    with app.app_context(), pytest.raises(NotFound):
        get_visible(db.session.get_one(Account, out.id), date_id)
    series_ = {"event_id": event_id}
    gone = {"occurrence_id": None, "all_day": False, "positions": [utc_now().isoformat()]}
    with app.app_context(), unit_of_work():
        db.session.add(MailedSeries(event_id=event_id, account_id=out.id))
        enqueue_mail(itip.SERIES, series_, to=out)
        enqueue_mail(itip.DROPPED, series_ | gone, to=out)
    smtp.drain()
    with app.app_context(), unit_of_work():
        db.session.query(MailedSeries).delete()
        enqueue_mail(itip.SERIES_CANCEL, series_, to=out)
    smtp.drain()
    assert sink.taken == []
    # The address of a series that somebody guessed right answers for nothing either.
    token = reply_addresses.token_for(settings.secret_key, event_id, out.id, series=True)
    body = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    with app.app_context(), unit_of_work():
        assert not replies.take_reply(body, token, settings.secret_key)
