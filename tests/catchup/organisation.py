"""A random organisation as bare rows. What each of its people must act on says `truth`."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

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
        self._leaver()
        db.session.flush()
        self.posts: list[Post] = []
        self.boosts: list[Post] = []
        for _ in range(posts):
            self._post()
        self._boosts()
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

    def _leaver(self) -> None:
        """Has asked to join each group, and is gone."""
        handle = f"gone{self.seed}"
        gone = Account(
            handle=handle, email=f"{handle}@x.test", display_name=handle, deactivated_at=NOW
        )
        db.session.add(gone)
        db.session.flush()
        for group in self.groups:
            db.session.add(JoinRequest(group_id=group.id, account_id=gone.id))

    def _distances(self) -> None:
        pairs = {self._pair() for _ in range(12)}
        for one, other in pairs:
            db.session.add(Follow(follower_id=one.id, followee_id=other.id))
        for one, other in {self._pair() for _ in range(4)}:
            db.session.add(Block(blocker_id=one.id, blocked_id=other.id))
        for one, other in {self._pair() for _ in range(10)}:
            ends = self.dice.choice([None, NOW + HOUR, NOW - HOUR, NOW - HOUR])
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

    def _boosts(self) -> None:
        """What a manager passes on is no word of theirs."""
        open_to_all = [
            post for post in self.posts
            if post.visibility is Visibility.ORGANISATION and post.deleted_at is None
        ]  # fmt: skip
        for post in self.dice.sample(open_to_all, min(12, len(open_to_all))):
            self._sequence += 1
            boost = Post(
                id=id_at(NOW - HOUR, self._sequence & 0x3FFFFF),
                author_id=self.dice.choice(self.people).id,
                boost_of_id=post.id,
                visibility=Visibility.ORGANISATION,
            )
            db.session.add(boost)
            self.boosts.append(boost)

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
        days = sorted(dice.sample([-9, -2, 3, 5, 8], 3))
        starts = [NOW + dt.timedelta(days=day) for day in days]
        event = Event(
            uid=f"e{self.seed}-{self._sequence}", organiser_id=dice.choice(self.people).id,
            title="Meeting", time_zone="Europe/Paris", starts_at=starts[0],
            ends_at=starts[0] + HOUR, cancelled_at=NOW if dice.random() < 0.2 else None,
        )  # fmt: skip
        db.session.add(event)
        db.session.flush()
        dates = [
            Occurrence(
                event_id=event.id, recurrence_id=start, starts_at=start, ends_at=start + HOUR,
                cancelled_at=NOW if dice.random() < 0.3 else None,
            )
            for start in starts
        ]  # fmt: skip
        dice.shuffle(dates)  # ids say nothing of what comes first
        for date in dates:
            db.session.add(date)
            db.session.flush()
        for one in self._some(0.6):
            db.session.add(EventInvitation(event_id=event.id, account_id=one.id))
            for date in dates:
                if dice.random() < 0.2:
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
                written_by_id=dice.choice([author, *self.people[:4]]).id,
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
