"""Keeps homes true. Each function follows a fact within its transaction (see `subscriptions`)."""

from __future__ import annotations

from sqlalchemy import or_, update

from intranet.db import db
from intranet.groups.events import MembershipChanged
from intranet.groups.models import Membership
from intranet.posts.events import PostDeleted, PostPublished
from intranet.relationships.events import Followed, Unfollowed
from intranet.tasks.actions import enqueue
from intranet.timelines import entries
from intranet.timelines.limits import limits
from intranet.timelines.streams import Stream

SETTLE_WIDTH = "timelines.settle_width"  # payload: {"stream": id, "is_group": bool}


def fan_out(event: PostPublished) -> None:
    """A root post or boost reaches the homes of its stream; replies reach only their thread,
    direct posts no home."""
    if event.root_id is not None or event.direct:
        return
    wide = Stream.of(event.author_id, event.group_id).hold()
    if wide is not None:
        entries.give(event.post_id, event.author_id, event.group_id, wide=wide)


def withdraw(event: PostDeleted) -> None:
    """A deleted post leaves every home."""
    if event.root_id is None and not event.direct:
        entries.take(event.post_id, event.author_id, event.group_id)


def follow_started(event: Followed) -> None:
    """The follower's home holds what the followed has posted."""
    _subscribed(Stream(event.followee_id, False), event.follower_id)


def follow_ended(event: Unfollowed) -> None:
    """The posts leave the home at once."""
    _unsubscribed(Stream(event.followee_id, False), event.follower_id)


def membership_changed(event: MembershipChanged) -> None:
    """A new member's home holds what the group has posted; one who left loses it at once."""
    stream = Stream(event.group_id, True)
    db.session.flush()
    if stream.subscribes(event.account_id):
        _subscribed(stream, event.account_id)
    else:
        _unsubscribed(stream, event.account_id)


def mark_group_read(account_id: int, group_id: int, up_to: int) -> None:
    """Remember that a member has seen the group's posts up to this id; never goes back."""
    db.session.execute(
        update(Membership)
        .where(
            Membership.account_id == account_id,
            Membership.group_id == group_id,
            or_(Membership.last_read_post_id.is_(None), Membership.last_read_post_id < up_to),
        )
        .values(last_read_post_id=up_to)
        .execution_options(synchronize_session=False)
    )


def settle_width(stream: Stream) -> None:
    """Make the stream wide or narrow by how many subscribe. Doing it again changes nothing."""
    wide = stream.hold()
    if wide is None or wide is _should_be_wide(stream, wide):
        return
    stream.set_wide(not wide)
    if wide:
        entries.fill_all(stream)
    # The other way nothing is removed: an entry that is pulled as well is drawn once.


def _should_be_wide(stream: Stream, wide: bool) -> bool:
    threshold = limits.narrow_again if wide else limits.wide_stream
    return stream.count_subscribers(threshold + 1) > threshold


def _subscribed(stream: Stream, account_id: int) -> None:
    db.session.flush()
    wide = stream.hold()
    if wide is None:
        return
    stream.set_subscription_wide(account_id, wide)
    if not wide:
        entries.fill(stream, account_id)
    _watch_width(stream, wide)


def _unsubscribed(stream: Stream, account_id: int) -> None:
    db.session.flush()
    wide = stream.hold()
    entries.remove(stream, account_id)
    if wide is not None:
        _watch_width(stream, wide)


def _watch_width(stream: Stream, wide: bool) -> None:
    if wide is not _should_be_wide(stream, wide):
        enqueue(SETTLE_WIDTH, {"stream": stream.id, "is_group": stream.is_group})
