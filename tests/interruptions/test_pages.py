"""The pages on which people choose when and how they are told."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Membership, NotifyLevel
from intranet.interruptions import hours
from intranet.interruptions.models import DayOff, InterruptionPreference, Pace
from intranet.interruptions.schedule import Span
from intranet.kernel.clock import utc_now
from tests.browse import Browser
from tests.factories import Factory

WEEK = {f"{edge}_{day}": "" for edge in ("from", "to") for day in range(7)}


def preference(app: Flask, account: Account) -> InterruptionPreference | None:
    with app.app_context():
        found = db.session.get(InterruptionPreference, account.id)
        db.session.expunge_all()
        return found


def test_own_hours_letters_and_levels_are_kept_and_shown_again(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann", locale="en")
    page = browse(ann)
    sent = WEEK | {"whose": "own", "pace": "weekly", "level_talk": "digest"}
    sent |= {"from_0": "08:30", "to_0": "17:00", "from_4": "22:00", "to_4": "06:00"}
    assert page.post("/settings/notifications", data=sent).status_code == 303
    kept = preference(app, ann)
    assert kept is not None
    assert kept.hours == [[0, 510, 1020], [4, 1320, 1800]]
    assert (kept.pace, kept.levels["talk"]) == (Pace.WEEKLY, "digest")
    shown = page.get("/settings/notifications").get_data(as_text=True)
    assert 'name="to_4" value="06:00"' in shown
    assert '<option value="weekly" selected>' in shown
    sent["whose"] = "company"
    page.post("/settings/notifications", data=sent)
    kept = preference(app, ann)
    assert kept is not None
    assert kept.hours is None


def test_what_cannot_be_read_comes_back_with_what_was_typed(make: Factory, browse: Browser) -> None:
    page = browse(make.account("ann", locale="en"))
    for wrong in (
        {"whose": "own", "from_0": "08:30"},
        {"whose": "own", "from_0": "x", "to_0": "25:99"},
        {"whose": "own", "from_0": "08:00", "to_0": "08:00"},
        {"whose": "own"},
        {"whose": "nobody"},
        {"whose": "always", "pace": "often"},
        {"whose": "always", "level_talk": "loud"},
        {},
    ):
        answer = page.post("/settings/notifications", data=WEEK | {"pace": "daily"} | wrong)
        assert answer.status_code == 422, wrong
        assert "field__err" in answer.get_data(as_text=True), wrong
    typed = page.post(
        "/settings/notifications", data=WEEK | {"whose": "own", "from_3": "07:15", "pace": "daily"}
    ).get_data(as_text=True)
    assert 'name="from_3" value="07:15"' in typed


def test_days_off_of_ones_own(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    first = utc_now().date() + dt.timedelta(days=10)
    dates = {"first_day": first.isoformat(), "last_day": (first + dt.timedelta(days=4)).isoformat()}
    assert browse(ann).post("/settings/notifications/days-off", data=dates).status_code == 303
    with app.app_context():
        id_ = db.session.scalars(select(DayOff.id)).one()
    # Another's click changes nothing.
    browse(bob).post(f"/settings/notifications/days-off/{id_}/remove")
    with app.app_context():
        assert db.session.get(DayOff, id_) is not None
    browse(ann).post(f"/settings/notifications/days-off/{id_}/remove")
    with app.app_context():
        assert db.session.scalars(select(DayOff.id)).all() == []
    for wrong in (
        {"first_day": "soon"},
        {"first_day": ""},
        {"first_day": "2001-01-01"},
        {"first_day": first.isoformat(), "last_day": "2001-01-01"},
        {"first_day": first.isoformat(), "last_day": "9999-12-31"},
    ):
        answer = browse(ann).post("/settings/notifications/days-off", data=wrong)
        assert answer.status_code == 422, wrong


def test_two_hours_of_quiet_from_the_menu_of_the_bell_and_their_end(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann", locale="en")
    page = browse(ann)
    assert "Quiet for 2 hours" in page.get("/notifications/menu").get_data(as_text=True)
    page.post("/notifications/quiet")
    kept = preference(app, ann)
    assert kept is not None
    assert kept.quiet_until is not None
    left = kept.quiet_until - utc_now()
    assert dt.timedelta(hours=1, minutes=59) < left <= dt.timedelta(hours=2)
    assert "Quiet until" in page.get("/notifications/menu").get_data(as_text=True)
    with app.app_context():
        assert hours.held_back([ann.id], int(utc_now().timestamp() * 1000)) == {ann.id}
    page.post("/notifications/quiet/end")
    with app.app_context():
        assert hours.held_back([ann.id], int(utc_now().timestamp() * 1000)) == set()


def test_levels_of_groups_on_one_page_are_ones_own_only(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    mine, other = make.group("mine", members=[ann, bob]), make.group("other", members=[bob])
    sent = {f"group_{mine.id}": "nothing", f"group_{other.id}": "nothing"}
    assert browse(ann).post("/settings/notifications/groups", data=sent).status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(Membership)).all()
        levels = {(row.group_id, row.account_id): row.notify_level for row in rows}
    assert levels == {
        (mine.id, ann.id): NotifyLevel.NOTHING,
        (mine.id, bob.id): NotifyLevel.MENTIONS,
        (other.id, bob.id): NotifyLevel.MENTIONS,
    }
    wrong = browse(ann).post("/settings/notifications/groups", data={f"group_{mine.id}": "loud"})
    assert wrong.status_code == 422


def test_the_company_chooses_for_who_has_not(app: Flask, make: Factory, browse: Browser) -> None:
    boss, ann = make.account("boss", Role.ADMINISTRATOR), make.account("ann")
    sent = WEEK | {"from_1": "09:00", "to_1": "17:00", "pace": "hourly"}
    assert browse(ann).post("/admin/interruptions", data=sent).status_code == 403
    assert browse(boss).post("/admin/interruptions", data=sent).status_code == 303
    with app.app_context():
        assert hours.schedules([ann.id])[ann.id].spans == (Span(1, 540, 1020),)
        assert hours.company_default().pace is Pace.HOURLY
    sent = WEEK | {"pace": "never"}
    assert browse(boss).post("/admin/interruptions", data=sent).status_code == 303
    with app.app_context():
        assert hours.schedules([ann.id]) == {}
    assert browse(boss).post("/admin/interruptions", data=WEEK).status_code == 422
