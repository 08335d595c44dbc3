"""What waits for the reader's answer, however long already: required reading, reviews,
invitations, people who ask to join, messages that are not read.

These do not depend on the span: catching up ends none of them, only doing them does. A mute does
not take a duty away, but the messages of somebody whom the reader has muted are none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Result, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.announcements import policies as announcements
from intranet.announcements.models import Announcement, AnnouncementStatus, AnnouncementText
from intranet.announcements.waiting import all_waiting_for, text_for
from intranet.calendar.models import Event, EventInvitation, Occurrence, Rsvp
from intranet.catchup.reasons import Why
from intranet.conversations import queries as conversations
from intranet.db import UTCDateTime, db
from intranet.groups import policies as groups
from intranet.groups.models import Group, GroupInvitation, JoinRequest
from intranet.kernel.clock import utc_now
from intranet.kernel.text import plain_text
from intranet.pages import policies as pages
from intranet.pages.models import Page
from intranet.relationships.policies import apart_from, muted_by
from intranet.reviews.models import PageSubmission, SubmissionState

_EXCERPT = 140
_NOW = bindparam("now", type_=UTCDateTime)
_OF_GROUPS = (Why.GROUP_INVITATION, Why.JOIN_REQUESTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One thing to do. `subject_id` is of the announcement, the date, the conversation or the
    submission, `slug` of the group, or the page's handle; `who` asks for it, `count` of them."""

    why: Why
    subject_id: int = 0
    slug: str = ""
    title: str
    who: str = ""
    count: int = 0
    at: dt.datetime | None = None  # until when, or when it begins

    @property
    def key(self) -> str:
        """What it is, once among all duties."""
        of = self.slug if self.why in _OF_GROUPS else str(self.subject_id)
        return f"{self.why}-{of}"


def duties_of(viewer: Account, language: str) -> list[Duty]:
    """All of them, in the order of reading: nine statements."""
    return [
        *_reading(viewer, language),
        *_approvals(viewer, language),
        *_reviews(viewer),
        *_events(viewer),
        *_invitations(viewer),
        *_requests(viewer),
        *_messages(viewer),
    ]


def _rows(build: Callable[[Reader], Any], viewer: Account, **given: Any) -> Result[Any]:
    """Each statement is built once for each kind of reader."""
    return db.session.execute(
        build(reader_of(viewer)), {"reader_id": viewer.id, "now": utc_now(), **given}
    )


def _reading(viewer: Account, language: str) -> list[Duty]:
    return [
        Duty(
            why=Why.CONFIRM if item.to_confirm else Why.READ_FIRST,
            subject_id=item.id,
            title=item.title,
            who=item.voice_name,
            at=item.acknowledge_by,
        )
        for item in all_waiting_for(viewer, language).items
    ]


def _approvals(viewer: Account, language: str) -> list[Duty]:
    return [
        Duty(why=Why.APPROVAL, subject_id=row.id, title=row.title, who=row.display_name)
        for row in _rows(_select_approvals, viewer, language=language)
    ]


@cache
def _select_approvals(reader: Reader) -> Any:
    """Announcements that wait for a second pair of eyes, which must not be those that wrote."""
    written = aliased(AnnouncementText)
    wrote = exists(
        select(written.id)
        .where(written.announcement_id == Announcement.id, written.written_by_id == reader.id)
        .correlate(Announcement)
    )
    return (
        select(Announcement.id, AnnouncementText.title, Account.display_name)
        .select_from(Announcement)
        .join(AnnouncementText, AnnouncementText.id == text_for(bindparam("language")))
        .join(Account, Account.id == Announcement.author_id)
        .where(
            Announcement.status == AnnouncementStatus.IN_APPROVAL,
            Announcement.author_id != reader.id,
            announcements.reviews(reader.as_viewer),
            ~wrote,
        )
        .order_by(Announcement.id)
    )


def _reviews(viewer: Account) -> list[Duty]:
    return [
        Duty(
            why=Why.REVIEW,
            subject_id=row.id,
            slug=row.handle,
            title=plain_text(row.source, _EXCERPT),
            who=row.display_name,
        )
        for row in _rows(_select_reviews, viewer)
    ]


@cache
def _select_reviews(reader: Reader) -> Any:
    author = aliased(Account)
    return (
        select(PageSubmission.id, PageSubmission.source, Account.handle, author.display_name)
        .select_from(PageSubmission)
        .join(Page, Page.account_id == PageSubmission.page_id)
        .join(Account, Account.id == Page.account_id)
        .join(author, author.id == PageSubmission.author_id)
        .where(
            PageSubmission.state == SubmissionState.WAITING,
            PageSubmission.author_id != reader.id,
            pages.has_role(reader.as_viewer, pages.REVIEWERS, PageSubmission.page_id),
            pages.visible_to(reader.as_viewer),
        )
        .order_by(PageSubmission.submitted_at, PageSubmission.id)
    )


def _events(viewer: Account) -> list[Duty]:
    return [
        Duty(
            why=Why.EVENT,
            subject_id=row.id,
            title=row.changes.get("title", row.title),
            who=row.display_name or "",
            at=row.starts_at,
        )
        for row in _rows(_select_events, viewer)
    ]


@cache
def _select_events(reader: Reader) -> Any:
    """Invitations to what is still ahead, of which no coming date has an answer."""
    date, answered_date = aliased(Occurrence), aliased(Occurrence)
    following = (
        select(date.id)
        .where(date.event_id == Event.id, date.cancelled_at.is_(None), date.ends_at > _NOW)
        .order_by(date.starts_at, date.id)
        .limit(1)
        .correlate(Event)
        .scalar_subquery()
    )
    answered = exists(
        select(Rsvp.account_id)
        .join(answered_date, answered_date.id == Rsvp.occurrence_id)
        .where(
            Rsvp.account_id == reader.id,
            answered_date.event_id == Event.id,
            answered_date.ends_at > _NOW,
        )
        .correlate(Event)
    )
    inviter = and_(
        Account.id == EventInvitation.invited_by_id, Account.id.not_in(apart_from(reader.id))
    )
    return (
        select(
            Occurrence.id,
            Occurrence.changes,
            Occurrence.starts_at,
            Event.title,
            Account.display_name,
        )
        .select_from(EventInvitation)
        .join(Event, Event.id == EventInvitation.event_id)
        .join(Occurrence, Occurrence.id == following)
        .outerjoin(Account, inviter)
        .where(EventInvitation.account_id == reader.id, Event.cancelled_at.is_(None), ~answered)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def _invitations(viewer: Account) -> list[Duty]:
    return [
        _of_group(Why.GROUP_INVITATION, row, who=row.display_name)
        for row in _rows(_select_invitations, viewer)
    ]


def _of_group(why: Why, row: Any, *, who: str = "", count: int = 0) -> Duty:
    return Duty(why=why, subject_id=row.id, slug=row.slug, title=row.name, who=who, count=count)


@cache
def _select_invitations(reader: Reader) -> Any:
    return (
        select(Group.id, Group.slug, Group.name, Account.display_name)
        .select_from(GroupInvitation)
        .join(Group, Group.id == GroupInvitation.group_id)
        .join(Account, Account.id == GroupInvitation.invited_by_id)
        .where(
            GroupInvitation.account_id == reader.id,
            GroupInvitation.invited_by_id.not_in(apart_from(reader.id)),
            groups.visible_to(reader.as_viewer),
        )
        .order_by(GroupInvitation.id)
    )


def _requests(viewer: Account) -> list[Duty]:
    return [
        _of_group(Why.JOIN_REQUESTS, row, count=row.people)
        for row in _rows(_select_requests, viewer)
    ]


@cache
def _select_requests(reader: Reader) -> Any:
    """Who asks to join, one line for each group that the viewer runs."""
    return (
        select(Group.id, Group.slug, Group.name, func.count().label("people"))
        .select_from(Group)
        .join(JoinRequest, JoinRequest.group_id == Group.id)
        .join(Account, Account.id == JoinRequest.account_id)
        .where(groups.runs(reader.as_viewer), Account.deactivated_at.is_(None))
        .group_by(Group.id, Group.slug, Group.name)
        .order_by(func.min(JoinRequest.id))
    )


def _messages(viewer: Account) -> list[Duty]:
    muted = set(_rows(_select_muted, viewer).scalars())
    return [
        Duty(
            why=Why.MESSAGE,
            subject_id=one.id,
            title=one.excerpt,
            who=", ".join(person.display_name for person in one.people),
            at=one.last_at,
        )
        for one in conversations.list_unread(viewer)
        if not one.withheld and one.last_author_id not in muted
    ]


@cache
def _select_muted(reader: Reader) -> Any:
    return muted_by(reader.id, _NOW)
