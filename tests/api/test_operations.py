"""Our own interface: the same rules as in every door, in its own shapes."""

from __future__ import annotations

import pytest

from intranet.accounts.models import Account, Role
from intranet.groups.models import GroupPrivacy
from tests.announcements.newsroom import Newsroom
from tests.calendar.conftest import Arrange, soon
from tests.factories import Factory
from tests.mastodon.conftest import Call

V1 = "/api/parvis/v1"


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann", department="Works")


def test_who_one_is(call: Call, ann: Account) -> None:
    me = call(ann).get(f"{V1}/me")
    assert me["account"]["handle"] == "ann"
    assert me["account"]["id"] == str(ann.id)
    assert (me["account"]["kind"], me["department"]) == ("person", "Works")
    assert me["announcements_to_confirm"] == 0


def test_without_a_token_or_with_too_narrow_a_one_nothing_is_said(call: Call, ann: Account) -> None:
    for path in ("/me", "/groups", "/events", "/announcements", "/pages"):
        refused = call(None).open("GET", V1 + path)
        assert refused.status_code == 401
        assert refused.json["error"]
        assert call(ann, "read:bookmarks").open("GET", V1 + path).status_code == 403
    assert call(ann, "read").open("POST", f"{V1}/groups/x/join").status_code == 403


def test_groups_are_listed_page_by_page_joined_and_left(
    make: Factory, call: Call, ann: Account
) -> None:
    owner = make.account("owner")
    for name in ("alpha", "beta", "gamma"):
        make.group(name, owner=owner)
    program = call(ann)
    first = program.get(f"{V1}/groups", limit=2)
    second = program.get(f"{V1}/groups", limit=2, cursor=first["next"])
    slugs = [one["group"]["slug"] for page in (first, second) for one in page["items"]]
    assert slugs == ["alpha", "beta", "gamma"]
    assert second["next"] is None
    assert program.post(f"{V1}/groups/beta/join")["membership"] == "member"
    assert [one["role"] for one in program.get(f"{V1}/groups", scope="mine")["items"]] == ["member"]
    members = program.get(f"{V1}/groups/beta/members")["items"]
    assert [one["account"]["handle"] for one in members] == ["ann", "owner"]
    assert program.post(f"{V1}/groups/beta/leave") == {"ok": True}
    assert program.get(f"{V1}/groups/beta")["role"] is None


def test_a_closed_group_is_asked_and_its_only_owner_stays(
    make: Factory, call: Call, ann: Account
) -> None:
    owner = make.account("owner")
    make.group("club", GroupPrivacy.CLOSED, owner=owner, members=[make.account("bob")])
    program = call(ann)
    assert program.post(f"{V1}/groups/club/join", message="please")["membership"] == "requested"
    assert program.open("GET", f"{V1}/groups/club/members").status_code == 403
    assert program.open("GET", f"{V1}/groups/club/posts").status_code == 403
    refused = call(owner).open("POST", f"{V1}/groups/club/leave")
    assert refused.status_code == 409


def test_a_secret_group_is_as_one_that_does_not_exist(
    make: Factory, call: Call, ann: Account
) -> None:
    owner = make.account("owner")
    secret = make.group("hidden", GroupPrivacy.SECRET, owner=owner)
    make.post(owner, "inside", group=secret)
    assert call(owner).get(f"{V1}/groups/hidden/posts")["items"][0]["html"] == "<p>inside</p>"
    for method, what in (
        ("GET", ""), ("GET", "/members"), ("GET", "/posts"), ("POST", "/join"), ("POST", "/leave"),
    ):  # fmt: skip
        hidden = call(ann).open(method, f"{V1}/groups/hidden{what}")
        missing = call(ann).open(method, f"{V1}/groups/nothing{what}")
        assert (hidden.status_code, hidden.data) == (missing.status_code, missing.data)
        assert hidden.status_code == 404
    assert call(ann).get(f"{V1}/groups", q="hidden")["items"] == []


def test_the_posts_of_a_group_go_on_below_the_cursor(
    make: Factory, call: Call, ann: Account
) -> None:
    board = make.group("board", owner=ann)
    for number in range(5):
        make.post(ann, str(number), group=board)
    seen, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = call(ann).get(f"{V1}/groups/board/posts", limit=2, **more)
        seen += [one["html"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"<p>{number}</p>" for number in (4, 3, 2, 1, 0)]


def test_pages_are_followed(make: Factory, call: Call, ann: Account) -> None:
    make.page("newsroom", owner=make.account("owner"), tagline="What is new")
    program = call(ann)
    assert program.get(f"{V1}/pages")["items"][0]["tagline"] == "What is new"
    program.post(f"{V1}/pages/newsroom/follow")
    assert program.get(f"{V1}/pages/newsroom")["is_following"] is True
    assert program.get(f"{V1}/pages", scope="followed")["items"][0]["page"]["kind"] == "page"
    program.post(f"{V1}/pages/newsroom/unfollow")
    assert program.get(f"{V1}/pages/newsroom")["is_following"] is False
    guest = make.account("gus", Role.GUEST)
    assert call(guest).open("GET", f"{V1}/pages/newsroom").status_code == 404
    assert program.open("GET", f"{V1}/pages/ann").status_code == 404


def test_events_come_in_order_and_are_answered(
    make: Factory, call: Call, ann: Account, arrange: Arrange
) -> None:
    host = make.account("host")
    dates = [
        arrange(host, title=f"Day {day}", starts=soon(day), capacity=1)[1] for day in (3, 1, 2)
    ]
    program = call(ann)
    seen, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = program.get(f"{V1}/events", limit=1, **more)
        seen += [one["title"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["Day 1", "Day 2", "Day 3"]
    path = f"{V1}/events/{dates[1]}"
    said = program.open("POST", f"{path}/answer", json={"answer": "going"}).json
    assert said == {"my_answer": "going", "is_waiting": False, "guests": 0}
    assert program.get(path)["event"]["my_answer"] == "going"
    late = call(make.account("bob")).open("POST", f"{path}/answer", json={"answer": "going"})
    assert late.json["is_waiting"] is True
    assert [one["title"] for one in program.get(f"{V1}/events", scope="mine")["items"]] == ["Day 1"]


def test_an_event_of_others_is_as_one_that_does_not_exist(
    make: Factory, call: Call, ann: Account, arrange: Arrange
) -> None:
    host = make.account("host")
    group = make.group("hidden", GroupPrivacy.SECRET, owner=host)
    _event, date = arrange(host, group_id=group.id)
    assert call(host).get(f"{V1}/events/{date}")["event"]["group"]["slug"] == "hidden"
    for method, what in (("GET", ""), ("POST", "/answer")):
        hidden = call(ann).open(method, f"{V1}/events/{date}{what}", data={"answer": "going"})
        missing = call(ann).open(method, f"{V1}/events/1{what}", data={"answer": "going"})
        assert (hidden.status_code, hidden.data) == (missing.status_code, missing.data)
    assert call(ann).get(f"{V1}/events", cursor=date)["items"] == []


@pytest.mark.parametrize(
    "sent", [{}, {"answer": "perhaps"}, {"answer": "going", "guests": -1}, {"answer": 3}, [], "x"]
)
def test_an_answer_that_cannot_be_taken_says_which_field(
    make: Factory, call: Call, ann: Account, arrange: Arrange, sent: object
) -> None:
    _event, date = arrange(make.account("host"))
    refused = call(ann).open("POST", f"{V1}/events/{date}/answer", json=sent)
    assert refused.status_code == 422
    assert refused.json["error"]


def test_an_announcement_is_confirmed_in_the_words_that_were_shown(
    call: Call, room: Newsroom
) -> None:
    id_ = room.published(requires="1")
    program = call(room.ann)
    listed = program.get(f"{V1}/announcements", shelf="confirm")["items"]
    assert [one["title"] for one in listed] == ["Two days at home"]
    shown = program.get(f"{V1}/announcements/{id_}")
    assert "From January" in shown["html"]
    wrong = program.open(
        "POST", f"{V1}/announcements/{id_}/acknowledge", json={"content_hash": "0" * 64}
    )
    assert wrong.status_code == 409
    assert room.acknowledgements(id_) == []
    sent = {"content_hash": shown["content_hash"]}
    done = program.open("POST", f"{V1}/announcements/{id_}/acknowledge", json=sent)
    assert done.status_code == 200, done.text
    again = program.open("POST", f"{V1}/announcements/{id_}/acknowledge", json=sent)
    assert again.json == done.json, "the first time counts"
    [kept] = room.acknowledgements(id_)
    assert (kept.account_id, kept.door.value) == (room.ann.id, "api")
    assert program.get(f"{V1}/me")["announcements_to_confirm"] == 0


def test_who_an_announcement_is_not_for_does_not_learn_of_it(call: Call, room: Newsroom) -> None:
    id_ = room.published(audience="rule", site=["Nantes"], requires="1")
    assert call(room.ann).get(f"{V1}/announcements/{id_}")["announcement"]["must_be_confirmed"]
    for outsider in (room.bob, room.guest):
        for method, what in (("GET", ""), ("POST", "/acknowledge")):
            sent = {"json": {"content_hash": "0" * 64}} if method == "POST" else {}
            hidden = call(outsider).open(method, f"{V1}/announcements/{id_}{what}", **sent)
            missing = call(outsider).open(method, f"{V1}/announcements/1{what}", **sent)
            assert hidden.status_code == missing.status_code == 404
            assert hidden.data == missing.data


def test_lists_cost_the_same_however_long_they_are(
    make: Factory, call: Call, ann: Account, arrange: Arrange, statements: list[str]
) -> None:
    board = make.group("board", owner=ann)
    program = call(ann)

    def grow(number: int) -> None:
        make.page(f"page{number}", owner=ann)
        make.post(ann, "x", group=board)
        make.group(f"group{number}", owner=ann)
        arrange(ann, starts=soon(number + 1))
        make.join(board, make.account(f"member{number}"))

    def costs() -> list[int]:
        found = []
        for path in (
            "/pages",
            "/groups",
            "/events",
            "/groups/board/members",
            "/groups/board/posts",
        ):
            statements.clear()
            assert program.get(V1 + path)["items"]
            found.append(len(statements))
        return found

    grow(0)
    before = costs()
    for number in range(1, 4):
        grow(number)
    assert costs() == before
