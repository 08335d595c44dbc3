"""Filters on pages: their settings, and what they do to timelines, threads and the inbox."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.browse import Browser
from tests.factories import Factory
from tests.lists.test_lists import make_list

SETTINGS = "/settings/filters"
EVERYWHERE = ["home", "public", "thread", "account", "notifications"]


def _make(page: FlaskClient, **form: object) -> None:
    sent = {
        "title": "Lunch", "keywords": "soup\nsalad bar", "whole_word": "1", "context": EVERYWHERE,
        "act": "warn", "expires": "",
    } | form  # fmt: skip
    answer = page.post(SETTINGS, data=sent)
    assert answer.status_code == 303, answer.text


def _id(page: FlaskClient) -> str:
    listed = page.get(SETTINGS).text
    return listed.partition('href="/settings/filters/')[2].partition('"')[0]


def test_a_filter_is_made_changed_and_deleted(make: Factory, browse: Browser) -> None:
    page = browse(make.account("ann"))
    assert "You filter nothing." in page.get(SETTINGS).text
    _make(page, expires="day")
    listed = page.get(SETTINGS).text
    assert "Lunch" in listed
    assert "soup · salad bar" in listed
    path = f"{SETTINGS}/{_id(page)}"
    form = page.get(path).text
    assert "soup\nsalad bar</textarea>" in form
    assert '<option value="keep" selected>' in form
    sent = {"title": "Food", "keywords": "bread", "context": ["home"], "act": "hide",
            "expires": "keep"}  # fmt: skip
    assert page.post(path, data=sent).status_code == 303
    form = page.get(path).text
    assert "bread</textarea>" in form
    assert '<option value="keep" selected>' in form
    assert 'name="context" value="home" checked' in form
    assert 'name="context" value="thread" checked' not in form
    assert page.post(f"{path}/delete").status_code == 303
    assert page.get(path).status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_is_kept(make: Factory, browse: Browser) -> None:
    page = browse(make.account("ann"))
    whole = {"title": "Lunch", "keywords": "soup", "context": ["home"], "act": "warn"}
    for wrong, said in (
        ({"title": ""}, "Give the filter a name."),
        ({"title": "x" * 101}, "This is too long: 100 characters at most."),
        ({"keywords": " "}, "Write at least one word."),
        ({"keywords": "x" * 101}, "This is too long: 100 characters at most."),
        ({"keywords": "x\n" * 11_000}, "That is too much at once."),
        ({"context": []}, "Choose at least one place."),
        ({"context": ["moon"]}, "Choose at least one place."),
        ({"act": "burn"}, "Choose one of these."),
        ({"expires": "soon"}, "Choose one of these."),
    ):
        answer = page.post(SETTINGS, data=whole | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.text, wrong
    assert 'value="Lunch"' in answer.text
    assert "You filter nothing." in page.get(SETTINGS).text


def test_the_filters_of_another_are_not_there(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = browse(ann), browse(bob)
    _make(hers)
    path = f"{SETTINGS}/{_id(hers)}"
    assert "Lunch" not in his.get(SETTINGS).text
    for answer in (his.get(path), his.post(path, data={"title": "x"}), his.post(f"{path}/delete")):
        assert answer.status_code == 404
    assert hers.get(path).status_code == 200


def test_timelines_fold_what_is_warned_of_and_leave_out_what_is_hidden(
    make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(ann, bob)
    hers, his = browse(ann), browse(bob)
    his.post("/posts", data={"source": "Today there is soup #canteen"})
    his.post("/posts", data={"source": "And a **salad** bar #canteen"})
    his.post("/posts", data={"source": "Soups differ #canteen"})
    places = ("/", "/timelines/organisation", "/tags/canteen", "/@bob")
    for path in places:
        assert hers.get(path).text.count("show anyway") == 0, path
    _make(hers)
    for path in places:
        text = hers.get(path).text
        assert text.count("Filtered: Lunch") == 4, path  # each as name and in sight
        assert "Soups differ" in text, path
        assert "Today there is soup" in text, path
    assert "Filtered" not in his.get("/").text
    since = hers.get("/timelines/home/since?after=1").text
    assert since.count("show anyway") == 2
    _make(hers, title="Away", act="hide", keywords="soup", context=["home"])
    assert "Today there is soup" not in hers.get("/").text
    assert "Today there is soup" not in hers.get("/timelines/home/since?after=1").text
    assert "Soups differ" in hers.get("/").text
    assert "Today there is soup" in hers.get("/@bob").text


def test_threads_fold_replies_but_not_what_was_asked_for(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    root = make.post(bob, "The soup question")
    reply = make.post(bob, "Soup it is", reply_to=root)
    make.post(bob, "Bread it is", reply_to=root)
    hers = browse(ann)
    _make(hers, context=["thread"])
    text = hers.get(f"/posts/{root.id}").text
    assert text.count("show anyway") == 1
    assert "Bread it is" in text
    assert "show anyway" not in hers.get(f"/posts/{reply.id}").text
    _make(hers, title="Away", act="hide", context=["thread"])
    text = hers.get(f"/posts/{root.id}").text
    assert "Soup it is" not in text
    assert "The soup question" in text
    assert "Soup it is" in hers.get(f"/posts/{reply.id}").text


def test_notifications_keep_their_words_to_themselves(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = browse(ann), browse(bob)
    his.post("/posts", data={"source": "Soup is ready @ann"})
    assert "Soup is ready" in hers.get("/notifications").text
    _make(hers, context=["notifications"])
    for path in ("/notifications", "/notifications/menu"):
        text = hers.get(path).text
        assert "Soup is ready" not in text
        assert "Filtered: Lunch" in text
    assert hers.get("/notifications/unread").json["count"] == 1


def test_a_filter_that_blurs_folds_posts_with_files(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(ann, bob)
    hers, his = browse(ann), browse(bob)
    his.post("/posts", data={"source": "Only words of soup"})
    _make(hers, act="blur")
    assert "show anyway" not in hers.get("/").text


def test_lists_are_filtered_like_the_home(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    path = f"/lists/{make_list(app, ann, bob)}"
    make.post(bob, "Today there is soup")
    hers = browse(ann)
    assert "show anyway" not in hers.get(path).text
    _make(hers, context=["home"])
    assert hers.get(path).text.count("show anyway") == 1
    _make(hers, title="Away", act="hide", context=["home"])
    assert "Today there is soup" not in hers.get(path).text


@pytest.mark.parametrize("act", ["warn", "hide"])
def test_the_newest_reply_below_a_card_is_left_out_when_it_matches(
    make: Factory, browse: Browser, act: str
) -> None:
    ann, bob = make.accounts("ann", "bob")
    root, other = make.post(bob, "What is there today?"), make.post(bob, "And tomorrow?")
    make.post(bob, "There is soup", reply_to=root)
    make.post(bob, "There is bread", reply_to=other)
    hers, path = browse(ann), "/timelines/organisation"
    assert "There is soup" in hers.get(path).text
    _make(hers, act=act)
    text = hers.get(path).text
    assert "There is soup" not in text
    assert "There is bread" in text
    assert "What is there today?" in text


def test_a_page_that_filters_emptied_does_not_say_that_there_is_nothing(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.post(bob, "Bread #canteen")
    for _ in range(app.extensions["intranet.settings"].page_size):
        make.post(bob, "Soup #canteen")
    hers = browse(ann)
    _make(hers, act="hide")
    text = hers.get("/@bob").text
    assert "No posts yet" not in text
    older = text.partition("before=")[2].partition('"')[0]
    assert "Bread" in hers.get(f"/@bob?before={older}").text
    # Where nothing is older, it is said.
    assert "No posts yet" in hers.get("/@ann").text
