"""Reminders: on the schedule that the author set, and now.

A periodic task finds the steps that are due. The row of a step makes it happen once, and brings a
task of its own, which tells everybody who has still to confirm by then. E-mail goes out in
batches, so that no transaction holds SQLite's one writer for long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update

from intranet.accounts.models import Account
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementReminder,
    AnnouncementStatus,
)
from intranet.announcements.states import may_be_confirmed, owes
from intranet.db import db
from intranet.db.once import insert_once
from intranet.evidence import ledger
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict
from intranet.kernel.messages import N_
from intranet.mail.actions import enqueue_mails
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.push.actions import PUSHED
from intranet.tasks.actions import enqueue

TAKE_DUE = "announcements.take_due_reminders"
DELIVER = "announcements.remind"
BY_MAIL = "announcements.remind_by_mail"
# What is pushed is said in the application too: not everybody has a device that can be reached.
PUSH = "push"
IN_APP, MAIL, MANAGER = ("feed", PUSH), "email", "manager"
CHANNELS = (*IN_APP, MAIL, MANAGER)
_NOW = "now"
_BATCH = 500
_TOO_LATE = dt.timedelta(days=3)  # a step that was missed for longer is not made up for
_FURTHEST = dt.timedelta(days=370)
_MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """When to remind, and how. `at` is what it comes to for this announcement."""

    at: dt.datetime
    days_before: int
    channel: str

    @property
    def key(self) -> str:
        """The same while the deadline is: a deadline that moved brings its steps anew."""
        deadline = self.at + dt.timedelta(days=self.days_before)
        return f"{deadline:%Y%m%dT%H%M}:{self.days_before}:{self.channel}"


def steps_of(announcement: Announcement) -> list[Step]:
    """The schedule, in order; steps that make no sense are left out."""
    by = announcement.acknowledge_by
    if by is None:
        return []
    found = set()
    for raw in (announcement.reminders or [])[:_MOST_STEPS]:
        days, channel = raw.get("days_before"), raw.get("channel")
        if isinstance(days, int) and abs(days) <= 365 and channel in CHANNELS:
            found.add(Step(by - dt.timedelta(days=days), days, str(channel)))
    return sorted(found, key=lambda step: (step.at, step.channel))


def due_steps(announcement: Announcement, now: dt.datetime) -> list[Step]:
    """Of each channel the newest step whose time has come since publication: who was away for a
    week is not told three times at once."""
    newest: dict[str, Step] = {}
    for step in steps_of(announcement):
        since = announcement.published_at or now
        if since <= step.at <= now and now - step.at <= _TOO_LATE:
            newest[step.channel] = step
    return list(newest.values())


def take_due_steps(_payload: dict[str, Any]) -> None:
    """Begin every step that is due and was not taken. Again and again; may run twice."""
    now = utc_now()
    awaited = db.session.scalars(
        select(Announcement).where(
            Announcement.status == AnnouncementStatus.PUBLISHED,
            Announcement.requires_acknowledgement.is_(True),
            Announcement.acknowledge_by.between(now - _FURTHEST, now + _FURTHEST),
            or_(Announcement.expires_at.is_(None), Announcement.expires_at > now),
        )
    ).all()
    for announcement in awaited:
        due = due_steps(announcement, now)
        taken = set(_taken(announcement, [step.key for step in due])) if due else set()
        for step in due:
            if step.key not in taken:
                _take(announcement, step.key, step.channel)


def count_owing(announcement: Announcement) -> int:
    """How many people have still to confirm."""
    if not may_be_confirmed(announcement):
        return 0
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AnnouncementRecipient)
            .join(Account, Account.id == AnnouncementRecipient.account_id)
            .where(owes(announcement))
        )
        or 0
    )


def reminded_today(announcement: Announcement) -> bool:
    """Whether somebody has pressed the button today (UTC)."""
    return bool(_taken(announcement, [_today()]))


def remind_now(actor: Account, announcement: Announcement) -> int:
    """Tell everybody who owes a confirmation, at most once a day; gives how many that are.
    Conflict when it was done today, or nobody is left. The announcement comes from
    `reportable.get_reportable`."""
    count = count_owing(announcement)
    if not count:
        raise Conflict(N_("Nobody is left to remind."))
    if not _take(announcement, _today(), _NOW, actor.id):
        raise Conflict(N_("A reminder went out today already. You can send the next one tomorrow."))
    return count


def deliver(payload: dict[str, Any]) -> None:
    """Take one step: tell everybody whom it concerns by now. The task is done once, since its
    row goes in the same transaction."""
    found = _find(payload)
    if found is None:
        return
    run, announcement = found
    told = 0
    if run.channel in (*IN_APP, _NOW):
        told = _in_app(announcement, pushed=run.channel in (PUSH, _NOW))
    if run.channel == MAIL or (run.channel == _NOW and announcement.by_email):
        told = count_owing(announcement)
        enqueue(BY_MAIL, {"reminder_id": run.id, "after": 0})
    if run.channel == MANAGER:
        told = _to_managers(run, announcement)
    run.told = told
    if told:
        ledger.append(
            announcement.id,
            "reminded",
            account_id=run.asked_by_id,
            payload={
                "channel": run.channel,
                "step": run.step,
                "count": told,
                "revision": run.revision,
            },
        )


def deliver_by_mail(payload: dict[str, Any]) -> None:
    """Put the next batch of letters into the outbox, and the batch after it into the queue."""
    found = _find(payload)
    if found is None:
        return
    run, announcement = found
    after = int(payload["after"])
    batch = db.session.scalars(
        select(Account)
        .join(AnnouncementRecipient, AnnouncementRecipient.account_id == Account.id)
        .where(owes(announcement), Account.id > after)
        .order_by(Account.id)
        .limit(_BATCH)
    ).all()
    payload = {"announcement_id": announcement.id, "revision": run.revision}
    keys = {one.id: f"announcement_reminder:{run.id}:{one.id}" for one in batch}
    enqueue_mails("announcement_reminder", payload, keys, to=batch)
    if run.channel == MAIL:
        _count_reminders(announcement, [one.id for one in batch])
    if len(batch) == _BATCH:
        enqueue(BY_MAIL, {"reminder_id": run.id, "after": batch[-1].id})


def _find(payload: dict[str, Any]) -> tuple[AnnouncementReminder, Announcement] | None:
    run = db.session.get(AnnouncementReminder, int(payload["reminder_id"]))
    announcement = db.session.get(Announcement, run.announcement_id) if run else None
    if run is None or announcement is None or run.revision != announcement.revision:
        return None
    return (run, announcement) if may_be_confirmed(announcement) else None


def _in_app(announcement: Announcement, *, pushed: bool) -> int:
    owing = db.session.scalars(
        select(Account.id)
        .join(AnnouncementRecipient, AnnouncementRecipient.account_id == Account.id)
        .where(owes(announcement))
        .order_by(Account.id)
    ).all()
    voice = db.session.get_one(Account, announcement.page_id or announcement.author_id)
    notify(
        owing,
        actor=voice,
        kind=NotificationKind.ANNOUNCEMENT_REMINDER,
        announcement_id=announcement.id,
        detail=PUSHED if pushed else "",
    )
    _count_reminders(announcement, owing)
    return len(owing)


def _to_managers(run: AnnouncementReminder, announcement: Announcement) -> int:
    managers = select(Account.manager_id).join(
        AnnouncementRecipient, AnnouncementRecipient.account_id == Account.id
    )
    found = db.session.scalars(
        select(Account).where(
            Account.id.in_(managers.where(owes(announcement), Account.manager_id.is_not(None))),
            Account.deactivated_at.is_(None),
        )
    ).all()
    payload = {"announcement_id": announcement.id, "revision": run.revision}
    keys = {one.id: f"announcement_manager_reminder:{run.id}:{one.id}" for one in found}
    return enqueue_mails("announcement_manager_reminder", payload, keys, to=found)


def _count_reminders(announcement: Announcement, account_ids: Sequence[int]) -> None:
    row = AnnouncementRecipient
    for start in range(0, len(account_ids), 1000):
        some = account_ids[start : start + 1000]
        db.session.execute(
            update(row)
            .where(row.announcement_id == announcement.id, row.account_id.in_(some))
            .values(reminders_sent=row.reminders_sent + 1, last_reminded_at=utc_now())
            .execution_options(synchronize_session=False)
        )


def _taken(announcement: Announcement, steps: Sequence[str]) -> Sequence[str]:
    return db.session.scalars(
        select(AnnouncementReminder.step).where(
            AnnouncementReminder.announcement_id == announcement.id,
            AnnouncementReminder.revision == announcement.revision,
            AnnouncementReminder.step.in_(steps),
        )
    ).all()


def _take(
    announcement: Announcement, step: str, channel: str, asked_by_id: int | None = None
) -> bool:
    made = insert_once(
        AnnouncementReminder,
        announcement_id=announcement.id,
        revision=announcement.revision,
        step=step,
        channel=channel,
        asked_by_id=asked_by_id,
    )
    if made:
        taken = db.session.scalars(
            select(AnnouncementReminder.id).where(
                AnnouncementReminder.announcement_id == announcement.id,
                AnnouncementReminder.revision == announcement.revision,
                AnnouncementReminder.step == step,
            )
        ).one()
        enqueue(DELIVER, {"reminder_id": taken})
    return made


def _today() -> str:
    return f"{_NOW}:{utc_now():%Y%m%d}"
