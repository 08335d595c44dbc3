"""The announcements of the written company: published, confirmed over days, changed, asked about,
through the ordinary actions with the clock set to each moment."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.announcements import acknowledging, approval, drafts, reading, revising, texts
from intranet.announcements.drafts import AnnouncementDraft
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.announcements.texts import Question, TextDraft
from intranet.audiences.rules import AudienceRule
from intranet.db import db
from intranet.demo.papers import paper
from intranet.demo.typography import typeset
from intranet.kernel.clock import in_the_past
from intranet.media.actions import add
from intranet.media.storage import Storage
from intranet.media.uploads import UploadLimits, take
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, limits_of
from intranet.settings import Settings

_CONTENT = Path(__file__).with_name("content") / "announcements.toml"
_LATE = dt.timedelta(minutes=1)
_DAY = dt.timedelta(days=1)
# Who signs in to look around finds something to do.
_NOT_YET = frozenset({"camille", "mathieu", "helene"})


def announce(
    accounts: dict[str, Account], settings: Settings, now: dt.datetime, dice: Random
) -> None:
    """Everything that the company has announced, the oldest first."""
    plans = tomllib.loads(_CONTENT.read_text("utf-8"))["announcement"]
    for plan in sorted(plans, key=lambda one: -one["at"]):
        _Story(plan, accounts, settings, now, dice).play()


class _Story:
    """One announcement, from its draft to today."""

    def __init__(
        self,
        plan: dict[str, Any],
        accounts: dict[str, Account],
        settings: Settings,
        now: dt.datetime,
        dice: Random,
    ) -> None:
        self.plan, self.accounts, self.settings, self.now = plan, accounts, settings, now
        self.dice = dice
        self.author = accounts[plan["author"]]
        at = now - plan["at"] * _DAY
        self.at = min(at.replace(hour=plan["hour"], minute=5), now - _LATE)

    def play(self) -> None:
        with in_the_past(self.at):
            announcement = self._draft()
            later = self.plan.get("out") == "scheduled"
            at = (self.now + 2 * _DAY).replace(hour=8, minute=0) if later else None
            approval.send(self.author, announcement, at=at, four_eyes=False)
        if later:
            return
        until = self.now
        if change := self.plan.get("change"):
            until = self.now - change["at"] * _DAY
        self._confirm(announcement, self.at, until, self.plan.get("confirmed", 0))
        if change:
            self._revise(announcement, change, until)
            self._confirm(announcement, until, self.now, self.plan["again"])
        for asked in self.plan.get("asked", ()):
            self._ask(announcement, asked)

    def _draft(self) -> Announcement:
        plan = self.plan
        page = db.session.scalar(select(Account.id).where(Account.handle == plan.get("page", "")))
        draft = AnnouncementDraft(
            page_id=page,
            rule=AudienceRule(sites=tuple(plan.get("sites", ()))),
            joiner_days=30,
            requires_acknowledgement="due" in plan,
            acknowledge_by=self._in(plan["due"]) if "due" in plan else None,
            expires_at=self._in(plan["expires"]) if "expires" in plan else None,
            reminds=plan.get("reminds", False),
        )
        media: tuple[int, ...] = ()
        if "file" in plan:
            name, content = plan["file"]
            media = (_upload(self.author, name, content, self.settings),)
        made = drafts.create(
            self.author, draft, _text(plan), language=plan["language"], media_ids=media
        )
        for other in plan.get("translation", ()):
            drafts.write_text(self.author, made, other["language"], _text(other))
        return made

    def _in(self, days: int) -> dt.datetime:
        return (self.now + days * _DAY).replace(hour=22, minute=59, second=0, microsecond=0)

    def _confirm(
        self, announcement: Announcement, start: dt.datetime, end: dt.datetime, percent: int
    ) -> None:
        """So many have confirmed between two moments, most of them early; some have only read."""
        ids = db.session.scalars(
            select(AnnouncementRecipient.account_id)
            .where(AnnouncementRecipient.announcement_id == announcement.id)
            .order_by(AnnouncementRecipient.account_id)
        ).all()
        by_id = {account.id: account for account in self.accounts.values()}
        people = [by_id[one] for one in ids if by_id[one].handle not in _NOT_YET]
        self.dice.shuffle(people)
        known = texts.current(announcement.id)
        confirm = round(len(ids) * percent / 100)
        room = end - start - 2 * _LATE
        moments = sorted(start + _LATE + room * self.dice.random() ** 2 for _ in people)
        for place, (person, moment) in enumerate(zip(people, moments, strict=True)):
            text = known.get(person.locale or "", known[announcement.default_language])
            with in_the_past(moment):
                if place < confirm and announcement.requires_acknowledgement:
                    answers = [asked["answer"] for asked in text.questions]
                    acknowledging.acknowledge(
                        person, announcement, text_id=text.id, answers=answers
                    )
                elif self.dice.random() < 0.4:
                    reading.mark_read(person, announcement, text_id=text.id)

    def _revise(
        self, announcement: Announcement, change: dict[str, Any], moment: dt.datetime
    ) -> None:
        with in_the_past(moment):
            revising.revise(
                self.author,
                announcement,
                self.plan["language"],
                _text(self.plan | {"text": change["text"]}),
                material=True,
                note=typeset(change["note"], self.plan["language"]),
            )

    def _ask(self, announcement: Announcement, asked: dict[str, Any]) -> None:
        moment = min(self.at + dt.timedelta(hours=asked["hours"]), self.now - _LATE)
        with in_the_past(moment):
            posts.publish(
                self.accounts[asked["by"]],
                PostDraft(
                    source=typeset(asked["text"], asked["language"]),
                    in_reply_to_id=announcement.post_id,
                    language=asked["language"],
                ),
                limits_of(self.settings),
            )


def _upload(owner: Account, name: str, content: str, settings: Settings) -> int:
    stored = take(
        io.BytesIO(paper(name, content)),
        name,
        storage=Storage(settings.data / "media"),
        limits=UploadLimits(settings.upload_max_bytes, settings.image_max_pixels),
    )
    return add(owner, stored).id


def _text(plan: dict[str, Any]) -> TextDraft:
    language = plan["language"]
    return TextDraft(
        title=typeset(plan["title"], language),
        source=typeset(plan["text"].strip(), language),
        facts=tuple(
            (typeset(value, language), typeset(label, language))
            for value, label in plan.get("facts", ())
        ),
        questions=tuple(
            Question(
                typeset(one["text"], language),
                tuple(typeset(option, language) for option in one["options"]),
                one["answer"],
            )
            for one in plan.get("question", ())
        ),
    )
