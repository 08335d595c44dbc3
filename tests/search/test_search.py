from __future__ import annotations

import re

import pytest
from flask import Flask

from intranet.accounts.models import Role
from intranet.groups.models import GroupPrivacy
from intranet.kernel.pagination import Cursor
from intranet.search import queries
from tests.browse import Browser
from tests.factories import Factory


def test_posts_are_found_by_all_their_words_newest_first(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    first = make.post(ann, search_text="essai de freinage de nuit")
    make.post(ann, search_text="essai de portes")
    second = make.post(ann, search_text="freinage : second essai")
    with app.app_context():
        found = queries.posts(ann, "Essai  FREINAGE", Cursor())
        assert [card.id for card in found.items] == [second.id, first.id]
        assert found.next_before is None
        assert queries.counts(ann, "essai").posts == 3


@pytest.mark.parametrize("wildcard", ["%", "_", "\\", "100_", "a%c"])
def test_wildcards_are_letters(app: Flask, make: Factory, wildcard: str) -> None:
    ann = make.account("ann")
    make.post(ann, search_text="abc 1000")
    with app.app_context():
        assert not queries.posts(ann, wildcard, Cursor())
        assert queries.counts(ann, wildcard).people == 0


def test_an_outsider_finds_nothing_of_a_secret_group(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben, guest = make.account("ann"), make.account("ben"), make.account("gus", Role.GUEST)
    board = make.group("merger", GroupPrivacy.SECRET, owner=ann)
    post = make.post(ann, "The merger is signed", group=board)
    with app.app_context():
        inside = queries.counts(ann, "merger")
        assert (inside.groups, inside.posts) == (1, 1)
        for outsider in (ben, guest):
            outside = queries.counts(outsider, "merger")
            assert (outside.groups, outside.posts) == (0, 0)
            assert not queries.posts(outsider, "merger", Cursor())
    for query in ("", "&in=posts", "&in=groups"):
        page = browse(ben).get(f"/search?q=merger{query}").get_data(as_text=True)
        assert f"post-{post.id}" not in page
        assert "/groups/merger" not in page


def test_older_finds_follow_by_plain_links(
    app: Flask, make: Factory, browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_READ_AT_ONCE", 10)
    ann = make.account("ann")
    wanted = make.post(ann, search_text="needle")
    for _ in range(25):
        make.post(ann, search_text="hay")
    client, address, pages = browse(ann), "/search?q=needle&in=posts", 0
    while address and pages < 5:
        html = client.get(address).get_data(as_text=True)
        link = re.search(r'rel="next" href="([^"]+)"', html)
        address = link[1].replace("&amp;", "&") if link else ""
        pages += 1
    assert (pages, f"post-{wanted.id}" in html) == (3, True)


def test_search_pages_draw_every_kind(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.group("tram", owner=ann, search_text="tram")
    make.account("tramway")
    make.post(ann, "The tram runs")
    client = browse(ann)
    html = client.get("/search?q=tram").get_data(as_text=True)
    for sign in ("/@tramway", "/groups/tram", "The tram runs"):
        assert sign in html
    for kind in ("people", "groups", "posts"):
        assert client.get(f"/search?q=tram&in={kind}").status_code == 200
        assert client.get(f"/search?q=xyz&in={kind}").status_code == 200
    assert client.get("/search").status_code == 200
    assert "<html" not in client.get(
        "/search?q=tram&in=posts", headers={"HX-Request": "true"}
    ).get_data(as_text=True)
