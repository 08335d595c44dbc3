"""Pictures and files through the programs' door: sent, described, used, thrown away."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image

from intranet.media.storage import Storage
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture


def _send(program: Caller, path: str = "/api/v2/media", **form: Any) -> dict[str, Any]:
    form.setdefault("file", (picture(), "depot.jpg"))
    answer = program.open("POST", path, data=form)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.mark.parametrize("path", ["/api/v2/media", "/api/v1/media"])
def test_a_picture_is_ready_at_once_and_says_its_sizes(
    make: Factory, call: Call, path: str
) -> None:
    program = call(make.account("ann"))
    made = _send(program, path, description="The depot", focus="0.5,-0.25")
    assert set(made) >= {
        "id", "type", "url", "preview_url", "remote_url", "text_url", "meta", "description",
        "blurhash",
    }  # fmt: skip
    assert made["type"] == "image"
    assert made["description"] == "The depot"
    assert made["meta"] == {
        "original": {"width": 800, "height": 500, "size": "800x500", "aspect": 1.6},
        "small": {"width": 640, "height": 400, "size": "640x400", "aspect": 1.6},
        "focus": {"x": 0.5, "y": -0.25},
    }
    assert len(made["blurhash"]) == 28
    for url in (made["url"], made["preview_url"]):
        shown = call(None).open("GET", urlsplit(url).path)  # apps show no token for pictures
        assert shown.status_code == 200
        assert shown.mimetype.startswith("image/")
        assert shown.headers["Access-Control-Allow-Origin"] == "*"


def test_the_small_picture_has_the_size_that_was_said(make: Factory, call: Call) -> None:
    from_size = (777, 1234)
    made = _send(call(make.account("ann")), file=(picture(size=from_size), "tall.jpg"))
    body = call(None).open("GET", urlsplit(made["preview_url"]).path).data
    with Image.open(io.BytesIO(body)) as shown:
        assert shown.size == (made["meta"]["small"]["width"], made["meta"]["small"]["height"])


def test_a_file_is_unknown_and_may_bring_its_thumbnail(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    bare = _send(program, file=(io.BytesIO(b"%PDF-1.7 plan"), "plan.pdf"))
    assert (bare["type"], bare["meta"], bare["preview_url"]) == ("unknown", {}, bare["url"])
    assert bare["description"] == "plan.pdf"
    drawn = _send(
        program,
        file=(io.BytesIO(b"%PDF-1.7 plan"), "plan.pdf"),
        thumbnail=(picture(size=(400, 200)), "first.png"),
    )
    assert drawn["meta"]["small"]["size"] == "400x200"
    preview = call(None).open("GET", urlsplit(drawn["preview_url"]).path)
    assert (preview.status_code, preview.mimetype) == (200, "image/webp")
    whole = call(None).open("GET", urlsplit(drawn["url"]).path)
    assert whole.headers["Content-Disposition"].startswith("attachment")


def test_description_focus_and_thumbnail_can_change_until_it_is_used(
    make: Factory, call: Call
) -> None:
    program = call(make.account("ann"))
    made = _send(program, description="One", focus="0.1,0.2")
    path = f"/api/v1/media/{made['id']}"
    first = call(None).open("GET", urlsplit(made["preview_url"]).path).data
    changed = program.open(
        "PUT", path, data={"description": "Two", "thumbnail": (picture(size=(64, 64)), "t.png")}
    ).json
    assert changed["description"] == "Two"
    assert changed["meta"]["focus"] == {"x": 0.1, "y": 0.2}
    assert changed["meta"]["small"]["size"] == "64x64"
    assert call(None).open("GET", urlsplit(changed["preview_url"]).path).data != first
    moved = program.open("PUT", path, json={"focus": "-1,1"}).json
    assert (moved["description"], moved["meta"]["focus"]) == ("Two", {"x": -1.0, "y": 1.0})
    assert program.get(path) == moved
    status = program.post("/api/v1/statuses", status="See", **{"media_ids[]": made["id"]})
    assert status["media_attachments"][0]["meta"]["focus"] == {"x": -1.0, "y": 1.0}
    assert program.open("GET", path).status_code == 404
    assert program.open("PUT", path, data={"description": "Three"}).status_code == 404
    refused = program.open("DELETE", path)
    assert refused.status_code == 422
    assert call(None).open("GET", urlsplit(made["url"]).path).status_code == 200


def test_a_focus_from_outside_is_brought_inside(make: Factory, call: Call) -> None:
    made = _send(call(make.account("ann")), focus="7,-nan")
    assert made["meta"]["focus"] == {"x": 1.0, "y": 0.0}


def test_what_one_throws_away_is_gone(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    made = _send(program)
    assert program.open("DELETE", f"/api/v1/media/{made['id']}").json == {}
    assert program.open("GET", f"/api/v1/media/{made['id']}").status_code == 404
    assert call(None).open("GET", urlsplit(made["url"]).path).status_code == 404


def test_uploads_of_others_do_not_exist(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    made = _send(call(ann))
    path, other = f"/api/v1/media/{made['id']}", call(bob)
    assert call(ann).get(path)["id"] == made["id"]  # it is there, for whom it belongs to
    for method in ("GET", "PUT", "DELETE"):
        assert other.open(method, path).status_code == 404
    taken = other.open("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [made["id"]]})
    assert taken.status_code == 422
    assert call(ann).get(path)["description"] is None


def test_a_picture_follows_its_post(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    made = _send(call(ann))
    status = call(ann).post(
        "/api/v1/statuses", status="Us", visibility="private", **{"media_ids[]": made["id"]}
    )
    outsider = call(bob)
    assert outsider.open("GET", f"/api/v1/statuses/{status['id']}").status_code == 404
    make.follow(bob, ann)
    url = outsider.get(f"/api/v1/statuses/{status['id']}")["media_attachments"][0]["url"]
    assert call(None).open("GET", urlsplit(url).path).status_code == 200
    outsider.post(f"/api/v1/accounts/{ann.id}/unfollow")
    assert call(None).open("GET", urlsplit(url).path).status_code == 404


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"file": "no file"}, 422),
        ({"file": (io.BytesIO(b""), "empty.png")}, 422),
        ({"file": (io.BytesIO(b"GIF89a broken"), "broken.gif")}, 422),
        ({"file": (picture(), "a.jpg"), "description": "x" * 1501}, 422),
        ({"file": (picture(), "a.jpg"), "focus": "left"}, 422),
        ({"file": (picture(), "a.jpg"), "thumbnail": (io.BytesIO(b"no picture"), "t")}, 422),
    ],
)
def test_what_cannot_be_taken_is_refused(
    make: Factory, call: Call, form: dict[str, Any], status: int
) -> None:
    answer = call(make.account("ann")).open("POST", "/api/v2/media", data=form)
    assert answer.status_code == status
    assert answer.json["error"]


def test_only_what_is_taken_is_offered(call: Call) -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        offered = call(None).get(path)["configuration"]["media_attachments"]
        assert {"image/jpeg", "image/png", "image/gif", "image/webp"} <= set(
            offered["supported_mime_types"]
        )
        assert not [one for one in offered["supported_mime_types"] if one.startswith("video/")]
        assert offered["description_limit"] == 1500


def test_the_focus_is_kept_in_view_on_the_web_too(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann = make.account("ann")
    program = call(ann)
    ids = [_send(program, focus=focus)["id"] for focus in ("-0.9,0.8", "0,0")]
    status = program.post("/api/v1/statuses", status="Two", **{"media_ids[]": ids})
    page = browse(ann).get(f"/posts/{status['id']}").text
    assert page.count('data-focus-at="0-0"') == 1
    assert page.count("data-focus-at") == 1
    assert "css/focus" in page


def test_what_is_refused_leaves_no_files(app: Flask, make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    folder = app.extensions["intranet.settings"].data / "media"
    kept = set(Storage(folder).keys())
    long = "x" * 20_000
    file = (picture(), "depot.jpg")
    sent = program.open("POST", "/api/v2/media", data={"file": file, "description": long})
    assert sent.status_code == 422
    me = "/api/v1/accounts/update_credentials"
    sent = program.open("PATCH", me, data={"avatar": (picture(), "a.jpg"), "display_name": " "})
    assert sent.status_code == 422
    pictures = {"avatar": (picture(), "a.jpg"), "header": (io.BytesIO(b"no"), "b.jpg")}
    assert program.open("PATCH", me, data=pictures).status_code == 422
    assert set(Storage(folder).keys()) == kept
    assert program.open("PATCH", me, data={"avatar": (picture(), "a.jpg")}).status_code == 200
    assert len(set(Storage(folder).keys())) == len(kept) + 1
