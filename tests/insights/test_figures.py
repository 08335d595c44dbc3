"""Figures for authors: right, for those alone who may read them, and telling of no small group."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.audiences.models import Audience
from intranet.calendar.models import Answer, Event, EventVisibility, Occurrence, Rsvp
from intranet.campaigns.actions import count_click
from intranet.campaigns.models import Campaign, TrackedLink
from intranet.db import db
from intranet.insights.announcement_figures import announcement_figures
from intranet.kernel.clock import utc_now
from intranet.notifications.models import Notification, NotificationKind
from intranet.pages.models import PageRole
from intranet.posts.models import Bookmark, Reaction, Visibility
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


@pytest.fixture
def page(make: Factory) -> Account:
    return make.page("trains", display_name="=Trains")


def announce(app: Flask, make: Factory, author: Account, **values: object) -> Announcement:
    """Published two days ago to 12 people: 8 in Nantes, 3 in Lyon, 1 in Leeds."""
    now = utc_now()
    values.setdefault("status", AnnouncementStatus.PUBLISHED)
    with app.app_context(), unit_of_work():
        audience = Audience()
        db.session.add(audience)
        db.session.flush()
        found = Announcement(
            author_id=author.id, audience_id=audience.id, revision=2,
            published_at=now - dt.timedelta(days=2), requires_acknowledgement=True, **values,
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
        db.session.add(
            AnnouncementText(
                announcement_id=found.id, language="fr", version=1, revision=1,
                title="New badges", content_hash="0" * 64,
            )
        )  # fmt: skip
    sites = ["Nantes"] * 8 + ["Lyon"] * 3 + ["Leeds"]
    people = [make.account(f"reader{number}") for number in range(len(sites) + 1)]
    with app.app_context(), unit_of_work():
        for number, (who, site) in enumerate(zip(people, [*sites, "Leeds"], strict=True)):
            db.session.add(
                AnnouncementRecipient(
                    announcement_id=found.id, account_id=who.id, site=site, department="Works",
                    read_at=now if number % 2 == 0 else None,
                    acknowledged_at=now if number % 4 == 0 else None,
                    # One confirmed an earlier text, one was exempted.
                    acknowledged_revision=1 if number == 4 else 2,
                    exempted_at=now if number == 12 else None,
                )
            )  # fmt: skip
    return found


def meet(app: Flask, organiser_id: int, **values: object) -> tuple[int, int]:
    """The ids of an event and its date."""
    starts = utc_now() - dt.timedelta(days=1)
    times = {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1)}
    values.setdefault("title", "Open day")
    with app.app_context(), unit_of_work():
        event = Event(
            uid=str(values["title"]), organiser_id=organiser_id, time_zone="UTC", **times, **values
        )
        db.session.add(event)
        db.session.flush()
        date = Occurrence(event_id=event.id, recurrence_id=starts, **times)
        db.session.add(date)
        db.session.flush()
        return event.id, date.id


def test_the_figures_of_a_page_are_those_of_its_rows(
    app: Flask, make: Factory, browse: Browser, page: Account, statements: list[str]
) -> None:
    ann, bob, analyst = make.accounts("ann", "bob", "ana")
    make.edits(page, analyst, PageRole.ANALYST)
    best = make.post(page, "Best of all", replies_count=3, boosts_count=2)
    make.post(page, "Another")
    make.post(page, "A reply", reply_to=best)
    make.post(ann, "Of somebody else")
    # The analyst does not follow: what it may not read is counted for it neither.
    make.post(page, "For followers", visibility=Visibility.FOLLOWERS, replies_count=50)
    with app.app_context():
        account = db.session.get_one(Account, page.id)
    make.follow(ann, account)
    make.follow(bob, account)
    with app.app_context(), unit_of_work():
        db.session.add(Reaction(post_id=best.id, account_id=ann.id, emoji="⭐"))
        db.session.add(Bookmark(post_id=best.id, account_id=bob.id))
        campaign = Campaign(page_id=page.id, name="x")
        db.session.add(campaign)
        db.session.flush()
        link = TrackedLink(campaign_id=campaign.id, code="abc", target="/")
        db.session.add(link)
        db.session.flush()
        count_click(link.id, utc_now().date(), 7)
    client = browse(analyst)
    statements.clear()
    said = client.get("/pages/trains/insights").text
    assert len(statements) <= 14
    numbers = {
        part.split("</dt>")[0]: part.split('num">')[1].split("<")[0]
        for part in said.split("<dt>")[1:]
    }
    assert numbers == {
        "Followers": "2", "Posts": "2", "Reactions": "1", "Replies": "3", "Boosts": "2",
        "Saved": "1", "Clicks": "7",
    }  # fmt: skip
    assert "Best of all" in said
    assert "For followers" not in said
    table = client.get("/pages/trains/insights.csv").text.splitlines()
    assert len(table) == 14
    assert table[-1].endswith(",2,2,2,7")


def test_only_those_who_run_a_page_read_its_figures(
    make: Factory, browse: Browser, page: Account
) -> None:
    outsider, guest = make.account("out"), make.account("guy", Role.GUEST)
    make.edits(make.page("trams"), outsider, PageRole.OWNER)
    for address in ("/pages/trains/insights", "/pages/trains/insights.csv"):
        assert browse(outsider).get(address).status_code == 403
        assert browse(guest).get(address).status_code == 404
        assert browse(make.account("hr" + address[-1], Role.HR)).get(address).status_code == 200
    assert browse(outsider).get("/pages/nothing/insights").status_code == 404
    assert browse(outsider).get("/pages/out/insights").status_code == 404
    assert browse(outsider).get("/pages/trams/insights").status_code == 200
    for address in ("/insights", "/insights.csv"):
        for who in (outsider, guest):
            assert browse(who).get(address).status_code == 403


def test_an_announcement_s_reach_hides_small_sites(
    app: Flask, make: Factory, browse: Browser
) -> None:
    author = make.account("ann")
    found = announce(app, make, author)
    with app.app_context():
        figures = announcement_figures(db.session.get_one(Announcement, found.id), 5)
    assert (figures.recipients, figures.reads, figures.acknowledgements) == (12, 6, 2)
    # Lyon and Leeds are four people together: the next larger one goes with them, and then
    # nobody is left to be shown beside the sum.
    assert figures.by_site.shown == ()
    assert figures.by_site.others is not None
    assert figures.by_site.others.people == 12
    assert [row.label for row in figures.by_department.shown] == ["Works"]
    assert figures.by_day[0][0] == (utc_now() - dt.timedelta(days=2)).date()
    assert figures.by_day[-1][1:] == (6, 2)
    said = browse(author).get(f"/insights/announcements/{found.id}").text
    assert "New badges" in said
    assert "Lyon" not in said
    assert "Leeds" not in said


def test_an_announcement_s_figures_are_for_its_author_and_page(
    app: Flask, make: Factory, browse: Browser, page: Account
) -> None:
    author, analyst, outsider = make.accounts("ann", "ana", "out")
    make.edits(page, analyst, PageRole.ANALYST)
    address = f"/insights/announcements/{announce(app, make, author, page_id=page.id).id}"
    for who in (author, analyst, make.account("hel", Role.HR)):
        assert browse(who).get(address).status_code == 200
    for who in (outsider, make.account("guy", Role.GUEST)):
        missing = browse(who).get("/insights/announcements/1")
        assert browse(who).get(address).status_code == missing.status_code == 404


def test_a_draft_has_no_figures(app: Flask, make: Factory, browse: Browser) -> None:
    author = make.account("ann", Role.HR)
    found = announce(app, make, author, status=AnnouncementStatus.DRAFT)
    assert browse(author).get(f"/insights/announcements/{found.id}").status_code == 404
    assert "New badges" not in browse(author).get("/insights").text


def test_the_funnel_counts_each_person_once(app: Flask, make: Factory, browse: Browser) -> None:
    host = make.account("host")
    event_id, first = meet(app, host.id)
    people = make.accounts("ann", "bob", "cid", "dan", "eve")
    with app.app_context(), unit_of_work():
        kept = db.session.get_one(Occurrence, first)
        second = Occurrence(
            event_id=event_id, recurrence_id=utc_now(), starts_at=kept.starts_at,
            ends_at=kept.ends_at,
        )  # fmt: skip
        db.session.add(second)
        db.session.flush()
        answers = [
            (first, 0, Answer.GOING, False, True), (second.id, 0, Answer.GOING, False, True),
            (first, 1, Answer.GOING, False, False), (first, 2, Answer.GOING, True, False),
            (first, 3, Answer.NO, False, False),
        ]  # fmt: skip
        for date, who, answer, waiting, came in answers:
            db.session.add(
                Rsvp(
                    occurrence_id=date, account_id=people[who].id, answer=answer, waiting=waiting,
                    checked_in_at=utc_now() if came else None,
                )
            )  # fmt: skip
        for who in (people[0], people[4]):
            db.session.add(
                Notification(
                    recipient_id=who.id, actor_id=host.id, event_id=event_id,
                    kind=NotificationKind.EVENT_INVITATION,
                )
            )  # fmt: skip
    said = browse(host).get(f"/insights/events/{event_id}").text
    assert "Invited 5, Answered 4, Going 2, Came 1" in said


def test_no_rank_opens_the_figures_of_a_group_s_event(
    app: Flask, make: Factory, browse: Browser
) -> None:
    host, hr = make.account("host"), make.account("hel", Role.HR)
    group = make.group("board", owner=host)
    inside, _ = meet(
        app, host.id, title="Secret meeting", group_id=group.id, visibility=EventVisibility.GROUP
    )
    for_all, _ = meet(app, host.id, title="Open day")
    assert browse(host).get(f"/insights/events/{inside}").status_code == 200
    assert browse(hr).get(f"/insights/events/{inside}").status_code == 404
    assert browse(make.account("out")).get(f"/insights/events/{for_all}").status_code == 404
    said = browse(hr).get("/insights").text
    assert "Open day" in said
    assert "Secret meeting" not in said


def test_the_overview_costs_the_same_however_much_there_is(
    app: Flask, make: Factory, browse: Browser, page: Account, statements: list[str]
) -> None:
    hr = make.account("hel", Role.HR)
    announce(app, make, hr, page_id=page.id)
    client = browse(hr)
    costs = []
    for number in (1, 6):
        for turn in range(number):
            make.page(f"page{number}{turn}")
            meet(app, page.id, title=f"Event {number} {turn}")
        statements.clear()
        said = client.get("/insights").text
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert "confirmed by 2 of 12" in said
    # Names that would be formulas are text in the table.
    assert "Page,'=Trains," in client.get("/insights.csv").text
