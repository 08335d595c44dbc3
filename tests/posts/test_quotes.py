"""Quotes: for whom, what is shown of them, what follows from edits and deletion."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import event, select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts import queries
from intranet.posts.models import Post, Visibility
from intranet.posts.queries import thread_cards
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Caller
from tests.mastodon.tokens import token_of


def _quote(client: Any, post: Post | int, **form: Any) -> Any:
    number = post if isinstance(post, int) else post.id
    return client.post("/posts", data={"source": "See this", "quote_of_id": str(number)} | form)


def _number(sent: Any) -> int:
    assert sent.status_code == 303, sent.text
    return int(sent.headers["Location"].rsplit("/", 1)[1])


def _told(app: Flask, account: Account) -> list[NotificationKind]:
    with app.app_context():
        own = Notification.recipient_id == account.id
        return list(db.session.scalars(select(Notification.kind).where(own)))


def _post(app: Flask, number: int) -> Post:
    with app.app_context():
        return db.session.get_one(Post, number)


def test_a_quote_shows_the_post_tells_its_author_and_is_counted(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    post = make.post(ann, "The new depot opens")
    form = browse(bob).get(f"/posts/{post.id}/quote").text
    assert f'name="quote_of_id" value="{post.id}"' in form
    assert "The new depot opens" in form
    number = _number(_quote(browse(bob), post))
    page = browse(cam).get(f"/posts/{number}").text
    assert page.index("See this") < page.index("The new depot opens")
    assert _post(app, post.id).quotes_count == 1
    assert _told(app, ann) == [NotificationKind.QUOTE]
    assert "quoted your post" in browse(ann).get("/notifications").text
    assert "1 quote" in browse(cam).get(f"/posts/{post.id}").text
    assert "See this" in browse(cam).get(f"/posts/{post.id}/quotes").text
    # Whoever is named hears that, and not twice.
    _number(_quote(browse(bob), post, source="Look @ann"))
    assert _told(app, ann) == [NotificationKind.QUOTE, NotificationKind.MENTION]
    browse(ann).post(f"/posts/{post.id}/edit", data={"source": "It opens in May"})
    assert "It opens in May" in browse(cam).get(f"/posts/{number}").text
    assert browse(bob).post(f"/posts/{number}/delete").status_code == 303
    assert _post(app, post.id).quotes_count == 1
    assert _told(app, ann) == [NotificationKind.MENTION]


def test_what_is_quoted_or_linked_stays_until_that_is_written(
    make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    quoted, linked = make.post(ann, "One"), make.post(ann, "Two")
    client = browse(ann)
    held: list[str] = []

    def note(state: Any) -> None:
        if getattr(state.statement, "_for_update_arg", None) is not None:
            asked = state.statement.compile().params | (state.parameters or {})
            held.extend(map(str, asked.values()))

    event.listen(db.session, "do_orm_execute", note)
    try:
        text = f"See http://127.0.0.1:8000/posts/{linked.id}"
        sent = {"source": text, "quote_of_id": str(quoted.id), "preview": "1"}
        assert client.post("/posts/form", data=sent).status_code == 200
        assert str(quoted.id) not in held
        _number(_quote(client, quoted, source=text))
    finally:
        event.remove(db.session, "do_orm_execute", note)
    assert {str(quoted.id), str(linked.id)} <= set(held)


def test_a_group_is_quoted_only_inside_it(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob, dan = make.accounts("ann", "bob", "dan")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    make.group("other", GroupPrivacy.CLOSED, owner=bob, members=[ann, dan])
    post = make.post(ann, "Between us", group=board)
    assert browse(dan).get(f"/posts/{post.id}").status_code == 404  # an outsider
    assert browse(dan).get(f"/posts/{post.id}/quote").status_code == 404
    assert _quote(browse(dan), post).status_code == 404
    form = browse(bob).get(f"/posts/{post.id}/quote").text
    assert 'name="audience" value="group:board"' in form
    assert "group:other" not in form
    for audience in ("organisation", "followers", "group:other"):
        refused = _quote(browse(bob), post, audience=audience)
        assert refused.status_code == 422
        assert "quoted only inside it" in refused.text
    direct = browse(bob).post(
        "/conversations?to=dan", data={"source": "See this", "quote_of_id": str(post.id)}
    )
    assert direct.status_code == 422
    assert "Not everybody whom this is for" in direct.text
    with app.app_context():
        assert len(db.session.scalars(select(Post.id)).all()) == 1
    number = _number(_quote(browse(bob), post, audience="group:board"))
    assert "Between us" in browse(ann).get(f"/posts/{number}").text
    assert browse(dan).get(f"/posts/{number}").status_code == 404


def test_what_all_colleagues_read_is_not_quoted_to_guests(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    gus = make.account("gus", Role.GUEST)
    make.group("partners", GroupPrivacy.CLOSED, owner=ann, members=[gus])
    make.group("team", GroupPrivacy.CLOSED, owner=ann)
    open_group = make.group("canteen", GroupPrivacy.OPEN, owner=make.account("bob"))
    for post in (make.post(ann, "For staff"), make.post(ann, "Soup today", group=open_group)):
        assert browse(gus).get(f"/posts/{post.id}").status_code == 404
        refused = _quote(browse(ann), post, audience="group:partners")
        assert refused.status_code == 422
        assert "There are guests in this group" in refused.text
        for audience in ("group:team", "organisation", "followers"):
            _number(_quote(browse(ann), post, audience=audience))


def test_a_post_for_followers_is_quoted_by_its_author_for_them(
    make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(bob, ann)
    post = make.post(ann, "For you", visibility=Visibility.FOLLOWERS)
    for audience in ("organisation", "followers"):
        assert _quote(browse(bob), post, audience=audience).status_code == 422
    assert browse(bob).get(f"/posts/{post.id}/quote").status_code == 403
    assert _quote(browse(ann), post, audience="organisation").status_code == 422
    number = _number(_quote(browse(ann), post, audience="followers"))
    assert "For you" in browse(bob).get(f"/posts/{number}").text


def test_who_may_no_longer_read_it_does_not_see_it_in_the_quote(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob, cam, mod = make.accounts("ann", "bob", "cam", "mod")
    group = make.group("canteen", GroupPrivacy.OPEN, owner=bob, members=[mod])
    post = make.post(bob, "Soup today", group=group)
    number = _number(_quote(browse(ann), post))
    assert "Soup today" in browse(cam).get(f"/posts/{number}").text
    browse(cam).post("/@bob/block")
    page = browse(cam).get(f"/posts/{number}").text
    assert "Soup today" not in page
    assert "This post is not available." in page
    with app.app_context():
        db.session.get_one(type(group), group.id).privacy = GroupPrivacy.CLOSED
        db.session.commit()
    assert browse(ann).get(f"/posts/{post.id}").status_code == 404
    for path in (f"/posts/{number}", "/timelines/organisation"):
        page = browse(ann).get(path).text
        assert "See this" in page
        assert "Soup today" not in page
    assert "Soup today" in browse(mod).get(f"/posts/{number}").text
    for viewer, state in ((ann, "unauthorized"), (mod, "accepted")):
        program = Caller(app.test_client(), token_of(app, viewer))
        quote = program.get(f"/api/v1/statuses/{number}")["quote"]
        assert quote["state"] == state
        assert (quote["quoted_status"] is None) is (viewer is ann)


def test_a_deleted_post_is_not_available_in_its_quotes(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    for has_reply in (False, True):
        post = make.post(ann, "Oops")
        if has_reply:
            make.post(bob, "Really?", reply_to=post)
        number = _number(_quote(browse(bob), post))
        assert browse(ann).post(f"/posts/{post.id}/delete").status_code == 303
        page = browse(bob).get(f"/posts/{number}").text
        assert "Oops" not in page
        assert "This post is not available." in page
        program = Caller(app.test_client(), token_of(app, bob))
        assert program.get(f"/api/v1/statuses/{number}")["quote"] == {
            "state": "deleted", "quoted_status": None
        }  # fmt: skip


def test_programs_quote_and_see_quotes_of_quotes(make: Factory, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = (Caller(app.test_client(), token_of(app, one)) for one in (ann, bob))
    first = hers.post("/api/v1/statuses", status="One")
    second = his.post("/api/v1/statuses", status="Two", quoted_status_id=first["id"])
    third = hers.post("/api/v1/statuses", status="Three", quoted_status_id=second["id"])
    assert first["quote"] is None
    assert second["quote"]["state"] == "accepted"
    assert second["quote"]["quoted_status"]["content"] == "<p>One</p>"
    inner = third["quote"]["quoted_status"]
    assert inner["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}
    assert his.get(f"/api/v1/statuses/{first['id']}")["quotes_count"] == 1
    missing = his.open("POST", "/api/v1/statuses", data={"status": "x", "quoted_status_id": "42"})
    assert missing.status_code == 404


def test_many_quotes_cost_what_one_costs(make: Factory, app: Flask, statements: list[str]) -> None:
    ann, bob = make.accounts("ann", "bob")
    root = make.post(ann, "The thread")
    ids, replies = [], []
    for number in range(12):
        post = make.post(ann, f"Post {number}")
        values = {"is_quote": True, "quote_of_id": post.id}
        ids.append(make.post(bob, "Look", **values).id)
        replies.append(make.post(bob, "Look", reply_to=root, **values).id)
    costs = []
    for wanted, below in ((ids[:1], replies[:1]), (ids, replies)):
        with app.app_context():
            viewer = db.session.get_one(Account, bob.id)
            statements.clear()
            drawn = queries.cards(viewer, wanted)
            drawn += thread_cards(viewer, below).values()
            costs.append(len(statements))
        assert all(card.quoted and card.quoted.source.startswith("Post") for card in drawn)
    assert costs[0] == costs[1]


def test_a_filter_meets_what_is_quoted(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    number = _number(_quote(browse(bob), make.post(ann, "The zeppelin flies")))
    assert "Filtered:" not in browse(cam).get("/timelines/organisation").text
    program = Caller(app.test_client(), token_of(app, cam))
    program.post(
        "/api/v2/filters",
        **{"title": "Airships", "context[]": ["home", "public"], "filter_action": "warn",
           "keywords_attributes[0][keyword]": "zeppelin"},
    )  # fmt: skip
    found = program.get(f"/api/v1/statuses/{number}")["filtered"]
    assert [one["keyword_matches"] for one in found] == [["zeppelin"]]
