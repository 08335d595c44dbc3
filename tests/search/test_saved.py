"""What people keep of searches, and what they are told by itself."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from intranet import background
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.kernel.errors import Invalid
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Post
from intranet.search import alerts, saved
from intranet.search.models import SavedSearch, ToldPost
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def told(app: Flask, account: Account) -> list[tuple[str, int]]:
    """The name and the number of each alert, oldest first."""
    with app.app_context():
        details = db.session.scalars(
            select(Notification.detail)
            .where(
                Notification.recipient_id == account.id,
                Notification.kind == NotificationKind.SAVED_SEARCH,
            )
            .order_by(Notification.id)
        ).all()
    return [(one.name, one.count) for one in map(alerts.told, details)]


def look(app: Flask) -> None:
    with app.app_context():
        found = alerts.look({})
        with unit_of_work():
            alerts.tell(found)


def ask(client: FlaskClient, address: str) -> None:
    """As a browser does, which sends what the page tells it to send."""
    page = client.get(address).text
    for path, values in re.findall(r"hx-post=\"(/search/[^\"]*)\"[^>]* hx-vals='([^']*)'", page):
        assert client.post(path, data=json.loads(values)).status_code == 204


def test_reading_what_was_found_writes_nothing(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    client = browse(ann)
    assert client.get("/search?q=freins").status_code == 200
    with app.app_context():
        assert saved.recent(ann) == []
    ask(client, "/search?q=l'<b>%22essai%22")  # whatever stands in it
    with app.app_context():
        assert saved.recent(ann) == ['l\'<b>"essai"']
    assert "hx-vals" not in client.get("/search?q=l'<b>%22essai%22").text  # it is remembered
    for wrong in ("", "  ", "-", "x" * 201):
        assert client.post("/search/recent", data={"q": wrong}).status_code == 422


def test_recent_searches_are_kept_once_and_forgotten(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    client = browse(ann)
    for number in range(14):
        ask(client, f"/search?q=freins+{number}")
    ask(client, "/search?q=freins+5")
    ask(client, "/search?q=freins+6&in=posts&before=5")  # a page of it: not asked anew
    with app.app_context():
        kept = saved.recent(ann)
        assert (len(kept), kept[0], kept[1]) == (saved.RECENT, "freins 5", "freins 13")
        assert saved.recent(ben) == []
    assert "freins 13" in client.get("/search").text
    assert "freins" not in browse(ben).get("/search").text
    assert client.post("/search/recent/forget").status_code == 303
    assert "freins" not in client.get("/search").text


def test_a_search_is_saved_changed_and_removed(app: Flask, make: Factory, browse: Browser) -> None:
    ann, ben = make.accounts("ann", "ben")
    client, other = browse(ann), browse(ben)
    assert client.post("/search/saved", data={"q": "freins from:ben"}).status_code == 303
    with app.app_context():
        (kept,) = saved.list_saved(ann)
    assert (kept.name, kept.query, kept.alert.value) == ("freins from:ben",) * 2 + ("never",)
    address = f"/search/saved/{kept.id}"
    answer = client.get(address)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/search?q=freins+from:ben&in=posts&sort=newest"
    for path, data in ((address, {"name": "x", "alert": "daily"}), (f"{address}/delete", {})):
        assert other.post(path, data=data).status_code == 404
    assert other.get(address).status_code == 404
    assert "freins" not in other.get("/search/saved").text
    assert client.post(address, data={"name": "Freins", "alert": "daily"}).status_code == 303
    assert "tells once a day" in client.get("/search/saved").text
    assert client.post(f"{address}/delete").status_code == 303
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"q": ""}, "Say what to look for."),
        ({"q": "x" * 300}, "That is too long."),
        ({"q": "has:cat x"}, "cannot be read"),
        ({"q": "x", "alert": "hourly"}, "Choose one of these."),
        ({"q": "x", "name": "y" * 61}, ""),
    ],
)
def test_what_cannot_be_saved_is_told_with_what_was_typed(
    make: Factory, browse: Browser, data: dict[str, str], word: str
) -> None:
    answer = browse(make.account("ann")).post("/search/saved", data=data)
    assert answer.status_code == 422
    assert word in answer.text
    assert f'value="{data["q"][:200]}' in answer.text


def test_there_may_be_so_many(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    client_limit = saved.MOST_ALERTS
    for number in range(saved.MOST):
        with app.app_context(), unit_of_work():
            saved.save(ann, f"n{number}", "x", "daily" if number < client_limit else "never")
    with app.app_context():
        with unit_of_work():
            silent = next(one for one in saved.list_saved(ann) if one.due_at is None)
        with pytest.raises(Invalid, match="cannot be taken"), unit_of_work():
            saved.save(ann, "more", "x", "never")
        with pytest.raises(Invalid, match="cannot be taken"), unit_of_work():
            saved.change(ann, silent, "x", "daily")


def test_an_alert_tells_once_of_what_others_post_from_now_on(
    app: Flask, make: Factory, browse: Browser
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ann, ben = make.accounts("ann", "ben")
        make.post(ben, "freins before")
        clock.shift(MINUTE)
        with app.app_context(), unit_of_work():
            saved.save(ann, "Freins", "frein", "at_once")
            saved.save(ann, "Aussi", "freins from:ben", "at_once")
            saved.save(ann, "Daily", "freins", "daily")
        clock.shift(MINUTE)
        make.post(ben, "les freins grincent", language="fr")
        make.post(ann, "mes freins")
        make.post(ben, "autre chose")
        look(app)
        assert told(app, ann) == []  # not settled yet: ids of the same second may still come
        clock.shift(MINUTE)
        look(app)
        assert told(app, ann) == [("Freins", 1)]  # the second search found the same post
        clock.shift(MINUTE)
        look(app)
        look(app)
        assert len(told(app, ann)) == 1
        make.post(ben, "encore des freins")
        make.post(ben, "et des freins")
        clock.shift(2 * MINUTE)
        look(app)
        assert told(app, ann)[1:] == [("Freins", 2)]
        clock.shift(DAY)
        make.post(ben, "freins du lendemain")
        clock.shift(MINUTE)
        with app.app_context():
            background.runner(app).prepare()
        look(app)
        # The slow one has nothing left to tell: each post was shown or counted before.
        assert told(app, ann)[2:] == [("Freins", 1)]
        html = browse(ann).get("/notifications").text
        assert "2 new posts for <b>Freins</b>" in html
        with app.app_context():
            kept = db.session.scalar(select(SavedSearch.id).where(SavedSearch.name == "Freins"))
        assert f"/search/saved/{kept}" in html


def test_each_post_is_told_once_whatever_becomes_of_the_pace(app: Flask, make: Factory) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ann, ben = make.accounts("ann", "ben")
        with app.app_context(), unit_of_work():
            fast = saved.save(ann, "Fast", "freins from:ben", "at_once").id
            slow = saved.save(ann, "Slow", "freins", "daily").id

        def change(which: int, alert: str) -> None:
            with app.app_context(), unit_of_work():
                one = saved.get(ann, which)
                saved.change(ann, one, one.name, alert)

        def tick(by: dt.timedelta) -> list[tuple[str, int]]:
            before = len(told(app, ann))
            clock.shift(by)
            look(app)
            return told(app, ann)[before:]

        clock.shift(MINUTE)
        for number in range(3):
            make.post(ben, f"freins {number}")
        assert tick(2 * MINUTE) == [("Fast", 3)]
        make.post(make.account("col"), "freins of another hand")
        assert tick(2 * MINUTE) == []  # only the slow one finds it, and it waits
        change(slow, "weekly")
        assert tick(2 * DAY) == []
        change(slow, "at_once")  # what waited is told now, what was told is not
        assert tick(2 * MINUTE) == [("Slow", 1)]
        change(fast, "daily")
        make.post(ben, "freins 4")
        assert tick(2 * MINUTE) == [("Slow", 1)]  # the other way round: the slow one was faster
        assert tick(2 * DAY) == []
        change(slow, "never")
        make.post(ben, "freins 5")
        change(slow, "daily")  # silenced and awake again: it begins with what comes now
        clock.shift(2 * MINUTE)
        make.post(ben, "freins 6")
        gone = make.post(ben, "freins 7")
        with app.app_context():
            found = alerts.look({})
            clock.shift(2 * DAY)
            found = alerts.look({})
            with unit_of_work():
                db.session.get_one(Post, gone.id).deleted_at = NOW
            before = len(told(app, ann))
            with unit_of_work():
                alerts.tell(found)
            with unit_of_work():
                alerts.tell(found)  # a second worker that had looked as well
        assert told(app, ann)[before:] == [("Fast", 2)]  # 5 and 6; 7 is gone
        clock.shift(8 * DAY)
        look(app)
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(ToldPost)) == 0


def test_an_alert_tells_nothing_of_what_its_owner_may_not_read(app: Flask, make: Factory) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ann, ben = make.accounts("ann", "ben")
        board = make.group("merger", GroupPrivacy.SECRET, owner=ann, members=[ben])
        for one in (ann, ben):
            with app.app_context(), unit_of_work():
                saved.save(one, "Deal", "kraken", "at_once")
                saved.save(one, "There", "kraken in:merger", "at_once")
        clock.shift(MINUTE)
        make.post(ann, "The kraken deal", group=board)
        clock.shift(MINUTE)
        look(app)
        assert told(app, ben)  # he belongs to it
        with app.app_context(), unit_of_work():
            db.session.delete(db.session.get_one(Membership, (board.id, ben.id)))
        before = len(told(app, ben))
        make.post(ann, "The kraken deal, signed", group=board)
        clock.shift(2 * MINUTE)
        look(app)
        assert len(told(app, ben)) == before


def test_looking_costs_no_more_statements_where_nothing_is_new(
    app: Flask, make: Factory, statements: list[str]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ann = make.account("ann")
        counted = []
        for number in range(6):
            with app.app_context(), unit_of_work():
                saved.save(ann, f"n{number}", "freins", "at_once")
            clock.shift(2 * MINUTE)
            with app.app_context():
                statements.clear()
                assert len(alerts.look({})) == number + 1
                counted.append(len(statements))
        assert set(counted) == {2}
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(SavedSearch)) == 6
