"""Pages through the door: who makes, runs and sees them."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts import authentication
from intranet.accounts.models import Account, Role
from intranet.accounts.passwords import prepare
from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.notifications.models import NotificationKind
from intranet.pages import queries
from intranet.pages.models import Page, PageRole
from tests.browse import Browser, body
from tests.factories import Factory
from tests.media.pictures import picture
from tests.pages.world import newsroom

FORM = {
    "handle": "works",
    "name": "The <b>Works</b>",
    "tagline": "Trams & tea",
    "about": "**Bold**",
}


@pytest.mark.parametrize("role", [Role.HR, Role.ADMINISTRATOR])
def test_a_page_is_made_by_form_owned_and_followed_by_its_maker(
    make: Factory, browse: Browser, role: Role
) -> None:
    client = browse(make.account("maker", role))
    assert client.get("/pages/new").status_code == 200
    answer = client.post("/pages", data=FORM, follow_redirects=True)
    assert answer.request.path == "/pages/works"
    assert "The &lt;b&gt;Works&lt;/b&gt;" in answer.text
    assert "Trams &amp; tea" in answer.text
    assert 'href="/pages/works/settings"' in answer.text
    assert "<strong>Bold</strong>" in client.get("/pages/works/about").text
    assert re.search(r'aria-pressed="true".*?Following', answer.text, re.S)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MODERATOR, Role.GUEST])
def test_others_make_no_pages(make: Factory, browse: Browser, role: Role) -> None:
    client = browse(make.account("out", role))
    assert client.get("/pages/new").status_code == 403
    assert client.post("/pages", data=FORM).status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"handle": "ann"}, "Somebody has that handle already."),
        ({"handle": "new"}, "That handle is kept for the system."),
        ({"handle": "hr"}, "That handle is kept for the system."),
        ({"name": " "}, "The name is empty."),
        ({"contact_email": "nobody"}, "Give an e-mail address"),
        ({"contact_url": "javascript:alert(1)"}, "Give a web address"),
        ({"contact_url": "https://ann@company.example"}, "Give a web address"),
        ({"category": "empire"}, "Choose one of these."),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    make: Factory, browse: Browser, change: dict[str, str], sentence: str
) -> None:
    make.account("ann")
    answer = browse(make.account("helen", Role.HR)).post("/pages", data=FORM | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Trams &amp; tea" in answer.text


def test_a_page_has_one_address_and_stands_in_no_list_of_people(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    client = room.client("out")
    for path in ("/@newsroom", "/@newsroom/followers", "/@Newsroom/following"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/pages/newsroom")
    assert "Newsroom" not in client.get("/people").text
    found = client.get("/search?q=newsroom").text
    assert 'href="/pages/newsroom"' in found
    assert 'href="/@newsroom"' not in found
    assert "Newsroom" not in client.get("/search?q=newsroom&in=people").text
    group = make.group("board", owner=room.people["out"])
    assert "Newsroom" not in client.get("/groups/board/invitations?q=newsroom").text
    answer = client.post(f"/groups/{group.slug}/invitations", data={"handle": "newsroom"})
    assert answer.status_code == 422
    for act in ("deactivate", "reactivate", "role"):
        path = f"/admin/people/newsroom/{act}"
        assert room.client("adam").post(path, data={"role": "hr"}).status_code == 404
    with app.app_context():
        account = db.session.get_one(Account, room.page.id)
        account.password_hash = prepare("a long enough secret")
        db.session.commit()
        with pytest.raises(Invalid):
            authentication.prove("newsroom", "a long enough secret")


def test_a_guest_meets_no_page_even_beside_its_writers(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse, is_public=True)
    post = room.publish(is_public="1")
    make.group("board", owner=room.people["ed"], members=[room.people["guy"]])
    guest = room.client("guy")
    missing = body(guest.get("/pages/nothing-here"))
    for path in ("/pages", "/pages/newsroom", "/pages/newsroom/about"):
        assert body(guest.get(path)) == missing
    assert body(guest.get("/@newsroom")) == body(guest.get("/@nobody-here"))
    assert guest.post("/pages/newsroom/follow").status_code == 404
    assert guest.get(f"/posts/{post.id}").status_code == 404
    for path in ("/", "/search?q=newsroom", "/search?q=wire", "/mentions?q=news", "/people"):
        text = guest.get(path).text
        assert "Newsroom" not in text
        assert "The wire" not in text
        assert 'href="/pages"' not in text
    assert room.client("out").get(f"/posts/{post.id}").status_code == 200


def test_the_directory_puts_followed_pages_first_and_pages_on(
    app: Flask, make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, owner = make.account("ann"), make.account("owner")
    for number in range(45):
        followed = make.page(f"page-{number:02}", owner=owner, tagline="Trams")
        if number in (44, 7):
            make.follow(ann, followed)
    client = browse(ann)
    statements.clear()
    first = client.get("/pages").text
    cost = len(statements)
    handles = re.findall(r'<h2><a href="/pages/([\w-]+)"', first)
    assert handles[:3] == ["page-07", "page-44", "page-00"]
    assert len(handles) == 40
    onwards = re.search(r'rel="next" href="([^"]+)"', first)
    assert onwards is not None
    more = client.get(onwards[1].replace("&amp;", "&")).text
    rest = re.findall(r'<h2><a href="/pages/([\w-]+)"', more)
    assert handles + rest == [*handles[:2], *(f"page-{n:02}" for n in range(44) if n != 7)]
    assert len(re.findall(r"<h2><a", client.get("/pages?q=page-4").text)) == 5
    assert len(re.findall(r"<h2><a", client.get("/pages?scope=followed").text)) == 2
    statements.clear()
    client.get("/pages?scope=followed")
    assert len(statements) == cost, "the number of pages costs nothing"


def test_following_is_counted_told_to_nobody_and_swapped_in_place(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    answer = room.client("out").post("/pages/newsroom/follow", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert '<b class="num">1</b> follower' in answer.text
    assert room.told("olga") == []
    post = room.publish()
    assert f'id="post-{post.id}"' in room.client("out").get("/").text
    assert f'id="post-{post.id}"' in room.client("ana").get("/timelines/organisation").text
    assert room.send("out", "/unfollow") == 303
    assert f'id="post-{post.id}"' not in room.client("out").get("/").text


def test_only_owners_change_a_page_and_the_warning_says_what_becomes_readable(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    for who in ("ed", "rita", "ana", "out", "adam"):
        assert room.client(who).get("/pages/newsroom/settings").status_code == 403, who
        assert room.send(who, "/settings", name="Mine") == 403, who
        assert room.send(who, "/picture/remove") == 403, who
    owner = room.client("olga")
    assert "Anybody on the internet can then read" in owner.get("/pages/newsroom/settings").text
    assert room.send("olga", "/settings", name="", tagline="Kept line") == 422
    assert room.send("olga", "/settings", name="News desk", is_public="1", tagline="New") == 303
    page = room.all(select(Page))[0]
    assert (page.is_public, page.review_required, page.tagline) == (True, False, "New")
    assert "News desk" in room.client("out").get("/search?q=desk&in=pages").text
    sent = {"picture": (picture(), "logo.jpg")}
    assert owner.post("/pages/newsroom/picture", data=sent).status_code == 303
    assert "/avatars/" in owner.get("/pages/newsroom").text


def test_the_badge_is_the_administrators_and_closing_the_owners(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    for who in ("olga", "ed", "out"):
        assert room.send(who, "/verification") == 403
    assert room.send("adam", "/verification") == 303
    assert "Verified page" in room.client("out").get("/pages").text
    assert room.send("adam", "/verification/remove") == 303
    post = room.publish()
    for who in ("ed", "rita", "ana", "out"):
        assert room.send(who, "/close") == 403
        assert room.send(who, "/reopen") == 403
    assert room.send("olga", "/close") == 303
    assert "This page is closed." in room.client("out").get("/pages/newsroom").text
    assert room.client("out").get(f"/posts/{post.id}").status_code == 200
    assert room.send("ed", "/posts", source="More") == 403
    assert room.send("out", "/follow") == 403
    assert "Newsroom" not in room.client("out").get("/pages").text
    assert "Newsroom" in room.client("ed").get("/pages?scope=mine").text
    assert room.send("adam", "/reopen") == 303
    assert room.send("ed", "/posts", source="More") == 303


def test_editors_are_added_by_handle_told_changed_and_removed(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    for who in ("ed", "rita", "ana", "out"):
        assert room.send(who, "/editors", handle="out", role="owner") == 403, who
        assert room.send(who, "/editors/ed/role", role="owner") == 403, who
        assert room.send(who, "/editors/olga/remove") == 403, who
    assert room.client("out").get("/pages/newsroom/editors").status_code == 403
    assert "Olga" in room.client("ana").get("/pages/newsroom/editors").text
    for handle in ("nobody", "guy", "newsroom", "", "ed"):
        assert room.send("olga", "/editors", handle=handle, role="editor") == 422, handle
    assert room.send("olga", "/editors", handle="out", role="king") == 422
    assert room.send("olga", "/editors", handle="@Out", role="editor") == 303
    assert room.role_of("out") is PageRole.EDITOR
    assert room.told("out") == [(NotificationKind.PAGE_INVITATION, room.page.id)]
    said = room.client("out").get("/notifications").text
    assert "lets you speak for <b>Newsroom</b>" in said
    assert 'href="/pages/newsroom"' in said
    assert room.send("olga", "/editors/out/role", role="analyst") == 303
    assert room.send("olga", "/editors/out/remove") == 303
    assert room.role_of("out") is None
    assert room.told("out") == []
    with app.app_context():
        assert [one.handle for one in queries.writable_by(room.people["ed"])] == ["newsroom"]
        assert queries.writable_by(room.people["ana"]) == ()


def test_the_last_owner_stays_even_when_two_leave_at_once(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    assert room.send("olga", "/editors/olga/remove") == 409
    assert room.send("olga", "/editors/olga/role", role="editor") == 409
    assert room.send("adam", "/editors/rita/role", role="owner") == 303, "no page is orphaned"
    clients = {who: room.client(who) for who in ("olga", "rita")}
    codes = []
    start = threading.Barrier(2)

    def leave(who: str) -> None:
        start.wait()
        path = f"/pages/newsroom/editors/{who}/remove"
        codes.append(clients[who].post(path).status_code)

    threads = [threading.Thread(target=leave, args=(who,)) for who in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]
    assert [room.role_of(who) for who in clients].count(PageRole.OWNER) == 1
