"""An invitation over real SMTP, and the answer to it through the door for incoming mail."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Any

from flask import Flask
from icalendar import Calendar

from intranet.accounts.models import Account
from intranet.calendar import cancelling, invitations, itip, reply_addresses
from intranet.calendar.models import Answer, Rsvp
from intranet.calendar.queries import get_visible
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.kernel.clock import utc_now
from intranet.mail.actions import enqueue_mail
from intranet.mail.delivery import Deliverer
from intranet.mailbox.intake import Outcome, receive
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.calendar.conftest import Arrange
from tests.calendar.rfc5545 import problems
from tests.factories import Factory
from tests.mail.sink import Sink


def calendar_in(message: EmailMessage) -> Any:
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    crlf = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert problems(crlf) == []
    calendar = Calendar.from_ical(crlf)
    assert str(calendar["METHOD"]).lower() == str(part.get_param("method")).lower()
    return calendar


def reply_to(calendar: Any, partstat: str, sender: str = "ben@example.test") -> bytes:
    """As a calendar program writes it: to the ORGANIZER of the invitation."""
    (event,) = calendar.walk("VEVENT")
    calendar["METHOD"] = "REPLY"
    event["ATTENDEE"].params["PARTSTAT"] = partstat
    event["DTSTAMP"].dt = utc_now() + dt.timedelta(seconds=2)
    message = EmailMessage()
    message["From"], message["Subject"] = sender, f"{partstat.title()}: {event['SUMMARY']}"
    message["To"] = str(event["ORGANIZER"]).removeprefix("mailto:")
    message.set_content("I come.")
    message.add_alternative(
        calendar.to_ical().decode(), subtype="calendar", params={"method": "REPLY"}
    )
    return message.as_bytes()


def test_an_invitation_is_answered_from_the_calendar_at_home(
    app: Flask, make: Factory, arrange: Arrange, sink: Sink, smtp: Deliverer
) -> None:
    ann = make.account("ann")
    ben = make.account("ben", locale="fr", time_zone="America/Toronto")
    _event, date_id = arrange(ann, title="Essai de freinage", place="Voie 3", capacity=1)

    def act(do: Any) -> None:
        with app.app_context(), unit_of_work():
            actor = db.session.get_one(Account, ann.id)
            do(actor, *get_visible(actor, date_id))
        smtp.drain()

    def answered() -> Rsvp | None:
        with app.app_context():
            return db.session.get(Rsvp, (date_id, ben.id))

    act(lambda *who: invitations.invite(*who, [ben.id]))
    (letter,) = sink.taken
    assert letter["Subject"] == "Essai de freinage : un événement pour votre agenda"
    text = letter.get_body(("plain",))
    assert text is not None
    assert f"/events/{date_id}" in text.get_content()
    invitation = calendar_in(letter)
    assert receive(app, reply_to(invitation, "ACCEPTED", "somebody@else.test")) is Outcome.TAKEN
    kept = answered()
    assert kept is not None
    assert (kept.answer, kept.waiting) == (Answer.GOING, False)
    act(lambda *who: cancelling.cancel(*who, Scope.ALL))
    assert sink.taken[-1]["Subject"] == "Annulé : Essai de freinage"
    (event,) = calendar_in(sink.taken[-1]).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"
    assert sink.taken[-1]["References"] == letter["References"]
    # Too late: it is taken, and changes nothing.
    assert receive(app, reply_to(invitation, "DECLINED")) is Outcome.TAKEN
    again = answered()
    assert again is not None
    assert again.answer is Answer.GOING


def test_mail_to_an_address_that_is_not_signed_is_nobodys(
    app: Flask, make: Factory, arrange: Arrange, settings: Settings
) -> None:
    ann, ben = make.accounts("ann", "ben")
    _event, date_id = arrange(ann)
    for token in (reply_addresses.token_for("another key", date_id, ben.id), "x" * 45, ""):
        message = EmailMessage()
        name, _at, domain = settings.mail_from.rpartition("@")
        message["To"], message["From"] = f"{name}+{token}@{domain}", "ben@example.test"
        message.set_content("BEGIN:VCALENDAR", subtype="calendar")
        assert receive(app, message.as_bytes()) is Outcome.NOBODY
    with app.app_context():
        assert db.session.get(Rsvp, (date_id, ben.id)) is None


def test_a_letter_says_nothing_of_what_its_reader_may_no_longer_see(
    app: Flask, make: Factory, arrange: Arrange, sink: Sink, smtp: Deliverer
) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[ben])
    _event, date_id = arrange(ann, group_id=board.id, title="Kraken")
    with app.app_context(), unit_of_work():
        for kind in (itip.REQUEST, itip.CANCEL, itip.WAITING, itip.REFUSED):
            enqueue_mail(kind, {"occurrence_id": date_id}, to=ben)
    with app.app_context(), unit_of_work():
        for row in db.session.query(Membership).filter_by(account_id=ben.id):
            db.session.delete(row)
    smtp.drain()
    assert sink.taken == []
