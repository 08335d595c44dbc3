"""Notifications gathered. https://docs.joinmastodon.org/methods/grouped_notifications/

A page ends before the row that would begin one group too many, so that nothing comes twice and
nothing is passed over; what a group holds further down comes with a later page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from flask import Response

from intranet.accounts.chips import AccountChip
from intranet.inbox import signals
from intranet.inbox.signals import KINDS, Signal, Wanted
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import MAX_LIMIT, Cursor, Page
from intranet.mastodon.answers import answer, linked, moment
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts, accounts_by_id
from intranet.mastodon.entities.notifications import GROUPED, SPAN, group_key, posts_of
from intranet.mastodon.identity import viewer
from intranet.mastodon.notifications import Chosen
from intranet.mastodon.parameters import MaybeText, Paging, Texts, read
from intranet.mastodon.requirements import scope
from intranet.notifications import actions
from intranet.notifications.standard import TYPES
from intranet.unit_of_work import unit_of_work

_SAMPLE = 8
_ROWS = 600  # read for one page: what groups gather beyond it comes with the next one
_MOST_OF_A_GROUP = 1000
_KEY = re.compile(
    r"(?:(?P<type>favourite|reblog)-(?P<post>\d{1,19})|(?P<follow>follow))-(?P<span>\d{1,7})"
    r"|ungrouped-(?P<one>\d{1,19})",
    re.ASCII,
)
Groups = dict[str, list[Signal]]


class Grouped(Chosen):
    """Which notifications, and which types are gathered: all that can be, unless it says so."""

    grouped_types: Texts = ()
    expand_accounts: MaybeText = None

    @property
    def gathered(self) -> Sequence[str]:
        """The types that are gathered."""
        return self.grouped_types or GROUPED


@bp.get("/api/v2/notifications")
@scope("read:notifications")
def list_groups() -> Response:
    """What concerns the caller, gathered, with the accounts and statuses told once."""
    sent = read(Grouped)
    cursor = Cursor(before=sent.max_id, after=sent.since_id, limit=_ROWS)
    page = signals.list_signals(viewer(), sent.wanted(), cursor, above=sent.min_id)
    size = sent.size(40, MAX_LIMIT)
    if sent.min_id is not None:
        page = _upwards(page, sent.gathered, size)
    groups, older = _gather(page, sent.gathered, size)
    newest = page.items[0].id if page.items else None
    partial = sent.expand_accounts == "partial_avatars"
    drawn = _envelope(groups, partial=partial)
    return linked(answer(drawn), older=older, newer=newest)


@bp.get("/api/v2/notifications/unread_count")
@scope("read:notifications")
def count_groups() -> Response:
    """How many groups hold something unread, counted up to `limit`."""
    sent = read(Grouped)
    found = signals.list_signals(viewer(), sent.wanted(unread=True), Cursor(limit=_MOST_OF_A_GROUP))
    keys = {group_key(signal, sent.gathered) for signal in found.items}
    return answer({"count": min(len(keys), sent.counted())})


@bp.get("/api/v2/notifications/<key>")
@scope("read:notifications")
def show_group(key: str) -> Response:
    """One group."""
    return answer(_envelope({key: _group(key)}, paging=False))


@bp.get("/api/v2/notifications/<key>/accounts")
@scope("read:notifications")
def group_accounts(key: str) -> Response:
    """Everybody in the group, the newest first."""
    size = read(Paging).size(40, MAX_LIMIT)
    return answer(accounts(viewer(), _people(_group(key))[:size]))


@bp.post("/api/v2/notifications/<key>/dismiss")
@scope("write:notifications")
def dismiss_group(key: str) -> Response:
    """Remove all of the group."""
    with unit_of_work():
        ids = [signal.id for signal in _group(key)]
        actions.forget_own(viewer(), kinds=KINDS, ids=ids)
    return answer({})


def _gather(page: Page[Signal], gathered: Sequence[str], size: int) -> tuple[Groups, int | None]:
    """The groups, and the id below which the next page begins."""
    groups: Groups = {}
    last: int | None = None
    for signal in page.items:
        key = group_key(signal, gathered)
        if key not in groups and len(groups) == size:
            return groups, last
        groups.setdefault(key, []).append(signal)
        last = signal.id
    return groups, page.next_before


def _upwards(page: Page[Signal], gathered: Sequence[str], size: int) -> Page[Signal]:
    """Of the rows above an id the lowest ones, as many as make a page of groups."""
    keys: set[str] = set()
    kept: list[Signal] = []
    for signal in reversed(page.items):
        key = group_key(signal, gathered)
        if key not in keys and len(keys) == size:
            break
        keys.add(key)
        kept.append(signal)
    kept.reverse()
    return Page(kept, kept[-1].id if kept else None)


def _group(key: str) -> list[Signal]:
    """The notifications under a key, newest first; NotFound when there are none."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise NotFound
    if match["one"]:
        return [signals.get(viewer(), min(int(match["one"]), MAX_ID))]
    type_ = match["type"] or "follow"
    try:
        since = dt.datetime.fromtimestamp(int(match["span"]) * SPAN.total_seconds(), dt.UTC)
    except (ValueError, OverflowError):  # a time that no calendar has
        raise NotFound from None
    wanted = Wanted(
        kinds=[kind for kind in KINDS if TYPES[kind] == type_],
        post_id=min(int(match["post"]), MAX_ID) if match["post"] else None,
        since=since,
        until=since + SPAN,
    )
    found = signals.list_signals(viewer(), wanted, Cursor(limit=_MOST_OF_A_GROUP)).items
    if not found:
        raise NotFound
    return list(found)


def _people(members: Sequence[Signal]) -> list[AccountChip]:
    return list({signal.actor.id: signal.actor for signal in members}.values())


def _envelope(groups: Groups, *, partial: bool = False, paging: bool = True) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/GroupedNotificationsResults/"""
    posts = posts_of(viewer(), (members[0].post_id for members in groups.values()))
    shown = {
        key: members
        for key, members in groups.items()
        if members[0].post_id is None or members[0].post_id in posts
    }
    first: dict[int, AccountChip] = {}
    others: dict[int, AccountChip] = {}
    for members in shown.values():
        people = _people(members)[:_SAMPLE]
        first |= {chip.id: chip for chip in (people[:1] if partial else people)}
        others |= {chip.id: chip for chip in people}
    drawn = accounts_by_id(viewer(), others.values())
    result: dict[str, Any] = {
        "accounts": [drawn[id_] for id_ in first],
        "statuses": list(posts.values()),
        "notification_groups": [
            _entity(key, members, paging=paging) for key, members in shown.items()
        ],
    }
    if partial:
        keys = ("id", "acct", "url", "avatar", "avatar_static", "locked", "bot")
        result["partial_accounts"] = [
            {key: drawn[id_][key] for key in keys} for id_ in others if id_ not in first
        ]
    return result


def _entity(key: str, members: Sequence[Signal], *, paging: bool) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/NotificationGroup/"""
    newest, oldest = members[0], members[-1]
    entity: dict[str, Any] = {
        "group_key": key,
        "notifications_count": len(members),
        "type": TYPES[newest.kind],
        # The one id that is a number in this API: strict apps read it as one.
        "most_recent_notification_id": newest.id,
        "sample_account_ids": [str(chip.id) for chip in _people(members)[:_SAMPLE]],
    }
    if newest.post_id:
        entity["status_id"] = str(newest.post_id)
    if paging:
        entity |= {
            "page_min_id": str(oldest.id),
            "page_max_id": str(newest.id),
            "latest_page_notification_at": moment(newest.created_at),
        }
    return entity
