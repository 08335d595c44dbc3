"""The written company's calendar, made by the ordinary actions, each at its moment."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.audiences.rules import AudienceRule
from intranet.calendar import actions, cancelling, discussion, reminders, rsvp, series
from intranet.calendar.clocks import to_local
from intranet.calendar.drafts import EventDraft, Question
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.demo.typography import typeset
from intranet.groups.models import Group
from intranet.kernel.clock import in_the_past
from intranet.pages.models import Page
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits

_EVENTS = Path(__file__).with_name("content") / "events.toml"
_BEFORE = dt.timedelta(days=9)  # an event is made so long before its first date
_COMING = 4  # dates of a series that have answers
_SATURDAY = 5


def make_events(
    accounts: dict[str, Account],
    groups: dict[str, Group],
    now: dt.datetime,
    limits: PostLimits,
) -> None:
    """All events of `events.toml`, around the day of `now`."""
    rows = tomllib.loads(_EVENTS.read_text("utf-8"))["event"]
    for row in rows:
        _Making(row, accounts, groups, now, limits).make()


class _Making:
    """One event, from its row."""

    def __init__(
        self,
        row: dict[str, Any],
        accounts: dict[str, Account],
        groups: dict[str, Group],
        now: dt.datetime,
        limits: PostLimits,
    ) -> None:
        self.row, self.accounts, self.groups, self.now = row, accounts, groups, now
        self.limits = limits
        self.actor = accounts[row["by"]]

    def make(self) -> None:
        """The event, its answers and what became of it."""
        draft = self._draft()
        starts, _ends = draft.span
        first_day = starts.replace(tzinfo=dt.UTC)
        made_at = min(first_day - _BEFORE, self.now - dt.timedelta(hours=7))
        with in_the_past(made_at):
            event, first = actions.create(self.actor, draft)
            if "announce" in self.row:
                said = self._typeset(self.row["announce"])
                words = f"{said}\n\n{self._address(event, first)}"
                discussion.announce(self.actor, event, words, self.limits)
        replies = ["–"] * len(event.questions)
        for date in self._dates(event):
            at = min(date.starts_at - dt.timedelta(days=1), self.now - dt.timedelta(hours=2))
            with in_the_past(max(at, made_at)):
                self._answers(event, date, replies)
        self._comment(event, made_at)
        with in_the_past(self.now - dt.timedelta(minutes=50)):
            self._became(event, first, draft)
        reminders.plan(event)

    def _draft(self) -> EventDraft:
        row = self.row
        zone = row.get("zone", "Europe/Paris")
        day = to_local(self.now, zone).date() + dt.timedelta(days=row["day"])
        if "weekday" in row:
            day += dt.timedelta(days=(row["weekday"] - day.weekday()) % 7)
        elif not row.get("exact") and day.weekday() >= _SATURDAY:
            day += dt.timedelta(days=7 - day.weekday())
        all_day = "days" in row
        starts = dt.datetime.combine(day, dt.time.fromisoformat(row.get("at", "00:00")))
        lasts = dt.timedelta(days=row.get("days", 0), minutes=row.get("minutes", 0))
        page = self._page(row.get("page"))
        rule = AudienceRule(
            departments=tuple(row.get("departments", ())), sites=tuple(row.get("sites", ()))
        )
        return EventDraft(
            title=self._typeset(row["title"]),
            starts=starts,
            ends=starts + lasts,
            time_zone=zone,
            all_day=all_day,
            rrule=row.get("rrule", ""),
            source=self._typeset(row.get("text", "").strip()),
            place=row.get("place", ""),
            room=row.get("room", ""),
            online_url=row.get("online", ""),
            page_id=page.account_id if page else None,
            group_id=self.groups[row["group"]].id if "group" in row else None,
            rule=rule,
            is_public=bool(row.get("public")),
            capacity=row.get("capacity"),
            guests_allowed=row.get("guests", 0),
            questions=tuple(Question(text, must) for text, must in row.get("questions", ())),
            reminders=tuple(row.get("reminders", ())),
            host_ids=tuple(self.accounts[one].id for one in row.get("hosts", ())),
        )

    def _typeset(self, text: str) -> str:
        """As it should be printed: English where the clocks are English."""
        return typeset(text, "en" if self.row.get("zone") == "Europe/London" else "fr")

    def _page(self, handle: str | None) -> Page | None:
        """The page, when the company has it and the author writes for it."""
        if handle is None:
            return None
        return db.session.scalar(
            select(Page)
            .join(Account, Account.id == Page.account_id)
            .where(Account.handle == handle)
        )

    def _address(self, event: Event, first: Occurrence) -> str:
        return f"[**{event.title}**](/events/{first.id})"

    def _dates(self, event: Event) -> list[Occurrence]:
        """The dates that people have answered for: all that are over, and the next few."""
        dates = db.session.scalars(
            select(Occurrence).where(Occurrence.event_id == event.id).order_by(Occurrence.starts_at)
        ).all()
        over = [one for one in dates if one.ends_at <= self.now]
        return [*over, *dates[len(over) : len(over) + _COMING]]

    def _answers(self, event: Event, date: Occurrence, replies: list[str]) -> None:
        for name in ("going", "maybe", "no"):
            for raw in self.row.get(name, ()):
                handle, _plus, guests = raw.partition("+")
                account = self.accounts[handle]
                rsvp.answer(account, event, date, Answer(name), int(guests or 0), replies)
        there = [self.accounts[one].id for one in self.row.get("there", ())]
        if there:
            db.session.execute(
                update(Rsvp)
                .where(Rsvp.occurrence_id == date.id, Rsvp.account_id.in_(there))
                .values(checked_in_at=date.starts_at + dt.timedelta(minutes=4))
            )

    def _comment(self, event: Event, made_at: dt.datetime) -> None:
        for number, (handle, words) in enumerate(self.row.get("comments", ()), 1):
            at = min(made_at + dt.timedelta(hours=3 * number), self.now - dt.timedelta(minutes=30))
            with in_the_past(at):
                draft = PostDraft(source=words, in_reply_to_id=event.post_id)
                posts.publish(self.accounts[handle], draft, self.limits)

    def _became(self, event: Event, first: Occurrence, draft: EventDraft) -> None:
        if self.row.get("cancel"):
            cancelling.cancel(self.actor, event, first, Scope.ALL)
        if "move_hours" in self.row:
            starts, ends = draft.span
            later = dt.timedelta(hours=self.row["move_hours"])
            draft.starts, draft.ends = starts + later, ends + later
            series.edit(self.actor, event, first, draft, Scope.ALL)
