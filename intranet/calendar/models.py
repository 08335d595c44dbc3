"""Events, their occurrences, and who answered what."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.audiences.models import Audience
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group
from intranet.kernel.ids import new_id
from intranet.posts.models import Post


class EventVisibility(enum.StrEnum):
    """Who an event is for. GROUP goes with a group_id, AUDIENCE with an audience_id."""

    ORGANISATION = "organisation"
    GROUP = "group"
    AUDIENCE = "audience"


class Answer(enum.StrEnum):
    GOING = "going"
    MAYBE = "maybe"
    NO = "no"


class Event(Base):
    """A meeting, once or again and again. Times are of its first occurrence; a repeating event
    keeps the wall clock of `time_zone` over daylight-saving changes. All-day events begin and
    end (exclusively) at midnight of that zone. `rrule` is the value of RFC 5545's RRULE."""

    __tablename__ = "event"
    id: Mapped[IdPk]
    uid: Mapped[str] = mapped_column(String(255), unique=True)  # iCalendar UID
    sequence: Mapped[int] = mapped_column(default=0)  # iCalendar SEQUENCE
    organiser_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), index=True
    )  # the person or the page
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE"), index=True
    )
    visibility: Mapped[EventVisibility] = mapped_column(default=EventVisibility.ORGANISATION)
    audience_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(Audience.id), index=True)
    is_public: Mapped[bool] = mapped_column(default=False)  # on the page's public site
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")  # safe, made once from source
    place: Mapped[str] = mapped_column(String(200), default="")
    room: Mapped[str] = mapped_column(String(120), default="")
    online_url: Mapped[str] = mapped_column(String(500), default="")
    time_zone: Mapped[str] = mapped_column(String(64))  # IANA name
    all_day: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    rrule: Mapped[str] = mapped_column(String(500), default="")
    # Rules that "this and the following are off" shortened: [{"at": ISO 8601, "rrule": "..."}].
    shortened: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)  # EXDATEs, ISO 8601 in UTC
    capacity: Mapped[int | None]  # seats; None: no limit
    guests_allowed: Mapped[int] = mapped_column(default=0)  # whom one may bring along
    # What is asked of who comes: [{"text": "...", "required": true}, ...]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reminders: Mapped[list[int]] = mapped_column(JSON, default=list)  # minutes before
    cover_key: Mapped[str | None] = mapped_column(String(64))
    search_text: Mapped[str] = mapped_column(Text, default="")
    cancelled_at: Mapped[dt.datetime | None]
    # The post whose thread is the discussion; visible to the same people.
    post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Post.id, ondelete="SET NULL"), index=True
    )
    imported_from: Mapped[str] = mapped_column(String(255), default="")  # its UID elsewhere
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)


class EventHost(Base):
    """Somebody who runs the event beside its organiser."""

    __tablename__ = "event_host"
    event_id: Mapped[int] = mapped_column(
        ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class EventInvitation(Base):
    """Somebody asked to come, whoever the event is for otherwise."""

    __tablename__ = "event_invitation"
    event_id: Mapped[int] = mapped_column(
        ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]


class Occurrence(Base):
    """One date of an event, kept ready as far as the calendar looks ahead. `recurrence_id` is the
    start that the rule gave it, whatever it was moved to since. `changes` holds what this date
    says otherwise: {"title", "place", "room", "online_url"}."""

    __tablename__ = "occurrence"
    id: Mapped[IdPk]
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"))
    recurrence_id: Mapped[dt.datetime]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    moved: Mapped[bool] = mapped_column(default=False)  # its times are its own
    changes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    cancelled_at: Mapped[dt.datetime | None]
    check_in_code: Mapped[str] = mapped_column(String(12), default="")
    # kept true by the actions that change them
    seats_taken: Mapped[int] = mapped_column(default=0)  # confirmed people and whom they bring
    going_count: Mapped[int] = mapped_column(default=0)  # confirmed people
    maybe_count: Mapped[int] = mapped_column(default=0)
    no_count: Mapped[int] = mapped_column(default=0)
    waiting_count: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index(None, "event_id", "recurrence_id", unique=True),
        Index(None, "starts_at", "id"),
        CheckConstraint("seats_taken >= 0", name="seats_not_negative"),
    )


class Rsvp(Base):
    """Somebody's answer for one date. `waiting` only with GOING: in line for a seat, in the order
    of `queue_id`."""

    __tablename__ = "rsvp"
    occurrence_id: Mapped[int] = mapped_column(
        ForeignKey(Occurrence.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    queue_id: Mapped[int] = mapped_column(BigInteger, default=new_id)
    answer: Mapped[Answer]
    waiting: Mapped[bool] = mapped_column(default=False)
    guests: Mapped[int] = mapped_column(default=0)
    replies: Mapped[list[str]] = mapped_column(JSON, default=list)  # to the event's questions
    checked_in_at: Mapped[dt.datetime | None]
    checked_in_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(None, "account_id", "occurrence_id"),
        Index(None, "occurrence_id", "waiting", "queue_id"),
    )


class FeedScope(enum.StrEnum):
    """What a feed holds: the person's own agenda, or everything it may see."""

    MINE = "mine"
    ALL = "all"


class CalendarFeed(Base):
    """A person's own subscription address; only its hash is kept. Revoking makes it worthless."""

    __tablename__ = "calendar_feed"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[FeedScope] = mapped_column(default=FeedScope.MINE)
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class CalendarPreference(Base):
    """What somebody wants of the calendar by e-mail; without a row nothing but invitations."""

    __tablename__ = "calendar_preference"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    mail_going: Mapped[bool] = mapped_column(default=False)  # the dates one says yes to


class MailedDate(Base):
    """A date that somebody holds by e-mail, to be kept up to date there and taken back."""

    __tablename__ = "mailed_date"
    occurrence_id: Mapped[int] = mapped_column(
        ForeignKey(Occurrence.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    version: Mapped[int] = mapped_column(default=0)  # how many letters there were
    sequence: Mapped[int] = mapped_column(default=0)  # iCalendar SEQUENCE of the last one
    created_at: Mapped[CreatedAt]


class MailedSeries(Base):
    """A whole event that somebody holds by e-mail. `declined` are the dates (ids) of which their
    calendar knows that they do not come."""

    __tablename__ = "mailed_series"
    event_id: Mapped[int] = mapped_column(
        ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    sequence: Mapped[int] = mapped_column(default=0)  # iCalendar SEQUENCE of the last letter
    declined: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[CreatedAt]


class CalendarImport(Base):
    """A calendar file somebody is looking at before its events are made; one a person, replaced
    by the next."""

    __tablename__ = "calendar_import"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    file_name: Mapped[str] = mapped_column(String(255), default="")
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(String(120), default="")  # "", group:SLUG or page:HANDLE
    created_at: Mapped[CreatedAt]
