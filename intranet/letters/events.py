"""Letters about dates of the calendar: invitations that calendar programs understand, changes,
cancellations, and what an answer by mail came to."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.calendar import itip, queries
from intranet.calendar.exports import Links
from intranet.calendar.models import Event, MailedDate, Occurrence
from intranet.calendar.reply_addresses import ReplyAddress, token_for
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage


def request(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """The date as it is now; nothing once it is over, off, or no longer for the recipient."""
    found = _date(message, recipient)
    if recipient is None or found is None or _is_off(*found):
        return None
    event, date, body = itip.invitation(recipient, found[1].id, links(), reply_to(recipient))
    return letter_of(
        _("%(title)s: an event for your calendar", title=title_of(event, date)),
        event,
        date,
        _("Answer here or in your calendar program: both count."),
        ("REQUEST", body),
    )


def cancel(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """The date is off, or the recipient has declined it: the calendar program forgets it."""
    found = _date(message, recipient)
    if recipient is None or found is None or holds_date(recipient, found[1].id):
        return None  # it was taken back before this letter was written
    event, date, body = itip.cancellation(recipient, found[1].id, links(), reply_to(recipient))
    title = title_of(event, date)
    if _is_off(event, date):
        subject, words = _("Cancelled: %(title)s", title=title), _("This date is cancelled.")
    else:
        subject = _("Out of your calendar: %(title)s", title=title)
        words = _("You have said that you do not come. You can change your mind at any time.")
    return letter_of(subject, event, date, words, ("CANCEL", body))


def waiting(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """An answer by mail came when all seats were taken."""
    found = _date(message, recipient)
    if found is None:
        return None
    event, date = found
    return letter_of(
        _("On the waiting list: %(title)s", title=title_of(event, date)),
        event,
        date,
        _("All seats are taken. You are in line, and you hear as soon as one is free."),
    )


def refused(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """An answer by mail that could not be taken: only the page can ask what is missing."""
    found = _date(message, recipient)
    if found is None:
        return None
    event, date = found
    return letter_of(
        _("Please answer on the page: %(title)s", title=title_of(event, date)),
        event,
        date,
        _("Your answer by e-mail could not be taken. The page says what is missing."),
    )


def holds_date(recipient: Account, occurrence_id: int) -> bool:
    """Whether the date is to be in this person's calendar."""
    return db.session.get(MailedDate, (occurrence_id, recipient.id)) is not None


def links() -> Links:
    """Whole addresses of this site."""

    def person(handle: str) -> str:
        return absolute("people.show", handle=handle)

    def date(occurrence_id: int) -> str:
        return absolute("events.show", occurrence_id=occurrence_id)

    def page(handle: str) -> str:
        return absolute("pages.show", handle=handle)

    return Links(date=date, person=person, page=page)


def reply_to(recipient: Account) -> ReplyAddress:
    """The signed addresses to which this person's calendar program answers."""
    settings = settings_here()
    name, _at, domain = settings.mail_from.rpartition("@")

    def address(id_: int, *, series: bool = False) -> str:
        token = token_for(settings.secret_key, id_, recipient.id, series=series)
        return f"mailto:{name}+{token}@{domain}"

    return address


def _date(message: OutboxMessage, recipient: Account | None) -> tuple[Event, Occurrence] | None:
    """The date, if it is still ahead and for the recipient."""
    if recipient is None:
        return None
    try:
        event, date = queries.get_visible(recipient, message.payload["occurrence_id"])
    except NotFound:
        return None
    return (event, date) if date.ends_at > utc_now() else None


def _is_off(event: Event, date: Occurrence) -> bool:
    return event.cancelled_at is not None or date.cancelled_at is not None


def title_of(event: Event, date: Occurrence) -> str:
    """What the date is called."""
    return date.changes.get("title", event.title)


def letter_of(
    subject: str,
    event: Event,
    date: Occurrence,
    words: str,
    calendar: tuple[str, bytes] | None = None,
) -> Letter:
    """A letter that speaks of this date."""
    day: dt.date | None = None
    if event.all_day:
        day = date.starts_at.astimezone(ZoneInfo(event.time_zone)).date()
    where = (date.changes.get("room", event.room), date.changes.get("place", event.place))
    return Letter(
        subject=subject,
        template="calendar_date",
        values={
            "title": title_of(event, date),
            "day": day,
            "starts_at": date.starts_at,
            "where": ", ".join(filter(None, where)),
            "online": date.changes.get("online_url", event.online_url),
            "words": words,
            "link": absolute("events.show", occurrence_id=date.id),
        },
        thread=f"event-{event.id}",
        calendar=calendar,
    )
