"""Invitations by e-mail and the answers that come back: the signed address is who answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update

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
from intranet.calendar.exports import Links
from intranet.calendar.models import Answer, Event, MailedDate, Occurrence, Rsvp
from intranet.calendar.queries import get_visible
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.unit_of_work import unit_of_work
from tests.calendar.conftest import Arrange, a_draft
from tests.calendar.rfc5545 import problems
from tests.factories import Factory

SECRET = "a key for tests only, long enough"
LINKS = Links(
    date=lambda one: f"https://parvis.test/events/{one}",
    person=lambda handle: f"https://parvis.test/@{handle}",
    page=lambda handle: f"https://parvis.test/pages/{handle}",
)


class Post:
    """The mail of one date and one person."""

    def __init__(self, app: Flask, who: Account, date_id: int) -> None:
        self.app, self.who, self.date_id = app, who, date_id
        self.token = reply_addresses.token_for(SECRET, date_id, who.id)

    def letter(self, kind: str = "invitation") -> Any:
        with self.app.app_context():
            account = db.session.get_one(Account, self.who.id)
            write = getattr(itip, kind)
            *_rows, body = write(
                account, self.date_id, LINKS, lambda _id, series=False: "mailto:x+y@parvis.test"
            )
            assert problems(body) == []
            return Calendar.from_ical(body)

    def reply(self, partstat: str, *, token: str | None = None, **changes: Any) -> bool:
        """What a calendar program sends back for the letter."""
        calendar = self.letter()
        calendar["METHOD"] = "REPLY"
        (event,) = calendar.walk("VEVENT")
        event["ATTENDEE"].params["PARTSTAT"] = partstat
        event["DTSTAMP"].dt = utc_now() + dt.timedelta(seconds=2)
        for name, value in changes.items():
            event.pop(name.replace("_", "-"), None)
            event.add(name.replace("_", "-"), value)
        return self.send(calendar.to_ical(), token)

    def send(self, body: bytes, token: str | None = None) -> bool:
        with self.app.app_context(), unit_of_work():
            return replies.take_reply(body, token or self.token, SECRET)

    def answer(self) -> Rsvp | None:
        with self.app.app_context():
            return db.session.get(Rsvp, (self.date_id, self.who.id))


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def all_sent(app: Flask) -> None:
    """As if the mail worker had been there."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))


def dates_of(app: Flask, event_id: int) -> list[int]:
    with app.app_context():
        query = select(Occurrence.id).where(Occurrence.event_id == event_id)
        return list(db.session.scalars(query.order_by(Occurrence.starts_at)))


def test_an_answer_by_mail_counts_for_that_person_and_that_date(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, ben = make.accounts("ann", "ben")
    event_id, _first = arrange(ann, rrule="FREQ=WEEKLY;COUNT=3")
    second = dates_of(app, event_id)[1]
    post = Post(app, ben, second)
    (event,) = post.letter().walk("VEVENT")
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert "RECURRENCE-ID" in event
    for partstat, said in (
        ("ACCEPTED", Answer.GOING), ("TENTATIVE", Answer.MAYBE), ("DECLINED", Answer.NO),
    ):  # fmt: skip
        assert post.reply(partstat)
        kept = post.answer()
        assert kept is not None
        assert kept.answer is said
    with app.app_context():
        assert db.session.scalars(select(Rsvp.occurrence_id)).all() == [second]


def test_only_the_signed_address_says_who_answers(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, ben, eve = make.accounts("ann", "ben", "eve")
    _event, date_id = arrange(ann)
    post = Post(app, ben, date_id)
    for token in ("", "x" * 45, post.token[:-1] + "a" if post.token[-1] != "a" else "b", "é" * 45):
        assert not post.reply("ACCEPTED", token=token or "-")
    assert post.answer() is None
    # Eve's address, whoever she says she is, answers for Eve.
    assert post.reply("ACCEPTED", token=reply_addresses.token_for(SECRET, date_id, eve.id))
    assert post.answer() is None
    assert Post(app, eve, date_id).answer() is not None
    assert post.reply("ACCEPTED", token=post.token.upper())
    with pytest.raises(NotFound):
        reply_addresses.read_token("another key", post.token)


def test_stale_and_foreign_replies_change_nothing(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, ben = make.accounts("ann", "ben")
    event_id, _first = arrange(ann, rrule="FREQ=WEEKLY;COUNT=3")
    first, second, _third = dates_of(app, event_id)
    post = Post(app, ben, second)
    with app.app_context(), unit_of_work():
        db.session.add(MailedDate(occurrence_id=second, account_id=ben.id, sequence=4))
        db.session.get_one(Event, event_id).sequence = 4
    other = Post(app, ben, first).letter().walk("VEVENT")[0]["RECURRENCE-ID"].dt
    assert not post.reply("ACCEPTED", SEQUENCE=3)
    assert not post.reply("ACCEPTED", UID="somebody-else@example.test")
    assert not post.reply("ACCEPTED", RECURRENCE_ID=other)
    assert not post.reply("DELEGATED")
    assert not post.send(post.letter().to_ical())  # a REQUEST is no reply
    for body in (b"", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT\n" * 50, b"\xff\x00", b"x" * 300_000):
        assert not post.send(body)
    assert post.answer() is None
    assert post.reply("ACCEPTED")
    before = utc_now() - dt.timedelta(hours=1)
    assert not post.reply("DECLINED", DTSTAMP=before)  # written before the last answer
    kept = post.answer()
    assert kept is not None
    assert kept.answer is Answer.GOING


def test_no_seat_left_means_the_waiting_list_and_a_letter(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, ben, cem = make.accounts("ann", "ben", "cem")
    _event, date_id = arrange(ann, capacity=1)
    assert Post(app, ben, date_id).reply("ACCEPTED")
    assert Post(app, cem, date_id).reply("ACCEPTED")
    waits = Post(app, cem, date_id).answer()
    assert waits is not None
    assert waits.waiting
    assert kinds(app) == [itip.WAITING]


def test_who_may_not_see_the_event_cannot_answer_it(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    group = make.group("board", owner=ann, members=[ben], privacy="secret")
    _event, date_id = arrange(ann, group_id=group.id)
    with app.app_context(), pytest.raises(NotFound):
        itip.invitation(db.session.get_one(Account, out.id), date_id, LINKS, str)
    body = Post(app, ben, date_id).letter()
    body["METHOD"] = "REPLY"
    body.walk("VEVENT")[0]["ATTENDEE"].params["PARTSTAT"] = "ACCEPTED"
    assert not Post(app, out, date_id).send(body.to_ical())
    assert Post(app, out, date_id).answer() is None
    assert Post(app, ben, date_id).send(body.to_ical())


def test_letters_follow_an_invitation_its_changes_and_its_end(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    from_ann, ben, cem, dan = make.accounts("ann", "ben", "cem", "dan")
    _event, date_id = arrange(from_ann)

    def act(do: Any) -> None:
        with app.app_context(), unit_of_work():
            ann = db.session.get_one(Account, from_ann.id)
            event, date = get_visible(ann, date_id)
            do(ann, event, date)

    with app.app_context(), unit_of_work():
        feeds.set_wants_mail(db.session.get_one(Account, cem.id), True)
    for who in (cem, dan):  # dan has not asked for letters
        act(lambda _ann, event, date, who=who: rsvp.answer(
            db.session.get_one(Account, who.id), event, date, Answer.GOING))  # fmt: skip
    act(lambda ann, event, date: invitations.invite(ann, event, date, [ben.id]))
    assert kinds(app) == [itip.REQUEST] * 2
    # A letter that waits is written when it is sent: it says what has changed meanwhile.
    act(lambda ann, event, date: series.edit(ann, event, date, a_draft(place="Loire"), Scope.ALL))
    assert kinds(app) == [itip.REQUEST] * 2
    all_sent(app)
    act(lambda ann, event, date: series.edit(ann, event, date, a_draft(place="Erdre"), Scope.ALL))
    assert kinds(app) == [itip.REQUEST] * 4
    (event,) = Post(app, cem, date_id).letter().walk("VEVENT")
    assert event["SEQUENCE"] == 2
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    act(lambda ann, event, date: cancelling.cancel(ann, event, date, Scope.ALL))
    assert kinds(app) == [itip.REQUEST] * 4 + [itip.CANCEL] * 2
    (event,) = Post(app, cem, date_id).letter("cancellation").walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 3)
    with app.app_context():
        assert db.session.scalars(select(MailedDate)).all() == []
