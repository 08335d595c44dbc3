"""Writes notifications, in the caller's transaction; tells of them after it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, select, update

from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.notifications import screening
from intranet.notifications.events import NotificationsRead, Notified
from intranet.notifications.models import Notification, NotificationKind, Welcome
from intranet.notifications.silence import PERSONAL, who_will_hear


def notify(
    recipient_ids: Collection[int],
    *,
    actor: Account,
    kind: NotificationKind,
    post_id: int | None = None,
    thread_id: int | None = None,
    group_id: int | None = None,
    announcement_id: int | None = None,
    event_id: int | None = None,
    occurrence_id: int | None = None,
    page_id: int | None = None,
    detail: str = "",
    tell_actor: bool = False,
    urgent: bool = False,
) -> set[int]:
    """One row for each recipient but the actor (unless `tell_actor`: reminders), in one INSERT.
    The caller has made sure that every recipient may see the subject; who has muted or
    blocked the actor, or muted the thread, is left out (`silence`), and recipients' policies may
    hold rows aside, or drop them (`screening`). `thread_id` is the root of the post's thread,
    `detail` a word that the sentence is chosen by. What comes to the writers of a page as such
    (`page_id`) passes both. `urgent` interrupts people outside their hours: for an emergency only,
    which the caller has written down. Returns those for whom there is a row."""
    wanted = set(recipient_ids) - (set() if tell_actor else {actor.id})
    said: dict[int, Welcome] = {}
    if page_id is None:
        if wanted and kind in PERSONAL:
            wanted = set(who_will_hear(sorted(wanted), actor.id, thread_id))
        if wanted:
            said = screening.screen(wanted, actor=actor, kind=kind)
    recipients = sorted(one for one in wanted if said.get(one) is not Welcome.DROP)
    held = {one for one in recipients if said.get(one) is Welcome.FILTER}
    if not recipients:
        return set()
    now = utc_now()
    common = {
        "actor_id": actor.id,
        "kind": kind,
        "post_id": post_id,
        "thread_id": thread_id,
        "group_id": group_id,
        "announcement_id": announcement_id,
        "event_id": event_id,
        "occurrence_id": occurrence_id,
        "page_id": page_id,
        "detail": detail,
        "urgent": urgent,
        "created_at": now,
    }
    ids = {recipient: new_id() for recipient in recipients}
    rows = [
        {"id": ids[recipient], "recipient_id": recipient, "held": recipient in held, **common}
        for recipient in recipients
    ]
    db.session.execute(insert(Notification), rows)
    told = [one for one in recipients if one not in held]
    if told:
        record(
            Notified(recipient_ids=tuple(told), notification_ids=tuple(ids[one] for one in told))
        )
    return set(recipients)


def urgent_among(ids: Collection[int]) -> set[int]:
    """Those of these rows that are part of an emergency."""
    found = select(Notification.id).where(Notification.id.in_(ids), Notification.urgent)
    return set(db.session.scalars(found))


def withdraw(*, actor: Account, kind: NotificationKind, post_id: int) -> None:
    """Take back what was undone (a reaction, a boost) and not read yet."""
    _delete(
        Notification.actor_id == actor.id,
        Notification.kind == kind,
        Notification.post_id == post_id,
        Notification.read_at.is_(None),
    )


def withdraw_follow(actor: Account, followee_id: int) -> None:
    """Take back the unread word of a follow that was undone."""
    _delete(
        Notification.actor_id == actor.id,
        Notification.kind == NotificationKind.FOLLOW,
        Notification.recipient_id == followee_id,
        Notification.read_at.is_(None),
    )


def forget_group(account_id: int, group_id: int) -> None:
    """Remove what somebody who left a group was told about it."""
    _delete(Notification.recipient_id == account_id, Notification.group_id == group_id)


def forget_page(account_id: int, page_id: int) -> None:
    """Remove what somebody who no longer writes for a page was told because of it."""
    _delete(Notification.recipient_id == account_id, Notification.page_id == page_id)


def settle_review(page_id: int, author_id: int) -> None:
    """An answered request for review needs nobody's attention any more."""
    _delete(
        Notification.kind == NotificationKind.REVIEW_REQUEST,
        Notification.page_id == page_id,
        Notification.actor_id == author_id,
    )


def forget_between(one_id: int, other_id: int) -> None:
    """Remove what two people who are kept apart from now on were told of one another."""
    for recipient_id, actor_id in ((one_id, other_id), (other_id, one_id)):
        _delete(
            Notification.recipient_id == recipient_id,
            Notification.actor_id == actor_id,
            Notification.kind.in_(PERSONAL),
            Notification.page_id.is_(None),
        )


def forget_posts(post_ids: Collection[int]) -> None:
    """Remove what anybody was told about posts that are no more."""
    _delete(Notification.post_id.in_(post_ids))


def forget_announcement(announcement_id: int) -> None:
    """Take back what was not read yet of an announcement that was taken back."""
    _delete(Notification.announcement_id == announcement_id, Notification.read_at.is_(None))


def settle_request(group_id: int, requester_id: int) -> None:
    """An answered request to join needs nobody's attention any more."""
    _delete(
        Notification.kind == NotificationKind.JOIN_REQUEST,
        Notification.group_id == group_id,
        Notification.actor_id == requester_id,
    )


def mark_read(
    recipient: Account,
    *,
    up_to: int | None = None,
    thread_id: int | None = None,
    announcement_id: int | None = None,
    kinds: Collection[NotificationKind] | None = None,
) -> None:
    """Mark the recipient's unread rows as read: all, those with ids up to one, a thread's, those
    about an announcement, or only those of some kinds."""
    statement = update(Notification).where(
        Notification.recipient_id == recipient.id,
        Notification.read_at.is_(None),
        Notification.held.is_(False),
    )
    if up_to is not None:
        statement = statement.where(Notification.id <= up_to)
    if thread_id is not None:
        statement = statement.where(Notification.thread_id == thread_id)
    if announcement_id is not None:
        statement = statement.where(Notification.announcement_id == announcement_id)
    if kinds is not None:
        statement = statement.where(Notification.kind.in_(kinds))
    done = db.session.execute(statement.values(read_at=utc_now()).returning(Notification.id))
    if done.first() is not None:
        record(NotificationsRead(recipient_id=recipient.id))


def mark_one_read(recipient: Account, notification_id: int) -> None:
    """Mark one own row as read; another's or a missing one changes nothing."""
    done = db.session.execute(
        update(Notification)
        .where(
            Notification.id == notification_id,
            Notification.recipient_id == recipient.id,
            Notification.read_at.is_(None),
        )
        .values(read_at=utc_now())
        .returning(Notification.id)
    )
    if done.first() is not None:
        record(NotificationsRead(recipient_id=recipient.id))


def forget_own(
    recipient: Account,
    *,
    kinds: Collection[NotificationKind],
    ids: Collection[int] | None = None,
    held_of: int | None = None,
) -> None:
    """Remove what the recipient was told of these kinds: all of it but what is held aside, some
    rows, or what is held of one account. Rows of others change nothing."""
    where = [Notification.recipient_id == recipient.id, Notification.kind.in_(kinds)]
    if ids is not None:
        where.append(Notification.id.in_(ids))
    elif held_of is not None:
        where += [Notification.held.is_(True), Notification.actor_id == held_of]
    else:
        where.append(Notification.held.is_(False))
    _delete(*where)


def _delete(*where: object) -> None:
    gone = db.session.scalars(
        delete(Notification).where(*where).returning(Notification.recipient_id)  # type: ignore[arg-type]
    )
    for recipient_id in set(gone):
        record(NotificationsRead(recipient_id=recipient_id))
