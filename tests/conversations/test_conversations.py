"""Conversations as people have them: the list, what is new, writing, and the same for programs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from intranet.accounts.models import Account, Role
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, call

__all__ = ["call"]


def _begin(browse: Browser, who: Account, to: str, source: str) -> str:
    """The address of a conversation that somebody begins with a form."""
    answer = browse(who).post("/conversations", query_string=to, data={"source": source})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def _unread(browse: Browser, who: Account) -> int:
    found = browse(who).get("/conversations/unread").json
    assert found is not None
    return int(found["count"])


def test_one_writes_from_a_profile_and_the_other_hears(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    assert "/conversations/new?to=bob" in browse(ann).get("/@bob").text
    assert "Only" not in browse(ann).get("/conversations").text
    form = browse(ann).get("/conversations/new?to=bob").text
    assert 'action="/conversations?to=bob"' in form
    address = _begin(browse, ann, "to=bob", "Lunch at noon?")
    page = browse(ann).get(address).text
    assert "Lunch at noon?" in page
    assert "Only you and Bob can read this." in page
    assert (_unread(browse, ann), _unread(browse, bob)) == (0, 1)
    assert "Lunch at noon?" in browse(bob).get("/conversations").text
    told = browse(bob).get("/notifications").text
    assert "wrote to you" in told
    assert f'href="{address}"' in told
    assert "data-unread-messages><span data-count>1<" in browse(bob).get("/").text
    browse(bob).post(f"{address}/read")
    assert _unread(browse, bob) == 0
    assert "note--unread" not in browse(bob).get("/notifications").text
    number = address.rpartition("/")[2]
    answered = browse(bob).post(f"/posts/{number}/replies", data={"source": "Gladly"})
    assert answered.status_code == 303
    assert (_unread(browse, ann), _unread(browse, bob)) == (1, 0)
    # An open page says so by the thread's address; its messages are read by that as well.
    browse(ann).post(f"/notifications/threads/{number}/read")
    assert _unread(browse, ann) == 0


def test_the_address_of_a_message_leads_into_its_conversation(
    make: Factory, browse: Browser
) -> None:
    ann, _bob = make.accounts("ann", "bob")
    address = _begin(browse, ann, "to=bob", "One")
    number = address.rpartition("/")[2]
    assert browse(ann).get(f"/posts/{number}").headers["Location"] == address
    reply = browse(ann).post(f"/posts/{number}/replies", data={"source": "Two"})
    last = urlsplit(reply.headers["Location"])
    led = browse(ann).get(last.path).headers["Location"]
    assert led == f"{address}#post-{last.path.rpartition('/')[2]}"


def test_several_are_chosen_one_after_the_other(make: Factory, browse: Browser) -> None:
    ann, bob, _cy = make.accounts("ann", "bob", "cy")
    found = browse(ann).get("/conversations/new?to=bob&q=cy").text
    assert "/conversations/new?to=bob&amp;to=cy" in found
    address = _begin(browse, ann, "to=bob&to=cy", "All three")
    assert "Only you and Bob, Cy can read this." in browse(ann).get(address).text
    assert "Only you and Ann, Cy can read this." in browse(bob).get(address).text


def test_a_guest_finds_only_those_of_its_groups(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    guest = make.account("gus", Role.GUEST)
    make.group("project", members=[ann, guest])
    assert "/conversations/new?to=gus" in browse(ann).get("/@gus").text
    assert "/conversations/new?to=gus" not in browse(bob).get("/@gus").text
    assert "to=gus" not in browse(bob).get("/conversations/new?q=gus").text
    refused = browse(bob).post("/conversations", query_string="to=gus", data={"source": "Hi"})
    assert refused.status_code == 422
    assert _begin(browse, guest, "to=ann&to=bob", "Hello")  # who is not for it is left out
    assert (_unread(browse, ann), _unread(browse, bob)) == (1, 0)


@pytest.mark.parametrize("to", ["", "to=nobody", "to=ann", "to=newsroom", "to=%00"])
def test_without_somebody_there_is_no_conversation(make: Factory, browse: Browser, to: str) -> None:
    ann = make.account("ann")
    make.page("newsroom", owner=make.account("boss"))
    answer = browse(ann).post("/conversations", query_string=to, data={"source": "Hi"})
    assert answer.status_code == 422


def test_a_block_leaves_nobody_to_choose(make: Factory, call: Call, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    assert "to=bob" in browse(ann).get("/conversations/new?q=bob").text
    call(bob).post(f"/api/v1/accounts/{ann.id}/block")
    assert "to=bob" not in browse(ann).get("/conversations/new?q=bob").text
    refused = browse(ann).post("/conversations", query_string="to=bob", data={"source": "Hi"})
    assert refused.status_code == 422


def test_the_list_says_of_a_withheld_message_what_the_thread_says(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    address = _begin(browse, ann, "to=bob", "Lunch at noon?")
    hers, his = browse(ann), browse(bob)
    assert "Lunch at noon?" in his.get("/conversations").text
    call(bob).post(f"/api/v1/accounts/{ann.id}/block")
    said = "A block keeps this reply from you."
    assert said in his.get(address).text
    listed = his.get("/conversations").text
    assert said in listed
    assert "Lunch at noon?" not in listed
    assert "Deleted" not in listed
    mine = hers.get("/conversations").text
    assert "Lunch at noon?" in mine
    assert said not in mine


def test_a_form_that_is_refused_keeps_what_was_typed(make: Factory, browse: Browser) -> None:
    ann, _bob = make.accounts("ann", "bob")
    answer = browse(ann).post("/conversations", query_string="to=bob", data={"source": "x" * 5001})
    assert answer.status_code == 422
    assert "xxxxx" in answer.text
    assert "to=bob" in answer.text


def test_what_was_put_away_comes_back_with_the_next_message(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    address = _begin(browse, ann, "to=bob", "One")
    browse(bob).post(f"{address}/hide")
    assert address not in browse(bob).get("/conversations").text
    assert address in browse(ann).get("/conversations").text
    browse(ann).post(f"/posts/{address.rpartition('/')[2]}/replies", data={"source": "Two"})
    assert address in browse(bob).get("/conversations").text


def test_nobody_else_reads_marks_or_hides_it(make: Factory, browse: Browser) -> None:
    ann, bob, cy = make.accounts("ann", "bob", "cy")
    address = _begin(browse, ann, "to=bob", "One")
    assert browse(cy).get("/conversations").status_code == 200
    for way in ("", "/read", "/hide"):
        answer = browse(cy).open(f"{address}{way}", method="POST" if way else "GET")
        assert answer.status_code == 404, way
    browse(cy).post(f"/notifications/threads/{address.rpartition('/')[2]}/read")
    assert _unread(browse, bob) == 1


def test_long_conversations_are_read_from_their_end(make: Factory, browse: Browser) -> None:
    ann, _bob = make.accounts("ann", "bob")
    address = _begin(browse, ann, "to=bob", "Message number 0.")
    root = address.rpartition("/")[2]
    for n in range(1, 53):
        browse(ann).post(f"/posts/{root}/replies", data={"source": f"Message number {n}."})
    page = browse(ann).get(address).text
    assert re.findall(r"Message number (\d+)\.", page) == [str(n) for n in range(3, 53)]
    earlier = re.search(r'href="([^"]+\?before=\d+)"', page)
    assert earlier is not None
    before = browse(ann).get(earlier[1]).text
    assert re.findall(r"Message number (\d+)\.", before) == ["0", "1", "2"]


def test_the_newest_message_that_is_deleted_gives_its_place_to_the_one_before(
    make: Factory, browse: Browser, call: Call
) -> None:
    ann, bob = make.accounts("ann", "bob")
    program = call(ann)
    first = program.post("/api/v1/statuses", status="@bob One", visibility="direct")
    second = program.post("/api/v1/statuses", status="Two", in_reply_to_id=first["id"])
    assert program.open("DELETE", f"/api/v1/statuses/{second['id']}").status_code == 200
    assert call(bob).get("/api/v1/conversations")[0]["last_status"]["id"] == first["id"]
    assert "Two" not in browse(bob).get("/conversations").text
    program.open("DELETE", f"/api/v1/statuses/{first['id']}")
    assert call(bob).get("/api/v1/conversations") == []


def test_programs_list_read_and_hide_them(make: Factory, call: Call) -> None:
    ann, bob, cy = make.accounts("ann", "bob", "cy")
    sent = [
        call(ann).post("/api/v1/statuses", status=f"@bob {n}", visibility="direct")
        for n in range(5)
    ]
    program = call(bob)
    seen: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        answer = program.open("GET", "/api/v1/conversations", query_string=query)
        seen += answer.json
        older = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        if older is None:
            break
        query = {name: one[0] for name, one in parse_qs(urlsplit(older[1]).query).items()}
    assert [one["last_status"]["id"] for one in seen] == [one["id"] for one in sent[::-1]]
    assert all(one["unread"] for one in seen)
    assert set(seen[0]) == {"id", "unread", "accounts", "last_status"}
    assert [one["acct"] for one in seen[0]["accounts"]] == ["ann"]
    above = program.get("/api/v1/conversations", min_id=sent[1]["id"], limit=2)
    assert [one["last_status"]["id"] for one in above] == [sent[3]["id"], sent[2]["id"]]
    first = f"/api/v1/conversations/{seen[0]['id']}"
    assert program.post(f"{first}/read")["unread"] is False
    assert program.get("/api/v1/conversations")[0]["unread"] is False
    for other in (call(cy), call(ann)):  # the number is of bob's own row
        assert other.open("POST", f"{first}/read").status_code == 404
        assert other.open("DELETE", first).status_code == 404
    assert program.open("DELETE", first).json == {}
    assert seen[0]["id"] not in [one["id"] for one in program.get("/api/v1/conversations")]
    assert len(call(ann).get("/api/v1/conversations")) == 5


def test_a_note_to_oneself_is_a_conversation_too(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    made = program.post("/api/v1/statuses", status="Buy screws", visibility="direct")
    found = program.get("/api/v1/conversations")[0]
    assert (found["accounts"], found["unread"]) == ([], False)
    assert found["last_status"]["id"] == made["id"]


def test_who_is_kept_apart_from_the_writer_finds_nothing_new(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob, cy = make.accounts("ann", "bob", "cy")
    mo = make.account("mo", Role.MODERATOR)
    program = call(ann)
    first = call(cy).post("/api/v1/statuses", status="@ann @bob @mo One", visibility="direct")
    address = f"/conversations/{first['id']}"
    for one in (ann, mo):
        call(one).post(f"/api/v1/accounts/{bob.id}/block")
    for one in (ann, cy, mo):
        browse(one).post(f"{address}/hide")
    said = call(bob).post("/api/v1/statuses", status="Two", in_reply_to_id=first["id"])
    assert [_unread(browse, one) for one in (ann, cy, mo)] == [0, 1, 1]
    assert program.get("/api/v1/conversations") == []
    # What goes again does not bring it either.
    third = call(cy).post("/api/v1/statuses", status="Three", in_reply_to_id=first["id"])
    assert program.get("/api/v1/conversations")[0]["last_status"]["id"] == third["id"]
    call(cy).open("DELETE", f"/api/v1/statuses/{third['id']}")
    lasts = [call(one).get("/api/v1/conversations")[0]["last_status"]["id"] for one in (ann, cy)]
    assert lasts == [first["id"], said["id"]]
    assert _unread(browse, ann) == 0
