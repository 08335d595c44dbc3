"""Where a notification leads: one table for its page, its letter and its push message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intranet.inbox.queries import InboxEntry, InboxLine
from intranet.notifications.models import NotificationKind
from intranet.reviews import answers
from intranet.reviews.answers import Outcome
from intranet.search import alerts

_REVIEWS = (NotificationKind.REVIEW_REQUEST, NotificationKind.REVIEW_ANSWER)


def address_of(line: InboxLine, entry: InboxEntry, build: Callable[..., str]) -> str:
    """The address of what the line is about, as `build` (`url_for`, or `absolute` for what is read
    elsewhere) makes one of an endpoint and its values."""
    endpoint, values, post_id = _place(line, entry)
    where = build(endpoint, **values)
    return where if post_id is None else f"{where}#post-{post_id}"


def _place(line: InboxLine, entry: InboxEntry) -> tuple[str, dict[str, Any], int | None]:
    """The page, and the post on it that it opens at."""
    kind, group = line.kind, entry.group
    if kind is NotificationKind.SAVED_SEARCH:
        return "saved_searches.show", {"saved_id": alerts.told(line.detail).saved_id}, None
    if line.announcement_id is not None:
        return "announcements.show", {"announcement_id": line.announcement_id}, None
    if line.about is not None:
        return "events.show", {"occurrence_id": line.about.occurrence_id}, None
    if line.post_id is not None:
        first = entry.thread_id or line.post_id
        below = None if line.post_id == first else line.post_id
        if kind is NotificationKind.MESSAGE:
            return "conversations.show", {"conversation_id": first}, below
        return "posts.show", {"post_id": first}, below
    if kind is NotificationKind.SCHEDULED_FAILED:
        return "scheduled.index", {}, None
    if group is not None:
        endpoint = {
            NotificationKind.REPORT: "groups.reports_of_group",
            NotificationKind.JOIN_REQUEST: "groups.members",
        }.get(kind, "groups.show")
        return endpoint, {"slug": group.slug}, None
    if kind is NotificationKind.REPORT:
        return "moderation.reports", {}, None
    if line.page is not None:
        if _comes_later(line):
            return "scheduled.index", {}, None
        endpoint = "pages.reviews" if kind in _REVIEWS else "pages.show"
        return endpoint, {"handle": line.page.handle}, None
    return "people.show", {"handle": line.actors[0].handle}, None


def _comes_later(line: InboxLine) -> bool:
    """Whether it says that a reviewed post waits for its time."""
    answer = answers.told(line.detail) if line.kind is NotificationKind.REVIEW_ANSWER else None
    return answer is not None and answer.outcome is Outcome.LATER
