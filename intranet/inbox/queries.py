"""Reads of notifications. Rows about posts, groups or events that the reader may not see any more
do not exist here: not in the list, not in the count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts import chips as account_chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.announcements import policies as announcement_policies
from intranet.announcements.models import Announcement, AnnouncementText
from intranet.announcements.waiting import text_for
from intranet.calendar import policies as event_policies
from intranet.calendar.models import Event, Occurrence
from intranet.db import db
from intranet.filters.matching import Matcher, matcher, strongest
from intranet.filters.models import FilterContext
from intranet.groups import chips as group_chips
from intranet.groups import policies as group_policies
from intranet.groups.chips import GroupChip
from intranet.groups.models import Group
from intranet.kernel.pagination import Cursor, Page
from intranet.kernel.text import plain_text
from intranet.notifications.models import Notification, NotificationKind
from intranet.pages import policies as page_policies
from intranet.pages.models import Page as PageRow
from intranet.posts import policies as post_policies
from intranet.posts.models import Post
from intranet.reviews import answers
from intranet.reviews.answers import Outcome

COUNT_CAP = 99
_ROWS_PER_PAGE = 60  # rows read for one page; grouping makes fewer entries of them
_EXCERPT = 140
_NOTE = 280  # of a reviewer: the whole of it stands at the post that came back
_ABOUT_ANNOUNCEMENTS = (
    NotificationKind.ANNOUNCEMENT,
    NotificationKind.ANNOUNCEMENT_REMINDER,
    NotificationKind.ANNOUNCEMENT_REOPENED,
    NotificationKind.APPROVAL_REQUEST,
    NotificationKind.APPROVAL_ANSWER,
)
# These are said person by person; the others are gathered into one line.
_NEVER_GATHERED = (
    NotificationKind.MENTION,
    NotificationKind.REPLY,
    NotificationKind.THREAD_REPLY,
    NotificationKind.MESSAGE,
    NotificationKind.QUOTE,
    NotificationKind.PRAISE,
    NotificationKind.ANSWER,
    NotificationKind.JOIN_REQUEST,
    NotificationKind.GROUP_INVITATION,
    NotificationKind.GROUP_POST,
    NotificationKind.POST,
    NotificationKind.SAVED_SEARCH,
    NotificationKind.PAGE_INVITATION,
    NotificationKind.REVIEW_REQUEST,
    NotificationKind.REVIEW_ANSWER,
    NotificationKind.SCHEDULED_FAILED,
    NotificationKind.REPORT,
    *_ABOUT_ANNOUNCEMENTS,
)
_page_account = aliased(Account, name="page_account")
ONLY_MENTIONS = (NotificationKind.MENTION, NotificationKind.REPLY, NotificationKind.MESSAGE)


@dataclass(frozen=True, slots=True)
class EventDate:
    """The date of an event that a line is about; `what` are the changes it tells of."""

    occurrence_id: int
    title: str
    starts_at: dt.datetime
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One thing that happened: who (newest first), what, when."""

    id: int  # of the newest row
    kind: NotificationKind
    actors: tuple[AccountChip, ...]
    post_id: int | None
    announcement_id: int | None
    excerpt: str  # what the post says, the title of the announcement, or why a post came back
    created_at: dt.datetime
    unread: bool
    page: AccountChip | None = None  # because the reader writes for it
    about: EventDate | None = None
    detail: str = ""  # a word more that the sentence is made of
    filtered_by: str = ""  # the title of the reader's filter that keeps the excerpt to itself


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """What happened in one thread, or around one group, event or the reader, newest line first."""

    id: int  # of the newest row
    thread_id: int | None
    group: GroupChip | None
    lines: tuple[InboxLine, ...]

    @property
    def unread(self) -> bool:
        """Whether any line is unread."""
        return any(line.unread for line in self.lines)

    @property
    def newest(self) -> InboxLine:
        """The line that gave the entry its place."""
        return self.lines[0]


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """Of the viewer's own rows those whose subjects (post, group, page, announcement, event) it
    may see and that its policy lets through. Needs the joins of `rows_of`."""
    return and_(Notification.held.is_(False), with_held(viewer))


def with_held(viewer: Account) -> ColumnElement[bool]:
    """As `visible_to`, and also what the viewer's policy holds aside."""
    return and_(
        Notification.recipient_id == viewer.id,
        or_(
            Notification.post_id.is_(None),
            and_(Post.id.is_not(None), post_policies.visible_to(viewer)),
        ),
        or_(
            Notification.group_id.is_(None),
            and_(Group.id.is_not(None), group_policies.visible_to(viewer)),
        ),
        or_(
            Notification.page_id.is_(None),
            and_(PageRow.account_id.is_not(None), page_policies.visible_to(viewer)),
        ),
        or_(
            Notification.announcement_id.is_(None),
            and_(Announcement.id.is_not(None), announcement_policies.readable_by(viewer)),
        ),
        or_(
            Notification.event_id.is_(None),
            and_(Event.id.is_not(None), event_policies.visible_to(viewer)),
        ),
    )


def _announced(viewer: Account) -> Any:
    """The title of the announcement that a row is about, in the viewer's language if there is
    one."""
    title = select(AnnouncementText.title).where(
        AnnouncementText.id == text_for(viewer.locale or "")
    )
    return title.correlate(Announcement).scalar_subquery().label("announced")


def rows_of(*columns: Any) -> Select[Any]:
    """A select of notifications with what the policies look at joined."""
    return (
        select(*columns)
        .select_from(Notification)
        .outerjoin(Post, Post.id == Notification.post_id)
        .outerjoin(Group, Group.id == Notification.group_id)
        .outerjoin(PageRow, PageRow.account_id == Notification.page_id)
        .outerjoin(Announcement, Announcement.id == Notification.announcement_id)
        .outerjoin(Event, Event.id == Notification.event_id)
    )


def unread_count(viewer: Account) -> int:
    """How many unread rows the viewer has, at most COUNT_CAP + 1."""
    return db.session.scalar(_unread_count(reader_of(viewer)), {"reader_id": viewer.id}) or 0


@cache
def _unread_count(reader: Reader) -> Select[int]:
    """Every page draws the badge: its statement is built once for each kind of reader."""
    unread = (
        rows_of(Notification.id)
        .where(Notification.read_at.is_(None), visible_to(reader.as_viewer))
        .limit(COUNT_CAP + 1)
        .subquery()
    )
    return select(func.count()).select_from(unread)


def entries(
    viewer: Account,
    cursor: Cursor,
    *,
    kinds: Sequence[NotificationKind] | None = None,
) -> Page[InboxEntry]:
    """The viewer's notifications, newest first, grouped by thread within a page. What the viewer
    filters is told without its words."""
    query = _whole(viewer).order_by(Notification.id.desc()).limit(_ROWS_PER_PAGE + 1)
    if kinds is not None:
        query = query.where(Notification.kind.in_(kinds))
    if cursor.before is not None:
        query = query.where(Notification.id < cursor.before)
    if cursor.after is not None:
        query = query.where(Notification.id > cursor.after)
    rows = db.session.execute(query).all()
    kept = rows[:_ROWS_PER_PAGE]
    more = kept[-1][0].id if len(rows) > _ROWS_PER_PAGE else None
    return Page(_grouped(kept, _words(viewer, kept)), more)


def entries_of(viewer: Account, ids: Collection[int]) -> list[InboxEntry]:
    """Single notifications, each as an entry with one line, the oldest first; those about what
    the viewer may not see are left out."""
    query = _whole(viewer).where(Notification.id.in_(ids)).order_by(Notification.id)
    rows = db.session.execute(query).all()
    words = _words(viewer, rows)
    return [_entry([row], words) for row in rows]


@dataclass(frozen=True, slots=True)
class _Words:
    """What lines say beside their rows: the reader's filters, and why posts were returned."""

    filters: Matcher
    notes: Mapping[int, str]

    def note(self, notification: Notification) -> str:
        """The note of the reviewer who returned what the row is about."""
        if notification.kind is not NotificationKind.REVIEW_ANSWER:
            return ""
        answer = answers.told(notification.detail)
        returned = answer is not None and answer.outcome is Outcome.RETURNED
        note = self.notes.get(answer.submission_id, "") if answer and returned else ""
        return shorten(note, _NOTE, placeholder="…")


def _words(viewer: Account, rows: Sequence[Any]) -> _Words:
    told = [
        answers.told(row[0].detail) for row in rows if row[0].kind is NotificationKind.REVIEW_ANSWER
    ]
    notes = answers.notes_of(viewer, [one.submission_id for one in told if one is not None])
    filters = matcher(viewer, FilterContext.NOTIFICATIONS) if rows else Matcher(viewer.id, ())
    return _Words(filters, notes)


def _whole(viewer: Account) -> Select[Any]:
    """Everything that lines are made of."""
    return (
        rows_of(
            Notification,
            func.coalesce(func.nullif(Post.spoiler_text, ""), Post.source),
            Group,
            _page_account,
            Event,
            Occurrence,
            _announced(viewer),
            Post.author_id.label("post_author_id"),
            *account_chips.COLUMNS,
        )
        .outerjoin(Occurrence, Occurrence.id == Notification.occurrence_id)
        .join(Account, Account.id == Notification.actor_id)
        .outerjoin(_page_account, _page_account.id == Notification.page_id)
        .where(visible_to(viewer))
    )


def _grouped(rows: Iterable[Any], words: _Words) -> list[InboxEntry]:
    entries: dict[tuple[str, int], list[Any]] = {}
    for row in rows:
        entries.setdefault(_subject(row[0]), []).append(row)
    return [_entry(members, words) for members in entries.values()]


def _subject(notification: Notification) -> tuple[str, int]:
    """What the row is about: a thread, an event, a group, or the reader (by day)."""
    if notification.thread_id is not None:
        return ("thread", notification.thread_id)
    if notification.announcement_id is not None:
        return ("announcement", notification.announcement_id)
    if notification.event_id is not None:
        return ("event", notification.event_id)
    if notification.group_id is not None:
        return ("group", notification.group_id)
    if notification.page_id is not None:
        return ("page", notification.page_id)
    return ("day", notification.created_at.toordinal())


def _entry(rows: list[Any], words: _Words) -> InboxEntry:
    lines: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        notification: Notification = row[0]
        key: tuple[Any, ...] = (
            notification.kind,
            notification.post_id,
            notification.page_id,
            notification.occurrence_id,
        )
        if notification.kind in _NEVER_GATHERED:
            key = (notification.id,)
        lines.setdefault(key, []).append(row)
    first: Notification = rows[0][0]
    group = next((row[2] for row in rows if row[2] is not None), None)
    return InboxEntry(
        id=first.id,
        thread_id=first.thread_id,
        group=group_chips.chip_of(group) if group is not None else None,
        lines=tuple(_line(members, words) for members in lines.values()),
    )


def _line(rows: list[Any], words: _Words) -> InboxLine:
    first: Notification = rows[0][0]
    source: str = rows[0][1] or ""
    matches = (
        words.filters.of_text(first.post_id, rows[0].post_author_id, source)
        if first.post_id
        else ()
    )
    met = strongest(matches, has_media=False)
    actors = {row.account_id: account_chips.chip_from(row) for row in rows}
    return InboxLine(
        id=first.id,
        kind=first.kind,
        actors=tuple(actors.values()),
        post_id=first.post_id,
        announcement_id=first.announcement_id,
        excerpt=""
        if met
        else rows[0].announced or words.note(first) or plain_text(source, _EXCERPT),
        created_at=first.created_at,
        unread=any(row[0].read_at is None for row in rows),
        page=account_chips.chip_of(page) if (page := rows[0][3]) is not None else None,
        about=_date(rows[0]),
        detail=first.detail,
        filtered_by=met.filter.title if met else "",
    )


def _date(row: Any) -> EventDate | None:
    event: Event | None = row[4]
    date: Occurrence | None = row[5]
    if event is None or date is None:
        return None
    detail: str = row[0].detail
    return EventDate(
        occurrence_id=date.id,
        title=date.changes.get("title", event.title),
        starts_at=date.starts_at,
        what=tuple(detail.split(",")) if detail else (),
    )
