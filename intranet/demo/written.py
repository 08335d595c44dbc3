"""Plays the written company's months again, act by act, with the clock set to each moment.

Posts, replies, boosts, edits and pins go through the ordinary actions, so that their HTML,
mentions, hashtags, notifications and homes are real. Reactions and bookmarks, thousands of them,
are written in bulk with the notifications that they would have made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from sqlalchemy import insert, update

from intranet.accounts.models import Account
from intranet.accounts.passwords import PasswordHash
from intranet.catchup.actions import catch_up
from intranet.db import db
from intranet.demo.bulk import Progress
from intranet.demo.calendar import make_events
from intranet.demo.company import Company, PostPlan
from intranet.demo.desk import write_desks
from intranet.demo.integrations import write_integrations
from intranet.demo.kinds import write_kinds
from intranet.demo.leave import let_off
from intranet.demo.letters import write_letters
from intranet.demo.messages import write_messages
from intranet.demo.newsroom import announce
from intranet.demo.pages import make_pages
from intranet.demo.programs import write_programs
from intranet.demo.public_voice import write_public_voice
from intranet.demo.shelf import Shelf
from intranet.demo.society import make_follows, make_groups, make_people
from intranet.groups.models import Group, Membership
from intranet.kernel.clock import in_the_past
from intranet.kernel.ids import id_at
from intranet.notifications.models import Notification, NotificationKind
from intranet.pages.models import Page
from intranet.posts import actions as posts
from intranet.posts import boosts, editing, pins
from intranet.posts.drafts import PostDraft, PostEdit, PostLimits, limits_of
from intranet.posts.emoji import reaction_emoji
from intranet.posts.models import Bookmark, Post, Reaction, Visibility
from intranet.previews.rules import PreviewRules
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work

_LATE = dt.timedelta(minutes=1)
_STILL_UNREAD = dt.timedelta(days=4)
_MOST_UNREAD = 7
_WAS_AWAY, _AWAY = "camille", dt.timedelta(days=3)  # who has something to catch up with

Act = tuple[dt.datetime, int, Callable[[], Any]]


def write_company(
    company: Company,
    seed: int,
    progress: Progress,
    *,
    settings: Settings,
    now: dt.datetime,
    password: PasswordHash,
) -> None:
    """The company as it was read for `now`, in one unit of work: all of it or nothing."""
    with Shelf.stocked(company, settings, progress) as shelf, unit_of_work():
        dice = Random(f"company {seed}")  # noqa: S311  (a demo, not a secret)
        progress("people and groups", 0, 1)
        accounts = make_people(company, now, password)
        groups = make_groups(company, accounts, now, dice)
        followers = make_follows(company, accounts, now, dice)
        pages = make_pages(company, accounts, now, dice, settings)
        shelf.hang_portraits(accounts)
        progress("people and groups", 1, 1)
        # Nobody outside is asked of the links of an invented company.
        limits = replace(limits_of(settings), previews=PreviewRules(own=settings.base_url))
        stage = _Stage(company, accounts, groups, followers, now, dice, limits, shelf, pages)
        make_events(accounts, groups, now, limits)
        announce(accounts, settings, now, dice)
        let_off(now)
        stage.play(progress)
        made = write_kinds(accounts, groups, now, limits)
        write_desks(accounts, groups, made, now, limits, settings)
        write_messages(accounts, now, limits)
        catch_up(accounts[_WAS_AWAY], id_at(now - _AWAY))
        write_letters(accounts, now, settings.secret_key)
        write_public_voice(accounts, seed, now, limits)
        write_programs(accounts, now)
        write_integrations(accounts, groups, now, limits, settings.base_url)


@dataclass
class _Stage:
    """What the acts need, and what they leave to be written at the end."""

    company: Company
    accounts: dict[str, Account]
    groups: dict[str, Group]
    followers: dict[str, list[str]]
    now: dt.datetime
    dice: Random
    limits: PostLimits
    shelf: Shelf
    pages: dict[str, Page]
    made: dict[int, Post] = field(default_factory=dict)  # by the identity of the plan
    reactions: list[dict[str, Any]] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    def play(self, progress: Progress) -> None:
        """Everything in the order in which it happened."""
        acts: list[Act] = []
        for plan in self.company.posts:
            self._add(acts, plan)
        acts.sort(key=lambda act: act[:2])
        for number, (moment, _, act) in enumerate(acts, 1):
            with in_the_past(moment):
                act()
            progress("posts", number, len(acts))
        db.session.flush()
        for model, rows in (
            (Reaction, self.reactions),
            (Bookmark, self.bookmarks),
            (Notification, self.heard),
        ):
            db.session.execute(insert(model), rows)
        self._read()

    def _add(self, acts: list[Act], plan: PostPlan) -> None:
        def add(moment: dt.datetime, act: Callable[[], Any]) -> None:
            acts.append((min(moment, self.now - _LATE), len(acts), act))

        add(plan.at, lambda: self._publish(plan))
        if plan.pinned:
            runner = plan.author
            add(plan.at + _LATE, lambda: pins.pin(self.accounts[runner], self._of(plan)))
        if plan.earlier_text is not None:
            add(plan.at + dt.timedelta(minutes=90), lambda: self._correct(plan))
        for number, handle in enumerate(plan.boosted_by):
            delay = dt.timedelta(minutes=self.dice.uniform(6, 200) + number)
            add(
                plan.at + min(delay, (self.now - plan.at) * 0.8),
                lambda handle=handle: boosts.boost(self.accounts[handle], self._of(plan)),  # type: ignore[misc]
            )
        for reply in plan.replies:
            add(reply.at, lambda reply=reply: self._answer(plan, reply))  # type: ignore[misc]

    def _of(self, plan: PostPlan) -> Post:
        return self.made[id(plan)]

    def _publish(self, plan: PostPlan) -> None:
        author = self.accounts[plan.author]
        group = self.groups[plan.group] if plan.group else None
        visibility = Visibility.FOLLOWERS if plan.followers_only else Visibility.ORGANISATION
        draft = PostDraft(
            source=plan.text if plan.earlier_text is None else plan.earlier_text,
            visibility=Visibility.GROUP if group else visibility,
            group_id=group.id if group else None,
            media_ids=tuple(self.shelf.hand_out(author, plan)),
            language=plan.language,
            as_page_id=self._page_of(plan),
            is_public=plan.public,
        )
        self._keep(plan, posts.publish(author, draft, self.limits, reviewed=True), plan)

    def _page_of(self, plan: PostPlan) -> int | None:
        return self.pages[plan.page].account_id if plan.page else None

    def _answer(self, root: PostPlan, plan: PostPlan) -> None:
        parent = root if plan.answers is None else root.replies[plan.answers]
        draft = PostDraft(
            source=plan.text,
            in_reply_to_id=self._of(parent).id,
            language=plan.language,
            as_page_id=self._page_of(plan),
        )
        author = self.accounts[plan.author]
        self._keep(plan, posts.publish(author, draft, self.limits, reviewed=True), root)

    def _correct(self, plan: PostPlan) -> None:
        change = PostEdit(source=plan.text)
        editing.edit(self.accounts[plan.author], self._of(plan), change, self.limits)

    def _keep(self, plan: PostPlan, post: Post, root: PostPlan) -> None:
        self.made[id(plan)] = post
        self._react(plan, post, root)
        for handle in plan.saved_by:
            moment = min(plan.at + dt.timedelta(hours=2), self.now - _LATE)
            self.bookmarks.append(
                {
                    "account_id": self.accounts[handle].id,
                    "post_id": post.id,
                    "id": id_at(moment, len(self.bookmarks)),
                    "created_at": moment,
                }
            )

    def _react(self, plan: PostPlan, post: Post, root: PostPlan) -> None:
        """As many people as the plan says, or as there are; the author hears once of each."""
        readers = [
            handle for handle in self._readers(root)
            if handle != plan.author and self.accounts[handle].created_at < plan.at
        ]  # fmt: skip
        heard: set[str] = set()
        room = min(self.now - _LATE - plan.at, dt.timedelta(days=2))
        for emoji, count in plan.reactions:
            for handle in self.dice.sample(readers, min(count, len(readers))):
                # Most answers come within the first hours.
                moment = plan.at + room * self.dice.random() ** 3
                actor = self.accounts[handle]
                self.reactions.append(
                    {
                        "post_id": post.id,
                        "account_id": actor.id,
                        "emoji": reaction_emoji(emoji),
                        "created_at": moment,
                    }
                )
                if handle not in heard:
                    heard.add(handle)
                    self._hear(actor, post, moment)

    def _hear(self, actor: Account, post: Post, moment: dt.datetime) -> None:
        self.heard.append(
            {
                "id": id_at(moment, 0x200000 + len(self.heard)),
                "recipient_id": post.written_by_id or post.author_id,
                "page_id": post.author_id if post.written_by_id else None,
                "actor_id": actor.id,
                "kind": NotificationKind.REACTION,
                "post_id": post.id,
                "thread_id": post.root_id or post.id,
                "group_id": post.group_id,
                "created_at": moment,
            }
        )

    def _readers(self, root: PostPlan) -> list[str]:
        if root.group is not None:
            plan = next(plan for plan in self.company.groups if plan.slug == root.group)
            return [plan.owner, *plan.moderators, *plan.members]
        if root.followers_only:
            return self.followers[root.author]
        return [person.handle for person in self.company.people if person.role != "guest"]

    def _read(self) -> None:
        """Everybody has read what is old, and most of what is new; nobody was told of anything
        before they came."""
        db.session.flush()
        for handle, account in self.accounts.items():
            own = Notification.recipient_id == account.id
            db.session.execute(
                Notification.__table__.delete().where(  # type: ignore[attr-defined]
                    own, Notification.created_at < account.created_at
                )
            )
            unread = db.session.scalars(
                db.select(Notification.id)
                .where(own, Notification.created_at > self.now - _STILL_UNREAD)
                .order_by(Notification.id.desc())
                .limit(self.dice.randrange(2, _MOST_UNREAD) if handle != "camille" else 5)
            ).all()
            db.session.execute(
                update(Notification)
                .where(own, Notification.id.not_in(unread))
                .values(read_at=self.now - _LATE)
            )
            seen = self.now - dt.timedelta(hours=self.dice.uniform(1, 60))
            db.session.execute(
                update(Membership)
                .where(Membership.account_id == account.id)
                .values(last_read_post_id=id_at(seen))
            )
