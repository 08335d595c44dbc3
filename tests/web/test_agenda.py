"""The calendar's views through the door: on the viewer's clock, and only what is theirs."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from intranet.accounts.models import Account
from intranet.calendar import grids, ranges
from intranet.calendar.models import Answer, Event, Occurrence
from intranet.calendar.ranges import Wanted
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from tests.browse import Browser
from tests.calendar.rows import add_event, answer, change
from tests.factories import Factory

NOON = dt.datetime(2026, 11, 25, 11, 0, tzinfo=dt.UTC)
PARIS = ZoneInfo("Europe/Paris")


def wall(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)


def day_of(html: str, day: str) -> str:
    """The cell of a day in the month."""
    return re.split(rf'data-day="{day}"', html)[1].split("</td>")[0]


@pytest.fixture(autouse=True)
def now() -> object:
    with time_machine.travel(NOON, tick=True) as moment:
        yield moment


def test_every_view_shows_a_date_on_its_readers_day(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann", locale="en")
    far = make.account("far", time_zone="Pacific/Auckland", locale="en")
    add_event(app, ann, wall("2026-11-26T20:30"), title="Evening")
    add_event(
        app, ann, wall("2026-11-28T00:00"), wall("2026-12-02T00:00"), title="Closing", all_day=True
    )
    month = read(browse(ann), "/events")
    assert "November 2026" in month
    assert "Times in Europe/Paris" in month
    assert "Evening" in day_of(month, "2026-11-26")
    assert "Evening" in day_of(read(browse(far), "/events"), "2026-11-27")
    # Whole days stay on their dates in every zone, and go on over the end of the week.
    for reader in (ann, far):
        page = read(browse(reader), "/events")
        for day in ("2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01"):
            assert "Closing" in day_of(page, day)
        assert "Closing" not in day_of(page, "2026-12-02")
    week = read(browse(ann), "/events?view=week&on=2026-11-29")
    assert "Week 48" in week
    assert re.search(r'<foreignObject x="0.0%" y="[\d.]+" width="100.0%" height="48.0">', week)
    lists = read(browse(ann), "/events?view=list")
    assert lists.index("Thursday 26 November") < lists.index("Evening") < lists.index("Closing")
    assert "Evening" not in read(browse(ann), "/events?on=2026-12-31")


def test_a_full_day_says_how_many_more_and_leads_there(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann", locale="en")
    for hour in range(8, 13):
        add_event(app, ann, wall(f"2026-11-26T{hour:02}:00"), title=f"Meeting {hour}")
    cell = day_of(read(browse(ann), "/events"), "2026-11-26")
    assert "+2 more" in cell
    assert "5 events" in cell
    address = re.search(r'class="month__more" href="([^"]+)"', cell)
    assert address is not None
    page = read(browse(ann), address[1].replace("&amp;", "&").split("#")[0])
    assert all(f"Meeting {hour}" in page for hour in range(8, 13))
    assert 'id="day-2026-11-26"' in page


def test_filters_leave_out_what_is_not_wanted_and_show_nothing_secret(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[ben])
    add_event(app, ann, wall("2026-11-26T09:00"), title="In the board", group=board)
    _id, (maybe,) = add_event(app, ann, wall("2026-11-26T10:00"), title="Perhaps")
    _id, (declined,) = add_event(app, ann, wall("2026-11-26T11:00"), title="Never")
    answer(app, ben, maybe, Answer.MAYBE)
    answer(app, ben, declined, Answer.NO)

    def seen(who: Account, query: str) -> set[str]:
        page = read(browse(who), f"/events?view=list&{query}")
        return {title for title in ("In the board", "Perhaps", "Never") if title in page}

    assert seen(ben, "") == {"In the board", "Perhaps", "Never"}
    assert seen(ben, "show=mine") == {"Perhaps"}
    assert seen(ben, "show=group:board") == {"In the board"}
    assert seen(ann, "view=agenda") == {"In the board", "Perhaps", "Never"}
    page = read(browse(ben), "/events?view=agenda")
    assert "Perhaps" in page
    assert "Never" not in page
    assert seen(out, "") == {"Perhaps", "Never"}
    client = browse(out)
    for name in ("group:board", "group:nowhere", "page:nobody"):
        assert client.get(f"/events?show={name}").status_code == 404
    assert "In the board" not in read(client, "/")
    assert "In the board" in read(browse(ben), "/")
    assert "Never" not in read(browse(ben), "/").split('class="aside"')[1]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("on=tomorrow", 422), ("on=2026-02-30", 422), ("on=9999-12-31", 422),
        ("on=0001-01-01", 422),
        ("on=1971-01-01&view=week", 200), ("on=2099-12-31", 200), ("view=nothing", 200),
        ("show=" + "x" * 5000, 200), ("show=group:%00", 404), ("show=group:" + "x" * 90, 404),
    ],
)  # fmt: skip
def test_no_address_breaks_the_calendar(
    make: Factory, browse: Browser, query: str, status: int
) -> None:
    assert browse(make.account("ann")).get(f"/events?{query}").status_code == status


@pytest.mark.parametrize("address", ["/events", "/events?view=week", "/events?view=agenda", "/"])
def test_one_date_and_forty_cost_the_same_statements(
    app: Flask, make: Factory, browse: Browser, statements: list[str], address: str
) -> None:
    ann = make.account("ann")
    _id, dates = add_event(app, ann, wall("2026-11-26T09:00"))
    client = browse(ann)
    read(client, address)
    statements.clear()
    read(client, address)
    few = len(statements)
    for hour in range(10, 14):
        _id, dates = add_event(app, ann, wall(f"2026-11-26T{hour}:00"), rrule="FREQ=DAILY;COUNT=10")
        for date in dates:
            answer(app, ann, date)
    statements.clear()
    read(client, address)
    assert len(statements) == few
    if address != "/":
        assert few <= 7, statements  # session, frame (4), ids, cards


def test_months_weeks_and_empty_lists_speak_french(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann", locale="fr"))
    page = read(client, "/events")
    assert "Novembre 2026" in page
    assert "Rien ce mois-ci." in page
    assert "Vous n’avez rien de prévu." in read(client, "/events?view=agenda")
    ann = make.account("anna")
    add_event(app, ann, wall("2026-11-27T14:00"), title="Visite")
    assert "Vendredi 27 novembre" in read(client, "/events?view=list")


def test_what_overlaps_stands_side_by_side(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    for start, end in (
        ("09:00", "11:00"),
        ("10:00", "10:10"),
        ("10:30", "12:00"),
        ("12:00", "13:00"),
    ):
        add_event(app, ann, wall(f"2026-11-26T{start}"), wall(f"2026-11-26T{end}"), title=start)
    add_event(app, ann, wall("2026-11-26T22:00"), wall("2026-11-27T02:00"), title="Night")
    monday = dt.date(2026, 11, 23)
    with app.app_context():
        reader = db.session.get_one(Account, ann.id)
        start = grids.midnight(monday, PARIS)
        cards = ranges.between(reader, start, start + dt.timedelta(days=7), Wanted())
        week = grids.week_grid(cards, monday, monday, PARIS)
    thursday = [(b.card.title, b.start, b.end, b.lane, b.lanes) for b in week.days[3].blocks]
    assert thursday == [
        ("09:00", 540, 660, 0, 2), ("10:00", 600, 630, 1, 2), ("10:30", 630, 720, 1, 2),
        ("12:00", 720, 780, 0, 1), ("Night", 1320, 1440, 0, 1),
    ]  # fmt: skip
    assert (week.first_hour, week.last_hour) == (8, 24)
    assert week.days[4].blocks == ()  # the night's rest is told by the evening before


def test_a_moved_and_a_cancelled_date_are_where_they_belong(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann", locale="en")
    event_id, (first, second, _third) = add_event(
        app, ann, wall("2026-11-24T09:00"), title="Series", rrule="FREQ=DAILY;COUNT=3"
    )
    late = dt.datetime(2026, 11, 27, 15, tzinfo=dt.UTC)
    change(app, Occurrence, first, moved=True, starts_at=late, ends_at=late + dt.timedelta(hours=1),
           changes={"title": "Moved"})  # fmt: skip
    change(app, Occurrence, second, cancelled_at=NOON)
    page = read(browse(ann), "/events")
    assert "Series" not in day_of(page, "2026-11-24")
    assert "Moved" in day_of(page, "2026-11-27")
    assert "(Cancelled)" in day_of(page, "2026-11-25")
    assert "Cancelled" in read(browse(ann), "/events?view=list")
    change(app, Event, event_id, cancelled_at=NOON)
    assert "(Cancelled)" in day_of(read(browse(ann), "/events"), "2026-11-26")
