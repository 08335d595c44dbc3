from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.membership import role_of
from intranet.groups.models import Group, GroupPrivacy, GroupRole, Membership, NotifyLevel
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

PRIVACIES = [
    (GroupPrivacy.OPEN, "Open group"),
    (GroupPrivacy.CLOSED, "Closed group"),
    (GroupPrivacy.SECRET, "Secret group"),
]


def belongs(app: Flask, group: Group, account: Account) -> GroupRole | None:
    with app.app_context():
        return role_of(account, group)


@pytest.mark.parametrize(("privacy", "words"), PRIVACIES)
def test_a_group_is_created_by_form_and_says_who_sees_it(
    make: Factory, browse: Browser, privacy: GroupPrivacy, words: str
) -> None:
    client = browse(make.account("ann"))
    assert client.get("/groups/new").status_code == 200
    answer = client.post(
        "/groups",
        data={"name": "Line <b>4</b>", "purpose": "Trams & tests", "privacy": privacy.value},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert answer.request.path.startswith("/groups/line-b-4-b")
    assert "Line &lt;b&gt;4&lt;/b&gt;" in answer.text
    assert "Trams &amp; tests" in answer.text
    assert words in answer.text


def test_a_refused_form_keeps_what_was_typed(make: Factory, browse: Browser) -> None:
    client = browse(make.account("ann"))
    answer = client.post(
        "/groups", data={"name": " ", "purpose": "Kept words", "privacy": "closed"}
    )
    assert answer.status_code == 422
    assert "Kept words" in answer.text
    assert "The name is empty." in answer.text
    assert 'value="closed" checked' in answer.text
    assert client.post("/groups", data={"name": "x", "privacy": "public"}).status_code == 422


def test_guests_are_offered_no_new_group(make: Factory, browse: Browser) -> None:
    guest = make.account("guy", Role.GUEST)
    assert "/groups/new" not in browse(guest).get("/groups").text
    assert browse(guest).get("/groups/new").status_code == 403
    assert browse(guest).post("/groups", data={"name": "Mine"}).status_code == 403


def test_joining_and_leaving_by_the_page(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann)
    client = browse(bob)
    answer = client.post("/groups/board/join", follow_redirects=True)
    assert "You are now a member of Board." in answer.text
    assert belongs(app, group, bob) is GroupRole.MEMBER
    assert "You have left Board." in client.post("/groups/board/leave", follow_redirects=True).text
    assert belongs(app, group, bob) is None


def test_joining_from_the_directory_swaps_the_card(make: Factory, browse: Browser) -> None:
    group = make.group(owner=make.account("ann"))
    answer = browse(make.account("bob")).post("/groups/board/join", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="group-{group.id}"' in answer.text
    assert "Joined" in answer.text


def test_the_only_owner_is_told_why_it_cannot_leave(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group(owner=ann, members=[bob])
    answer = browse(ann).post("/groups/board/leave")
    assert answer.status_code == 409
    assert "Make another member an owner" in answer.text


def test_an_owner_leaves_to_a_successor(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann, members=[bob])
    assert "Leave the group" in browse(ann).get("/groups/board/members").text
    browse(ann).post("/groups/board/leave", data={"successor": "@bob"})
    assert belongs(app, group, ann) is None
    assert belongs(app, group, bob) is GroupRole.OWNER


def test_a_request_travels_from_form_to_answer(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann)
    page = browse(bob).post(
        "/groups/board/join", data={"message": "I <i>weld</i>"}, follow_redirects=True
    )
    assert "You have asked to join." in page.text
    requests = browse(ann).get("/groups/board/requests").text
    assert "I &lt;i&gt;weld&lt;/i&gt;" in requests
    target = requests.split('action="/groups/board/requests/')[1].split('"')[0]
    browse(ann).post(f"/groups/board/requests/{target}")
    assert belongs(app, group, bob) is GroupRole.MEMBER
    too_long = browse(make.account("cid")).post("/groups/board/join", data={"message": "x" * 501})
    assert too_long.status_code == 422


def test_an_invitation_travels_from_search_to_answer(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, cid = make.accounts("ann", "bob", "cid")
    group = make.group(privacy=GroupPrivacy.SECRET, owner=ann)
    owner = browse(ann)
    assert 'value="bob"' in owner.get("/groups/board/invitations?q=Bob").text
    for handle in ("bob", "@Cid"):
        sent = owner.post(
            "/groups/board/invitations", data={"handle": handle}, follow_redirects=True
        )
        assert "has been invited." in sent.text
    refused = owner.post("/groups/board/invitations", data={"handle": "nobody"})
    assert (refused.status_code, "Nobody here has this handle." in refused.text) == (422, True)
    assert "Ann invites you to this group." in browse(bob).get("/groups/board").text
    browse(bob).post("/groups/board/invitation/accept")
    browse(cid).post("/groups/board/invitation/decline")
    assert belongs(app, group, bob) is GroupRole.MEMBER
    assert browse(cid).get("/groups/board").status_code == 404


def test_an_owner_changes_settings(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    group = make.group(owner=ann)
    client = browse(ann)
    page = client.post(
        "/groups/board/settings",
        data={"name": "Bureau", "purpose": "p", "about": "# Hi", "privacy": "closed"},
        follow_redirects=True,
    )
    assert "Saved." in page.text
    assert "Hi</h" in client.get("/groups/board/about").text
    with app.app_context():
        kept = db.session.get_one(Group, group.id)
        assert (kept.name, kept.slug, kept.privacy) == ("Bureau", "board", GroupPrivacy.CLOSED)
    refused = client.post("/groups/board/settings", data={"name": "", "about": "Typed"})
    assert (refused.status_code, "Typed" in refused.text) == (422, True)


def test_a_group_is_deleted_only_by_typing_its_name(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    make.group(owner=ann)
    client = browse(ann)
    assert client.post("/groups/board/delete", data={"confirm": "board"}).status_code == 422
    gone = client.post("/groups/board/delete", data={"confirm": "Board"}, follow_redirects=True)
    assert "Board is deleted." in gone.text
    assert client.get("/groups/board").status_code == 404


def test_members_choose_what_they_hear_of(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.group(owner=ann)
    client = browse(ann)
    assert (
        "Every post"
        in client.post(
            "/groups/board/notify", data={"level": "everything"}, follow_redirects=True
        ).text
    )
    assert client.post("/groups/board/notify", data={"level": "loud"}).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(Membership.notify_level)) is NotifyLevel.EVERYTHING


def test_looking_changes_nothing_and_reading_is_told_by_post(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    group = make.group(owner=ann)
    with app.app_context(), unit_of_work():
        db.session.get_one(Group, group.id).last_post_id = 7
    client = browse(ann)

    def read() -> int | None:
        with app.app_context():
            return db.session.scalar(select(Membership.last_read_post_id))

    client.get("/groups/board")
    assert read() is None
    client.post("/groups/board/read", data={"up_to": "5"})
    assert read() == 5
    client.post("/groups/board/read", data={"up_to": "99"})
    assert read() == 7
    client.post("/groups/board/read", data={"up_to": "3"})
    assert read() == 7
    assert client.post("/groups/board/read", data={"up_to": "x"}).status_code == 422


def test_roles_are_given_on_the_members_page(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann, members=[bob])
    client = browse(ann)
    assert "/groups/board/members/bob/role" in client.get("/groups/board/members").text
    assert "/role" not in browse(bob).get("/groups/board/members").text
    client.post("/groups/board/members/bob/role", data={"role": "moderator"})
    assert belongs(app, group, bob) is GroupRole.MODERATOR
    assert client.post("/groups/board/members/bob/role", data={"role": "x"}).status_code == 422
    client.post("/groups/board/members/bob/remove")
    assert belongs(app, group, bob) is None
    assert client.post("/groups/board/members/bob/remove").status_code == 404


def test_the_pages_cost_the_same_for_small_and_large_groups(
    make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann = make.account("ann")
    make.group("small", owner=ann)
    make.group("large", owner=ann, members=[make.account(f"m{number}") for number in range(30)])
    client = browse(ann)
    client.get("/groups/small")
    for page in ("", "/members", "/about", "/requests", "/invitations?q=m", "/settings"):
        taken = []
        for slug in ("small", "large"):
            statements.clear()
            assert client.get(f"/groups/{slug}{page}").status_code == 200
            taken.append(len(statements))
        assert taken[0] == taken[1], page


def test_odd_addresses_are_answered_calmly(make: Factory, browse: Browser) -> None:
    client = browse(make.account("ann"))
    make.group(owner=make.account("bob"))
    for path, status in (
        ("/groups?scope=x", 200),
        ("/groups?before=x", 422),
        ("/groups?before=9223372036854775807", 200),
        ("/groups?q=" + "x" * 5000, 200),
        ("/groups?q=%00%25_", 200),
        ("/groups/board/members?before=-1", 422),
        ("/groups/" + "x" * 300, 404),
        ("/groups/%F0%9F%9A%8B", 404),
        ("/groups/%00", 404),
        ("/groups/board%00", 404),
        ("/groups/board/members?q=%00", 200),
    ):
        assert client.get(path).status_code == status, path
    owner = make.account("own")
    make.group("mine", owner=owner)
    for path, form, status in (
        ("requests/" + "9" * 40 + "/approve", {}, 404),
        ("invitations/" + "9" * 40 + "/remove", {}, 404),
        ("members/%00/remove", {}, 404),
        ("leave", {"successor": "\x00"}, 404),
        ("invitations", {"handle": "\x00"}, 422),
    ):
        assert browse(owner).post(f"/groups/mine/{path}", data=form).status_code == status, path


def test_a_member_s_first_page_tells_what_it_showed(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann)
    post = make.post(ann, group=group)
    with app.app_context(), unit_of_work():
        db.session.get_one(Group, group.id).last_post_id = post.id
    telling = f'{{"up_to": "{post.id}"}}'
    client = browse(ann)
    assert telling in client.get("/groups/board").text
    assert telling not in browse(bob).get("/groups/board").text
    client.post("/groups/board/read", data={"up_to": str(post.id)})
    assert telling not in client.get("/groups/board").text
