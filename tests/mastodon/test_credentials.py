"""One's own account through the programs' door: what changes, and what everybody then sees."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from intranet.accounts.models import Role
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture

UPDATE = "/api/v1/accounts/update_credentials"


def _update(program: Caller, **sent: Any) -> dict[str, Any]:
    answer = program.open("PATCH", UPDATE, **sent)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_names_lines_and_pictures_come_in_one_form(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    form = {
        "display_name": "Ann Dupré",
        "note": "Signals, and **trams**",
        "bot": "true",
        "locked": "true",
        "discoverable": "false",
        "avatar": (picture(), "me.jpg"),
        "header": (picture(size=(900, 900)), "wide.png"),
        "fields_attributes[0][name]": "Blog",
        "fields_attributes[0][value]": "https://example.org/ann",
        "fields_attributes[1][name]": "Mentor",
        "fields_attributes[1][value]": "<b>of apprentices</b>",
        "source[privacy]": "private",
        "source[sensitive]": "true",
        "source[language]": "fr",
    }
    made = _update(call(ann), data=form)
    assert made["display_name"] == "Ann Dupré"
    assert made["note"] == "<p>Signals, and <strong>trams</strong></p>"
    assert (made["bot"], made["locked"], made["discoverable"]) == (True, False, True)
    assert made["source"]["note"] == "Signals, and **trams**"
    assert made["source"]["privacy"] == "private"
    assert made["source"]["sensitive"] is True
    assert made["source"]["language"] == "fr"
    assert [one["value"] for one in made["source"]["fields"]] == [
        "https://example.org/ann",
        "<b>of apprentices</b>",
    ]
    seen = call(bob).get(f"/api/v1/accounts/{ann.id}")
    assert seen["fields"][0]["value"] == (
        '<a href="https://example.org/ann" rel="nofollow noopener me" target="_blank">'
        "https://example.org/ann</a>"
    )
    assert seen["fields"][1]["value"] == "&lt;b&gt;of apprentices&lt;/b&gt;"
    with Image.open(io.BytesIO(call(None).open("GET", urlsplit(seen["header"]).path).data)) as wide:
        assert wide.size == (1500, 500)
    assert call(None).open("GET", urlsplit(seen["avatar"]).path).mimetype == "image/webp"
    page = browse(bob).get("/@ann").text
    assert "Ann Dupré" in page
    assert "phead__wide" in page
    assert "&lt;b&gt;of apprentices&lt;/b&gt;" in page
    assert 'href="https://example.org/ann"' in page


def test_what_is_not_named_stays(make: Factory, call: Call) -> None:
    program = call(make.account("ann", about_source="Old", about_html="<p>Old</p>"))
    _update(program, json={"fields_attributes": [{"name": "Floor", "value": "3"}], "bot": True})
    made = _update(program, json={"display_name": "Anna"})
    assert (made["display_name"], made["source"]["note"], made["bot"]) == ("Anna", "Old", True)
    assert made["source"]["fields"][0]["value"] == "3"
    emptied = _update(program, json={"fields_attributes": {"0": {"name": "", "value": ""}}})
    assert emptied["source"]["fields"] == []


def test_posts_begin_as_their_writer_prefers(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    assert program.post("/api/v1/statuses", status="One")["visibility"] == "public"
    _update(program, data={"source[privacy]": "private", "source[language]": "de"})
    preferences = program.get("/api/v1/preferences")
    assert preferences["posting:default:visibility"] == "private"
    assert preferences["posting:default:language"] == "de"
    made = program.post("/api/v1/statuses", status="Two")
    assert (made["visibility"], made["language"]) == ("private", "de")
    assert program.post("/api/v1/statuses", status="3", visibility="public")["visibility"] == (
        "public"
    )


def test_pictures_go_when_they_are_taken_back(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    program = call(ann)
    made = _update(program, data={"avatar": (picture(), "a.jpg"), "header": (picture(), "b.jpg")})
    assert call(None).open("GET", urlsplit(made["header"]).path).status_code == 200
    for what in ("avatar", "header"):
        bare = program.open("DELETE", f"/api/v1/profile/{what}").json
        assert "/api/pictures/" in bare[what]
        assert "source" in bare
        assert call(None).open("GET", urlsplit(made[what]).path).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"display_name": ""},
        {"display_name": "x" * 121},
        {"note": "x" * 5001},
        {"source": {"privacy": "everyone"}},
        {"source": {"language": "<script>"}},
        {"source": "public"},
        {"avatar": "no file"},
        {"bot": "perhaps"},
        {"fields_attributes": [{"name": f"n{n}", "value": "v"} for n in range(5)]},
        {"fields_attributes": [{"name": "", "value": "v"}]},
        {"fields_attributes": [{"name": "n", "value": "v" * 256}]},
        {"fields_attributes": "x"},
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    make: Factory, call: Call, sent: dict[str, Any]
) -> None:
    program = call(make.account("ann"))
    before = program.get("/api/v1/accounts/verify_credentials")
    answer = program.open("PATCH", UPDATE, json={"note": "New", **sent})
    assert answer.status_code == 422, answer.text
    assert program.get("/api/v1/accounts/verify_credentials") == before


def test_a_picture_that_is_none_is_refused(make: Factory, call: Call) -> None:
    answer = call(make.account("ann")).open(
        "PATCH", UPDATE, data={"header": (io.BytesIO(b"nothing"), "x.png")}
    )
    assert answer.status_code == 422
    assert "header" in answer.json["details"]


def test_a_header_is_for_those_who_may_see_the_person(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann = make.account("ann")
    guest = make.account("gus", Role.GUEST)
    _update(call(ann), data={"header": (picture(), "b.jpg")})
    page = browse(make.account("bob")).get("/@ann").text
    address = page.split('class="phead__wide" src="')[1].split('"')[0]
    assert browse(guest).get("/@ann").status_code == 404  # shares no group with her
    assert browse(guest).get(address).status_code == 404
    make.group("both", members=[ann, guest])
    assert browse(guest).get(address).status_code == 200


def test_a_narrow_token_changes_no_profile(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    answer = call(ann, "read").open("PATCH", UPDATE, json={"display_name": "X"})
    assert answer.status_code == 403
