"""A random organisation as bare rows, and what each of its people must act on: said anew, row by
row in Python, without a clause of the product."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account, AccountKind, Role
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.audiences.models import Audience
from intranet.calendar.models import Answer, Event, EventInvitation, Occurrence, Rsvp
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
from intranet.kernel.ids import id_at
from intranet.pages.models import Page, PageEditor, PageRole
from intranet.posts.models import Mention, Participant, Post, ThreadMute, Visibility
from intranet.relationships.models import Block, Follow, Mute
from intranet.reviews.models import PageSubmission, SubmissionState

NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)


class Organisation:
    """Some people, groups and posts of the last ten days, in a database that may hold others."""

    def __init__(self, seed: int, people: int = 9, posts: int = 160) -> None:
        self.dice = Random(seed)
        self.seed = seed
        self._sequence = seed * 100_000
        self.people = [self._person(number) for number in range(people)]
        db.session.add_all(self.people)
        db.session.flush()
        for one in self.people[1:]:
            one.manager_id = self.dice.choice(self.people).id if self.dice.random() < 0.7 else None
            if one.manager_id == one.id:
                one.manager_id = None
        self.groups = [self._group(number) for number in range(4)]
        self._distances()
        db.session.flush()
        self.posts: list[Post] = []
        for _ in range(posts):
            self._post()
        self._duties()
        db.session.flush()

    def _some(self, chance: float) -> list[Account]:
        return [one for one in self.people if self.dice.random() < chance]

    def _pair(self) -> tuple[Account, Account]:
        one, other = self.dice.sample(self.people, 2)
        return one, other

    def _person(self, number: int) -> Account:
        handle = f"p{self.seed}-{number}"
        role = {1: Role.GUEST, 2: Role.MODERATOR, 3: Role.HR}.get(number, Role.MEMBER)
        return Account(handle=handle, email=f"{handle}@x.test", display_name=handle, role=role)

    def _group(self, number: int) -> Group:
        privacy = (GroupPrivacy.OPEN, GroupPrivacy.CLOSED, GroupPrivacy.SECRET)[number % 3]
        group = Group(slug=f"g{self.seed}-{number}", name=f"G {number}", privacy=privacy)
        db.session.add(group)
        db.session.flush()
        members = self._some(0.5)
        for one in members:
            row = Membership(
                group_id=group.id,
                account_id=one.id,
                role=self.dice.choice(list(GroupRole)),
                notify_level=self.dice.choice(list(NotifyLevel)),
            )
            db.session.add(row)
        outside = [one for one in self.people if one not in members]
        for one in self.dice.sample(outside, min(2, len(outside))):
            invited = GroupInvitation(
                group_id=group.id, account_id=one.id, invited_by_id=self.dice.choice(self.people).id
            )
            asked = JoinRequest(group_id=group.id, account_id=one.id)
            db.session.add(invited if self.dice.random() < 0.5 else asked)
        return group

    def _distances(self) -> None:
        pairs = {self._pair() for _ in range(12)}
        for one, other in pairs:
            db.session.add(Follow(follower_id=one.id, followee_id=other.id))
        for one, other in {self._pair() for _ in range(4)}:
            db.session.add(Block(blocker_id=one.id, blocked_id=other.id))
        for one, other in {self._pair() for _ in range(5)}:
            ends = self.dice.choice([None, NOW + HOUR, NOW - HOUR])
            db.session.add(Mute(muter_id=one.id, muted_id=other.id, expires_at=ends))

    def _post(self) -> None:
        dice = self.dice
        self._sequence += 1
        age = dt.timedelta(minutes=dice.randrange(10 * 24 * 60))
        parent = dice.choice(self.posts) if self.posts and dice.random() < 0.55 else None
        author = dice.choice(self.people)
        values: dict[str, Any] = {"author_id": author.id, "source": "text", "html": "<p>text</p>"}
        if parent is not None and parent.boost_of_id is None:
            root = next((p for p in self.posts if p.id == parent.root_id), parent)
            values |= {
                "in_reply_to_id": parent.id, "root_id": root.id, "group_id": root.group_id,
                "visibility": root.visibility,
            }  # fmt: skip
        elif dice.random() < 0.6:
            values |= {"group_id": dice.choice(self.groups).id, "visibility": Visibility.GROUP}
        else:
            values |= {"visibility": dice.choice([Visibility.ORGANISATION, Visibility.FOLLOWERS])}
        made = id_at(NOW - age, self._sequence & 0x3FFFFF)
        post = Post(id=made, **values)
        if dice.random() < 0.06:
            post.deleted_at = NOW
        db.session.add(post)
        db.session.flush()
        for one in self._some(0.12):
            db.session.add(Mention(post_id=post.id, account_id=one.id))
        if post.root_id is None and dice.random() < 0.3:
            for one in self._some(0.25):
                db.session.add(ThreadMute(account_id=one.id, thread_id=post.id))
        self.posts.append(post)

    def _duties(self) -> None:
        dice = self.dice
        for _ in range(4):
            self._event()
        for _ in range(5):
            one, other = self._pair()
            first = Post(author_id=one.id, visibility=Visibility.DIRECT, source="psst")
            db.session.add(first)
            db.session.flush()
            for person in (one, other):
                db.session.add(
                    Participant(
                        conversation_id=first.id,
                        account_id=person.id,
                        last_post_id=first.id,
                        last_read_post_id=dice.choice([0, first.id]),
                        hidden=dice.random() < 0.2,
                    )
                )
        handle = f"page{self.seed}"
        page = Account(handle=handle, display_name=handle, kind=AccountKind.PAGE)
        db.session.add(page)
        db.session.flush()
        db.session.add(Page(account_id=page.id, review_required=True))
        db.session.flush()
        staff = [one for one in self._some(0.5) if one.role is not Role.GUEST]
        for one in staff:
            role = dice.choice(list(PageRole))
            db.session.add(PageEditor(page_id=page.id, account_id=one.id, role=role))
        for _ in range(4):
            db.session.add(
                PageSubmission(
                    page_id=page.id,
                    author_id=dice.choice(self.people).id,
                    source="to be",
                    state=dice.choice(list(SubmissionState)),
                    submitted_at=NOW,
                )
            )
        for _ in range(6):
            self._announcement(page)

    def _event(self) -> None:
        dice = self.dice
        self._sequence += 1
        ahead = NOW + dt.timedelta(days=dice.choice([-2, 3]))
        event = Event(
            uid=f"e{self.seed}-{self._sequence}", organiser_id=dice.choice(self.people).id,
            title="Meeting", time_zone="Europe/Paris", starts_at=ahead, ends_at=ahead + HOUR,
            cancelled_at=NOW if dice.random() < 0.2 else None,
        )  # fmt: skip
        db.session.add(event)
        db.session.flush()
        date = Occurrence(
            event_id=event.id, recurrence_id=ahead, starts_at=ahead, ends_at=ahead + HOUR
        )
        db.session.add(date)
        db.session.flush()
        for one in self._some(0.5):
            db.session.add(EventInvitation(event_id=event.id, account_id=one.id))
            if dice.random() < 0.4:
                answer = dice.choice(list(Answer))
                db.session.add(Rsvp(occurrence_id=date.id, account_id=one.id, answer=answer))

    def _announcement(self, page: Account) -> None:
        dice = self.dice
        audience = Audience()
        db.session.add(audience)
        db.session.flush()
        author = dice.choice(self.people)
        row = Announcement(
            page_id=page.id if dice.random() < 0.5 else None,
            author_id=author.id, audience_id=audience.id,
            status=dice.choice([*AnnouncementStatus, AnnouncementStatus.PUBLISHED]),
            pinned=dice.random() < 0.5, requires_acknowledgement=dice.random() < 0.6,
            expires_at=dice.choice([None, None, NOW - HOUR, NOW + HOUR]), revision=2,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add(
            AnnouncementText(
                announcement_id=row.id,
                language="fr",
                version=1,
                revision=1,
                title="To all",
                content_hash="0" * 64,
                written_by_id=dice.choice([author, *self.people[:3]]).id,
            )
        )
        for one in self._some(0.6):
            db.session.add(
                AnnouncementRecipient(
                    announcement_id=row.id,
                    account_id=one.id,
                    acknowledged_revision=dice.choice([None, 1, 2]),
                    exempted_at=dice.choice([None, None, NOW]),
                    read_at=dice.choice([None, NOW]),
                    dismissed_at=dice.choice([None, NOW]),
                )
            )


class Truth:
    """Everything in the database, for the brute force."""

    def __init__(self) -> None:
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
        self.answered = {
            (one.in_reply_to_id, one.author_id)
            for one in self.posts.values()
            if one.in_reply_to_id and one.deleted_at is None
        }

    def all_of(self, model: Any) -> list[Any]:
        """Every row of a table."""
        if model not in self._kept:
            self._kept[model] = list(db.session.scalars(select(model)))
        return self._kept[model]

    def apart(self, one: int, other: int) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def muted(self, viewer: Account, other: int) -> bool:
        row = self.mutes.get((viewer.id, other))
        return row is not None and (row.expires_at is None or row.expires_at > NOW)

    def readable(self, viewer: Account, post: Post) -> bool:
        if post.deleted_at is not None or post.visibility is Visibility.DIRECT:
            return False
        member = self.members.get((post.group_id, viewer.id)) if post.group_id else None
        if self.apart(viewer.id, post.author_id) and not viewer.moderates:
            runs = (GroupRole.OWNER, GroupRole.MODERATOR)
            if member is None or member.role not in runs:
                return False
        if post.group_id is not None:
            is_open = self.groups[post.group_id].privacy is GroupPrivacy.OPEN
            return member is not None or (is_open and not viewer.is_guest)
        if viewer.is_guest:
            return False
        if post.visibility is Visibility.ORGANISATION:
            return True
        began = self.posts[post.root_id].author_id if post.root_id else post.author_id
        return began == viewer.id or (viewer.id, began) in self.follows

    def asks(self, viewer: Account, post: Post) -> bool:
        """Whether the post is one that the viewer must see."""
        if post.author_id == viewer.id or not self.readable(viewer, post):
            return False
        if self.muted(viewer, post.author_id):
            return False
        if (post.id, viewer.id) in self.answered:
            return False
        if (post.id, viewer.id) in self.mentions:
            return True
        if (viewer.id, post.root_id or post.id) in self.thread_mutes:
            return False
        member = self.members.get((post.group_id, viewer.id)) if post.group_id else None
        if member is not None and member.notify_level is NotifyLevel.NOTHING:
            return False
        above = [self.posts[id_] for id_ in (post.in_reply_to_id, post.root_id) if id_]
        if any(one.author_id == viewer.id and one.deleted_at is None for one in above):
            return True
        is_root = post.root_id is None and post.boost_of_id is None
        return is_root and viewer.manager_id == post.author_id

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
                if eyes and viewer.id not in (wrote | {one.author_id}):
                    found.add(f"approval-{one.id}")
            row = mine.get(one.id)
            if row is None or one.status is not AnnouncementStatus.PUBLISHED:
                continue
            if one.expires_at is not None and one.expires_at <= NOW:
                continue
            if one.requires_acknowledgement:
                done = row.acknowledged_revision is not None and row.acknowledged_revision >= 2
                if row.exempted_at is None and not done:
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
            and one.author_id != viewer.id
            and self._role(viewer, one.page_id) in (PageRole.OWNER, PageRole.REVIEWER)
        }

    def _events(self, viewer: Account) -> set[str]:
        found = set()
        answered = {row.occurrence_id for row in self.all_of(Rsvp) if row.account_id == viewer.id}
        events = {one.id: one for one in self.all_of(Event)}
        invited = {i.event_id for i in self.all_of(EventInvitation) if i.account_id == viewer.id}
        for date in self.all_of(Occurrence):
            stands = events[date.event_id].cancelled_at is None and date.ends_at > NOW
            if date.event_id in invited and stands and date.id not in answered:
                found.add(f"event-{date.id}")
        return found

    def _groups(self, viewer: Account) -> set[str]:
        found = set()
        for one in self.all_of(GroupInvitation):
            if one.account_id == viewer.id and not self.apart(viewer.id, one.invited_by_id):
                found.add(f"group_invitation-{self.groups[one.group_id].slug}")
        for asked in self.all_of(JoinRequest):
            row = self.members.get((asked.group_id, viewer.id))
            if row is not None and row.role is not GroupRole.MEMBER:
                found.add(f"join_requests-{self.groups[asked.group_id].slug}")
        return found

    def _messages(self, viewer: Account) -> set[str]:
        found = set()
        for one in self.all_of(Participant):
            if one.account_id != viewer.id or one.hidden:
                continue
            last = self.posts[one.last_post_id]
            kept = viewer.moderates or not self.apart(viewer.id, last.author_id)
            if last.id > one.last_read_post_id and kept and not self.muted(viewer, last.author_id):
                found.add(f"message-{one.conversation_id}")
        return found
