"""The main pages, read by somebody who reads French: no English sentence is left."""

from __future__ import annotations

import re
from html import unescape

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from intranet.accounts.models import Role
from intranet.groups.models import GroupPrivacy
from tests.browse import Browser
from tests.factories import Factory
from tests.house.test_translations import CATALOGUE, PLACEHOLDER, said

PAGES = (
    "/",
    "/timelines/groups",
    "/timelines/organisation",
    "/saved",
    "/@ann",
    "/@bob",
    "/@bob/followers",
    "/groups",
    "/groups?which=all",
    "/groups/new",
    "/groups/board",
    "/groups/board/members",
    "/groups/board/about",
    "/groups/board/events",
    "/events/new",
    "/groups/board/settings",
    "/groups/board/invitations",
    "/groups/board/requests",
    "/groups/closed",
    "/people",
    "/notifications",
    "/search",
    "/search?q=nothing",
    "/settings",
    "/settings/display",
    "/settings/security",
    "/admin/people",
    "/admin/invitations",
    "/nowhere",
)
_UNSEEN = re.compile(r"<(script|style|textarea)\b.*?</\1>", re.S)
_SPOKEN = re.compile(r'\b(?:title|placeholder|aria-label|alt)="([^"]+)"')


def english() -> list[re.Pattern[str]]:
    """Sentences of more than three words; their placeholders stand for anything short."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    found = []
    for message, strings in said(catalogue):
        ids = message.id if message.pluralizable else (message.id,)
        for sentence, french in zip(ids, strings, strict=True):
            if sentence != french and len(PLACEHOLDER.sub("", sentence).split()) > 3:
                parts = (re.escape(part) for part in PLACEHOLDER.split(sentence))
                found.append(re.compile(".{1,80}?".join(parts)))
    return found


def seen(page: str) -> str:
    page = _UNSEEN.sub(" ", page)
    text = re.sub(r"<[^>]+>", " ", page) + " " + " ".join(_SPOKEN.findall(page))
    return re.sub(r"[ \n]+", " ", unescape(text))


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """The application reads what set-up compiled; without it every page would be English."""
    target = CATALOGUE.with_suffix(".mo")
    assert target.is_file(), "run tools/prepare.py: the catalogue is not compiled"
    with CATALOGUE.open("rb") as source, target.open("rb") as file:
        assert len(read_mo(file)) == len(read_po(source)), "the compiled catalogue is old"


def test_no_english_sentence_is_left(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann", Role.ADMINISTRATOR, locale="fr")
    bob = make.account("bob")
    make.follow(ann, bob)
    board = make.group("board", owner=ann, members=[bob])
    make.group("closed", GroupPrivacy.CLOSED, owner=bob)
    first = make.post(bob, "Bonjour", group=board)
    make.post(ann, "Salut", reply_to=first)
    mine = make.post(ann, "Bonjour à toute la maison")
    pages = [*PAGES, *(f"/posts/{mine.id}{end}" for end in ("", "/edit", "/delete", "/history"))]
    sentences = english()
    client = browse(ann)
    left = []
    for path in [*pages, f"/posts/{first.id}"]:
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code < 500
        page = answer.get_data(as_text=True)
        assert '<html lang="fr"' in page, path
        text = seen(page)
        left += [(path, found.pattern) for found in sentences if found.search(text)]
    assert left == []


def test_a_french_browser_signs_in_in_french(app: Flask, browse: Browser) -> None:
    page = browse(None).get("/login", headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    assert '<html lang="fr"' in page.text
    assert "Se connecter" in page.text
    assert [found.pattern for found in english() if found.search(seen(page.text))] == []
