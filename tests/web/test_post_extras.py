"""Warnings, polls and times in the form people write in, and on the card, without scripts."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

HTMX = {"HX-Request": "true"}


def _post(client: Any, **form: Any) -> str:
    answer = client.post("/posts", data={"source": "Lunch?"} | form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def _card(client: Any, path: str) -> str:
    page = str(client.get(path).text)
    return page[page.index("<article") : page.index("</article>")]


def test_the_form_is_asked_for_with_a_part_and_keeps_what_is_written(
    make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    make.group("board", owner=ann)
    client = browse(ann)
    assert 'formaction="/posts/form"' in client.get("/").text
    sent = {
        "source": "Half a thought", "audience": "group:board", "part": ["poll", "warning"],
        "option": ["Soup", "", "Bread"], "spoiler_text": "Hungry?", "sensitive": "1",
    }  # fmt: skip
    for headers in ({}, HTMX):
        page = client.post("/posts/form", data=sent, headers=headers).text
        assert ("<html" in page) is (not headers)
        assert "Half a thought" in page
        assert re.search(r'<option value="group:board" selected>', page)
        assert re.findall(r'name="option" value="([^"]+)"', page) == ["Soup", "Bread"]
        assert len(re.findall(r'name="option"', page)) == 10
        assert 'name="spoiler_text" value="Hungry?"' in page
        assert 'name="scheduled_date"' not in page
    less = client.post("/posts/form", data=sent | {"without": "poll"}).text
    assert 'name="option"' not in less
    assert 'name="spoiler_text"' in less
    only = client.post("/posts/form", data=sent | {"only": "1"}).text
    assert '<input type="hidden" name="audience" value="group:board">' in only
    assert client.get("/timelines/organisation").text.count("Half a thought") == 0


def test_a_file_that_was_chosen_is_not_lost_by_asking_for_a_part(
    make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    sent = {"source": "Look", "part": "poll", "files": (picture(), "boat.jpg")}
    page = client.post("/posts/form", data=sent).text
    media = re.search(r'name="media_id" value="(\d+)" checked', page)
    assert media
    path = _post(client, media_id=media[1], part="poll", option=["Boat", "Train"])
    assert "/small" in _card(client, path)


def test_a_poll_is_answered_and_read_without_scripts(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    path = _post(browse(ann), part="poll", option=["Soup", "Salad"], seconds="300")
    own = _card(browse(ann), path)
    assert 'type="radio"' not in own
    client = browse(bob)
    before = _card(client, path)
    assert before.count('type="radio"') == 2
    assert "0 people have voted" in before
    voted = client.post(f"{path}/votes", data={"choice": "1", "next": "/"})
    assert voted.headers["Location"] == f"/#post-{path.rsplit('/', 1)[1]}"
    after = _card(client, path)
    assert 'type="radio"' not in after
    assert "1 person has voted" in after
    assert re.search(r"Salad.*your choice.*100\s?%.*1 vote<", after, re.DOTALL)
    fragment = client.post(f"{path}/votes", data={"choice": "0"}, headers=HTMX)
    assert fragment.status_code == 422
    assert "You have already voted on this poll" in fragment.text


def test_hidden_totals_stand_nowhere_on_the_page(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    path = _post(browse(ann), part="poll", option=["Soup", "Salad"], hide_totals="1", multiple="1")
    client = browse(bob)
    assert _card(client, path).count('type="checkbox"') == 2
    client.post(f"{path}/votes", data={"choice": ["0", "1"]})
    for who in (ann, bob):
        card = _card(browse(who), path)
        assert "result at the end" in card
        assert "%" not in card
        assert "poll__bar" not in card


@pytest.mark.parametrize(
    "form",
    [
        {"option": ["Soup"]},
        {"option": ["", " "]},
        {"option": ["Soup", "soup"]},
        {"option": ["Soup", "x" * 101]},
        {"option": [f"Answer {n}" for n in range(11)]},
        {"option": ["Soup", "Salad"], "seconds": "1"},
        {"option": ["Soup", "Salad"], "seconds": "999999999"},
        {"option": ["Soup", "Salad"], "source": ""},
    ],
)
def test_a_poll_that_cannot_be_is_given_back_whole(
    make: Factory, browse: Browser, form: dict[str, Any]
) -> None:
    client = browse(make.account("ann"))
    answer = client.post("/posts", data={"source": "Lunch?", "part": "poll"} | form)
    assert answer.status_code == 422
    kept = re.findall(r'name="option" value="([^"]+)"', answer.text)
    assert kept == [one for one in form["option"] if one.strip()]
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("choice", [[], ["7"], ["x"], ["-1"], ["9" * 30], ["0", "1"]])
def test_a_vote_that_cannot_be_is_refused(
    make: Factory, browse: Browser, choice: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    path = _post(browse(ann), part="poll", option=["Soup", "Salad"])
    assert browse(bob).post(f"{path}/votes", data={"choice": choice}).status_code == 422
    assert browse(ann).post(f"{path}/votes", data={"choice": "0"}).status_code == 422
    assert "0 people have voted" in _card(browse(bob), path)


def test_a_warning_folds_the_post_and_every_excerpt_of_it(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(bob, ann)
    hers, his = browse(ann), browse(bob)
    path = _post(
        hers, source="The butler did it, @bob", part="warning", spoiler_text="About <the> film"
    )
    card = _card(his, path)
    folded = card[card.index("<details") : card.index("</details>")]
    assert "About &lt;the&gt; film" in folded
    assert "The butler did it" in folded
    assert "The butler" not in card.replace(folded, "")
    notes = his.get("/notifications").text
    assert "About &lt;the&gt; film" in notes
    assert "butler" not in notes
    root = _post(his, source="See you")
    hers.post(
        f"{root}/replies",
        data={"source": "Nobody survives", "part": "warning", "spoiler_text": "The end"},
    )
    home = his.get("/").text
    assert "The end" in home
    assert "survives" not in home


def test_sensitive_pictures_are_veiled(make: Factory, browse: Browser) -> None:
    client = browse(make.account("ann"))
    media = client.post("/media", data={"file": (picture(), "x.jpg")}).json["id"]
    path = _post(client, source="Look", media_id=media, part="warning", sensitive="1")
    card = _card(client, path)
    veil = card[card.index("<details") : card.index("</details>")]
    assert "/small" in veil
    assert "<p>Look</p>" not in veil


def test_the_warning_is_edited_with_the_text_and_the_poll_stays(
    make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    path = _post(client, part=["warning", "poll"], spoiler_text="Food", option=["Soup", "Salad"])
    browse(bob).post(f"{path}/votes", data={"choice": "0"})
    assert 'name="spoiler_text" value="Food"' in client.get(f"{path}/edit").text
    client.post(
        f"{path}/edit", data={"source": "Dinner?", "part": "warning", "spoiler_text": "Drinks"}
    )
    card = _card(client, path)
    assert "Drinks" in card
    assert "Dinner?" in card
    assert "1 person has voted" in card
    history = client.get(f"{path}/history").text
    assert "Food" in history
    assert "Drinks" in history


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_that_is_refused_a_part_keeps_what_is_written(
    make: Factory, browse: Browser, headers: dict[str, str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    kept = client.post("/media", data={"file": (picture(), "boat.jpg")}).json
    assert kept is not None
    sent = {"source": "Half a thought", "part": "poll", "media_id": kept["id"]}
    below = f"/posts/{make.post(bob).id}/replies/form"
    for path, more in (
        ("/posts/form", {"audience": "moon"}),
        ("/posts/form", {"files": (io.BytesIO(), "empty.txt")}),
        (below, {"files": (picture(), "boat.jpg"), "alt_text": "x" * 10_000}),
    ):
        answer = client.post(path, data=sent | more, headers=headers)
        assert answer.status_code in (413, 422), (path, more)
        assert ("<html" in answer.text) is (not headers)
        assert "Half a thought</textarea>" in answer.text, (path, more)
        assert 'name="option"' in answer.text
        assert f'name="media_id" value="{kept["id"]}" checked' in answer.text


def test_the_reader_goes_on_in_the_part_that_was_asked_for(make: Factory, browse: Browser) -> None:
    client = browse(make.account("ann"))
    there = {"source": "Lunch?", "audience": "organisation"}
    fields = {"warning": "spoiler_text", "poll": "option", "schedule": "scheduled_date",
              "language": "language", "praise": "praised"}  # fmt: skip
    open_before = ["warning", "poll"]
    for part, field in fields.items():
        asked = [one for one in open_before if one != part] + [part]
        page = client.post("/posts/form", data=there | {"part": asked}, headers=HTMX).text
        assert re.findall(r'name="(\w+)"[^>]* autofocus', page) == [field], part
    # Nobody asked for a part: the focus stays where it was.
    for other in ({"preview": "1"}, {"without": "poll"}):
        form = there | {"part": ["warning", "poll"], "option": ["a", "b"]} | other
        assert "autofocus" not in client.post("/posts/form", data=form, headers=HTMX).text
