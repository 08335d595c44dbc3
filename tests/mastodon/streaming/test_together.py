"""One post told to many: read for all at once, and still to each what is for it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.filters.models import ContentFilter, FilterKeyword
from intranet.groups.models import GroupPrivacy
from intranet.mastodon.streaming import drawing
from intranet.oauth import tokens
from intranet.posts.models import Visibility
from intranet.relationships.models import Block
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.mastodon.streaming.conftest import Ear, Listen
from tests.media.pictures import picture


def publish(program: Caller, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = program.post("/api/v1/statuses", status=text, **more)
    return found


def heard(ear: Ear) -> list[dict[str, Any]]:
    return [payload for event, payload in ear.heard() if event == "update"]


def test_a_secret_groups_post_and_a_blocked_persons_reach_those_they_are_for(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, member, outsider, apart = make.accounts("ann", "member", "outsider", "apart")
    guest = make.account("guest", Role.GUEST)
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[member, guest])
    for one in (member, outsider, apart):
        make.follow(one, ann)
    make._save(Block(blocker_id=ann.id, blocked_id=apart.id))
    ears = {one.handle: listen(one, "user", "public") for one in (member, outsider, apart, guest)}
    secret = publish(call(ann), "@board Kraken")
    path = f"/api/v1/statuses/{secret['id']}"
    assert call(member).open("GET", path).status_code == 200
    assert call(outsider).open("GET", path).status_code == 404
    told = {handle: [one["id"] for one in heard(ear)] for handle, ear in ears.items()}
    assert told == {
        "member": [secret["id"]], "outsider": [], "apart": [], "guest": [secret["id"]],
    }  # fmt: skip
    open_to_all = publish(call(ann), "For everybody")
    assert call(apart).open("GET", f"/api/v1/statuses/{open_to_all['id']}").status_code == 404
    told = {handle: [one["id"] for one in heard(ear)] for handle, ear in ears.items()}
    twice = [open_to_all["id"]] * 2
    assert told == {"member": twice, "outsider": twice, "apart": [], "guest": []}
    assert board.id


def test_each_hears_it_as_it_would_read_it(make: Factory, call: Call, listen: Listen) -> None:
    ann = make.account("ann", title="Diver")
    bob, cem = make.account("bob", locale="fr"), make.account("cem", locale="en")
    dan = make.account("dan", role=Role.MODERATOR)
    make.follow(bob, ann)
    make.post(ann, "For who follows", visibility=Visibility.FOLLOWERS)
    mine = ContentFilter(account_id=bob.id, title="Food", contexts=["home"])
    make._save(mine)
    make._save(FilterKeyword(filter_id=mine.id, keyword="soup"))
    listeners = (bob, cem, dan, ann)
    ears = [listen(one, "public") for one in listeners]
    post = publish(call(ann), "Soup @cem #lunch")
    for one, ear in zip(listeners, ears, strict=True):
        (entity,) = heard(ear)
        read = call(one).get(f"/api/v1/statuses/{post['id']}")
        # A stream has the language of its account, a request that of its program.
        fields = [told["account"].pop("fields")[0] for told in (entity, read)]
        assert fields[0]["name"] == ("Fonction" if one is bob else "Title"), fields
        assert entity == read, one.handle
        assert bool(entity["filtered"]) == (one is bob)
        assert entity["account"]["statuses_count"] == (1 if one in (cem, dan) else 2)


def test_many_lines_cost_the_statements_of_a_few(
    make: Factory, call: Call, listen: Listen, statements: list[str]
) -> None:
    ann, *others = make.accounts("ann", *(f"p{number}" for number in range(50)))
    program = call(ann)
    for other in others:
        make.follow(other, ann)
    group = make.group("reef", GroupPrivacy.OPEN, owner=ann, members=others)
    lists = {other.id: call(other).post("/api/v1/lists", title="Hers")["id"] for other in others}
    for other in others:
        call(other).post(f"/api/v1/lists/{lists[other.id]}/accounts", **{"account_ids[]": ann.id})

    def opened(some: list[Account]) -> list[Ear]:
        ears = [listen(other, "public", "user") for other in some]
        for other, ear in zip(some, ears, strict=True):
            ear.subscribe("hashtag", tag="soup")
            ear.subscribe("list", list=lists[other.id])
            ear.subscribe("list", list=str(group.id))
        return ears

    def cost(ears: list[Ear], text: str, streams: int) -> int:
        publish(program, text)
        statements.clear()
        assert [len(heard(ear)) for ear in ears] == [streams] * len(ears)
        return len(statements)

    ears = opened(others[:3])
    for text, streams in (("Lunch #soup", 4), ("@reef Lunch #soup", 4)):
        cost(ears, text, streams)
    few = [cost(ears, "Lunch #soup", 4), cost(ears, "@reef Lunch #soup", 4)]
    ears += opened(others[3:])
    assert [cost(ears, "Lunch #soup", 4), cost(ears, "@reef Lunch #soup", 4)] == few


def test_what_many_are_shown_alike_is_drawn_once_and_opens_with_their_own_tickets(
    app: Flask, make: Factory, call: Call, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, *others = make.accounts("ann", "bob", "cem", "dan", "eve")
    french = make.account("fay", locale="fr")
    avatar = {"avatar": (picture(), "a.jpg")}
    call(ann).open("PATCH", "/api/v1/accounts/update_credentials", data=avatar)
    ears = [listen(one, "public", "user") for one in [*others, french]]
    drawn: list[object] = []
    real = drawing.entries
    monkeypatch.setattr(
        drawing, "entries", lambda cards, around: drawn.append(cards) or real(cards, around)
    )
    post = publish(call(ann), "Look at me")["id"]
    pictures = [entity["account"]["avatar"] for ear in ears for entity in heard(ear)]
    assert len(drawn) == 2  # in English, in French
    assert len(set(pictures)) == len(ears)  # each token's own
    for one in pictures:
        path = one[one.index("/api/files/") :]
        assert call(None).open("GET", path).status_code == 200
    with app.app_context(), unit_of_work():
        tokens.revoke_one(ears[0].token_id)
    opened = [call(None).open("GET", one[one.index("/api/files/") :]) for one in pictures]
    assert [answer.status_code for answer in opened] == [404, 200, 200, 200, 200]

    # What one has done with it is nobody else's.
    call(others[1]).post(f"/api/v1/statuses/{post}/favourite")
    call(others[2]).post(f"/api/v1/statuses/{post}/bookmark")
    call(others[3]).post(f"/api/v1/statuses/{post}/mute")
    call(ann).open("PUT", f"/api/v1/statuses/{post}", json={"status": "Look again"})
    marks = ("favourited", "bookmarked", "muted", "reblogged")
    told = [
        tuple(entity[mark] for mark in marks)
        for ear in ears[1:]
        for event, entity in ear.heard()
        if event == "status.update"
    ]
    plain = (False,) * 4
    assert told == [
        (True, False, False, False), (False, True, False, False), (False, False, True, False),
        plain,
    ]  # fmt: skip


def test_a_reply_is_told_to_lists_that_ask_for_it_and_to_no_others(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    ears = {}
    for one, policy in ((bob, "list"), (cem, "none")):
        make.follow(one, ann)
        made = call(one).post("/api/v1/lists", title="Hers", replies_policy=policy)["id"]
        call(one).post(f"/api/v1/lists/{made}/accounts", **{"account_ids[]": ann.id})
        ears[one.handle] = listen(one, "user")
        ears[one.handle].subscribe("list", list=made)
    stranger = listen(cem)
    stranger.subscribe("list", list=call(bob).get("/api/v1/lists")[0]["id"])
    assert stranger.refusals() == [("Record not found", 404)]
    root = publish(call(ann), "A beginning")
    assert [len(heard(ear)) for ear in ears.values()] == [2, 2]
    reply = publish(call(ann), "More of it", in_reply_to_id=root["id"])
    told = {handle: [one["id"] for one in heard(ear)] for handle, ear in ears.items()}
    assert told == {"bob": [reply["id"]], "cem": []}
