"""What the search page offers when nothing was found: another spelling, and a wider search."""

from __future__ import annotations

import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.groups.models import GroupPrivacy
from intranet.search import saved, tags
from intranet.search.models import Alert
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

OFFERED = "Did you mean this word?"


def publish(browse: Browser, who: Account, source: str, path: str = "/posts") -> None:
    assert browse(who).post(path, data={"source": source}).status_code == 303


def test_a_word_that_nearly_is_a_hashtag_is_offered(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    publish(browse, bob, "The brakes hold #freinage #planning")
    with app.app_context():
        assert tags.nearly(ann, "feinage") == [("feinage", "freinage")]
        assert tags.nearly(ann, "plannig du feinage") == [
            ("plannig", "planning"),
            ("feinage", "freinage"),
        ]
        for right in ("freinage", "fre", "", "zxqvbn", "\0\0\0\0", "%%%%", "f" * 300):
            assert tags.nearly(ann, right) == [], right
    page = browse(ann).get("/search?q=feinage").text
    assert OFFERED in page
    assert 'href="/search?q=freinage"' in page
    assert OFFERED not in browse(ann).get("/search?q=freinage").text
    among_posts = browse(ann).get("/search?q=feinage+has:image&in=posts").text
    assert "freinage has:image" in among_posts


def test_the_page_of_an_alert_that_finds_nothing_helps_with_the_spelling(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    publish(browse, ann, "The brakes hold #freinage")
    with app.app_context(), unit_of_work():
        kept = saved.save(ann, "Brakes", "feinage", Alert.DAILY.value)
        kept_id = kept.id
    page = browse(ann).get(f"/search/saved/{kept_id}", follow_redirects=True).text
    assert OFFERED in page
    assert "q=freinage" in page
    # One step further: the same words among everything, not only posts.
    assert 'href="/search?q=feinage">Look everywhere for' in page


def test_a_hashtag_of_a_secret_group_is_no_spelling_for_outsiders(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    make.group("merger", GroupPrivacy.SECRET, owner=ann)
    publish(browse, ann, "Signed #projetfusion", "/groups/merger/posts")
    assert browse(ben).get("/groups/merger").status_code == 404
    with app.app_context():
        assert tags.nearly(ann, "projetfusio") == [("projetfusio", "projetfusion")]
        assert tags.nearly(ben, "projetfusio") == []
    assert "projetfusion" not in browse(ben).get("/search?q=projetfusio").text


def test_a_guess_is_one_statement(
    app: Flask, make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann = make.account("ann")
    counts = []
    for number in range(2):
        publish(browse, ann, " ".join(f"#freinag{letter}{number}" for letter in "abcdef"))
        with app.app_context():
            tags.nearly(ann, "warm")
            statements.clear()
            assert tags.nearly(ann, "freinagx frienagy")
            counts.append(len(statements))
    assert counts == [1, 1]


@pytest.mark.parametrize("address", ["/search?q=brakes", "/search?q=brakes&in=posts"])
def test_kinds_of_which_nothing_was_found_show_no_number(
    make: Factory, browse: Browser, address: str
) -> None:
    ann = make.account("ann")
    make.group("brakes", owner=ann, name="Brakes", search_text="brakes")
    page = browse(ann).get(address).text
    tab = page.split('aria-label="What to find"')[1].split("</nav>")[0]
    assert 'Groups<span class="count">1</span>' in tab
    assert tab.count('class="count"') == 1
