"""Content warnings, and everything that an edit changes, through the programs' door."""

from __future__ import annotations

from typing import Any

from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture


def _edited(program: Caller, id_: str, **sent: Any) -> dict[str, Any]:
    answer = program.open("PUT", f"/api/v1/statuses/{id_}", json=sent)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_warning_is_kept_apart_from_the_text(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    made = program.post("/api/v1/statuses", status="The end", spoiler_text="  A\nfilm ")
    assert (made["spoiler_text"], made["content"]) == ("A film", "<p>The end</p>")
    assert made["sensitive"] is True
    path = f"/api/v1/statuses/{made['id']}"
    assert program.get(f"{path}/source") == {
        "id": made["id"], "text": "The end", "spoiler_text": "A film"
    }  # fmt: skip
    found = program.get("/api/v2/search", q="film")["statuses"]
    assert [one["id"] for one in found] == [made["id"]]
    plain = program.post("/api/v1/statuses", status="Plain")
    assert (plain["spoiler_text"], plain["sensitive"]) == ("", False)
    veiled = program.post("/api/v1/statuses", status="Look", sensitive="true")
    assert (veiled["spoiler_text"], veiled["sensitive"]) == ("", True)
    # Nothing to hide behind it: it is the text.
    alone = program.post("/api/v1/statuses", spoiler_text="Only this")
    assert (alone["spoiler_text"], alone["content"]) == ("", "<p>Only this</p>")


def test_an_edit_leaves_what_it_does_not_name(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    made = program.post(
        "/api/v1/statuses", status="Fin", spoiler_text="Film", language="fr", sensitive="1"
    )
    id_ = made["id"]
    text = _edited(program, id_, status="Fin!")
    assert (text["content"], text["spoiler_text"], text["language"]) == (
        "<p>Fin!</p>",
        "Film",
        "fr",
    )
    moved = _edited(program, id_, language="en")
    assert (moved["content"], moved["language"]) == ("<p>Fin!</p>", "en")
    bare = _edited(program, id_, spoiler_text="")
    assert (bare["spoiler_text"], bare["sensitive"]) == ("", False)
    assert _edited(program, id_, sensitive=True)["sensitive"] is True
    versions = program.get(f"/api/v1/statuses/{id_}/history")
    assert [(one["content"], one["spoiler_text"], one["sensitive"]) for one in versions] == [
        ("<p>Fin</p>", "Film", True),
        ("<p>Fin!</p>", "Film", True),
        ("<p>Fin!</p>", "Film", True),
        ("<p>Fin!</p>", "", False),
        ("<p>Fin!</p>", "", True),
    ]
    assert [one["created_at"] for one in versions] == sorted(one["created_at"] for one in versions)
    for one in versions:
        assert set(one) == {
            "content", "spoiler_text", "sensitive", "created_at", "account",
            "media_attachments", "emojis",
        }  # fmt: skip


def test_the_same_again_is_no_edit(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    made = program.post("/api/v1/statuses", status="Same", spoiler_text="Film", language="en")
    again = _edited(
        program, made["id"], status="Same", spoiler_text="Film", language="en", sensitive=True
    )
    assert again["edited_at"] is None
    assert len(program.get(f"/api/v1/statuses/{made['id']}/history")) == 1


def test_an_edit_changes_the_files(make: Factory, call: Call, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    page, hers = browse(ann), call(ann)

    def upload(client: Any, words: str) -> str:
        sent = {"file": (picture(), "x.jpg"), "alt_text": words}
        return str(client.post("/media", data=sent).json["id"])

    first, second, third = (upload(page, words) for words in ("One", "Two", "Three"))
    foreign = upload(browse(bob), "His")
    made = hers.open(
        "POST", "/api/v1/statuses", json={"status": "Look", "media_ids": [first, second]}
    ).json
    id_ = made["id"]

    def files(entity: dict[str, Any]) -> list[tuple[str, str]]:
        return [(one["id"], one["description"]) for one in entity["media_attachments"]]

    described = _edited(
        hers, id_, media_attributes=[{"id": first, "description": "First"}, {"id": third}]
    )
    assert files(described) == [(first, "First"), (second, "Two")]
    for wrong in ([foreign], ["42"], [first] * 2 + [foreign]):
        path = f"/api/v1/statuses/{id_}"
        assert hers.open("PUT", path, json={"media_ids": wrong}).status_code == 422
    assert files(_edited(hers, id_, media_ids=[third, first])) == [
        (third, "Three"),
        (first, "First"),
    ]
    assert files(_edited(hers, id_, status="Still")) == [(third, "Three"), (first, "First")]
    versions = hers.get(f"/api/v1/statuses/{id_}/history")
    # What was taken away is gone from every version.
    assert [files(one) for one in versions] == [
        [(first, "One")],
        [(first, "First")],
        [(third, "Three"), (first, "First")],
        [(third, "Three"), (first, "First")],
    ]
    assert files(_edited(hers, id_, media_ids=[])) == []
    no_words = hers.open("PUT", f"/api/v1/statuses/{id_}", json={"status": ""})
    assert no_words.status_code == 422


def test_only_the_author_edits_and_a_stranger_learns_nothing(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    seen = hers.post("/api/v1/statuses", status="Seen", spoiler_text="Film")
    hidden = hers.post("/api/v1/statuses", status="Hidden", visibility="private")
    assert his.open("GET", f"/api/v1/statuses/{seen['id']}").status_code == 200
    sent = {"status": "Mine", "spoiler_text": "x", "poll": {"options": ["a", "b"]}}
    assert his.open("PUT", f"/api/v1/statuses/{seen['id']}", json=sent).status_code == 403
    for body in (sent, {"media_ids": "x"}):
        answer = his.open("PUT", f"/api/v1/statuses/{hidden['id']}", json=body)
        assert (answer.status_code, answer.json) == (404, {"error": "Record not found"})
    assert hers.get(f"/api/v1/statuses/{seen['id']}/source")["text"] == "Seen"
