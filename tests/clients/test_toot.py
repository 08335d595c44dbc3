"""toot, the command line, typed as its users type it. The first command, the login, is a process
from its beginning; the others find toot loaded (warm_toot.py)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.clients.site import Site

_PATIENCE = 60
_WARM = Path(__file__).with_name("warm_toot.py")


class Shell:
    """A person at the keyboard, with settings of her own."""

    def __init__(self, site: Site, home: Path, handle: str) -> None:
        self._command = [sys.executable, "-m", "toot"]
        self._environment = os.environ | {
            "XDG_CONFIG_HOME": str(home / handle),
            "TOOT_VISIBILITY": "public",
            "EDITOR": "true",
        }
        (home / handle).mkdir()
        login = subprocess.Popen(
            [*self._command, "login", "--instance", site.base],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert login.stdin is not None
        assert login.stdout is not None
        address = ""
        while not address.startswith("http"):
            address = login.stdout.readline().strip()
        said, _ = login.communicate(f"n\n{site.allow(address, handle)}\n", timeout=_PATIENCE)
        assert "Successfully logged in" in said
        self._toot = subprocess.Popen(
            [sys.executable, str(_WARM)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def type(self, *words: str) -> str:
        assert self._toot.stdin is not None
        assert self._toot.stdout is not None
        self._toot.stdin.write(json.dumps(["--no-color", *words]) + "\n")
        self._toot.stdin.flush()
        done = json.loads(self._toot.stdout.readline())
        assert done["code"] == 0, (words, done)
        return str(done["out"])

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_error: object) -> None:
        self._toot.communicate(timeout=_PATIENCE)

    def read(self, *words: str) -> Any:
        return json.loads(self.type(*words, "--json"))

    def post(self, *words: str) -> dict[str, Any]:
        found = self.read("post", *words)
        assert isinstance(found, dict)
        return found


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "wing.png"
    Image.new("RGB", (640, 360), "teal").save(path)
    return str(path)


def test_the_command_line_does_everything(site: Site, tmp_path: Path, picture: str) -> None:
    with Shell(site, tmp_path, "ann") as ann, Shell(site, tmp_path, "ben") as ben:
        _do_everything(site, ann, ben, picture)


def _do_everything(site: Site, ann: Shell, ben: Shell, picture: str) -> None:
    assert "@ann" in ann.type("whoami")
    assert site.base.removeprefix("http://") in ann.type("instance")
    first = _reads_and_writes(ann, ben)
    _marks(ann, ben, first)
    _sends_and_asks(ann, ben, picture)
    _chooses_people(ann, ben)
    _is_told(ann, ben)


def _reads_and_writes(ann: Shell, ben: Shell) -> str:
    first = str(ann.post("The wing is ready, @ben #wing")["id"])
    reply = ben.post("Which one?", "--reply-to", first)
    assert reply["in_reply_to_id"] == first
    assert "Which one?" in ann.type("thread", first)
    for timeline in (["home"], ["public", "--local"], ["tag", "wing"], ["account", "ann"]):
        shown = ben.type("timelines", *timeline, "--limit", "5")
        assert "The wing is ready" in shown, timeline
    assert "The wing is ready" in ben.type("status", first)
    warned = ann.post("Who wins", "--spoiler-text", "About the match", "--sensitive")
    assert (warned["spoiler_text"], warned["sensitive"]) == ("About the match", True)
    later = ann.read("post", "Good morning", "--scheduled-in", "2h")
    assert later["scheduled_at"]
    gone = str(ann.post("A slip")["id"])
    ann.type("delete", gone)
    return first


def _marks(ann: Shell, ben: Shell, first: str) -> None:
    for command in ("favourite", "reblog", "bookmark"):
        ben.type(command, first)
    assert "The wing is ready" in ben.type("bookmarks")
    assert "ben" in ann.type("reblogged-by", first)
    for command in ("unfavourite", "unreblog", "unbookmark"):
        ben.type(command, first)
    assert "pinned" in ann.type("pin", first)
    assert "unpinned" in ann.type("unpin", first)
    ben.type("favourite", first)
    found = ben.read("search", "wing is ready")
    assert [status["id"] for status in found["statuses"]] == [first]


def _sends_and_asks(ann: Shell, ben: Shell, picture: str) -> None:
    sent = ann.post("Seen from below", "--media", picture, "--description", "A teal wing")
    assert sent["media_attachments"][0]["description"] == "A teal wing"
    asked = ann.post("Which first?", "--poll-option", "Left", "--poll-option", "Right")
    poll = asked["poll"]["id"]
    ben.type("polls", "vote", poll, "1")
    assert re.search(r"Right", ben.type("polls", "show", poll))


def _chooses_people(ann: Shell, ben: Shell) -> None:
    assert "@ben" in ann.type("following")
    assert "ann" in ann.type("whois", "ann")
    for command in ("mute", "unmute", "block", "unblock", "follow"):
        ann.type(command, "ben")
    ben.type("follow", "ann")
    ann.type("lists", "create", "Wing people")
    ann.type("lists", "add", "Wing people", "ben")
    assert "ben" in ann.type("lists", "accounts", "Wing people")
    ann.type("lists", "remove", "Wing people", "ben")
    ann.type("lists", "delete", "Wing people")
    assert "Makers" in ann.type("lists", "list")
    ann.type("tags", "follow", "wing")
    assert "wing" in ann.type("tags", "followed")
    ann.type("tags", "unfollow", "wing")
    ann.type("update-account", "--display-name", "Ann Arbor", "--note", "Wings since 2011")
    assert "Wings since 2011" in ben.type("whois", "ann")


def _is_told(ann: Shell, ben: Shell) -> None:
    end = time.monotonic() + _PATIENCE
    while "ben" not in (told := ann.type("notifications")):
        assert time.monotonic() < end, told
    ann.type("notifications", "--clear")
    assert "ben" not in ann.type("notifications")
