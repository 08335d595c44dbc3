"""Short links lead on, and are counted without following people."""

from __future__ import annotations

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import Headers

from intranet.accounts.models import Account, Role
from intranet.campaigns.models import Campaign, LinkDay, TrackedLink
from intranet.campaigns.targets import clean_target
from intranet.db import Base, db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.pages.models import PageRole
from intranet.public.short_links import looks_like_a_person
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@pytest.fixture
def helen(make: Factory) -> Account:
    return make.account("helen", Role.HR)


def make_link(client: FlaskClient, target: str, **fields: str) -> str:
    """The path of a fresh short link."""
    here = client.post("/campaigns", data={"name": "Open day"}).location
    answer = client.post(f"{here}/links", data={"target": target, **fields}, follow_redirects=True)
    assert answer.status_code == 200
    return "/l/" + answer.text.split("/l/")[-1 if not fields else 1].split('"')[0].split("<")[0]


def clicks(app: Flask) -> list[tuple[dt.date, int]]:
    with app.app_context():
        return [(row.day, row.clicks) for row in db.session.scalars(select(LinkDay))]


def test_a_link_leads_on_and_counts_the_day(app: Flask, browse: Browser, helen: Account) -> None:
    path = make_link(browse(helen), "https://jobs.example/open?day=1", label="Poster")
    visitor = browse(None)
    before = _everything(app)
    for _ in range(3):
        answer = visitor.get(path, headers=PERSON | {"Referer": "https://social.example/secret"})
        assert answer.status_code == 302
        assert answer.location == "https://jobs.example/open?day=1"
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    day = utc_now().astimezone(ZoneInfo("Europe/Paris")).date()
    assert clicks(app) == [(day, 3)]
    # One number is all that three visits have left.
    after = _everything(app)
    assert {name for name in after if after[name] != before[name]} == {"link_day"}


def _everything(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        return {
            table.name: sorted(map(str, db.session.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }


AGENTS_OF_PROGRAMS = (
    "", "Twitterbot/1.0", "facebookexternalhit/1.1", "curl/8.5.0", "Slackbot-LinkExpanding 1.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 HeadlessChrome/120.0", "python-requests/2.32",
)  # fmt: skip
AHEAD = ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"})


def test_programs_and_prefetches_are_no_people() -> None:
    assert looks_like_a_person("GET", Headers(PERSON))
    assert not looks_like_a_person("HEAD", Headers(PERSON))
    for agent in AGENTS_OF_PROGRAMS:
        assert not looks_like_a_person("GET", Headers({"User-Agent": agent})), agent
    for ahead in AHEAD:
        assert not looks_like_a_person("GET", Headers(PERSON | ahead)), ahead


def test_programs_are_led_on_uncounted(app: Flask, browse: Browser, helen: Account) -> None:
    path = make_link(browse(helen), "https://jobs.example/")
    assert browse(None).get(path, headers={"User-Agent": "Twitterbot/1.0"}).status_code == 302
    assert browse(None).head(path, headers=PERSON).status_code == 302
    assert clicks(app) == []


def test_a_target_inside_still_asks_for_a_session(browse: Browser, helen: Account) -> None:
    client = browse(helen)
    path = make_link(client, "http://127.0.0.1:8000/groups")
    visitor = browse(None)
    assert visitor.get(path, headers=PERSON).location == "/groups"
    assert visitor.get("/groups").location.startswith("/login")


NO_TARGETS = (
    "", " ", "javascript:alert(1)", "ftp://x.example/", "//evil.example", "/\\evil.example",
    "https://", "https:///x", "https://bank.example@evil.example/", "https://x.example/a b",
    "data:text/html,x", "mailto:a@b.example", "jobs.example", "/l/abc", "https://[::1",
    "https://x.example/" + "a" * 2000, "https://x.example:99999/", "https://x.example/\nX: y",
    "https://us.example//evil.example", "https://us.example/l/abc",
)  # fmt: skip


@pytest.mark.parametrize("target", NO_TARGETS)
def test_nobody_is_led_where_they_should_not_be(target: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_target(target, "https://us.example")
    assert refused.value.fields.keys() == {"target"}


def test_our_own_addresses_are_kept_as_paths() -> None:
    assert clean_target(" https://us.example/groups?x=1 ", "https://us.example") == "/groups?x=1"
    assert clean_target("https://us.example", "https://us.example") == "/"
    elsewhere = "https://us.example.evil.example/x"
    assert clean_target(elsewhere, "https://us.example") == elsewhere


def test_a_refused_target_keeps_what_was_typed(browse: Browser, helen: Account) -> None:
    client = browse(helen)
    here = client.post("/campaigns", data={"name": "Open day"}).location
    answer = client.post(f"{here}/links", data={"target": "ftp://x", "label": "Kept words"})
    assert answer.status_code == 422
    assert "Kept words" in answer.text
    assert 'id="e-target"' in answer.text


def test_what_a_link_shows_is_kept_as_its_subject(
    app: Flask, make: Factory, browse: Browser, helen: Account
) -> None:
    post = make.post(helen)
    make_link(browse(helen), f"/posts/{post.id}?x=1")
    make_link(browse(helen), "/posts/99")
    with app.app_context():
        rows = select(TrackedLink.post_id).order_by(TrackedLink.id)
        assert db.session.scalars(rows).all() == [post.id, None]


def test_a_page_s_people_see_its_campaigns_and_others_none(
    app: Flask, make: Factory, browse: Browser
) -> None:
    writer, analyst, outsider, guest = (
        make.account("wen"), make.account("ana"), make.account("out"),
        make.account("guy", Role.GUEST),
    )  # fmt: skip
    page, other = make.page("trains"), make.page("trams")
    make.edits(page, writer, PageRole.EDITOR)
    make.edits(page, analyst, PageRole.ANALYST)
    make.edits(other, outsider, PageRole.OWNER)
    client = browse(writer)
    here = client.post("/campaigns", data={"name": "Rails", "page": "trains"}).location
    assert client.post("/campaigns", data={"name": "x", "page": "trams"}).status_code == 404
    assert client.post("/campaigns", data={"name": "x", "page": ""}).status_code == 404
    assert client.post(f"{here}/links", data={"target": "/"}).status_code == 303
    assert browse(analyst).get(here).status_code == 200
    assert "Make the link" not in browse(analyst).get(here).text
    assert browse(analyst).post(f"{here}/links", data={"target": "/"}).status_code == 403
    assert browse(analyst).post(f"{here}/close").status_code == 403
    # The outsider runs a page too, only not this one.
    assert browse(outsider).get("/campaigns").status_code == 200
    missing = browse(outsider).get("/campaigns/1")
    for address in (here, f"{here}/clicks.csv"):
        answer = browse(outsider).get(address)
        assert answer.status_code == missing.status_code == 404
    assert "Rails" not in browse(outsider).get("/campaigns").text
    assert browse(outsider).post(f"{here}/close").status_code == 404
    for who in (guest, make.account("mem")):
        assert browse(who).get("/campaigns").status_code == 403
        assert browse(who).get("/campaigns/new").status_code == 403
        assert browse(who).post("/campaigns", data={"name": "x"}).status_code == 403
        assert browse(who).get(here).status_code == 404


def test_a_closed_link_leads_nowhere(app: Flask, browse: Browser, helen: Account) -> None:
    client, visitor = browse(helen), browse(None)
    path = make_link(client, "https://jobs.example/")
    with app.app_context():
        link = db.session.scalars(select(TrackedLink)).one()
        here = f"/campaigns/{link.campaign_id}"
    assert client.post(f"{here}/links/{link.id + 1}/close").status_code == 404
    assert client.post(f"{here}/links/{link.id}/close").status_code == 303
    assert visitor.get(path, headers=PERSON).status_code == 404
    second = make_link(client, "https://jobs.example/")
    with app.app_context():
        newest = select(Campaign.id).order_by(Campaign.id.desc()).limit(1)
        there = f"/campaigns/{db.session.scalar(newest)}"
    assert client.post(f"{there}/close").status_code == 303
    assert visitor.get(second, headers=PERSON).status_code == 404
    assert client.post(f"{there}/links", data={"target": "/"}).status_code == 409
    assert clicks(app) == []


def test_the_clicks_are_drawn_and_exported(app: Flask, browse: Browser, helen: Account) -> None:
    client = browse(helen)
    path = make_link(client, "https://jobs.example/", label="=cmd|x")
    for _ in range(2):
        browse(None).get(path, headers=PERSON)
    with app.app_context():
        link = db.session.scalars(select(TrackedLink)).one()
    shown = client.get(f"/campaigns/{link.campaign_id}").text
    assert "2 clicks" in shown
    assert "<rect" in shown
    assert "Show as a table" in shown
    assert "2 clicks" in client.get("/campaigns").text
    table = client.get(f"/campaigns/{link.campaign_id}/clicks.csv")
    assert table.mimetype == "text/csv"
    assert f"{link.code},'=cmd|x,https://jobs.example/,2" in table.text


def test_the_list_costs_the_same_however_long(
    app: Flask, browse: Browser, helen: Account, statements: list[str]
) -> None:
    client = browse(helen)
    costs = []
    for number in (1, 5):
        for _ in range(number):
            make_link(client, "https://jobs.example/")
        statements.clear()
        client.get("/campaigns")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_no_click_of_many_at_once_is_lost(app: Flask, browse: Browser, helen: Account) -> None:
    path = make_link(browse(helen), "https://jobs.example/")
    visitors = [browse(None) for _ in range(6)]
    answers: list[int] = []

    def visit(client: FlaskClient) -> None:
        answers.extend(client.get(path, headers=PERSON).status_code for _ in range(8))

    threads = [threading.Thread(target=visit, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 48
    assert [count for _, count in clicks(app)] == [48]


def test_a_deleted_page_takes_its_campaigns_along(
    app: Flask, make: Factory, browse: Browser, helen: Account
) -> None:
    page = make.page("trains")
    client = browse(helen)
    here = client.post("/campaigns", data={"name": "Rails", "page": "trains"}).location
    client.post(f"{here}/links", data={"target": "/"})
    with app.app_context(), unit_of_work():
        db.session.delete(db.session.get_one(Account, page.id))
    assert client.get(here).status_code == 404
