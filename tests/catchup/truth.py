"""What each person of an organisation must act on: said anew, row by row in Python, without a
clause of the product."""

from __future__ import annotations

import copy
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.calendar.models import Event, EventInvitation, Occurrence, Rsvp
from intranet.db import db
from intranet.groups.models import (
    Group,
    GroupInvitation,
    GroupPrivacy,
    GroupRole,
    JoinRequest,
    Membership,
    NotifyLevel,
)
from intranet.pages.models import PageEditor, PageRole
from intranet.posts.models import Mention, Participant, Post, ThreadMute, Visibility
from intranet.relationships.models import Block, Follow, Mute
from intranet.reviews.models import PageSubmission, SubmissionState
from tests.catchup.organisation import NOW

OF_POSTS = (
    "own posts", "a deleted post", "a block", "moderators read in spite of blocks",
    "who runs a group reads in spite of blocks", "a closed group", "a guest in an open group",
    "a guest", "followers", "a reply is for the followers of who began", "a mute", "a mute ends",
    "what is answered", "a deleted answer is none", "a mention", "a mention in what is silenced",
    "a muted thread", "a silenced group", "an answer", "an own thread",
    "an answer to what is deleted", "a manager", "a manager's reply", "what a manager passes on",
)  # fmt: skip
OF_DUTIES = (
    "who wrote an announcement", "who began an announcement", "an announcement ends",
    "an older confirmation is none", "who is exempted", "an own submission", "a cancelled event",
    "a past date", "an answer for what is past", "an answered event", "a cancelled date",
    "the next date first", "a blocked invitation", "who asks to join is gone", "who runs a group",
    "a hidden conversation", "a blocked message", "a mute", "a mute ends",
)  # fmt: skip
RULES = frozenset(OF_POSTS + OF_DUTIES)


class Truth:
    """Everything in the database, for the brute force."""

    def __init__(self) -> None:
        self._forgotten = ""
        self._kept: dict[Any, list[Any]] = {}
        all_of = self.all_of
        self.accounts = {one.id: one for one in all_of(Account)}
        self.posts = {one.id: one for one in all_of(Post)}
        self.groups = {one.id: one for one in all_of(Group)}
        self.members = {(one.group_id, one.account_id): one for one in all_of(Membership)}
        self.follows = {(one.follower_id, one.followee_id) for one in all_of(Follow)}
        self.blocks = {(one.blocker_id, one.blocked_id) for one in all_of(Block)}
        self.mutes = {(one.muter_id, one.muted_id): one for one in all_of(Mute)}
        self.mentions = {(one.post_id, one.account_id) for one in all_of(Mention)}
        self.thread_mutes = {(one.account_id, one.thread_id) for one in all_of(ThreadMute)}
        replies = [one for one in self.posts.values() if one.in_reply_to_id]
        self.ever_answered = {(one.in_reply_to_id, one.author_id) for one in replies}
        self.answered = {
            (one.in_reply_to_id, one.author_id) for one in replies if one.deleted_at is None
        }

    def all_of(self, model: Any) -> list[Any]:
        """Every row of a table."""
        if model not in self._kept:
            self._kept[model] = list(db.session.scalars(select(model)))
        return self._kept[model]

    def without(self, rule: str) -> Truth:
        """What the answers would be if one of the rules were forgotten."""
        other = copy.copy(self)
        other._forgotten = rule
        return other

    def holds(self, rule: str) -> bool:
        """Whether this rule is heeded."""
        assert rule in RULES
        return rule != self._forgotten

    def apart(self, one: int, other: int) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def muted(self, viewer: Account, other: int) -> bool:
        row = self.mutes.get((viewer.id, other))
        if row is None or not self.holds("a mute"):
            return False
        return row.expires_at is None or row.expires_at > NOW or not self.holds("a mute ends")

    def readable(self, viewer: Account, post: Post) -> bool:
        deleted = post.deleted_at is not None and self.holds("a deleted post")
        if deleted or post.visibility is Visibility.DIRECT:
            return False
        member = self.members.get((post.group_id, viewer.id)) if post.group_id else None
        moderates = viewer.moderates and self.holds("moderators read in spite of blocks")
        if self.apart(viewer.id, post.author_id) and not moderates and self.holds("a block"):
            runs = member is not None and member.role is not GroupRole.MEMBER
            if not runs or not self.holds("who runs a group reads in spite of blocks"):
                return False
        if post.group_id is not None:
            is_open = self.groups[post.group_id].privacy is GroupPrivacy.OPEN
            if not self.holds("a closed group"):
                is_open = True
            guest = viewer.is_guest and self.holds("a guest in an open group")
            return member is not None or (is_open and not guest)
        if viewer.is_guest and self.holds("a guest"):
            return False
        if post.visibility is Visibility.ORGANISATION:
            return True
        if not self.holds("followers"):
            return True
        began = post.author_id
        if post.root_id and self.holds("a reply is for the followers of who began"):
            began = self.posts[post.root_id].author_id
        return began == viewer.id or (viewer.id, began) in self.follows

    def asks(self, viewer: Account, post: Post) -> bool:
        """Whether the post is one that the viewer must see."""
        own = post.author_id == viewer.id and self.holds("own posts")
        if own or not self.readable(viewer, post):
            return False
        if self.muted(viewer, post.author_id):
            return False
        answered = self.answered if self.holds("a deleted answer is none") else self.ever_answered
        if (post.id, viewer.id) in answered and self.holds("what is answered"):
            return False
        named = (post.id, viewer.id) in self.mentions and self.holds("a mention")
        if named and self.holds("a mention in what is silenced"):
            return True
        muted = (viewer.id, post.root_id or post.id) in self.thread_mutes
        if muted and self.holds("a muted thread"):
            return False
        member = self.members.get((post.group_id, viewer.id)) if post.group_id else None
        silenced = member is not None and member.notify_level is NotifyLevel.NOTHING
        if silenced and self.holds("a silenced group"):
            return False
        if named:
            return True
        above = []
        if post.in_reply_to_id and self.holds("an answer"):
            above.append(self.posts[post.in_reply_to_id])
        if post.root_id and self.holds("an own thread"):
            above.append(self.posts[post.root_id])
        if any(
            one.author_id == viewer.id
            and (one.deleted_at is None or not self.holds("an answer to what is deleted"))
            for one in above
        ):
            return True
        is_root = post.root_id is None or not self.holds("a manager's reply")
        says = post.boost_of_id is None or not self.holds("what a manager passes on")
        managed = viewer.manager_id == post.author_id and self.holds("a manager")
        return is_root and says and managed

    def duties(self, viewer: Account) -> set[str]:
        """The keys of all that waits for the viewer."""
        return (
            self._announcements(viewer) | self._reviews(viewer) | self._events(viewer)
            | self._groups(viewer) | self._messages(viewer)
        )  # fmt: skip

    def _announcements(self, viewer: Account) -> set[str]:
        found = set()
        rows = self.all_of(AnnouncementRecipient)
        mine = {row.announcement_id: row for row in rows if row.account_id == viewer.id}
        texts = self.all_of(AnnouncementText)
        for one in self.all_of(Announcement):
            wrote = {text.written_by_id for text in texts if text.announcement_id == one.id}
            if one.status is AnnouncementStatus.IN_APPROVAL:
                eyes = viewer.role in (Role.HR, Role.ADMINISTRATOR) or self._role(
                    viewer, one.page_id
                ) in (PageRole.OWNER, PageRole.REVIEWER)
                if not self.holds("who wrote an announcement"):
                    wrote = set()
                if self.holds("who began an announcement"):
                    wrote.add(one.author_id)
                if eyes and viewer.id not in wrote:
                    found.add(f"approval-{one.id}")
            row = mine.get(one.id)
            if row is None or one.status is not AnnouncementStatus.PUBLISHED:
                continue
            ended = one.expires_at is not None and one.expires_at <= NOW
            if ended and self.holds("an announcement ends"):
                continue
            if one.requires_acknowledgement:
                needed = 2 if self.holds("an older confirmation is none") else 1
                done = row.acknowledged_revision is not None and row.acknowledged_revision >= needed
                exempted = row.exempted_at is not None and self.holds("who is exempted")
                if not exempted and not done:
                    found.add(f"confirm-{one.id}")
            elif one.pinned and row.read_at is None and row.dismissed_at is None:
                found.add(f"read_first-{one.id}")
        return found

    def _role(self, viewer: Account, page_id: int | None) -> PageRole | None:
        for one in self.all_of(PageEditor):
            if one.page_id == page_id and one.account_id == viewer.id:
                return PageRole(one.role)
        return None

    def _reviews(self, viewer: Account) -> set[str]:
        return {
            f"review-{one.id}"
            for one in self.all_of(PageSubmission)
            if one.state is SubmissionState.WAITING
            and (one.author_id != viewer.id or not self.holds("an own submission"))
            and self._role(viewer, one.page_id) in (PageRole.OWNER, PageRole.REVIEWER)
        }

    def _events(self, viewer: Account) -> set[str]:
        """The next date of each event to which the viewer is invited and has answered nothing for
        what is still to come."""
        found = set()
        answered = {row.occurrence_id for row in self.all_of(Rsvp) if row.account_id == viewer.id}
        invited = {i.event_id for i in self.all_of(EventInvitation) if i.account_id == viewer.id}
        for event in self.all_of(Event):
            if event.id not in invited:
                continue
            if event.cancelled_at is not None and self.holds("a cancelled event"):
                continue
            dates = [one for one in self.all_of(Occurrence) if one.event_id == event.id]
            ahead = [one for one in dates if one.ends_at > NOW or not self.holds("a past date")]
            counted = ahead if self.holds("an answer for what is past") else dates
            if any(one.id in answered for one in counted) and self.holds("an answered event"):
                continue
            if self.holds("a cancelled date"):
                ahead = [one for one in ahead if one.cancelled_at is None]
            if self.holds("the next date first"):
                ahead.sort(key=lambda one: one.starts_at)
            if ahead:
                found.add(f"event-{ahead[0].id}")
        return found

    def _groups(self, viewer: Account) -> set[str]:
        found = set()
        for one in self.all_of(GroupInvitation):
            apart = self.apart(viewer.id, one.invited_by_id) and self.holds("a blocked invitation")
            if one.account_id == viewer.id and not apart:
                found.add(f"group_invitation-{self.groups[one.group_id].slug}")
        for asked in self.all_of(JoinRequest):
            gone = self.accounts[asked.account_id].deactivated_at is not None
            if gone and self.holds("who asks to join is gone"):
                continue
            row = self.members.get((asked.group_id, viewer.id))
            runs = row is not None and row.role is not GroupRole.MEMBER
            if runs or (row is not None and not self.holds("who runs a group")):
                found.add(f"join_requests-{self.groups[asked.group_id].slug}")
        return found

    def _messages(self, viewer: Account) -> set[str]:
        found = set()
        for one in self.all_of(Participant):
            if one.account_id != viewer.id or (one.hidden and self.holds("a hidden conversation")):
                continue
            last = self.posts[one.last_post_id]
            kept = viewer.moderates or not self.apart(viewer.id, last.author_id)
            kept = kept or not self.holds("a blocked message")
            if last.id > one.last_read_post_id and kept and not self.muted(viewer, last.author_id):
                found.add(f"message-{one.conversation_id}")
        return found
