"""Announcements over the stream of whom they are for."""

from __future__ import annotations

from intranet.accounts.models import Role
from tests.announcements.conftest import room  # noqa: F401  (a fixture)
from tests.announcements.newsroom import Newsroom
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.mastodon.streaming.conftest import Listen


def test_an_announcement_is_told_to_those_it_was_sent_to(
    make: Factory,
    room: Newsroom,  # noqa: F811
    call: Call,
    listen: Listen,
) -> None:
    guest = make.account("late", Role.GUEST)
    reads, outside = listen(room.ann, "user"), listen(guest, "user")
    id_ = room.published()
    assert call(guest).get("/api/v1/announcements") == []
    heard = [payload for event, payload in reads.heard() if event == "announcement"]
    assert heard == call(room.ann).get("/api/v1/announcements")
    room.post(room.hr, id_, "withdrawal")
    assert ("announcement.delete", id_) in reads.heard()
    assert outside.heard() == []
