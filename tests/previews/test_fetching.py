"""The worker of previews against a real server on this machine, and what it never asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.clock import utc_now
from intranet.media.storage import Storage
from intranet.posts import previewing
from intranet.posts.beside import tell_around
from intranet.posts.events import PostChanged
from intranet.posts.models import Post
from intranet.previews.asking import KEPT
from intranet.previews.fetching import PreviewFetcher
from intranet.previews.models import LinkPreview
from intranet.previews.rules import PreviewRules
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Caller
from tests.mastodon.tokens import token_of
from tests.media.pictures import picture

Behave = Callable[[BaseHTTPRequestHandler], None]
PREVIEW = 'class="preview'
PRIVATE = ".".join(map(str, (10, 0, 0, 1)))
PAGE = (
    b"<html><head><title>The depot</title><meta property='og:description' content='It opens'>"
    b"<meta property='og:image' content='/picture'></head><body>long</body></html>"
)


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.pages[self.path](self)

            def log_message(self, *args: Any) -> None:
                pass

        site = self
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.pages: dict[str, Behave] = {}
        self.name = f"127.0.0.1:{self.server_port}"


def _png(width: int, height: int) -> bytes:
    return picture("PNG", (width, height)).getvalue()


def say(
    body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **more: str
) -> Behave:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, **more}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def endless(beginning: bytes, pause: float) -> Behave:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            handler.wfile.write(beginning)
            while True:
                handler.wfile.write(b"x" * (1 if pause else 65536))
                handler.wfile.flush()
                time.sleep(pause)
        except OSError:
            return

    return behave


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture
def settings(settings: Settings, site: Site) -> Settings:
    return settings.model_copy(update={"link_preview_hosts": (site.name,)})


@pytest.fixture
def fetcher(app: Flask, settings: Settings, site: Site) -> PreviewFetcher:
    return PreviewFetcher(
        context=app.app_context,
        unit_of_work=unit_of_work,
        settled=previewing.tell_of,
        rules=PreviewRules(on=True, own="https://intranet.example", trusted=(site.name,)),
        storage=Storage(settings.data / "previews"),
        timeout=1.5,
    )


def _publish(client: Any, text: str, **form: str) -> int:
    sent = client.post("/posts", data={"source": text} | form)
    assert sent.status_code == 303, sent.text
    return int(sent.headers["Location"].rsplit("/", 1)[1])


def _row(app: Flask) -> LinkPreview:
    with app.app_context():
        return db.session.scalars(select(LinkPreview)).one()


def test_a_link_is_asked_by_the_worker_and_shown_with_our_own_picture(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher, settings: Any
) -> None:
    site.pages = {"/news": say(PAGE), "/picture": say(_png(900, 450), "image/png")}
    client = browse(make.account("ann"))
    number = _publish(client, f"See http://{site.name}/news#top and more")
    assert site.asked == []  # nothing in the request
    assert PREVIEW not in client.get(f"/posts/{number}").text
    assert fetcher.drain() == 1
    assert site.asked == ["/news", "/picture"]
    page = client.get(f"/posts/{number}").text
    for words in ("The depot", "It opens", f'href="http://{site.name}/news"'):
        assert words in page
    assert f'src="http://{site.name}' not in page
    key = _row(app).image_key
    shown = client.get(f"/previews/{key}")
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.data[8:12] == b"WEBP"
    card = Caller(app.test_client(), token_of(app, make.account("bob"))).get(
        f"/api/v1/statuses/{number}"
    )["card"]
    assert (card["title"], card["width"], card["height"]) == ("The depot", 640, 320)
    image = app.test_client().get(card["image"].removeprefix("http://127.0.0.1:8000"))
    assert image.data[:4] == b"RIFF"
    # The next post with it asks nobody, until it is out of date.
    _publish(client, f"http://{site.name}/news")
    assert fetcher.drain() == 0
    with time_machine.travel(utc_now() + KEPT * 2):
        _publish(browse(make.account("cam")), f"http://{site.name}/news")
        assert fetcher.drain() == 1
    assert _row(app).image_key != key
    assert client.get(f"/previews/{key}").status_code == 404
    assert not (settings.data / "previews" / key[:2] / key).exists()


def test_a_picture_is_for_those_who_may_read_a_post_with_it(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher
) -> None:
    site.pages = {"/news": say(PAGE), "/picture": say(_png(300, 300), "image/png")}
    ann, dan = make.accounts("ann", "dan")
    make.group("board", GroupPrivacy.SECRET, owner=ann)
    number = _publish(browse(ann), f"http://{site.name}/news", audience="group:board")
    fetcher.drain()
    key = _row(app).image_key
    assert browse(dan).get(f"/posts/{number}").status_code == 404  # an outsider
    assert browse(dan).get(f"/previews/{key}").status_code == 404
    assert browse(ann).get(f"/previews/{key}").status_code == 200


def test_the_author_takes_it_away_and_an_edit_does_not_bring_it_back(
    make: Factory, browse: Browser, site: Site, fetcher: PreviewFetcher
) -> None:
    site.pages = {"/news": say(PAGE), "/picture": say(b"", status=404), "/other": say(PAGE)}
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    number = _publish(client, f"http://{site.name}/news")
    fetcher.drain()
    assert "Remove the preview" in client.get(f"/posts/{number}").text
    assert "Remove the preview" not in browse(bob).get(f"/posts/{number}").text
    assert browse(bob).post(f"/posts/{number}/preview/remove").status_code == 403
    assert "The depot" in client.get(f"/posts/{number}").text
    assert client.post(f"/posts/{number}/preview/remove").status_code == 303
    for text, shown in (("Look: http://{}/news", False), ("Now http://{}/other", True)):
        client.post(f"/posts/{number}/edit", data={"source": text.format(site.name)})
        fetcher.drain()
        assert ("The depot" in client.get(f"/posts/{number}").text) is shown


@pytest.mark.parametrize(
    "where", [f"https://{PRIVATE}/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/",
              "https://169.254.169.254/latest/meta-data", "https://2130706433/"],
)  # fmt: skip
def test_our_own_network_is_never_asked(
    make: Factory, browse: Browser, app: Flask, fetcher: PreviewFetcher, where: str
) -> None:
    number = _publish(browse(make.account("ann")), f"[this]({where})")
    assert fetcher.drain() == 1
    assert _row(app).title == ""
    assert PREVIEW not in browse(make.account("bob")).get(f"/posts/{number}").text


@pytest.mark.parametrize(
    "target", [f"https://{PRIVATE}/", "http://127.0.0.1:9/", "file:///etc/passwd"]
)
def test_a_redirect_passes_the_same_gate(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher, target: str
) -> None:
    site.pages = {"/away": say(b"", status=302, Location=target)}
    _publish(browse(make.account("ann")), f"http://{site.name}/away")
    assert fetcher.drain() == 1
    row = _row(app)
    assert (row.title, row.due_at) == ("", None)
    assert site.asked == ["/away"]


def test_redirects_are_followed_a_few_times(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher
) -> None:
    site.pages = {
        "/1": say(b"", status=301, Location="/2"), "/2": say(PAGE),
        "/picture": say(b"", status=404), "/round": say(b"", status=302, Location="/round"),
    }  # fmt: skip
    ann = browse(make.account("ann"))
    _publish(ann, f"http://{site.name}/1")
    fetcher.drain()
    assert _row(app).title == "The depot"
    site.asked.clear()
    _publish(ann, f"http://{site.name}/round")
    fetcher.drain()
    assert site.asked == ["/round"] * 4


def test_a_picture_leads_nowhere_else(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher
) -> None:
    ann = browse(make.account("ann"))
    pictures = {
        "private": say(PAGE.replace(b"/picture", f"https://{PRIVATE}/a.png".encode())),
        "redirect": say(PAGE.replace(b"/picture", b"/away")),
        "script": say(PAGE.replace(b"/picture", b"/svg")),
        "broken": say(PAGE.replace(b"/picture", b"/bits")),
    }
    site.pages = {f"/{name}": page for name, page in pictures.items()} | {
        "/away": say(b"", status=302, Location=f"https://{PRIVATE}/a.png"),
        "/svg": say(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        "/bits": say(_png(50, 50)[:60], "image/png"),
    }  # fmt: skip
    for name in pictures:
        _publish(ann, f"http://{site.name}/{name}")
    assert fetcher.drain() == len(pictures)
    with app.app_context():
        rows = db.session.scalars(select(LinkPreview)).all()
    assert {(row.title, row.image_key) for row in rows} == {("The depot", None)}


def test_huge_slow_and_other_answers_hold_nobody_up(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher
) -> None:
    head = b"<head><title>Endless</title></head><body>"
    site.pages = {
        "/huge": endless(head, 0), "/slow": endless(head, 0.05),
        "/pdf": say(b"%PDF-1.7 <title>no</title>", "application/pdf"),
        "/gone": say(b"<title>gone</title>", status=404),
        "/zip": say(b"<title>packed</title>", **{"Content-Encoding": "gzip"}),
        "/down": say(b"<title>later</title>", status=503),
    }  # fmt: skip
    ann = browse(make.account("ann"))
    began = time.monotonic()
    for name in ("huge", "slow", "pdf", "gone", "zip", "down"):
        _publish(ann, f"http://{site.name}/{name}")
    assert fetcher.drain() == 6
    assert time.monotonic() - began < 15
    with app.app_context():
        rows = {row.url.rsplit("/", 1)[1]: row for row in db.session.scalars(select(LinkPreview))}
    assert {name for name, row in rows.items() if row.title} == {"huge"}
    # Who may answer another time is asked again; then it is over.
    assert {name for name, row in rows.items() if row.due_at} == {"slow", "down"}
    for hours in (1, 2, 3):
        with time_machine.travel(utc_now().replace(year=2031, hour=hours)):
            fetcher.drain()
    with app.app_context():
        assert not db.session.scalar(select(LinkPreview.id).where(LinkPreview.due_at.is_not(None)))


def test_messages_between_people_ask_nobody(
    make: Factory, browse: Browser, app: Flask, site: Site
) -> None:
    ann, _bob = make.accounts("ann", "bob")
    sent = browse(ann).post("/conversations?to=bob", data={"source": f"http://{site.name}/a"})
    assert sent.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Post)).one()
        assert db.session.scalar(select(LinkPreview.id)) is None


def test_a_link_to_a_post_here_is_shown_to_those_who_may_read_it(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    secret = make.post(
        ann, "For the board", group=make.group("board", GroupPrivacy.SECRET, owner=ann)
    )
    number = _publish(browse(ann), f"As said: http://127.0.0.1:8000/posts/{secret.id}")
    assert "For the board" in browse(ann).get(f"/posts/{number}").text
    assert browse(bob).get(f"/posts/{secret.id}").status_code == 404  # an outsider
    page = browse(bob).get(f"/posts/{number}").text
    assert "As said" in page
    assert "For the board" not in page
    assert "not available" not in page
    with app.app_context():
        assert db.session.scalar(select(LinkPreview.id)) is None


def test_cards_with_a_linked_post_hear_that_it_was_edited(make: Factory, app: Flask) -> None:
    ann = make.account("ann")
    post = make.post(ann, "We meet at nine")
    link = make.post(ann, "As said", link_post_id=post.id)
    with app.app_context(), unit_of_work():
        tell_around(db.session.get_one(Post, post.id))
        facts = db.session().info["domain_events"]
        assert [(type(one), one.post_id) for one in facts] == [(PostChanged, link.id)]


def test_what_no_post_shows_is_forgotten(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher, settings: Any
) -> None:
    site.pages = {"/news": say(PAGE), "/picture": say(_png(300, 300), "image/png")}
    client = browse(make.account("ann"))
    number = _publish(client, f"http://{site.name}/news")
    fetcher.drain()
    key = str(_row(app).image_key)
    folder: Path = settings.data / "previews"
    for deleted in (False, True):
        if deleted:
            client.post(f"/posts/{number}/delete")
        with time_machine.travel(utc_now() + KEPT * 2), app.app_context(), unit_of_work():
            previewing.purge(Storage(folder))
        assert (folder / key[:2] / key).exists() is not deleted
    with app.app_context():
        assert db.session.scalar(select(LinkPreview.id)) is None
        assert db.session.scalar(select(Account.id))


def test_a_page_that_cannot_be_read_ends_no_worker(
    make: Factory, browse: Browser, app: Flask, site: Site, fetcher: PreviewFetcher
) -> None:
    title = b"<title>T</title>"
    site.pages = {
        "/codec": say(title, "text/html; charset=idna"),
        "/section": say(b"<![x[" + title, "text/html"),
        "/good": say(title),
    }
    client = browse(make.account("ann"))
    for path in site.pages:
        _publish(client, f"http://{site.name}{path}")
    assert fetcher.drain() == 3
    with app.app_context():
        rows = {row.url.rsplit("/", 1)[1]: row for row in db.session.scalars(select(LinkPreview))}
    assert rows["good"].title == "T"
    assert not any(row.due_at for row in rows.values())


def test_a_number_beyond_all_posts_is_only_a_link(make: Factory, browse: Browser) -> None:
    _publish(browse(make.account("ann")), f"http://127.0.0.1:8000/posts/{10**19 - 1}")
