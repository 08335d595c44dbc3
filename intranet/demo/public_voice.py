"""What the company says to the world, and what came of it: its public page with its news and an
open day, and campaigns with short links that were followed."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from intranet.accounts.models import Account, AccountKind
from intranet.calendar.models import Event, Occurrence
from intranet.campaigns.actions import count_click
from intranet.campaigns.models import Campaign, TrackedLink
from intranet.campaigns.targets import subject_of
from intranet.db import db
from intranet.demo.typography import typeset
from intranet.kernel import text
from intranet.kernel.clock import in_the_past
from intranet.pages.models import Page, PageCategory, PageEditor, PageRole
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.emoji import reaction_emoji
from intranet.posts.models import Bookmark, Post, Reaction
from intranet.relationships.actions import follow

_CONTENT = Path(__file__).with_name("content") / "public.toml"
_ZONE = "Europe/Paris"
_AGE = dt.timedelta(days=200)


def write_public_voice(
    accounts: dict[str, Account], seed: int, now: dt.datetime, limits: PostLimits
) -> None:
    """Everything of `content/public.toml`, laid around `now`. A page that is there already under
    the same handle is made public and speaks."""
    said = tomllib.loads(_CONTENT.read_text(encoding="utf-8"))
    dice = Random(f"public {seed}")  # noqa: S311  (a demo, not a secret)
    page = _page(said["page"], accounts, now, dice)
    for post in said["post"]:
        made = _publish(post, page, accounts[said["page"]["owner"]], now, limits)
        _answer(made, post, accounts, now, dice)
    for event in said["event"]:
        _hold(event, page, accounts[said["page"]["owner"]], now)
    for campaign in said["campaign"]:
        _run(campaign, page, accounts[campaign["by"]], now, dice)


def _moment(now: dt.datetime, days: int, clock: str) -> dt.datetime:
    """So many days before `now` (after it, when negative), by the clock of Nantes."""
    day = (now.astimezone(ZoneInfo(_ZONE)) - dt.timedelta(days=days)).date()
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), ZoneInfo(_ZONE))


def _page(
    plan: dict[str, Any], accounts: dict[str, Account], now: dt.datetime, dice: Random
) -> Account:
    account = db.session.scalar(select(Account).where(Account.handle == plan["handle"]))
    if account is None:
        with in_the_past(now - _AGE):
            about = typeset(plan["about"].strip(), "fr")
            account = Account(
                handle=plan["handle"],
                display_name=plan["name"],
                kind=AccountKind.PAGE,
                verified=True,
                about_source=about,
                about_html=text.render(about),
                search_text=text.fold(f"{plan['handle']} {plan['name']}"),
            )
            db.session.add(account)
            db.session.flush()
            owner = accounts[plan["owner"]]
            page = Page(account_id=account.id, category=PageCategory.BRAND, created_by_id=owner.id)
            db.session.add(page)
            db.session.flush()
            editor = PageEditor(page_id=account.id, account_id=owner.id, role=PageRole.OWNER)
            db.session.add(editor)
            db.session.flush()
    page = db.session.get_one(Page, account.id)
    page.is_public = True
    page.tagline = page.tagline or typeset(plan["tagline"], "fr")
    for name in ("contact_email", "contact_phone", "contact_url"):
        setattr(page, name, getattr(page, name) or plan[name])
    db.session.flush()
    staff = [one for one in accounts.values() if not one.is_guest]
    missing = max(0, plan["followers"] - account.followers_count)
    for person in dice.sample(staff, min(missing, len(staff))):
        with in_the_past(max(person.created_at, now - _AGE * dice.random()) + _minutes(5)):
            follow(person, account)
    return account


def _minutes(number: int) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def _publish(
    plan: dict[str, Any], page: Account, author: Account, now: dt.datetime, limits: PostLimits
) -> Post:
    source = typeset(plan["text"].strip(), plan["language"])
    with in_the_past(min(_moment(now, plan["days"], plan["time"]), now - _minutes(2))):
        draft = PostDraft(
            source=source, language=plan["language"], as_page_id=page.id, is_public=True
        )
        return posts.publish(author, draft, limits, reviewed=True)


def _answer(
    post: Post, plan: dict[str, Any], accounts: dict[str, Account], now: dt.datetime, dice: Random
) -> None:
    """Colleagues who liked and kept it, over the days since then."""
    staff = [one for one in accounts.values() if not one.is_guest and one.created_at < now]
    room = now - post.created_at
    for person in dice.sample(staff, min(plan["likes"], len(staff))):
        moment = post.created_at + room * dice.random() ** 3
        emoji = reaction_emoji(dice.choice(("👏", "🎉", "❤️")))
        db.session.add(
            Reaction(post_id=post.id, account_id=person.id, emoji=emoji, created_at=moment)
        )
    for person in dice.sample(staff, min(plan["saves"], len(staff))):
        db.session.add(Bookmark(post_id=post.id, account_id=person.id))
    db.session.flush()


def _hold(plan: dict[str, Any], page: Account, author: Account, now: dt.datetime) -> None:
    starts = _moment(now, -plan["days"], plan["time"])
    source = typeset(plan["text"].strip(), "fr")
    title = typeset(plan["title"], "fr")
    times = {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=plan["hours"])}
    with in_the_past(now - dt.timedelta(days=14)):
        event = Event(
            uid=f"open-day-{starts:%Y%m%d}@merival.example",
            organiser_id=page.id,
            created_by_id=author.id,
            is_public=True,
            title=title,
            source=source,
            html=text.render(source),
            place=plan["place"],
            time_zone=_ZONE,
            search_text=text.fold(f"{title} {source}"),
            **times,
        )
        db.session.add(event)
        db.session.flush()
        db.session.add(Occurrence(event_id=event.id, recurrence_id=starts, **times))
        db.session.flush()


def _run(
    plan: dict[str, Any], page: Account, author: Account, now: dt.datetime, dice: Random
) -> None:
    begun = _moment(now, plan["days"], "08:40")
    today = now.astimezone(ZoneInfo(_ZONE)).date()
    with in_the_past(begun):
        campaign = Campaign(
            page_id=page.id if plan["of_page"] else None, name=plan["name"], created_by_id=author.id
        )
        db.session.add(campaign)
        db.session.flush()
        for link in plan["links"]:
            subject = subject_of(link["target"])
            kept = TrackedLink(
                campaign_id=campaign.id,
                code=link["code"],
                target=link["target"],
                label=typeset(link["label"], "fr"),
                created_by_id=author.id,
                announcement_id=subject.announcement_id,
                event_id=subject.event_id,
                post_id=subject.post_id,
            )
            db.session.add(kept)
            db.session.flush()
            for age in range(plan["days"] + 1):
                day = begun.date() + dt.timedelta(days=age)
                # Many at first, fewer later, and few at the weekend.
                interest = link["share"] * (0.35 + 1.6 * 0.86**age)
                quiet = 0.3 if day.weekday() >= 5 else 1.0
                clicks = round(interest * quiet * dice.uniform(0.6, 1.4))
                if clicks and day <= today:
                    count_click(kept.id, day, clicks)
