"""Whom a post would reach, its preview and its language, by the rules by which it is published."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.text.language import detect_language
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Post
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.tokens import token_of
from tests.media.pictures import picture

HTMX = {"HX-Request": "true"}


def _reach(client: Any, place: str = "home", **form: Any) -> str:
    answer = client.post("/posts/reach", data={"place": place} | form, headers=HTMX)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_form_says_whom_it_reaches_and_the_post_does(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea, cem = make.accounts("ann", "bea", "cem")
    guest = make.account("gus", Role.GUEST)
    group = make.group("board", GroupPrivacy.CLOSED, owner=ann, members=[bea, guest])
    client = browse(ann)
    everyone = _reach(client, source="Hello @bea @gus", audience="organisation")
    assert "Reaches 2 people" in everyone  # bea and cem: a guest reads nothing of it
    assert "notifies 1 now" in everyone
    assert "will not be told: gus" in everyone.lower().replace(" ", " ")
    inside = _reach(client, f"group:{group.id}", source="Hello @bea @cem")
    assert "Reaches 2 people" in inside
    assert "notifies 1 now" in inside
    assert cem.display_name in inside.split("told:")[1]
    assert bea.display_name not in inside.split("told:")[1]
    client.post("/groups/board/posts", data={"source": "Hello @bea @cem"})
    with app.app_context():
        told = db.session.scalars(select(Notification.recipient_id)).all()
        assert told == [bea.id]
    assert "Reaches 0 people" in _reach(client, source="Hi", audience="followers")
    make.follow(cem, ann)
    assert "Reaches 1 person" in _reach(client, source="Hi", audience="followers")


def test_a_reply_reaches_those_of_its_thread(make: Factory, browse: Browser) -> None:
    ann, bea, _cem = make.accounts("ann", "bea", "cem")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bea])
    post = make.post(ann, "Question", group=group)
    said = _reach(browse(bea), f"post:{post.id}", source="Answer @cem")
    assert "Reaches 1 person" in said
    assert "notifies 1 now" in said  # whom it answers


def test_reach_tells_an_outsider_nothing_of_a_secret_group(make: Factory, browse: Browser) -> None:
    ann, bea, eve = make.accounts("ann", "bea", "eve")
    secret = make.group("kraken", GroupPrivacy.SECRET, owner=ann, members=[bea])
    closed = make.group("audit", GroupPrivacy.CLOSED, owner=ann, members=[bea])
    post = make.post(ann, "We buy it", group=secret)
    outsider = browse(eve)
    assert outsider.get("/groups/kraken").status_code == 404
    for place, audience in (
        (f"group:{secret.id}", ""), (f"post:{post.id}", ""), ("home", "group:kraken"),
        ("group:4711", ""), ("home", "group:no-such-thing"),
    ):  # fmt: skip
        for path in ("/posts/reach", "/posts/form"):
            sent = {"place": place, "audience": audience, "source": "@bea", "preview": "1"}
            if path == "/posts/form" and not audience:
                continue
            answer = outsider.post(path, data=sent, headers=HTMX)
            assert answer.status_code == 404, (path, place)
            assert "kraken" not in answer.text.lower()
    # Known but not joined: who posts there is refused, and counts of it are, too.
    sent = {"place": f"group:{closed.id}", "source": "@bea"}
    assert outsider.post("/posts/reach", data=sent, headers=HTMX).status_code == 403


def test_a_mute_is_not_told_by_the_count(make: Factory, browse: Browser) -> None:
    ann, bea = make.accounts("ann", "bea")
    before = _reach(browse(ann), source="@bea", audience="organisation")
    browse(bea).post("/@ann/mute", data={"notifications": "1"})
    assert _reach(browse(ann), source="@bea", audience="organisation") == before


def test_the_reach_takes_as_many_statements_for_many(
    make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann = make.account("ann")
    people = make.accounts(*(f"p{number}" for number in range(12)))
    group = make.group("board", owner=ann, members=people)
    client = browse(ann)
    taken = []
    for names in ("@p1", " ".join(f"@p{number}" for number in range(12))):
        statements.clear()
        _reach(client, f"group:{group.id}", source=names)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_a_preview_shows_the_post_and_keeps_the_form(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, _bea = make.accounts("ann", "bea")
    client = browse(ann)
    sent = {
        "place": "home", "source": "Bonjour **à tous**, merci @bea", "audience": "organisation",
        "part": ["poll", "warning"], "option": ["Oui", "Non"], "spoiler_text": "Vote",
        "preview": "1",
    }  # fmt: skip
    for headers in ({}, HTMX):
        page = client.post("/posts/form", data=sent, headers=headers).text
        assert "<strong>à tous</strong>" in page
        assert 'lang="fr"' in page.split("data-preview")[1]
        assert "<li>Oui</li>" in page
        assert "Bonjour **à tous**, merci @bea</textarea>" in page
        assert "Reaches 1 person" in page
    too_long = client.post("/posts/form", data=sent | {"source": "x" * 6000}, headers=HTMX).text
    assert "too long" in too_long
    with app.app_context():
        assert db.session.scalar(select(Post.id)) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Good morning, the meeting has moved to Tuesday", "en"),
        ("Bonjour à tous, la réunion est décalée à mardi", "fr"),
        ("C’est l’équipe qui l’a dit", "fr"),
        ("Guten Morgen, die Sitzung ist auf Dienstag verschoben worden", None),
        ("Hola a todos, la reunión de mañana será más tarde", None),
        ("Das ist die neue Halle für alle Mitarbeiter in Nantes und Lyon", None),
        ("会议改到星期二了", None),
        ("👍", None),
        ("@bea https://example.org/the/and/of #the", None),
        ("OK", "en"),
        ("T4?", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert detect_language(text, "en") == language


def test_a_post_is_in_the_language_that_was_chosen_or_is_found(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann", locale="en"))

    def newest() -> Post:
        with app.app_context():
            return db.session.scalars(select(Post).order_by(Post.id.desc()).limit(1)).one()

    client.post("/posts", data={"source": "Le chantier du tramway avance avec les équipes"})
    post = newest()
    assert post.language == "fr"
    assert 'class="post__body" lang="fr"' in client.get(f"/posts/{post.id}").text
    client.post(f"/posts/{post.id}/edit", data={"source": "The tramway moves on, with the teams"})
    assert newest().language == "en"
    client.post(f"/posts/{post.id}/edit", data={"source": "The tramway moves", "language": "de"})
    client.post(f"/posts/{post.id}/edit", data={"source": "The tramway moves on with the team"})
    assert newest().language == "de"  # chosen, so it stays
    client.post("/posts", data={"source": "Alles neu", "part": "language", "language": "de"})
    assert newest().language == "de"


def test_calling_a_whole_group_is_allowed_confirmed_and_limited(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea, cem, eve = make.accounts("ann", "bea", "cem", "eve")
    group = make.group("board", owner=ann, members=[bea, cem])
    client = browse(ann)
    make_quiet = browse(cem).post("/groups/board/notify", data={"level": "nothing"})
    assert make_quiet.status_code == 303
    here = "/groups/board/posts"

    def told() -> list[tuple[int, NotificationKind]]:
        with app.app_context():
            rows = db.session.execute(select(Notification.recipient_id, Notification.kind))
            return [(row.recipient_id, row.kind) for row in rows]

    member = browse(bea).post(here, data={"source": "@group look", "calls_group": "1"})
    assert member.status_code == 422
    assert "Only those who run this group" in member.text
    asked = client.post(here, data={"source": "@group look"})
    assert asked.status_code == 422
    assert "People told at once: 1." in asked.text
    assert 'name="calls_group" value="1"' in asked.text
    assert told() == []
    assert "@group tells 1 person at once" in _reach(client, f"group:{group.id}", source="@group")
    done = client.post(here, data={"source": "@group look", "calls_group": "1"})
    assert done.status_code == 303
    assert told() == [(bea.id, NotificationKind.MENTION)]
    assert '<a href="/groups/board" class="mention"' in client.get(done.headers["Location"]).text
    for _again in range(2):
        sent = {"source": "@group again", "calls_group": "1"}
        assert client.post(here, data=sent).status_code == 303
    fourth = client.post(here, data={"source": "@group and again", "calls_group": "1"})
    assert fourth.status_code == 422
    assert "called 3 times today" in fourth.text
    # Where nobody may, and outside groups, it is only a word.
    settings = {"name": "Board", "called_by": "nobody", "privacy": "open"}
    assert client.post("/groups/board/settings", data=settings).status_code == 303
    assert client.post(here, data={"source": "@group is a word"}).status_code == 303
    assert client.post("/posts", data={"source": "@group is a word"}).status_code == 303
    assert len(told()) == 3
    assert (
        client.post("/groups/board/settings", data=settings | {"called_by": "me"}).status_code
        == 422
    )
    settings["called_by"] = "members"
    client.post("/groups/board/settings", data=settings)
    assert (
        browse(bea).post(here, data={"source": "@group", "calls_group": "1"}).status_code == 422
    )  # the limit is the group's
    assert eve.id not in {one for one, _kind in told()}


def test_a_program_confirms_a_call_of_the_whole_group_too(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea = make.accounts("ann", "bea")
    make.group("board", owner=ann, members=[bea])
    client = browse(None)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_of(app, ann)}"
    sent = {"status": "@board hello @group"}
    asked = client.post("/api/v1/statuses", json=sent)
    assert asked.status_code == 422
    assert "People told at once: 1." in asked.json["error"]
    done = client.post("/api/v1/statuses", json=sent | {"calls_group": True})
    assert done.status_code == 200, done.text
    assert done.json["language"] == "en"
    with app.app_context():
        assert db.session.scalars(select(Notification.recipient_id)).all() == [bea.id]


def test_a_refused_form_on_a_page_of_its_own_is_sent_as_a_page(
    make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    make.page("works", owner=ann)
    client = browse(ann)
    for path in ("/posts", "/pages/works/posts"):
        there = client.post(path, data={"source": "", "audience": "organisation"})
        assert there.status_code == 422
        form = there.text.split('<form class="composer"')[1].split(">")[0]
        assert "hx-post" not in form, "that page has no timeline to add to"


def test_return_in_a_field_presses_no_button_of_the_form(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Quote me")
    client = browse(ann)
    media_id = client.post("/media", data={"file": (picture(), "a.jpg")}).json["id"]
    sent = {"source": "x", "remind": "1", "media_id": media_id, "quote_of_id": str(post.id)}
    for page in (client.get("/"), client.post("/posts", data=sent)):
        form = page.text.split('<form class="composer"')[1]
        assert form.index("<button") == form.index("<button hidden></button>")
    # What is shown of a quote and its field stand together.
    quoted = f'<input type="hidden" name="quote_of_id" value="{post.id}">'
    assert quoted in form.split('<div class="within"')[1]


def test_what_is_no_language_is_refused_and_not_cut(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Hello")
    client = browse(ann)
    for path in ("/posts", f"/posts/{post.id}/edit", "/drafts", "/posts/form"):
        for odd in ("f\x00r", "x" * 100):
            sent = {"source": "Hello", "part": "language", "language": odd, "place": "home"}
            answer = client.post(path, data=sent | {"preview": "1"})
            if path != "/posts/form":
                assert answer.status_code == 422, path
            assert "There is no such language here." in answer.text, path
    assert client.post("/posts", data={"source": "Hallo", "language": "zh-TW"}).status_code == 303


def test_an_edit_keeps_a_language_that_the_form_does_not_list(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Hola")
    with app.app_context(), unit_of_work():
        db.session.get_one(Post, post.id).language = "es-419"
    client = browse(ann)
    here = f"/posts/{post.id}/edit"
    assert '<option value="es-419" selected>' in client.get(here).text
    sent = {"source": "Hola a todos", "part": "language", "language": "es-419"}
    assert client.post(here, data=sent).status_code == 303
    with app.app_context():
        assert db.session.get_one(Post, post.id).language == "es-419"
