"""What comes to a home by a followed hashtag, changed filters, and notices far apart."""

from __future__ import annotations

from flask import Flask

from intranet.groups.models import GroupPrivacy
from intranet.mastodon.streaming.hub import hub_of
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.mastodon.streaming.conftest import Listen
from tests.mastodon.streaming.test_telling import publish, told


def test_who_follows_a_hashtag_hears_at_home_what_the_home_would_show(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("depot", owner=ann, members=[bob], privacy=GroupPrivacy.OPEN)
    hers, his = call(ann), call(bob)
    ear = listen(bob, "user")
    publish(hers, "Not yet followed #Reef")
    assert ear.heard() == []
    his.post("/api/v1/tags/reef/follow")
    made = publish(hers, "Look at the #REEF")
    [(event, payload)] = ear.heard()
    assert (event, payload["id"]) == ("update", made["id"])
    assert his.get("/api/v1/timelines/home")[0]["id"] == made["id"]
    edited = {"status": "Look again at the #reef"}
    hers.open("PUT", f"/api/v1/statuses/{made['id']}", json=edited)
    assert told(ear) == ["status.update"]
    publish(hers, "An answer #reef", in_reply_to_id=made["id"])
    publish(hers, "For my followers #reef", visibility="private")
    assert ear.heard() == []
    in_group = publish(hers, "@depot Only here #reef")
    assert told(ear) == ["update"], "as a member, once"
    assert in_group["visibility"] == "private"
    outsider = make.account("cat")
    call(outsider).post("/api/v1/tags/reef/follow")
    far = listen(outsider, "user")
    publish(hers, "@depot Again only here #reef")
    assert far.heard() == []
    assert group.id
    ear.heard()
    hers.open("DELETE", f"/api/v1/statuses/{made['id']}")
    assert told(ear) == ["delete"]
    his.post("/api/v1/tags/reef/unfollow")
    publish(hers, "No longer followed #reef")
    assert ear.heard() == []


def test_changed_filters_are_told_to_their_owner(
    app: Flask, make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob = make.accounts("ann", "bob")
    program = call(ann)
    mine, others, notices = listen(ann, "user"), listen(bob, "user"), listen(ann, "public")
    blind = listen(ann, "user", scopes="read:statuses")

    def events() -> list[str]:
        while hub_of(app).waits:
            hub_of(app).tell()
        return [one.event for one in mine.items()]

    sent = {"title": "Reefs", "context": ["home"], "keywords_attributes": [{"keyword": "reef"}]}
    made = program.open("POST", "/api/v2/filters", json=sent).json
    assert set(events()) == {"filters_changed"}
    path = f"/api/v2/filters/{made['id']}"
    program.open("PUT", path, json={"title": "Corals"})
    assert set(events()) == {"filters_changed"}
    word = program.post(f"{path}/keywords", keyword="coral")
    assert set(events()) == {"filters_changed"}
    program.open("DELETE", f"/api/v2/filters/keywords/{word['id']}")
    assert set(events()) == {"filters_changed"}
    program.open("DELETE", path)
    assert set(events()) == {"filters_changed"}
    for silent in (others, notices, blind):
        assert silent.items() == []


def test_notices_are_found_however_many_lie_between(
    app: Flask, make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob = make.accounts("ann", "bob")
    ear = listen(ann, "user:notification")
    posts = [make.post(ann, f"Post {number}") for number in range(110)]

    def star(number: int) -> None:
        notify({ann.id}, actor=bob, kind=NotificationKind.BOOST, post_id=posts[number].id)

    with app.app_context(), unit_of_work():
        for number in range(110):
            star(number)
    heard = ear.heard()
    assert len(heard) == 110
    assert {payload["status"]["id"] for _event, payload in heard} == {str(one.id) for one in posts}
