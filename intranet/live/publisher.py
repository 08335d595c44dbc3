"""Domain facts in, small id-only messages out. The only module that emits.

Every message only says where something happened; the browser fetches what it may see through the
ordinary, checked pages. Names: `stream.post` (a new post in a stream you subscribe to),
`organisation.post`, `thread.reply`, `post.changed`, `post.deleted`, `announcement.changed`,
`event.changed`, `notification.new`, `notification.read`.
"""

from __future__ import annotations

from typing import Any

from intranet.accounts.events import AccessChanged
from intranet.announcements.events import (
    AnnouncementAcknowledged,
    AnnouncementPublished,
    AnnouncementRead,
    AnnouncementRevised,
    AnnouncementWithdrawn,
)
from intranet.calendar.events import RsvpChanged
from intranet.groups.events import GroupChanged, MembershipChanged
from intranet.live import control
from intranet.live.socket import (
    ORGANISATION_ROOM,
    account_room,
    author_room,
    group_room,
    socketio,
    thread_room,
)
from intranet.notifications.events import NotificationsRead, Notified
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.relationships.events import Followed, Unfollowed

PostFact = PostPublished | PostChanged | PostDeleted


def _emit(name: str, data: dict[str, str], to: list[str]) -> None:
    # A socket in several of the rooms gets it once; without a room it would go to everybody.
    if to:
        socketio.emit(name, data, to=to)  # type: ignore[arg-type]  # the stubs know one room


def _stream(fact: PostFact) -> list[str]:
    """The room of those who subscribe to it. Of a post for an audience, or a direct one, none: some
    who follow its author may not know of it. Its readers have it by their notification, or have
    it open."""
    if fact.for_some:
        return []
    if fact.group_id is not None:
        return [group_room(fact.group_id)]
    return [author_room(fact.author_id)]


def _ids(fact: PostFact) -> dict[str, str]:
    data: dict[str, Any] = {"post_id": fact.post_id, "author_id": fact.author_id}
    if fact.group_id is not None:
        data["group_id"] = fact.group_id
    if fact.root_id is not None:
        data["root_id"] = fact.root_id
    return {name: str(value) for name, value in data.items()}


def post_published(fact: PostPublished) -> None:
    """A reply goes to those who have the thread open, anything else to its stream."""
    if fact.root_id is not None:
        _emit("thread.reply", _ids(fact), [thread_room(fact.root_id)])
        _emit("post.changed", _ids(fact) | {"post_id": str(fact.root_id)}, _where(fact))
        return
    _emit("stream.post", _ids(fact), _stream(fact))
    if fact.organisation_wide:
        _emit("organisation.post", _ids(fact), [ORGANISATION_ROOM])


def post_changed(fact: PostChanged) -> None:
    """Whoever shows it fetches it again."""
    _emit("post.changed", _ids(fact), _where(fact))


def post_deleted(fact: PostDeleted) -> None:
    """Whoever shows it leaves a line in its place."""
    _emit("post.deleted", _ids(fact), _where(fact))


def announcement_published(fact: AnnouncementPublished) -> None:
    """Readers hear of it by their notification; whoever sent it sees it out."""
    _announcement(fact.announcement_id, [fact.author_id])


def announcement_revised(fact: AnnouncementRevised | AnnouncementWithdrawn) -> None:
    """The author's windows show it anew; readers hear by their notification."""
    _announcement(fact.announcement_id, [fact.author_id])


def announcement_answered(fact: AnnouncementRead | AnnouncementAcknowledged) -> None:
    """The author's figures move, and the reader's other windows show that it is done."""
    _announcement(fact.announcement_id, [fact.author_id, fact.account_id])


def _announcement(announcement_id: int, account_ids: list[int]) -> None:
    rooms = [account_room(one) for one in dict.fromkeys(account_ids)]
    _emit("announcement.changed", {"announcement_id": str(announcement_id)}, rooms)


def _where(fact: PostFact) -> list[str]:
    rooms = [*_stream(fact), thread_room(fact.root_id or fact.post_id)]
    if fact.organisation_wide:
        rooms.append(ORGANISATION_ROOM)
    return rooms


def event_changed(fact: RsvpChanged) -> None:
    """Seats and answers of a date changed: windows of those who answered, and of everybody when
    everybody may see it, fetch what they show of it again."""
    rooms = [account_room(one) for one in fact.account_ids]
    if fact.everybody:
        rooms.append(ORGANISATION_ROOM)
    data = {"event_id": str(fact.event_id), "occurrence_id": str(fact.occurrence_id)}
    _emit("event.changed", data, rooms)


def notified(fact: Notified) -> None:
    """Every window of the recipients asks for what is new."""
    _emit("notification.new", {}, [account_room(one) for one in fact.recipient_ids])


def notifications_read(fact: NotificationsRead) -> None:
    """The badge falls in all windows of the reader."""
    _emit("notification.read", {}, [account_room(fact.recipient_id)])


def membership_changed(fact: MembershipChanged) -> None:
    """Joining opens the group's room, leaving closes it."""
    control.settle([fact.account_id])


def group_changed(_fact: GroupChanged) -> None:
    """A group that closed must not be heard in threads that are open."""
    control.settle_watchers()


def follow_changed(fact: Followed | Unfollowed) -> None:
    """The follower hears the followee's room, or no longer."""
    control.settle([fact.follower_id])


def access_changed(fact: AccessChanged) -> None:
    """Sockets of ended sessions and deactivated accounts end."""
    control.settle([fact.account_id])
