"""The directory and profiles, outsiders first."""

from __future__ import annotations

import pytest
from flask import Flask

from intranet.accounts import profile
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


@pytest.fixture
def company(make: Factory) -> dict[str, Account]:
    """Ann and the guest Gil share a group; Bob is outside it."""
    ann = make.account("ann", display_name="Ann Été", department="Brakes", site="Lyon")
    bob = make.account("bob", department="Sales", site="Lille", phone="+33 1", manager_id=ann.id)
    gil = make.account("gil", Role.GUEST)
    make.group("shared", owner=ann, members=[gil])
    return {"ann": ann, "bob": bob, "gil": gil}


READS = ("/people", "/@ann", "/@ann/followers", "/@ann/following")


@pytest.mark.parametrize("path", READS)
def test_anonymous_visitors_are_sent_to_sign_in(
    browse: Browser, company: dict[str, Account], path: str
) -> None:
    assert browse(None).get(path).location.startswith("/login?next=")
    assert browse(company["bob"]).get(path).status_code == 200


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_anonymous_visitors_follow_nobody(
    browse: Browser, company: dict[str, Account], verb: str
) -> None:
    assert browse(None).post(f"/@ann/{verb}").location == "/login"


@pytest.mark.parametrize("path", ["/@bob", "/@bob/followers", "/@bob/following"])
def test_for_a_guest_others_do_not_exist(
    browse: Browser, company: dict[str, Account], path: str
) -> None:
    guest = browse(company["gil"])
    hidden, missing = guest.get(path), guest.get(path.replace("bob", "nobody"))
    assert hidden.status_code == missing.status_code == 404
    for verb in ("follow", "unfollow"):
        assert guest.post(f"/@bob/{verb}").status_code == 404
    assert guest.get("/@ann").status_code == 200
    assert "Sales" not in guest.get("/people").text
    assert "bob" not in guest.get("/people?q=bob").text.replace('value="bob"', "").lower()


def test_a_guest_sees_no_phone_and_no_address(
    browse: Browser, make: Factory, company: dict[str, Account]
) -> None:
    make.group("second", owner=company["bob"], members=[company["gil"]])
    assert "+33 1" in browse(company["ann"]).get("/@bob").text
    text = browse(company["gil"]).get("/@bob").text
    assert "+33 1" not in text
    assert "bob@example.test" not in text


def test_following_from_a_page_and_from_a_fragment(
    browse: Browser, company: dict[str, Account]
) -> None:
    client = browse(company["bob"])
    response = client.post("/@ann/follow", data={"next": "/people?q=a"})
    assert (response.status_code, response.location) == (303, "/people?q=a")
    assert client.post("/@ann/follow", data={"next": "//evil"}).location == "/"
    page = client.get("/@ann").text
    assert "/@ann/unfollow" in page
    fragment = client.post("/@ann/unfollow", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "/@ann/follow" in fragment
    assert "hx-swap-oob" in fragment
    assert client.post("/@bob/follow").status_code == 403


def test_search_finds_without_accents_and_narrows(
    browse: Browser, app: Flask, company: dict[str, Account]
) -> None:
    with app.app_context(), unit_of_work():
        ann = db.session.get_one(Account, company["ann"].id)
        profile.set_skills(ann, ("Pneumatique", "pneumatique ", "Freinage d'urgence"))
    client = browse(company["bob"])

    def found(query: str) -> list[str]:
        main = client.get(f"/people?{query}").text.split("<main")[1].split("</main>")[0]
        return [name for name in ("ann", "bob", "gil") if f'href="/@{name}"' in main]

    assert found("") == ["ann", "bob", "gil"]
    assert found("q=ETE") == ["ann"]
    assert found("q=brak+lyon") == ["ann"]
    assert found("q=urgence") == ["ann"]
    assert found("q=%25") == []
    assert found("department=Sales") == ["bob"]
    assert found("site=Lyon&skill=PNEUMATIQUE") == ["ann"]
    assert found("skill=nothing") == []


def test_pages_of_the_directory_hold_everybody_once(
    browse: Browser, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intranet.web.people._PEOPLE", 2)
    ann = make.account("ann")
    for name in ("Élodie", "elodie", "Zoé", "Eve", "adam"):
        make.account(name.replace("É", "e1").replace("é", "e").lower(), display_name=name)
    client, path, seen = browse(ann), "/people", []
    while path:
        text = client.get(path).text
        main = text.split('<ul class="sheet people"')[1].split("</ul>")[0]
        seen += [part.split("</b>")[0] for part in main.split("<b>")[1:]]
        path = text.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in text else ""
    assert seen == ["adam", "Ann", "Élodie", "elodie", "Eve", "Zoé"]


def test_strange_cursors_are_refused_and_unknown_ones_are_empty(
    browse: Browser, company: dict[str, Account]
) -> None:
    client = browse(company["ann"])
    assert client.get("/people?after=x").status_code == 422
    assert client.get("/people?after=1").status_code == 200
    assert client.get("/@%00").status_code == 404
    assert client.get("/people?q=%00%ff&department=%00").status_code == 200


def test_names_are_text_and_never_markup(browse: Browser, make: Factory) -> None:
    evil = '<img src=x onerror="a()">'
    eve = make.account("eve", display_name=evil, title=evil, department=evil, site=evil)
    for path in ("/people", "/@eve", "/@eve/followers"):
        assert "<img src=x" not in browse(eve).get(path).text


@pytest.mark.parametrize("path", ["/people", "/@ann"])
def test_the_number_of_statements_does_not_grow(
    browse: Browser, make: Factory, company: dict[str, Account], statements: list[str], path: str
) -> None:
    client = browse(company["bob"])
    statements.clear()
    client.get(path)
    few = len(statements)
    for number in range(12):
        other = make.account(f"p{number}", manager_id=company["ann"].id, department="Sales")
        make.follow(company["bob"], other)
        make.group(f"g{number}", owner=company["ann"], members=[company["bob"]])
    statements.clear()
    client.get(path)
    assert len(statements) == few


def test_the_count_of_posts_is_the_viewers_own(make: Factory, browse: Browser) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    make.post(ann, "For everyone")
    make.post(ann, "For few", group=group)
    counted = '<b class="num">{}</b> post'
    assert counted.format(2) in browse(bob).get("/@ann").text
    assert counted.format(1) in browse(eve).get("/@ann").text
