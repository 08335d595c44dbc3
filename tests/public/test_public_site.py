"""An anonymous visitor sees what is public of a public page, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar.models import Event, Occurrence
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.media.models import MediaAttachment
from intranet.pages.models import Page
from intranet.posts.models import Post, Visibility
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

SECRET = "Zanzibar"
GOING = "777777"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Site:
    """A public page with one of each thing that must not appear beside one of each that must."""

    def __init__(self, app: Flask, make: Factory, browse: Browser) -> None:
        self.app, self.make = app, make
        self.ann = make.account("ann", display_name=f"Ann {SECRET}")
        about = '<p>We build <a href="/@ann" class="mention" rel="x">@ann</a></p>'
        self.page = make.page(
            "trains", owner=self.ann, is_public=True, about_html=about, tagline="On rails",
            contact_email="press@example.test", contact_url="javascript:alert(1)",
        )  # fmt: skip
        self.post = self.write("A new tram & <you>", html="<p>A new tram &amp; &lt;you&gt;</p>")
        self.hidden = self.write(f"{SECRET} inside", is_public=False)
        self.write(f"{SECRET} for followers", visibility=Visibility.FOLLOWERS)
        self.write(f"{SECRET} deleted", deleted_at=utc_now())
        self.reply = make.post(
            self.ann, f"{SECRET} says a colleague", reply_to=self.post, is_public=True
        )
        make.post(self.page, f"{SECRET} says the page", reply_to=self.post, is_public=True)
        make.post(self.ann, f"{SECRET} of a person", is_public=True)
        make.page("closed", is_public=False, display_name=f"{SECRET} page")
        self.closed_post = self.write(f"{SECRET} of a closed page", "closed")
        self.event = self.meet("Open day", is_public=True)
        self.hidden_event = self.meet(f"{SECRET} meeting")
        self.key = self.upload(browse, self.post)
        self.hidden_key = self.upload(browse, self.hidden)
        self.visitor = browse(None)

    def write(self, source: str, handle: str = "trains", **values: Any) -> Post:
        with self.app.app_context():
            author = db.session.scalars(select(Account).where(Account.handle == handle)).one()
        values.setdefault("is_public", True)
        return self.make.post(author, source, written_by_id=self.ann.id, **values)

    def meet(self, title: str, **values: Any) -> int:
        starts = utc_now() + dt.timedelta(days=3)
        times = {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=2)}
        event = Event(
            uid=title, organiser_id=self.page.id, title=title, html=f"<p>{title}</p>",
            time_zone="Europe/Paris", room=SECRET, created_by_id=self.ann.id, **times, **values,
        )  # fmt: skip
        with self.app.app_context(), unit_of_work():
            db.session.add(event)
            db.session.flush()
            date = Occurrence(
                event_id=event.id, recurrence_id=starts, going_count=int(GOING), **times
            )
            db.session.add(date)
            db.session.flush()
            return date.id

    def upload(self, browse: Browser, post: Post) -> str:
        sent = (io.BytesIO(picture().getvalue()), "tram.jpg")
        key = str(browse(self.ann).post("/media", data={"file": sent}).get_json()["key"])
        with self.app.app_context(), unit_of_work():
            media = db.session.scalars(
                select(MediaAttachment).where(MediaAttachment.key == key)
            ).one()
            media.post_id = post.id
        return key

    @property
    def addresses(self) -> list[str]:
        return [
            "/p/trains", "/p/trains?before=9000000000000000000", "/p/trains?lang=fr",
            f"/p/trains/posts/{self.post.id}", "/p/trains/about", "/p/trains/events",
            f"/p/trains/events/{self.event}", "/p/trains/feed.atom", "/p/sitemap.xml",
            "/robots.txt", f"/p/trains/media/{self.key}/large",
        ]  # fmt: skip

    @property
    def refused(self) -> list[str]:
        return [
            "/p/closed", "/p/ann", "/p/nobody", "/p/closed/about", "/p/closed/feed.atom",
            f"/p/trains/posts/{self.hidden.id}", f"/p/trains/posts/{self.reply.id}",
            f"/p/closed/posts/{self.closed_post.id}", f"/p/trains/posts/{self.closed_post.id}",
            f"/p/trains/events/{self.hidden_event}", "/p/trains/events/1",
            f"/p/trains/media/{self.hidden_key}/large", f"/p/closed/media/{self.key}/large",
            f"/p/trains/media/{self.key}/huge", "/p/trains/picture", "/l/nothing",
        ]  # fmt: skip


@pytest.fixture
def site(app: Flask, make: Factory, browse: Browser) -> Site:
    return Site(app, make, browse)


def test_every_public_address_sets_no_cookie_and_tells_nothing_else(
    site: Site, browse: Browser
) -> None:
    for address in site.addresses:
        answer = site.visitor.get(address)
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert answer.cache_control.public, address
        said = answer.data.decode("utf-8", "replace")
        assert SECRET not in said, address
        assert GOING not in said, address
        assert "<script" not in said.replace('<script type="application/ld+json"', "")
        again = site.visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304, address
        # A colleague is shown the same, and not recognised.
        signed_in = browse(site.ann).get(address)
        assert signed_in.data == answer.data
        assert "Set-Cookie" not in signed_in.headers


def test_what_is_not_public_answers_like_what_does_not_exist(site: Site) -> None:
    missing = site.visitor.get("/p/nobody")
    for address in site.refused:
        answer = site.visitor.get(address)
        assert answer.status_code == 404, address
        own = re.sub(r'href="[^"]*lang=\w+"', "", answer.text)
        assert own == re.sub(r'href="[^"]*lang=\w+"', "", missing.text), address
        assert "Set-Cookie" not in answer.headers, address
    assert site.visitor.get("/p/trains?before=x").status_code == 422
    assert site.visitor.get("/p/trains/unknown").status_code == 303  # to sign in


@pytest.mark.parametrize("how", ["page", "account", "post"])
def test_taking_the_mark_back_is_felt_at_once(site: Site, how: str) -> None:
    address = f"/p/trains/posts/{site.post.id}"
    places = (address, f"/p/trains/media/{site.key}/large")
    for place in places:
        assert site.visitor.get(place).status_code == 200
    with site.app.app_context(), unit_of_work():
        if how == "page":
            db.session.get_one(Page, site.page.id).is_public = False
        elif how == "account":
            db.session.get_one(Account, site.page.id).deactivated_at = utc_now()
        else:
            db.session.get_one(Post, site.post.id).is_public = False
    for place in places:
        assert site.visitor.get(place).status_code == 404
    assert f"/posts/{site.post.id}" not in site.visitor.get("/p/sitemap.xml").text
    if how != "post":
        assert site.visitor.get("/p/trains").status_code == 404


def test_mentions_and_hashtags_lead_nowhere(site: Site) -> None:
    html = (
        '<p><a href="/@ann" class="mention" rel="nofollow">@ann</a> and '
        '<a href="/tags/t4" class="mention hashtag" rel="nofollow">#T4</a>, '
        '<a href="/posts/1" rel="nofollow">inside</a></p>'
    )
    post = site.write("x", html=html)
    said = site.visitor.get(f"/p/trains/posts/{post.id}").text
    assert "@ann and #T4, " in said
    assert 'href="/@ann"' not in said
    assert 'href="/tags' not in said
    assert site.visitor.get("/posts/1").location.startswith("/login")
    assert "@ann" in site.visitor.get("/p/trains/about").text
    assert "javascript:" not in site.visitor.get("/p/trains/about").text


def test_a_post_is_introduced_to_other_sites(site: Site) -> None:
    answer = site.visitor.get(f"/p/trains/posts/{site.post.id}")
    base = site.app.extensions["intranet.settings"].base_url
    here = f"{base}/p/trains/posts/{site.post.id}"
    assert f'<link rel="canonical" href="{here}">' in answer.text
    assert '<meta property="og:title" content="A new tram &amp; &lt;you&gt;">' in answer.text
    image = f"{base}/p/trains/media/{site.key}/large"
    assert f'<meta property="og:image" content="{image}">' in answer.text
    assert 'name="twitter:card" content="summary_large_image"' in answer.text
    data = json.loads(answer.text.split('ld+json">')[1].split("</script>")[0])
    assert data["@type"] == "Article"
    assert data["headline"] == "A new tram & <you>"
    assert data["image"] == [image]
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    shown = site.visitor.get(f"/p/trains/media/{site.key}/large")
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_stands_behind_a_warning_is_folded_and_not_handed_on(site: Site) -> None:
    post = site.write(
        "The train leaves the rails", html="<p>The train leaves the rails</p>",
        spoiler_text="Crash <test>", sensitive=True,
    )  # fmt: skip
    shown = site.visitor.get(f"/p/trains/posts/{post.id}").text
    folded = shown.split("<details")[1].split("</details>")[0]
    assert "Crash &lt;test&gt;</summary>" in folded
    assert "leaves the rails" in folded
    assert "leaves the rails" not in shown.replace(folded, "")
    assert "leaves the rails" not in site.visitor.get("/p/trains").text.split("<details")[0]
    feed = site.visitor.get("/p/trains/feed.atom").text
    assert "Crash &amp;lt;test&amp;gt;" in feed
    assert "leaves the rails" not in feed


def test_an_event_is_told_on_its_own_clock(site: Site) -> None:
    said = site.visitor.get(f"/p/trains/events/{site.event}?lang=fr").text
    data = json.loads(said.split('ld+json">')[1].split("</script>")[0])
    assert data["@type"] == "Event"
    assert data["eventStatus"].endswith("EventScheduled")
    assert re.search(r"[+]0[12]:00$", data["startDate"])
    assert "heure de Paris" in said
    with site.app.app_context(), unit_of_work():
        db.session.get_one(Occurrence, site.event).cancelled_at = utc_now()
    assert "This event is cancelled." in site.visitor.get(f"/p/trains/events/{site.event}").text


def test_the_feed_is_atom(site: Site) -> None:
    for number in range(3):
        site.write(f"News {number}", html=f'<p>News {number}\x0b <a href="/posts/1">in</a></p>')
    answer = site.visitor.get("/p/trains/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    base = site.app.extensions["intranet.settings"].base_url
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated"):
        assert len(feed.findall(ATOM + needed)) == 1
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"{base}/p/trains/feed.atom", "alternate": f"{base}/p/trains"}
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Trains"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 4
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 4
    for entry in entries:
        assert entry.findtext(f"{ATOM}title")
        for moment in ("published", "updated"):
            assert dt.datetime.fromisoformat(entry.findtext(ATOM + moment) or "").tzinfo
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert (content.text or "").startswith("<p>")
    assert f'href="{base}/posts/1"' in (entries[0].findtext(f"{ATOM}content") or "")
    newest = max(entry.findtext(f"{ATOM}updated") or "" for entry in entries)
    assert feed.findtext(f"{ATOM}updated") == newest


def test_the_sitemap_names_what_is_public(site: Site) -> None:
    found = ElementTree.fromstring(site.visitor.get("/p/sitemap.xml").data)
    base = site.app.extensions["intranet.settings"].base_url
    assert [loc.text for loc in found.findall(f"{SITEMAP}url/{SITEMAP}loc")] == [
        f"{base}/p/trains",
        f"{base}/p/trains/posts/{site.post.id}",
        f"{base}/p/trains/events/{site.event}",
    ]
    assert f"Sitemap: {base}/p/sitemap.xml" in site.visitor.get("/robots.txt").text


def test_news_are_paged_and_cost_the_same_however_many(site: Site, statements: list[str]) -> None:
    for number in range(25):
        site.write(f"Number {number:02}")
    statements.clear()
    first = site.visitor.get("/p/trains").text
    assert len(statements) <= 3
    assert "Number 24" in first
    assert "Number 04" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = site.visitor.get(older[1]).text
    assert "Number 04" in second
    assert "A new tram" in second
    assert 'rel="next"' not in second


def test_the_reader_s_language_is_used_and_may_be_chosen(site: Site) -> None:
    def language(client: FlaskClient, address: str, accepts: str) -> str:
        answer = client.get(address, headers={"Accept-Language": accepts})
        assert "Accept-Language" in answer.headers["Vary"]
        return answer.text.split('<html lang="')[1][:2]

    assert language(site.visitor, "/p/trains", "fr-FR,en;q=0.5") == "fr"
    assert language(site.visitor, "/p/trains", "en") == "en"
    assert language(site.visitor, "/p/trains?lang=fr", "en") == "fr"
    assert "/p/trains/about?lang=fr" in site.visitor.get("/p/trains?lang=fr").text
