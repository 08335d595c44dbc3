"""Groups as accounts: seen, joined, read and written to like people, under their own rules."""

from __future__ import annotations

import pytest

from intranet.accounts.models import Account, Role
from intranet.groups.models import Group, GroupPrivacy
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.mastodon.test_people_and_server import ACCOUNT

OPEN, CLOSED, SECRET = GroupPrivacy.OPEN, GroupPrivacy.CLOSED, GroupPrivacy.SECRET


def _company(make: Factory, privacy: GroupPrivacy) -> tuple[Account, Account, Group]:
    """Ann belongs to the group, Bob does not."""
    ann, bob = make.accounts("ann", "bob")
    group = make.group("night-trams", privacy, owner=ann, purpose="Trams at night")
    return ann, bob, group


def test_a_group_is_an_account_that_says_so(make: Factory, call: Call) -> None:
    ann, bob, group = _company(make, OPEN)
    make.post(ann, "In the group", group=group)
    program = call(bob)
    for found in (
        program.get("/api/v1/accounts/lookup", acct="night-trams"),
        program.get("/api/v1/accounts/lookup", acct="@Night-Trams@127.0.0.1:8000"),
        program.get(f"/api/v1/accounts/{group.id}"),
        program.get("/api/v1/accounts", **{"id[]": [group.id, ann.id]})[1],
        program.get("/api/v1/accounts/search", q="night-trams")[0],
        program.get("/api/v2/search", q="@night-trams")["accounts"][0],
    ):
        assert set(found) >= ACCOUNT
        assert (found["id"], found["group"], found["acct"]) == (str(group.id), True, "night-trams")
        assert (found["locked"], found["followers_count"]) == (False, 1)
        assert (found["statuses_count"], found["note"]) == (1, "<p>Trams at night</p>")
        picture = found["avatar"].removeprefix("http://127.0.0.1:8000")
        assert call(None).open("GET", picture).mimetype == "image/png"
    assert program.get(f"/api/v1/accounts/{ann.id}")["group"] is False


def test_following_an_open_group_is_joining_it(make: Factory, call: Call) -> None:
    ann, bob, group = _company(make, OPEN)
    program, here = call(bob), f"/api/v1/accounts/{group.id}"
    before = program.get("/api/v1/accounts/relationships", **{"id[]": [group.id, ann.id]})
    assert [one["id"] for one in before] == [str(group.id), str(ann.id)]
    assert set(before[0]) == set(before[1])
    assert before[0]["following"] is False
    assert program.post(f"{here}/follow")["following"] is True
    assert [one["acct"] for one in program.get(f"{here}/followers")] == ["bob", "ann"]
    assert program.get(f"{here}/following") == []
    assert [one["id"] for one in program.get("/api/v1/lists")] == [str(group.id)]
    assert program.post(f"{here}/unfollow")["following"] is False
    assert program.get("/api/v1/lists") == []


def test_following_a_closed_group_asks(make: Factory, call: Call, browse: Browser) -> None:
    ann, bob, group = _company(make, CLOSED)
    make.post(ann, "Behind the door", group=group)
    program, here = call(bob), f"/api/v1/accounts/{group.id}"
    seen = program.get(here)
    assert (seen["locked"], seen["statuses_count"], seen["last_status_at"]) == (True, 0, None)
    asked = program.post(f"{here}/follow")
    assert (asked["following"], asked["requested"]) == (False, True)
    assert "asks to join" in browse(ann).get("/notifications").text
    for list_ in ("statuses", "followers"):
        assert program.get(f"{here}/{list_}") == []
    assert program.post(f"{here}/unfollow")["requested"] is False
    assert len(call(ann).get(f"{here}/statuses")) == 1


@pytest.mark.parametrize("privacy", [OPEN, CLOSED])
def test_what_a_group_says_of_itself_is_for_those_who_may_read_it(
    make: Factory, call: Call, privacy: GroupPrivacy
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("night-trams", privacy, owner=ann, about_html="<p>The door code is 17</p>")
    here = f"/api/v1/accounts/{group.id}"
    assert "door code" in call(ann).get(here)["note"]
    outside = call(bob)
    for found in (
        outside.get(here),
        outside.get("/api/v1/accounts/lookup", acct="night-trams"),
        outside.get("/api/v1/accounts/search", q="night-trams")[0],
    ):
        assert ("door code" in found["note"]) is (privacy is OPEN)


def test_a_secret_group_is_not_there_for_outsiders(make: Factory, call: Call) -> None:
    ann, bob, group = _company(make, SECRET)
    outsider, insider = call(bob), call(ann)
    paths = [f"/api/v1/accounts/{group.id}{more}" for more in ("", "/statuses", "/followers")]
    for path in (*paths, "/api/v1/accounts/lookup?acct=night-trams"):
        assert insider.open("GET", path).status_code == 200, path
        refused = outsider.open("GET", path)
        missing = outsider.open("GET", path.replace(str(group.id), "7").replace("night", "no"))
        assert (refused.status_code, refused.data) == (404, missing.data)
    for way in ("follow", "unfollow"):
        path = f"/api/v1/accounts/{group.id}/{way}"
        assert outsider.open("POST", path).status_code == 404
    for path in (
        f"/api/v1/accounts?id[]={group.id}",
        f"/api/v1/accounts/relationships?id[]={group.id}",
        "/api/v1/accounts/search?q=night",
        "/api/v1/accounts/search?q=night-trams",
    ):
        assert outsider.open("GET", path).json == []
        assert insider.open("GET", path).json
    # Its name is a word like any other, as that of a group that does not exist.
    words = outsider.post("/api/v1/statuses", status="@night-trams hello")
    assert words["visibility"] == "public"
    assert "@night-trams" in words["content"]


def test_a_post_that_names_a_group_first_is_posted_in_it(make: Factory, call: Call) -> None:
    ann, bob, group = _company(make, CLOSED)
    program = call(ann)
    made = program.post("/api/v1/statuses", status="@night-trams The last one leaves at two")
    assert made["visibility"] == "private"
    assert made["content"] == "<p>The last one leaves at two</p>"
    found = program.get(f"/api/v1/accounts/{group.id}/statuses")
    assert [one["id"] for one in found] == [made["id"]]
    assert call(bob).open("GET", f"/api/v1/statuses/{made['id']}").status_code == 404
    answer = program.post(
        "/api/v1/statuses", status="Or three", in_reply_to_id=made["id"], visibility="public"
    )
    assert answer["visibility"] == "private"
    assert call(bob).open("GET", f"/api/v1/statuses/{answer['id']}").status_code == 404
    pictures = program.get(f"/api/v1/accounts/{group.id}/statuses", only_media="true")
    assert pictures == []
    later = program.post("/api/v1/statuses", status="See @night-trams")
    assert later["visibility"] == "public"  # only whom a text begins with is addressed


@pytest.mark.parametrize("privacy", [OPEN, CLOSED])
def test_outsiders_of_a_group_do_not_post_in_it(
    make: Factory, call: Call, privacy: GroupPrivacy
) -> None:
    ann, bob, group = _company(make, privacy)
    answer = call(bob).open("POST", "/api/v1/statuses", json={"status": "@night-trams Let me in"})
    assert answer.status_code == 422
    assert call(bob).get(f"/api/v1/accounts/{bob.id}/statuses") == []
    assert call(ann).get(f"/api/v1/accounts/{group.id}/statuses") == []


def test_a_person_of_the_same_name_comes_first(make: Factory, call: Call) -> None:
    _ann, bob, _group = _company(make, OPEN)
    make.account("night-trams")
    made = call(bob).post("/api/v1/statuses", status="@night-trams hello")
    assert made["mentions"][0]["acct"] == "night-trams"
    assert call(bob).get("/api/v1/accounts/lookup", acct="night-trams")["group"] is False


def test_guests_write_in_their_groups_by_naming_them(make: Factory, call: Call) -> None:
    ann, _bob, group = _company(make, OPEN)
    guest = make.account("gus", Role.GUEST)
    other = make.group("other", OPEN, owner=ann)
    program = call(guest)
    assert program.open("GET", f"/api/v1/accounts/{other.id}").status_code == 404
    make.join(group, guest)
    made = program.post("/api/v1/statuses", status="@night-trams Hello from outside")
    assert made["visibility"] == "private"
    assert program.get(f"/api/v1/accounts/{group.id}")["display_name"] == "Night Trams"


def test_the_only_owner_does_not_slip_away(make: Factory, call: Call) -> None:
    ann, bob, group = _company(make, OPEN)
    make.join(group, bob)
    answer = call(ann).open("POST", f"/api/v1/accounts/{group.id}/unfollow")
    assert answer.status_code == 409
    assert call(ann).get("/api/v1/accounts/relationships", id=group.id)[0]["following"] is True


def test_lists_of_groups_take_the_same_statements(
    make: Factory, call: Call, statements: list[str]
) -> None:
    ann = make.account("ann")
    groups = [make.group(f"g{n}", owner=ann) for n in range(6)]
    program = call(ann)
    taken = []
    for some in (groups[:1], groups):
        statements.clear()
        found = program.get("/api/v1/accounts", **{"id[]": [one.id for one in some]})
        assert len(found) == len(some)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_a_secret_group_that_is_left_answers_and_is_gone(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("night-trams", SECRET, owner=ann, members=[bob])
    program, here = call(bob), f"/api/v1/accounts/{group.id}"
    assert program.get(here)["id"] == str(group.id)
    left = program.post(f"{here}/unfollow")
    assert (left["id"], left["following"], left["requested"]) == (str(group.id), False, False)
    assert program.open("POST", f"{here}/unfollow").status_code == 404
    assert program.open("GET", here).status_code == 404
