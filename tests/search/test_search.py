from __future__ import annotations

import re

import pytest
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.groups.models import GroupPrivacy
from intranet.kernel.pagination import Cursor
from intranet.search import queries
from intranet.search.queries import Order
from intranet.search.resolving import resolve
from tests.browse import Browser
from tests.factories import Factory


def found(app: Flask, viewer: Account, query: str) -> list[int]:
    with app.app_context():
        return [card.id for card in queries.posts(viewer, query, Cursor(limit=50)).items]


def test_posts_are_found_by_all_their_words_newest_first(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    first = make.post(ann, "essai de freinage de nuit")
    make.post(ann, "essai de portes")
    second = make.post(ann, "freinage : second essai")
    assert found(app, ann, "Essai  FREINAGE") == [second.id, first.id]
    with app.app_context():
        page = queries.first_page(ann, resolve(ann, "essai"), Order.NEWEST, 2)
        assert (page.count, page.next_before) == (3, page.cards[-1].id)
        assert len(page.cards) == 2


@pytest.mark.parametrize(
    ("text", "language", "query"),
    [
        ("Les réunions du comité sont déplacées", "fr", "reunion déplacée"),
        ("Les réunions du comité sont déplacées", None, "réunion"),
        ("The meetings were planned for the companies", "en", "meeting planning company"),
        ("The meetings were planned for the companies", None, "MEETINGS plan"),
        ("L’œuvre d’art est à l’entrée", "fr", "oeuvre entree"),
        ("Zugabfahrt heute", "de", "zugabfahrt"),
        ("freinages", None, "freinage"),
        ("brakes", None, "brake"),
        ("İstanbul straße", "tr", "istanbul strasse"),
        ("café ☕ crème", "fr", "creme cafe"),
        ("v2.4.1 build", "en", "V2.4"),
    ],
)
def test_endings_and_accents_do_not_matter(
    app: Flask, make: Factory, text: str, language: str | None, query: str
) -> None:
    ann = make.account("ann")
    post = make.post(ann, text, language=language)
    make.post(ann, "tout autre chose, something else", language=language)
    assert found(app, ann, query) == [post.id]


def test_what_only_leaves_out_finds_posts_and_names_nobody(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.account("ben", display_name="Ben Outsider")
    make.group("tram", owner=ann)
    post = make.post(ann, "tout autre chose")
    client = browse(ann)
    for asked in ("-freins", "-freins&in=people", "-freins&in=groups"):
        page = client.get(f"/search?q={asked}").text.split("<main")[1].split("</main")[0]
        assert f'id="post-{post.id}"' in page
        assert "Ben Outsider" not in page
        assert "/groups/tram" not in page
    assert "Ben Outsider" in client.get("/search?q=outsider+-freins").text


def test_a_phrase_is_side_by_side_and_a_minus_leaves_out(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    near = make.post(ann, "The brake test is done", language="en")
    far = make.post(ann, "The test of the brake is done", language="en")
    assert found(app, ann, '"brake test"') == [near.id]
    assert found(app, ann, "brake test") == [far.id, near.id]
    assert found(app, ann, 'brake -"brake test"') == [far.id]
    assert found(app, ann, "test -brake") == []
    assert found(app, ann, "-brake from:me") == []
    assert found(app, ann, '"test is') == [near.id]  # the second sign may be missing


@pytest.mark.parametrize(
    "hostile",
    ["%", "_", "\\", "a%c", '"', "'", "''", "NEAR(a b)", "words:a", "a*", "(", "^a", "-", "--",
     '-"', "\u0000", "AND OR NOT", "'; drop", ":", "from:", "·all", "has:", "\\'", "a & b | !c",
     "in:\u0000", "from:\u0000x", "￾", "½", "ﷺ", "𝔥𝔢𝔩𝔩𝔬"],
)  # fmt: skip
def test_nothing_that_is_typed_is_a_command(
    app: Flask, make: Factory, browse: Browser, hostile: str
) -> None:
    ann = make.account("ann")
    make.post(ann, "abc 1000 something")
    assert found(app, ann, hostile) == []
    for kind in ("", "posts", "files", "people", "groups"):
        answer = browse(ann).get("/search", query_string={"q": hostile, "in": kind})
        assert answer.status_code == 200


def test_an_outsider_finds_nothing_of_a_secret_group(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben, guest = make.account("ann"), make.account("ben"), make.account("gus", Role.GUEST)
    board = make.group("merger", GroupPrivacy.SECRET, owner=ann)
    post = make.post(ann, "The merger is signed", group=board)
    with app.app_context():
        assert queries.counts(ann, "merger").groups == 1
        inside = queries.first_page(ann, resolve(ann, "merger"), Order.BEST, 20)
        assert (inside.count, len(inside.facets.groups), len(inside.facets.authors)) == (1, 1, 1)
        assert not resolve(ann, "in:merger").problems
        for outsider in (ben, guest):
            assert queries.counts(outsider, "merger").groups == 0
            for text in ("merger", "signed", "in:merger", "from:ann signed", "merger -x"):
                outside = queries.first_page(outsider, resolve(outsider, text), Order.BEST, 20)
                if text != "in:merger":
                    assert (outside.count, outside.facets, outside.cards) == (
                        0, queries.Facets(), [],
                    )  # fmt: skip
            # A group that is kept from them and one that does not exist are answered alike.
            kept, missing = resolve(outsider, "in:merger"), resolve(outsider, "in:nothing")
            assert kept.problems[0].message == missing.problems[0].message
            assert not kept
            assert not missing
    for query in ("", "&in=posts", "&in=groups", "&in=files", "&sort=newest"):
        assert f"post-{post.id}" in browse(ann).get("/search?q=merger&in=posts").text
        page = browse(ben).get(f"/search?q=merger{query}").get_data(as_text=True)
        assert f"post-{post.id}" not in page
        assert "/groups/merger" not in page


def test_older_finds_follow_by_plain_links(make: Factory, browse: Browser, app: Flask) -> None:
    ann = make.account("ann")
    posts = [make.post(ann, "needle") for _ in range(45)]
    for order in ("best", "newest"):
        client, address, seen = browse(ann), f"/search?q=needle&in=posts&sort={order}", []
        while address:
            html = client.get(address).get_data(as_text=True)
            seen += [int(id_) for id_ in re.findall(r'id="post-(\d+)"', html)]
            link = re.search(r'rel="next" href="([^"]+)"', html)
            address = link[1].replace("&amp;", "&") if link else ""
        assert sorted(seen) == sorted(post.id for post in posts)


def test_search_pages_draw_every_kind(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.group("tram", owner=ann, search_text="tram")
    make.account("tramway")
    make.post(ann, "The trams run")
    client = browse(ann)
    html = client.get("/search?q=tram").get_data(as_text=True)
    for sign in ("/@tramway", "/groups/tram", "The <mark>trams</mark> run", "in the text"):
        assert sign in html
    for kind in ("people", "groups", "posts", "pages", "files"):
        assert client.get(f"/search?q=tram&in={kind}").status_code == 200
        assert client.get(f"/search?q=xyz&in={kind}").status_code == 200
    assert client.get("/search").status_code == 200
    assert "<html" not in client.get(
        "/search?q=tram&in=posts", headers={"HX-Request": "true"}
    ).get_data(as_text=True)


def test_highlights_are_text_whatever_the_post_says(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.post(ann, "tram <script>alert(1)</script> <mark>x</mark> tram", html="<p>safe</p>")
    html = browse(ann).get("/search?q=tram+script&in=posts").text
    assert "<mark>tram</mark>" in html
    assert "<script>alert" not in html
    assert "<mark>x</mark>" not in html
    html = browse(ann).get("/search", query_string={"q": "<img src=x onerror=1>"}).text
    assert "<img src=x" not in html
