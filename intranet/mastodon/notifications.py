"""Notifications one by one. https://docs.joinmastodon.org/methods/notifications/

Reading is joined with the web: what a mark passes is read there, and what is read there counts
as read here."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

from intranet.inbox import signals
from intranet.inbox.signals import KINDS, Wanted
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import MAX_LIMIT, Cursor
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.notifications import notifications
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, Id, MaybeId, Paging, Parameters, Texts, read
from intranet.mastodon.requirements import scope
from intranet.notifications import actions
from intranet.notifications.models import NotificationKind
from intranet.notifications.standard import TYPES
from intranet.unit_of_work import unit_of_work

_MOST_COUNTED = 1000


class Chosen(Paging):
    """Which notifications. Types that do not occur here are passed over."""

    types: Texts = ()
    exclude_types: Texts = ()
    account_id: MaybeId = None
    include_filtered: Flag = None

    @property
    def kinds(self) -> Sequence[NotificationKind]:
        """Our kinds behind the types."""
        return [
            kind
            for kind in KINDS
            if (not self.types or TYPES[kind] in self.types)
            and TYPES[kind] not in self.exclude_types
        ]

    def wanted(self, *, unread: bool = False) -> Wanted:
        """The same for the inbox."""
        return Wanted(
            kinds=self.kinds,
            actor_id=self.account_id,
            held=None if self.include_filtered else False,
            unread=unread,
        )

    def counted(self) -> int:
        """How far to count."""
        return max(1, min(self.limit or 100, _MOST_COUNTED))


class One(Parameters):
    """A notification by number."""

    id: Id


@bp.get("/api/v1/notifications")
@scope("read:notifications")
def list_notifications() -> Response:
    """What concerns the caller, newest first: `types[]`, `exclude_types[]`, `account_id`."""
    sent = read(Chosen)
    size = sent.size(40, MAX_LIMIT)
    page = signals.list_signals(
        viewer(),
        sent.wanted(),
        Cursor(before=sent.max_id, after=sent.since_id, limit=size),
        above=sent.min_id,
    )
    newest = page.items[0].id if page.items else None
    drawn = notifications(viewer(), page.items)
    return linked(answer(drawn), older=page.next_before, newer=newest)


@bp.get("/api/v1/notifications/unread_count")
@scope("read:notifications")
def count_notifications() -> Response:
    """How many are unread, counted up to `limit`."""
    sent = read(Chosen)
    number = signals.count(viewer(), sent.wanted(unread=True), sent.counted())
    return answer({"count": number})


@bp.get("/api/v1/notifications/<int:notification_id>")
@scope("read:notifications")
def show_notification(notification_id: int) -> Response:
    """One of the caller's notifications."""
    drawn = notifications(viewer(), [signals.get(viewer(), notification_id)])
    if not drawn:
        raise NotFound
    return answer(drawn[0])


@bp.post("/api/v1/notifications/clear")
@scope("write:notifications")
def clear_notifications() -> Response:
    """Remove all that this door shows; announcements and the like stay in the inbox."""
    with unit_of_work():
        actions.forget_own(viewer(), kinds=KINDS)
    return answer({})


@bp.post("/api/v1/notifications/<int:notification_id>/dismiss")
@scope("write:notifications")
def dismiss_notification(notification_id: int) -> Response:
    """Remove one."""
    return _dismiss(notification_id)


@bp.post("/api/v1/notifications/dismiss")
@scope("write:notifications")
def dismiss_notification_by_id() -> Response:
    """Remove one, as older programs ask."""
    return _dismiss(read(One).id)


def _dismiss(notification_id: int) -> Response:
    with unit_of_work():
        found = signals.get(viewer(), notification_id)
        actions.forget_own(viewer(), kinds=KINDS, ids=[found.id])
    return answer({})
