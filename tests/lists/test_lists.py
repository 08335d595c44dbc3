"""Personal lists: what they show, who may know of them, and what leaves the home for them."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.pagination import Cursor
from intranet.lists.actions import MAX_LISTS
from intranet.lists.models import ListMember, PeopleList, RepliesPolicy
from intranet.relationships import actions as relationships
from intranet.timelines import queries as timelines
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


def make_list(app: Flask, owner: Account, *people: Account, **values: object) -> int:
    with app.app_context(), unit_of_work():
        one = PeopleList(owner_id=owner.id, title="Inner circle", **values)
        db.session.add(one)
        db.session.flush()
        for person in people:
            db.session.add(ListMember(list_id=one.id, account_id=person.id))
        return one.id


def follow(app: Flask, follower: Account, *followees: Account) -> None:
    with app.app_context(), unit_of_work():
        for followee in followees:
            relationships.follow(
                db.session.get_one(Account, follower.id), db.session.get_one(Account, followee.id)
            )


def ids(app: Flask, viewer: Account, kind: Kind, subject: object = "", **at: int) -> list[int]:
    with app.app_context():
        me = db.session.get_one(Account, viewer.id)
        return list(timelines.entry_ids(me, Timeline(kind, str(subject)), Cursor(**at)).items)


def members(app: Flask, list_id: int) -> set[int]:
    with app.app_context():
        rows = select(ListMember.account_id).where(ListMember.list_id == list_id)
        return set(db.session.scalars(rows))


def test_a_list_holds_what_its_people_wrote_as_far_as_one_may_read(
    app: Flask, make: Factory
) -> None:
    ann, bob, cem, dora = make.accounts("ann", "bob", "cem", "dora")
    secret = make.group("secret", GroupPrivacy.SECRET, owner=bob)
    shared = make.group("shared", GroupPrivacy.CLOSED, owner=bob, members=[ann])
    first, here = make.post(bob), make.post(bob, group=shared)
    make.post(bob, group=secret)
    other = make.post(dora)
    boost = make.post(cem, boost_of_id=other.id)
    one = make_list(app, ann, bob, cem)
    assert ids(app, ann, Kind.LIST, one) == [boost.id, here.id, first.id]
    assert ids(app, ann, Kind.LIST, one, limit=2) == [boost.id, here.id]
    assert ids(app, ann, Kind.LIST, one, before=here.id) == [first.id]
    assert ids(app, bob, Kind.LIST, one) == []  # nobody else's to read


def test_the_replies_policy_says_which_replies(app: Flask, make: Factory) -> None:
    ann, bob, cem, dora, eve = make.accounts("ann", "bob", "cem", "dora", "eve")
    follow(app, ann, bob, cem, dora)
    roots = {person.handle: make.post(person).id for person in (bob, cem)}
    to = {person.handle: make.post(person) for person in (ann, dora, eve)}
    own = make.post(bob, reply_to=make.post(bob))
    roots["own"] = own.root_id or 0
    to_list = make.post(bob, reply_to=make.post(cem))
    roots["list"] = to_list.root_id or 0
    answers = {handle: make.post(bob, reply_to=post).id for handle, post in to.items()}
    base = set(roots.values())
    expected = {
        RepliesPolicy.NONE: base,
        RepliesPolicy.LIST: base | {own.id, to_list.id},
        RepliesPolicy.FOLLOWED: base | {own.id, to_list.id, answers["ann"], answers["dora"]},
    }
    for policy, wanted in expected.items():
        one = make_list(app, ann, bob, cem, replies_policy=policy)
        assert set(ids(app, ann, Kind.LIST, one)) == wanted, policy


def test_an_exclusive_list_takes_its_people_out_of_the_home(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    follow(app, ann, bob, cem)
    make.group("board", owner=bob, members=[ann])
    browse(bob).post("/posts", data={"source": "Chatter"})
    browse(cem).post("/posts", data={"source": "Calm"})
    browse(bob).post("/groups/board/posts", data={"source": "In the group"})
    assert len(ids(app, ann, Kind.HOME)) == 3
    one = make_list(app, ann, bob, exclusive=True)
    assert len(ids(app, ann, Kind.HOME)) == 2  # the group's post stays
    assert len(ids(app, ann, Kind.LIST, one)) == 2
    home = browse(ann).get("/").text
    assert "Chatter" not in home
    assert "In the group" in home
    assert "Chatter" in browse(ann).get(f"/lists/{one}").text


def test_lists_are_arranged_on_their_pages(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob, _cem = make.accounts("ann", "bob", "cem")
    follow(app, ann, bob)
    program = browse(ann)
    made = program.post("/lists", data={"title": " The  welders ", "replies_policy": "none"})
    where = made.headers["Location"]
    one = int(where.split("/")[2])
    assert "The welders" in program.get("/lists").text
    assert "Bob" in program.get(f"{where}?q=bo").text
    assert program.post(where, data={"handle": "bob"}).status_code == 303
    assert members(app, one) == {bob.id}
    assert program.post(where, data={"handle": "cem"}).status_code == 404  # not followed
    assert program.post(where, data={"handle": "nobody"}).status_code == 404
    edited = program.post(f"/lists/{one}/edit", data={"title": "Metal", "exclusive": "1"})
    assert edited.status_code == 303
    assert "not in your home" in program.get("/lists").text
    for wrong in ({"title": " "}, {"title": "x" * 101}, {"title": "x", "replies_policy": "all"}):
        assert program.post(f"/lists/{one}/edit", data=wrong).status_code == 422
        assert program.post("/lists", data=wrong).status_code == 422
    program.post("/@bob/lists", data={})
    assert members(app, one) == set()
    program.post("/@bob/lists", data={"list": [str(one), "7", "x"]})
    assert members(app, one) == {bob.id}
    browse(bob).post("/posts", data={"source": "First"})
    pill = program.get(f"/timelines/list-{one}/newer?after=1")
    assert "1 new post" in pill.text
    program.post("/@bob/unfollow")
    assert members(app, one) == set()  # whom one follows no longer leaves the lists
    assert program.post(f"/lists/{one}/delete").status_code == 303
    assert program.get(f"/lists/{one}").status_code == 404


def test_a_list_is_its_owners_only(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    follow(app, ann, bob)
    follow(app, eve, bob)
    one = make_list(app, ann, bob)
    make.post(bob, "Only told here")
    assert "Only told here" in browse(ann).get(f"/lists/{one}").text
    outsider = browse(eve)
    assert outsider.get("/timelines/list-7/newer?after=1").text == (
        outsider.get(f"/timelines/list-{one}/newer?after=1").text
    )
    for path in (f"/lists/{one}", f"/lists/{one}/people"):
        assert outsider.get(path).status_code == 404
    for path in ("edit", "delete", "people", "people/remove"):
        sent = outsider.post(f"/lists/{one}/{path}", data={"title": "Mine", "handle": "bob"})
        assert sent.status_code == 404
    outsider.post("/@bob/lists", data={"list": str(one)})
    assert members(app, one) == {bob.id}
    assert "Inner circle" not in outsider.get("/lists").text


def test_there_is_an_end_to_lists(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    for _number in range(MAX_LISTS):
        make_list(app, ann)
    answer = browse(ann).post("/lists", data={"title": "One more"})
    assert answer.status_code == 422
    assert f"{MAX_LISTS} lists" in answer.text


def test_reading_a_list_costs_the_same_however_long_it_is(
    app: Flask, make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann = make.account("ann")
    people = make.accounts(*(f"p{number}" for number in range(8)))
    one = make_list(app, ann, people[0])
    reader = browse(ann)
    make.post(people[0])
    reader.get(f"/lists/{one}")
    statements.clear()
    reader.get(f"/lists/{one}")
    few = len(statements)
    with app.app_context(), unit_of_work():
        for person in people[1:]:
            db.session.add(ListMember(list_id=one, account_id=person.id))
    for person in people:
        make.post(person)
    statements.clear()
    assert reader.get(f"/lists/{one}").text.count("<article") == 9
    assert len(statements) == few
