"""Kept cards: never stale, never another reader's, and with this request's own token."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from intranet.settings import Settings
from tests.browse import Browser
from tests.factories import Factory


def pressed(page: str, label: str) -> list[str]:
    return re.findall(rf'id="{label}-\d+"[^>]*aria-pressed="(\w+)"', page)


def test_two_readers_see_their_own_marks_on_the_same_post(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann, "Shared")
    reader, other = browse(bob), browse(ann)
    for client in (reader, other):
        assert pressed(client.get(f"/posts/{post.id}").text, "save") == ["false"]
    reader.post(f"/posts/{post.id}/bookmark")
    assert pressed(reader.get(f"/posts/{post.id}").text, "save") == ["true"]
    assert pressed(other.get(f"/posts/{post.id}").text, "save") == ["false"]
    assert f'href="/posts/{post.id}/edit"' in other.get(f"/posts/{post.id}").text
    assert f'href="/posts/{post.id}/edit"' not in reader.get(f"/posts/{post.id}").text


def test_an_edit_and_a_language_are_drawn_at_once(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    bob = make.account("bob", locale="fr")
    post = make.post(ann, "Before")
    assert "Before" in browse(bob).get(f"/posts/{post.id}").text
    browse(ann).post(f"/posts/{post.id}/edit", data={"source": "Afterwards"})
    french, english = (browse(who).get(f"/posts/{post.id}").text for who in (bob, ann))
    assert "Before" not in french
    assert "Afterwards" in french
    assert "Copier le lien" in french
    assert "Copy the link" in english


@pytest.mark.parametrize("path", ["/posts/{id}", "/timelines/organisation"])
def test_a_kept_card_carries_the_token_and_the_way_back_of_its_own_request(
    app: Flask, settings: Settings, make: Factory, browse: Browser, path: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann, "Token")
    for who in (ann, bob, ann):
        client = browse(who)
        page = client.get(path.format(id=post.id)).text
        tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
        assert len(tokens) == 1
        assert f'name="next" value="{path.format(id=post.id)}' in page
        done = client.post(f"/posts/{post.id}/bookmark", data={"csrf_token": tokens.pop()})
        assert done.status_code == 303
