"""Timelines: home, the organisation, a hashtag, somebody's posts; lists are in `people_lists`.

https://docs.joinmastodon.org/methods/timelines/
"""

from __future__ import annotations

from flask import Response

from intranet.accounts import queries as accounts
from intranet.kernel.pagination import Cursor, Page
from intranet.kernel.text import canonical_hashtag
from intranet.mastodon import groups as group_accounts
from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.statuses import statuses
from intranet.mastodon.identity import viewer
from intranet.mastodon.lists import page_of_statuses
from intranet.mastodon.parameters import Flag, MaybeText, Paging, read
from intranet.mastodon.requirements import scope
from intranet.posts import pins
from intranet.posts.authors import Choice, ids_by, ids_in
from intranet.posts.profile_pins import pinned_on_profile
from intranet.posts.queries import cards
from intranet.timelines.queries import Kind, Timeline, entry_ids


class Public(Paging):
    """The organisation's timeline. Everything is local here, nothing remote."""

    remote: Flag = False
    local: Flag = False


class AccountStatuses(Paging):
    """Which of somebody's posts."""

    pinned: Flag = False
    only_media: Flag = False
    tagged: MaybeText = None
    exclude_replies: Flag = False
    exclude_reblogs: Flag = False


def _timeline(timeline: Timeline, paging: Paging) -> Response:
    def ids(cursor: Cursor) -> Page[int]:
        return entry_ids(viewer(), timeline, cursor)

    return page_of_statuses(ids, paging)


@bp.get("/api/v1/timelines/home")
@scope("read:statuses")
def home_timeline() -> Response:
    """What the people and groups that the caller chose have posted."""
    return _timeline(Timeline(Kind.HOME), read(Paging))


@bp.get("/api/v1/timelines/public")
@scope("read:statuses")
def public_timeline() -> Response:
    """What is for the whole organisation; nothing for a guest, and nothing that is `remote`."""
    sent = read(Public)
    if sent.remote:
        return answer([])
    return _timeline(Timeline(Kind.ORGANISATION), sent)


@bp.get("/api/v1/timelines/tag/<name>")
@scope("read:statuses")
def tag_timeline(name: str) -> Response:
    """The posts and replies with a hashtag, in any spelling of case."""
    canonical = canonical_hashtag(name.removeprefix("#"))
    return _timeline(Timeline(Kind.TAG, canonical), read(Paging))


@bp.get("/api/v1/accounts/<int:account_id>/statuses")
@scope("read:statuses")
def account_statuses(account_id: int) -> Response:
    """What somebody posted and boosted, or what stands in a group, as far as the caller may read
    it."""
    sent = read(AccountStatuses)
    group = group_accounts.find(account_id)
    if group is None:
        accounts.get_visible_by_id(viewer(), account_id)
    elif not group.may_read:
        return answer([])
    if sent.pinned:
        return answer(statuses(viewer(), cards(viewer(), _pinned(account_id), latest=False)))
    choice = Choice(
        replies=not sent.exclude_replies and group is None,
        boosts=not sent.exclude_reblogs and group is None,
        only_media=bool(sent.only_media),
        hashtag=canonical_hashtag(sent.tagged.removeprefix("#")) if sent.tagged else None,
    )

    def ids(cursor: Cursor) -> Page[int]:
        find = ids_by if group is None else ids_in
        return find(viewer(), account_id, choice, cursor)

    return page_of_statuses(ids, sent)


def _pinned(account_id: int) -> list[int]:
    """What the person, the page or the group of this number holds at the top."""
    group = group_accounts.find(account_id)
    if group is not None:
        return pins.pinned_ids(account_id)
    if accounts.get_visible_by_id(viewer(), account_id).is_page:
        return pins.pinned_on_page(account_id)
    return pinned_on_profile(account_id)
