"""Own posts at the top of a profile, through the page."""

from __future__ import annotations

from flask import Flask

from intranet.groups.models import GroupPrivacy
from intranet.posts.models import ProfilePin, Visibility
from tests.browse import Browser
from tests.factories import Factory
from tests.web.test_posts_marks import count


def test_five_of_one_s_own_stand_at_the_top(browse: Browser, make: Factory, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    posts = [make.post(ann, f"Post {number}") for number in range(6)]
    hers = browse(ann)
    assert "Pin to your profile" in hers.get("/@ann").text
    sent = [hers.post(f"/posts/{post.id}/profile-pin").status_code for post in posts]
    assert sent == [303] * 5 + [422]
    assert hers.post(f"/posts/{posts[0].id}/profile-pin").status_code == 303
    assert count(app, ProfilePin) == 5
    page = browse(bob).get("/@ann").text
    assert page.count("Pinned to the profile") == 5
    order = [page.index(f'id="post-{posts[number].id}"') for number in (4, 3, 2, 1, 0, 5)]
    assert order == sorted(order)
    assert page.count(f'id="post-{posts[0].id}"') == 1
    assert "Pin to your profile" not in page
    assert "Pinned to the profile" not in browse(bob).get("/").text
    assert hers.post(f"/posts/{posts[0].id}/profile-pin/remove").status_code == 303
    assert hers.post(f"/posts/{posts[5].id}/profile-pin").status_code == 303


def test_only_what_is_one_s_own_and_no_message(browse: Browser, make: Factory, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann, "Mine")
    message = make.post(ann, "Between us", visibility=Visibility.DIRECT)
    assert browse(bob).get(f"/posts/{post.id}").status_code == 200
    for path in ("profile-pin", "profile-pin/remove"):
        assert browse(bob).post(f"/posts/{post.id}/{path}").status_code == 422
        assert browse(ann).post(f"/posts/{message.id}/{path}").status_code in (404, 422)
    assert count(app, ProfilePin) == 0


def test_who_may_not_read_a_pinned_post_finds_none(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cat = make.accounts("ann", "bob", "cat")
    group = make.group("vault", owner=ann, members=[bob], privacy=GroupPrivacy.SECRET)
    post = make.post(ann, "Of the vault", group=group)
    assert browse(ann).post(f"/posts/{post.id}/profile-pin").status_code == 303
    assert browse(ann).post(f"/posts/{post.id}/pin").status_code == 303
    assert "Pinned to the profile" in browse(bob).get("/@ann").text
    assert browse(cat).get(f"/posts/{post.id}").status_code == 404
    assert "vault" not in browse(cat).get("/@ann").text
    assert browse(ann).post(f"/posts/{post.id}/delete").status_code == 303
    assert count(app, ProfilePin) == 0
