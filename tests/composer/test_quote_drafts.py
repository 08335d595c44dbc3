"""A quote that is being written is kept like everything else, for its author alone."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.composer.models import Draft
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.pages.models import PageRole
from intranet.posts.models import Post
from tests.browse import Browser
from tests.factories import Factory

HTMX = {"HX-Request": "true"}


def _keep(client: Any, place: str, **form: Any) -> Any:
    sent = {"place": place, "idempotency_key": "one-form", "source": "Look at"} | form
    return client.post("/drafts", data=sent, headers=HTMX)


def _places(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Draft.place)))


def test_a_quote_is_found_again_on_another_device_and_goes_when_it_is_out(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "The new depot")
    laptop, phone = browse(ann), browse(ann)
    place = f"quote:{post.id}"
    assert f'name="place" value="{place}"' in laptop.get(f"/posts/{post.id}/quote").text
    draft_id = _keep(laptop, place, quote_of_id=str(post.id)).json["id"]
    form = phone.get(f"/posts/{post.id}/quote").text
    assert "Look at</textarea>" in form
    assert "The new depot" in form
    assert "Look at</textarea>" not in phone.get("/").text, "the home has a draft of its own"
    listed = phone.get("/drafts").text
    assert "Look at" in listed
    assert "Quotes another post" in listed
    shown = phone.get(f"/drafts/{draft_id}").text
    assert f'name="quote_of_id" value="{post.id}"' in shown
    assert "Look at</textarea>" in shown
    assert browse(bob).get(f"/drafts/{draft_id}").status_code == 404
    sent = {
        "source": "Look at this", "quote_of_id": str(post.id), "place": place,
        "draft_id": draft_id, "draft_version": "1", "idempotency_key": "one-form",
    }  # fmt: skip
    assert phone.post("/posts", data=sent).status_code == 303
    assert _places(app) == []
    with app.app_context():
        newest = db.session.scalars(select(Post).order_by(Post.id.desc())).first()
        assert newest is not None
        assert newest.quote_of_id == post.id


def test_it_is_thrown_away_from_its_list(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    post = make.post(ann, "The new depot")
    draft_id = _keep(browse(ann), f"quote:{post.id}").json["id"]
    assert browse(ann).post(f"/drafts/{draft_id}/delete").status_code == 303
    assert "Look at" not in browse(ann).get(f"/posts/{post.id}/quote").text


def test_no_draft_tells_of_a_post_that_is_not_for_its_author(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, out = make.accounts("ann", "out")
    board = make.group("board", owner=ann, privacy=GroupPrivacy.SECRET)
    secret = make.post(ann, "The plan", group=board)
    assert browse(out).get(f"/posts/{secret.id}").status_code == 404, "out is an outsider"
    assert _keep(browse(ann), f"quote:{secret.id}", audience="group:board").status_code == 200
    assert _keep(browse(out), f"quote:{secret.id}").status_code == 404
    sent = {"place": f"quote:{secret.id}", "source": "What", "quote_of_id": str(secret.id)}
    assert browse(out).post("/posts/reach", data=sent).status_code == 404
    assert browse(out).get(f"/posts/{secret.id}/quote").status_code == 404
    for wrong in ("quote:", "quote:x", "quote:1:2:3", f"quote:{'9' * 20}"):
        assert _keep(browse(ann), wrong).status_code == 422, wrong


def test_a_quoted_post_that_went_leaves_the_text(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "The new depot")
    draft_id = _keep(browse(ann), f"quote:{post.id}").json["id"]
    assert browse(bob).post(f"/posts/{post.id}/delete").status_code == 303
    shown = browse(ann).get(f"/drafts/{draft_id}")
    assert shown.status_code == 200
    assert "Look at</textarea>" in shown.text
    assert "no longer there" in shown.text
    assert "quote_of_id" not in shown.text


def test_a_page_quotes_in_its_own_name(app: Flask, make: Factory, browse: Browser) -> None:
    olga, ed, bob = make.accounts("olga", "ed", "bob")
    page = make.page(owner=olga, editors={PageRole.EDITOR: [ed]})
    post = make.post(bob, "The new depot")
    offer = f"/pages/newsroom/quote/{post.id}"
    assert offer in browse(ed).get(f"/posts/{post.id}/quote").text
    assert offer not in browse(bob).get(f"/posts/{post.id}/quote").text
    assert browse(bob).get(offer).status_code == 403
    form = browse(ed).get(offer).text
    place = f"quote:{post.id}:{page.id}"
    assert f'name="place" value="{place}"' in form
    assert 'action="/pages/newsroom/posts"' in form
    assert _keep(browse(bob), place).status_code == 403
    draft_id = _keep(browse(ed), place).json["id"]
    assert "Look at</textarea>" in browse(ed).get(offer).text
    assert "Look at</textarea>" not in browse(ed).get(f"/posts/{post.id}/quote").text
    assert "In the name of a page" in browse(ed).get("/drafts").text
    assert 'action="/pages/newsroom/posts"' in browse(ed).get(f"/drafts/{draft_id}").text
    reach = {"place": place, "source": "Look", "quote_of_id": str(post.id)}
    assert browse(ed).post("/posts/reach", data=reach).status_code == 200
    sent = {
        "source": "Look at this", "quote_of_id": str(post.id), "place": place,
        "draft_id": draft_id, "draft_version": "1", "idempotency_key": "one-form",
    }  # fmt: skip
    assert browse(ed).post("/pages/newsroom/posts", data=sent).status_code == 303
    assert _places(app) == []
    with app.app_context():
        said = db.session.scalars(select(Post).where(Post.author_id == page.id)).one()
        assert said.quote_of_id == post.id
