"""Announcements: read, and confirmed in the words that were shown."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import Field

from intranet.announcements import lists, queries, showing, texts
from intranet.announcements.acknowledging import acknowledge
from intranet.announcements.cards import AnnouncementCard
from intranet.announcements.lists import Shelf
from intranet.announcements.models import Door
from intranet.api.operations import Shape, operation
from intranet.api.shapes import Id, Listing, Moment, Person, following, person
from intranet.kernel.pagination import Cursor
from intranet.mastodon.answers import absolute
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Parameters
from intranet.unit_of_work import unit_of_work
from intranet.web.language import current_language


class Which(enum.StrEnum):
    """Which list: to be confirmed, not read yet, or what needs nothing any more."""

    CONFIRM = "confirm"
    UNREAD = "unread"
    ARCHIVE = "archive"


class AnnouncementsAsked(Listing):
    """Which announcements."""

    shelf: Which = Which.UNREAD


class LanguageAsked(Parameters):
    """In which language; the caller's own, where there is none."""

    language: Annotated[str, Field(max_length=8)] = ""


class Announcement(Shape):
    """An announcement of a list."""

    id: Id
    url: str
    title: str
    lead: str
    language: str
    voice: Person
    published_at: Moment | None
    must_be_confirmed: bool
    confirm_by: Moment | None
    read_at: Moment | None
    confirmed_at: Moment | None


class AnnouncementList(Shape):
    """A page of announcements, the newest first."""

    items: list[Announcement]
    next: str | None


class CheckQuestion(Shape):
    """What a reader must answer before confirming."""

    text: str
    options: list[str]


class AnnouncementShown(Shape):
    """One announcement with its text; null when it was withdrawn."""

    announcement: Announcement
    html: str | None = Field(description="safe to show")
    content_hash: str | None = Field(description="of these words: what is confirmed")
    questions: list[CheckQuestion]
    languages: list[str]


class Confirming(Parameters):
    """The hash of the words that were shown, and the chosen option of each question."""

    content_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    answers: Annotated[tuple[Annotated[int, Field(ge=0, le=100)], ...], Field(max_length=20)] = ()


class Confirmed(Shape):
    """When it was confirmed: the first time counts."""

    confirmed_at: Moment


@operation(
    "GET", "/announcements", scopes=("read",), query=AnnouncementsAsked, gives=AnnouncementList
)
def list_announcements(sent: AnnouncementsAsked) -> AnnouncementList:
    """The announcements that are for the caller."""
    cursor = Cursor(before=sent.cursor, limit=sent.limit)
    page = lists.shelf(viewer(), Shelf(sent.shelf.value), cursor, current_language())
    return AnnouncementList(items=list(map(_line, page.items)), next=following(page.next_before))


@operation(
    "GET",
    "/announcements/<int:announcement_id>",
    scopes=("read",),
    query=LanguageAsked,
    gives=AnnouncementShown,
)
def show_announcement(announcement_id: int, sent: LanguageAsked) -> AnnouncementShown:
    """One announcement that is for the caller. Reading it here does not count as having read it."""
    view = showing.show(viewer(), announcement_id, current_language(), sent.language)
    text = view.text
    return AnnouncementShown(
        announcement=_line(view.card),
        html=text.html if text else None,
        content_hash=text.content_hash if text else None,
        questions=[
            CheckQuestion(text=asked, options=list(options))
            for asked, options in (text.questions if text else ())
        ],
        languages=[one.code for one in view.languages],
    )


@operation(
    "POST",
    "/announcements/<int:announcement_id>/acknowledge",
    scopes=("write",),
    body=Confirming,
    gives=Confirmed,
    refusals=(409,),
)
def acknowledge_announcement(announcement_id: int, sent: Confirming) -> Confirmed:
    """Confirm that the caller has read these words. 409 when they have changed since."""
    with unit_of_work():
        announcement = queries.get_visible(viewer(), announcement_id)
        text_id = texts.id_of_words(announcement, sent.content_hash)
        done = acknowledge(
            viewer(), announcement, text_id=text_id, answers=sent.answers, door=Door.API
        )
    return Confirmed(confirmed_at=done)


def _line(card: AnnouncementCard) -> Announcement:
    return Announcement(
        id=str(card.id),
        url=absolute(f"/announcements/{card.id}"),
        title=card.title,
        lead=card.lead,
        language=card.language,
        voice=person(card.voice),
        published_at=card.published_at,
        must_be_confirmed=card.requires_acknowledgement,
        confirm_by=card.acknowledge_by,
        read_at=card.read_at,
        confirmed_at=card.acknowledged_at,
    )
