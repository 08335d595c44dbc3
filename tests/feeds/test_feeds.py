"""Feeds for readers: a key in the address, and the eyes of whom it was given to."""

from __future__ import annotations

import datetime as dt
import html
import re
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.feeds import actions
from intranet.feeds.models import Feed
from intranet.groups.models import GroupPrivacy, Membership
from intranet.posts.models import Post
from intranet.search import saved
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

ATOM = "{http://www.w3.org/2005/Atom}"


def made(client: FlaskClient, kind: str, key: str) -> str:
    """The path of a new feed."""
    answer = client.post("/settings/feeds", data={"of": kind, "key": key})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'value="[^"]*(/feeds/[^"]+\.atom)"', answer.text)
    assert found is not None
    return html.unescape(found[1])


def entries(client: FlaskClient, path: str) -> list[str]:
    """The titles of what the feed holds."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type.startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.data)
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.findall(f"{ATOM}entry")]


def test_every_kind_is_followed_without_signing_in(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    tram = make.group("tram", owner=ben)
    client = browse(ann)
    post = make.post(ben, "Un essai")
    make.post(ben, "Dans le groupe", group=tram)
    make.post(ann, "une réponse", reply_to=post)
    browse(ben).post("/posts", data={"source": "Avec #Sécurité & <b>"})
    client.post("/search/saved", data={"q": "essais", "name": "Essais"})
    with app.app_context():
        (kept,) = saved.list_saved(ann)
    reader = browse(None)
    titles = {
        kind: entries(reader, made(client, kind, key))
        for kind, key in (
            ("profile", "@ben"), ("group", "tram"), ("hashtag", "sécurité"),
            ("search", str(kept.id)),
        )
    }  # fmt: skip
    assert titles == {
        "profile": ["Avec #Sécurité & <b>", "Dans le groupe", "Un essai"],
        "group": ["Dans le groupe"],
        "hashtag": ["Avec #Sécurité & <b>"],
        "search": ["Un essai"],
    }
    assert "@ben" not in reader.get("/search/saved").text
    page = client.get("/settings/feeds").text
    assert page.count("Revoke<") == 4
    with app.app_context():
        hashes = db.session.scalars(select(Feed.token_hash)).all()
    assert all(len(one) == 64 for one in hashes)


def test_who_loses_access_reads_nothing_more(app: Flask, make: Factory, browse: Browser) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("kraken", GroupPrivacy.SECRET, owner=ann, members=[ben], name="Kraken")
    make.post(ann, "The kraken deal #kraken", group=board)
    client, reader = browse(ben), browse(None)
    client.post("/search/saved", data={"q": "kraken in:kraken", "name": "Mine"})
    with app.app_context():
        (kept,) = saved.list_saved(ben)
    paths = [
        made(client, "group", "kraken"), made(client, "profile", "ann"),
        made(client, "search", str(kept.id)),
    ]  # fmt: skip
    assert [len(entries(reader, path)) for path in paths] == [1, 1, 1]
    with app.app_context(), unit_of_work():
        db.session.delete(db.session.get_one(Membership, (board.id, ben.id)))
    assert [entries(reader, path) for path in paths] == [[], [], []]
    for path in paths:
        assert "raken" not in reader.get(path).text
    page = client.get("/settings/feeds").text
    assert "Kraken" not in page
    assert "No longer for you" in page
    for kind, key in (("group", "kraken"), ("group", "missing"), ("search", "5")):
        for answer in (
            client.get("/settings/feeds", query_string={"of": kind, "key": key}),
            client.post("/settings/feeds", data={"of": kind, "key": key}),
        ):
            assert answer.status_code == 404


def test_a_revoked_address_and_that_of_a_closed_account_lead_nowhere(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    client, reader = browse(ann), browse(None)
    first, second = made(client, "profile", "ben"), made(client, "profile", "ben")
    with app.app_context():
        ids = db.session.scalars(select(Feed.id).order_by(Feed.id)).all()
    assert browse(ben).post(f"/settings/feeds/{ids[0]}/revoke").status_code == 404
    assert client.post(f"/settings/feeds/{ids[0]}/revoke").status_code == 303
    assert (reader.get(first).status_code, reader.get(second).status_code) == (404, 200)
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ann.id).deactivated_at = dt.datetime.now(dt.UTC)
    assert reader.get(second).status_code == 404
    for nonsense in ("x", "é" * 40, "x" * 3000):
        assert reader.get(f"/feeds/{nonsense}.atom").status_code in (404, 414)


def test_readers_that_ask_again_are_answered_briefly(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.post(ann, "one")
    reader, path = browse(None), made(browse(ann), "profile", "ann")
    answer = reader.get(path)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert path not in answer.text  # the key stands nowhere in what may be passed on
    for name, value in (
        ("If-None-Match", answer.headers["ETag"]),
        ("If-Modified-Since", answer.headers["Last-Modified"]),
    ):
        assert reader.get(path, headers={name: value}).status_code == 304
    make.post(ann, "two")
    assert reader.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_a_poll_that_finds_nothing_new_costs_few_statements(
    app: Flask, make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, ben = make.accounts("ann", "ben")
    client, reader = browse(ben), browse(None)
    client.post("/search/saved", data={"q": "tram", "name": "Trams"})
    with app.app_context():
        (kept,) = saved.list_saved(ben)
    for number in range(12):
        make.post(ann, f"tram {number}")
    for kind, key, most in (("profile", "ann", 4), ("search", str(kept.id), 6)):
        path = made(client, kind, key)
        for encoding in ("identity", "gzip", "br"):
            whole = reader.get(path, headers={"Accept-Encoding": encoding})
            statements.clear()
            again = reader.get(
                path, headers={"If-None-Match": whole.headers["ETag"], "Accept-Encoding": encoding}
            )
            assert (again.status_code, again.data) == (304, b""), encoding
            assert again.headers["ETag"] == whole.headers["ETag"]
            assert len(statements) <= most, statements


def test_every_change_is_another_answer(app: Flask, make: Factory, browse: Browser) -> None:
    ann, ben = make.accounts("ann", "ben")
    first, newest = make.post(ann, "first"), make.post(ann, "newest")
    reader, path = browse(None), made(browse(ben), "profile", "ann")

    def polled(known: dict[str, str]) -> dict[str, str]:
        """What the answer to somebody who knows this says of itself; it has to be a new one."""
        answer = reader.get(path, headers={"If-None-Match": known["ETag"]})
        assert answer.status_code == 200
        return {name: answer.headers[name] for name in ("ETag", "Last-Modified")}

    known = polled({"ETag": '"none"'})
    browse(ann).post(f"/posts/{first.id}/edit", data={"source": "first, edited"})
    known = polled(known)
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ann.id).display_name = "Ann Other"
    known = polled(known)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)):
        make.post(ann, "of a minute later")
        known = polled(known)
        browse(ann).post(f"/posts/{newest.id}/delete")
        last = polled(known)
    dated = {"If-Modified-Since": last["Last-Modified"]}
    assert reader.get(path, headers=dated).status_code == 304
    # The tag decides where both are sent.
    both = dated | {"If-None-Match": known["ETag"]}
    assert reader.get(path, headers=both).status_code == 200
    with app.app_context():
        latest = db.session.scalars(select(Post.id).order_by(Post.id.desc())).first()
    browse(ann).post(f"/posts/{latest}/delete")
    assert reader.get(path, headers=dated).status_code == 200  # older than it was


def test_a_feed_is_valid_atom(make: Factory, browse: Browser) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: what has to be there, once, and what may not be."""
    ann = make.account("ann")
    client, reader = browse(ann), browse(None)
    path = made(client, "profile", "ann")
    for text in ("plain", "a & b < c ]]> \x0c", "second\nline https://x.example/?a=1&b=2"):
        client.post("/posts", data={"source": text})
    make.post(ann, "français", language="fr")
    for count in (4, 0):
        root = ElementTree.fromstring(reader.get(path).data)
        listed = root.findall(f"{ATOM}entry")
        assert len(listed) == count
        for parent in (root, *listed):
            for name in ("id", "title", "updated"):
                (one,) = parent.findall(f"{ATOM}{name}")
                assert (one.text or "").strip()
            assert re.match(r"[a-z]+:.+", parent.findtext(f"{ATOM}id") or "")
            moment = dt.datetime.fromisoformat(parent.findtext(f"{ATOM}updated") or "")
            assert moment.tzinfo is not None
            assert parent.find(f"{ATOM}author/{ATOM}name") is not None
            (alternate,) = parent.findall(f"{ATOM}link[@rel='alternate']")
            assert alternate.get("href", "").startswith("http")
        ids = [entry.findtext(f"{ATOM}id") for entry in listed]
        assert len(set(ids)) == len(ids)
        for entry in listed:
            content = entry.find(f"{ATOM}content")
            assert content is not None
            assert content.get("type") == "html"
            assert len(content) == 0  # escaped, not elements
        for entry in ids:
            client.post(f"/posts/{(entry or '').rpartition('/')[2]}/delete")


def test_behind_a_warning_there_is_the_warning(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.post(ann, "The hidden part", spoiler_text="Spoiler \x0b ahead")
    answer = browse(None).get(made(browse(ann), "profile", "ann"))
    assert "hidden part" not in answer.text
    assert "Spoiler" in answer.text
    ElementTree.fromstring(answer.data)


@pytest.mark.parametrize(
    ("kind", "key", "status"),
    [("", "x", 422), ("nothing", "x", 422), ("hashtag", "no tag", 422), ("profile", "nobody", 404),
     ("profile", "\0", 404), ("group", "\0", 404), ("search", "x", 404), ("search", "9" * 30, 404)],
)  # fmt: skip
def test_what_has_no_feed(make: Factory, browse: Browser, kind: str, key: str, status: int) -> None:
    client = browse(make.account("ann"))
    answer = client.post("/settings/feeds", data={"of": kind, "key": key})
    assert answer.status_code == status


def test_there_may_be_so_many_and_use_is_noted(
    app: Flask, make: Factory, browse: Browser, monkeypatch: pytest.MonkeyPatch,
    statements: list[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(actions, "MOST", 2)
    ann = make.account("ann")
    client, reader = browse(ann), browse(None)
    path = made(client, "profile", "ann")
    assert "never used" in client.get("/settings/feeds").text
    made(client, "hashtag", "tram")
    assert client.post("/settings/feeds", data={"of": "hashtag", "key": "x"}).status_code == 422
    reader.get(path)
    assert "last used" in client.get("/settings/feeds").text
    counted = []
    for _round in range(3):
        make.post(ann, "more")
        with time_machine.travel(dt.datetime.now(dt.UTC), tick=True):
            statements.clear()
            reader.get(path)
            counted.append(len(statements))
    assert len(set(counted)) == 1
