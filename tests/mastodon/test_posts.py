"""Posts through the programs' door: timelines, threads, publishing, marks, search, pictures."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from intranet.groups.models import GroupPrivacy
from intranet.posts.models import Visibility
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture

STATUS = {
    "id", "created_at", "in_reply_to_id", "in_reply_to_account_id", "sensitive", "spoiler_text",
    "visibility", "language", "uri", "url", "replies_count", "reblogs_count",
    "favourites_count", "quotes_count", "edited_at", "favourited", "reblogged", "muted",
    "bookmarked", "content", "filtered", "reblog", "quote", "application", "account",
    "media_attachments", "mentions", "tags", "emojis", "card", "poll", "pinned",
}  # fmt: skip


def _publish(program: Caller, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = program.post("/api/v1/statuses", status=text, **more)
    return found


def test_a_status_is_complete_and_says_what_apps_look_for(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    made = _publish(call(ann), "Hello @bob, see #Depot\nand https://example.org/a", language="en")
    assert set(made) == STATUS
    assert made["visibility"] == "public"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["created_at"])
    mention = made["mentions"][0]
    assert mention == {
        "id": str(bob.id), "username": "bob", "acct": "bob", "url": "http://127.0.0.1:8000/@bob"
    }  # fmt: skip
    assert (
        f'<span class="h-card" translate="no"><a href="{mention["url"]}" class="u-url mention">'
        "@<span>bob</span></a></span>" in made["content"]
    )
    assert made["tags"] == [{"name": "depot", "url": "http://127.0.0.1:8000/tags/depot"}]
    assert 'class="mention hashtag" rel="tag">#<span>Depot</span></a>' in made["content"]
    assert (
        '<a href="https://example.org/a" rel="nofollow noopener" target="_blank">'
        in (made["content"])
    )
    assert made["url"] == f"http://127.0.0.1:8000/@ann/{made['id']}"


def test_the_address_of_a_status_is_a_page(make: Factory, call: Call, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    made = _publish(call(ann), "Look here", visibility="private")
    path = urlsplit(made["url"]).path
    assert "Look here" in browse(ann).get(path).text
    assert browse(bob).get(path).status_code == 404


def test_sent_twice_with_one_key_it_is_published_once(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    key = {"Idempotency-Key": "abc"}
    ids = {
        program.open("POST", "/api/v1/statuses", json={"status": "Once"}, headers=key).json["id"]
        for _ in range(3)
    }
    assert len(ids) == 1
    other = program.open("POST", "/api/v1/statuses", json={"status": "Twice"}, headers=key)
    assert other.status_code == 422
    assert "another text" in other.json["error"]
    assert len(program.get("/api/v1/timelines/home")) == 1
    program.open("PUT", f"/api/v1/statuses/{min(ids)}", json={"status": "Edited"})
    again = program.open("POST", "/api/v1/statuses", json={"status": "Once"}, headers=key)
    assert {again.json["id"]} == ids


@pytest.mark.parametrize(
    "sent",
    [
        {"status": "x" * 5001},
        {"status": ""},
        {"status": "x", "visibility": "nonsense"},
        {"status": "x", "poll": {"options": ["a"], "expires_in": 300}},
        {"status": "x", "poll": {"options": ["a", " "], "expires_in": 300}},
        {"status": "x", "poll": {"options": ["a", "A"], "expires_in": 300}},
        {"status": "x", "poll": {"options": ["a", "b" * 101], "expires_in": 300}},
        {"status": "x", "poll": {"options": list("abcdefghijk"), "expires_in": 300}},
        {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 299}},
        {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 10**12}},
        {"status": "x", "poll": {"options": ["a", "b"]}},
        {"status": "x", "poll": "soon"},
        {"status": "", "poll": {"options": ["a", "b"], "expires_in": 300}},
        {"status": "x" * 4998, "spoiler_text": "four"},
        {"status": "x", "spoiler_text": "x" * 5001},
        {"status": "x", "scheduled_at": "2020-01-01T00:00:00Z"},
        {"status": "x", "scheduled_at": "9999-12-31T23:59:59-12:00"},
        {"status": "x", "scheduled_at": "tomorrow"},
        {"status": "", "scheduled_at": "2027-06-01T00:00:00Z"},
        {"status": "x", "media_ids": ["7"]},
    ],
)
def test_what_cannot_be_published_is_refused_whole(
    make: Factory, call: Call, sent: dict[str, Any]
) -> None:
    program = call(make.account("ann"))
    answer = program.open("POST", "/api/v1/statuses", json=sent)
    assert answer.status_code in (404, 422)
    assert program.get("/api/v1/timelines/home") == []


def _links(answer: Any) -> dict[str, dict[str, list[str]]]:
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("Link", ""))
    return {relation: parse_qs(urlsplit(url).query) for url, relation in found}


def test_timelines_are_walked_in_both_directions(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    program = call(ann)
    ids = [_publish(program, f"Post {n}")["id"] for n in range(7)][::-1]
    for path in ("/api/v1/timelines/home", "/api/v1/timelines/public",
                 f"/api/v1/accounts/{ann.id}/statuses"):  # fmt: skip
        seen: list[str] = []
        query: dict[str, Any] = {"limit": "3"}
        while True:
            answer = program.open("GET", path, query_string=query)
            seen += [one["id"] for one in answer.json]
            links = _links(answer)
            if seen and "next" not in links:
                break
            assert next(iter(links)) == "next"
            assert links["next"]["limit"] == ["3"]
            query = {"limit": "3", "max_id": links["next"]["max_id"][0]}
        assert seen == ids, path
        above = program.get(path, min_id=ids[-1], limit=2)
        assert [one["id"] for one in above] == [ids[-3], ids[-2]]
        since = program.get(path, since_id=ids[-1], limit=2)
        assert [one["id"] for one in since] == ids[:2]
    tagged = _publish(program, "About #Steel")
    for name in ("steel", "Steel", "%23STEEL"):
        assert [one["id"] for one in program.get(f"/api/v1/timelines/tag/{name}")] == [tagged["id"]]
    assert program.get("/api/v1/timelines/public", remote="true") == []


def test_home_costs_the_same_statements_whatever_it_holds(
    make: Factory, call: Call, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    program, his = call(ann), call(bob)
    program.post(f"/api/v1/accounts/{bob.id}/follow")
    _publish(his, "One @ann #a")
    program.get("/api/v1/timelines/home")
    counts = []
    for _ in range(2):
        statements.clear()
        program.get("/api/v1/timelines/home")
        counts.append(len(statements))
        for n in range(8):
            _publish(his, f"More {n} @ann #a")
    assert counts[0] == counts[1]
    assert counts[0] <= 5


def test_replies_boosts_and_marks(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    post = _publish(hers, "The first")
    reply = _publish(his, "An answer", in_reply_to_id=post["id"])
    second = _publish(hers, "To the answer", in_reply_to_id=reply["id"])
    assert reply["in_reply_to_account_id"] == str(ann.id)
    around = his.get(f"/api/v1/statuses/{reply['id']}/context")
    assert [one["id"] for one in around["ancestors"]] == [post["id"]]
    assert [one["id"] for one in around["descendants"]] == [second["id"]]

    path = f"/api/v1/statuses/{post['id']}"
    boost = his.post(f"{path}/reblog")
    assert boost["id"] != post["id"]
    assert boost["reblog"]["id"] == post["id"]
    assert boost["reblog"]["reblogged"] is True
    assert boost["account"]["acct"] == "bob"
    assert his.post(f"{path}/reblog")["id"] == boost["id"]
    assert [one["acct"] for one in hers.get(f"{path}/reblogged_by")] == ["bob"]
    assert his.post(f"{path}/favourite")["favourites_count"] == 1
    assert his.post(f"/api/v1/statuses/{boost['id']}/favourite")["favourites_count"] == 1
    assert [one["acct"] for one in hers.get(f"{path}/favourited_by")] == ["bob"]
    assert his.post(f"{path}/unfavourite")["favourited"] is False
    assert his.post(f"{path}/bookmark")["bookmarked"] is True
    assert [one["id"] for one in his.get("/api/v1/bookmarks")] == [post["id"]]
    assert his.post(f"{path}/unbookmark")["bookmarked"] is False
    undone = his.post(f"{path}/unreblog")
    assert (undone["id"], undone["reblog"], undone["reblogged"]) == (post["id"], None, False)


def test_editing_and_deleting(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    post = _publish(hers, "Frist")
    path = f"/api/v1/statuses/{post['id']}"
    assert his.open("PUT", path, json={"status": "Mine"}).status_code == 403
    assert his.open("DELETE", path).status_code == 403
    edited = hers.open("PUT", path, json={"status": "First"}).json
    assert edited["edited_at"] is not None
    assert hers.get(f"{path}/source") == {"id": post["id"], "text": "First", "spoiler_text": ""}
    versions = [one["content"] for one in his.get(f"{path}/history")]
    assert versions == ["<p>Frist</p>", "<p>First</p>"]
    assert hers.open("DELETE", path).json["text"] == "First"
    assert hers.open("GET", path).status_code == 404


def test_groups_are_lists_for_their_members_only(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann)
    post = make.post(ann, "Between us", group=group)
    hers, his = call(ann), call(bob)
    path = f"/api/v1/timelines/list/{group.id}"
    assert [one["title"] for one in hers.get("/api/v1/lists")] == ["Board"]
    assert [one["id"] for one in hers.get(path)] == [str(post.id)]
    assert hers.get(f"/api/v1/lists/{group.id}")["id"] == str(group.id)
    assert his.get("/api/v1/lists") == []
    for hidden in (path, f"/api/v1/lists/{group.id}", f"/api/v1/statuses/{post.id}",
                   f"/api/v1/statuses/{post.id}/context"):  # fmt: skip
        assert his.open("GET", hidden).json == {"error": "Record not found"}
    for verb in ("favourite", "reblog", "bookmark"):
        assert his.open("POST", f"/api/v1/statuses/{post.id}/{verb}").status_code == 404
    assert his.get("/api/v1/statuses", **{"id[]": [str(post.id)]}) == []


def test_an_account_s_posts_are_chosen(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    program = call(ann)
    root = _publish(program, "Root #tag")
    reply = _publish(program, "Reply", in_reply_to_id=root["id"])
    path = f"/api/v1/accounts/{ann.id}/statuses"

    def ids(**query: Any) -> list[str]:
        return [one["id"] for one in program.get(path, **query)]

    assert ids() == [reply["id"], root["id"]]
    assert ids(exclude_replies="true") == [root["id"]]
    assert ids(tagged="TAG") == [root["id"]]
    assert ids(only_media="true") == []
    assert ids(pinned="true") == []


def test_search_finds_what_the_caller_may_read(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    post = _publish(hers, "The turbine of #Nantes")
    make.post(ann, "A private turbine", visibility=Visibility.FOLLOWERS)
    found = his.get("/api/v2/search", q="turbine")
    assert [one["id"] for one in found["statuses"]] == [post["id"]]
    assert [one["acct"] for one in his.get("/api/v2/search", q="@ann")["accounts"]] == ["ann"]
    tags = his.get("/api/v2/search", q="#nan", type="hashtags")
    assert [one["name"] for one in tags["hashtags"]] == ["nantes"]
    assert (tags["accounts"], tags["statuses"]) == ([], [])
    exact = his.get("/api/v2/search", q=post["url"], resolve="true")
    assert [one["id"] for one in exact["statuses"]] == [post["id"]]
    assert his.get("/api/v2/search", q="") == {"accounts": [], "statuses": [], "hashtags": []}


def test_pictures_are_shown_to_whom_the_ticket_was_made_for_while_it_may_see(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    page = browse(ann)
    media = page.post("/media", data={"file": (picture(), "x.jpg"), "alt_text": "A boat"}).json
    page.post("/groups/board/posts", data={"source": "Look", "media_id": media["id"]})
    his = call(bob)
    status = his.get(f"/api/v1/timelines/list/{group.id}")[0]
    attachment = status["media_attachments"][0]
    assert attachment["type"] == "image"
    assert attachment["description"] == "A boat"
    assert set(attachment["meta"]["original"]) == {"width", "height", "size", "aspect"}
    nobody = call(None)
    for url in (attachment["url"], attachment["preview_url"]):
        shown = nobody.open("GET", urlsplit(url).path)
        assert shown.status_code == 200
        assert shown.mimetype.startswith("image/")
        assert nobody.open("GET", urlsplit(url).path + "x").status_code == 404
    page.post("/groups/board/members/bob/remove")
    assert nobody.open("GET", urlsplit(attachment["url"]).path).status_code == 404
