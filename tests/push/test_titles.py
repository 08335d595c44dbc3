"""The sentences on a device."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from intranet.accounts.chips import AccountChip
from intranet.groups.chips import GroupChip
from intranet.groups.models import GroupPrivacy
from intranet.inbox.queries import InboxEntry, InboxLine
from intranet.letters.pushes import title_of
from intranet.letters.reader import reading
from intranet.notifications.models import NotificationKind as Kind

FOR_A_PAGE = (
    Kind.MENTION, Kind.REPLY, Kind.REACTION, Kind.BOOST, Kind.POLL, Kind.PAGE_INVITATION,
    Kind.REVIEW_REQUEST, Kind.REVIEW_ANSWER,
)  # fmt: skip
ONLY_FOR_A_PAGE = (Kind.PAGE_INVITATION, Kind.REVIEW_REQUEST, Kind.REVIEW_ANSWER)


def _chip(name: str) -> AccountChip:
    return AccountChip(1, name.lower(), name, "", False, True, None)


def _entry(kind: Kind, *, page: bool = False, group: GroupChip | None = None) -> InboxEntry:
    line = InboxLine(
        id=1, kind=kind, actors=(_chip("Ann"),), post_id=None, announcement_id=None, excerpt="",
        created_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC), unread=True,
        page=_chip("Canteen") if page else None,
    )  # fmt: skip
    return InboxEntry(1, None, group, (line,))


def _said(app: Flask, entry: InboxEntry) -> str:
    with app.app_context(), reading("en", "Europe/Berlin"):
        return title_of(entry)


def test_each_kind_says_what_happened(app: Flask) -> None:
    for kind in set(Kind) - set(ONLY_FOR_A_PAGE):
        assert "something new" not in _said(app, _entry(kind)), kind


def test_each_kind_of_a_page_says_what_happened_and_names_the_page(app: Flask) -> None:
    for kind in FOR_A_PAGE:
        said = _said(app, _entry(kind, page=True))
        assert "something new" not in said, kind
        assert "Canteen" in said, kind


def test_a_report_names_its_group_if_it_has_one(app: Flask) -> None:
    assert _said(app, _entry(Kind.REPORT)) == "Ann reports something"
    group = GroupChip(1, "board", "Board", GroupPrivacy.CLOSED, 2, 0)
    assert _said(app, _entry(Kind.REPORT, group=group)) == "Ann reports something in Board"
