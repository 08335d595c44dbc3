"""Search for people, posts and hashtags. https://docs.joinmastodon.org/methods/search/"""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from pydantic import BeforeValidator, Field

from intranet.accounts import directory, queries
from intranet.accounts.chips import chip_of
from intranet.accounts.directory import PeopleFilter
from intranet.accounts.models import Account
from intranet.groups.directory import directory as directory_of_groups
from intranet.groups.standing import standing_by_slug, standings
from intranet.kernel.errors import DomainError, Invalid
from intranet.kernel.pagination import Cursor
from intranet.mastodon.accounts import handle_of
from intranet.mastodon.answers import answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts
from intranet.mastodon.entities.groups import group_accounts
from intranet.mastodon.entities.statuses import statuses
from intranet.mastodon.entities.tags import tags as entities_of_tags
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, MaybeId, MaybeText, Paging, read
from intranet.mastodon.requirements import scope
from intranet.posts.queries import cards
from intranet.search import queries as search
from intranet.search import tags
from intranet.search.resolving import resolve

_KINDS = ("accounts", "statuses", "hashtags")


def offset_of(value: Any) -> Any:
    """An offset that was sent empty is none."""
    return 0 if value in (None, "") else value


class Wanted(Paging):
    """What to look for; `type` limits which of the three arrays are filled."""

    q: str = ""
    type: MaybeText = None
    resolve: Flag = None
    following: Flag = None
    account_id: MaybeId = None
    offset: Annotated[int, BeforeValidator(offset_of), Field(ge=0, le=10_000)] = 0


@bp.get("/api/v2/search")
@scope("read:search")
def search_everything() -> Response:
    """People, posts and hashtags that the caller may find. The first page of each; further posts
    come with max_id."""
    sent = read(Wanted)
    query = sent.q.strip()[:200]
    found: dict[str, Any] = {kind: [] for kind in _KINDS}
    kinds = [kind for kind in _KINDS if sent.type in (None, kind)]
    if not query or (sent.offset and sent.type is None):
        return answer(found)
    size = sent.size()
    if "accounts" in kinds:
        found["accounts"] = _accounts(query, sent.offset, size)
    if "statuses" in kinds:
        found["statuses"] = _posts(query, sent, size)
    if "hashtags" in kinds:
        names = tags.beginning_with(viewer(), query.removeprefix("#"), size, sent.offset)
        found["hashtags"] = entities_of_tags(viewer(), names)
    return answer(found)


@bp.get("/api/v1/accounts/search")
@scope("read:accounts")
def search_accounts() -> Response:
    """People by name, handle, title or skill, then groups by name or purpose."""
    sent = read(Wanted)
    return answer(_accounts(sent.q.strip()[:200], sent.offset, sent.size(40, 80)))


def _accounts(query: str, offset: int, size: int) -> list[dict[str, Any]]:
    found = _people(query, offset, size)
    if query and not offset and len(found) < size:
        found += _groups(query, size - len(found))
    return found


def _people(query: str, offset: int, size: int) -> list[dict[str, Any]]:
    if not query or offset:
        return []  # the directory is read by name, not by number: its first page is what apps show
    me: Account = viewer()
    page = directory.list_people(me, PeopleFilter(q=query.removeprefix("@")), limit=size)
    chips = [entry.chip for entry in page.people]
    try:
        exact = chip_of(queries.get_visible(me, handle_of(query)))
    except DomainError:
        return accounts(me, chips)
    rest = [chip for chip in chips if chip.id != exact.id]
    return accounts(me, [exact, *rest][:size])


def _groups(query: str, size: int) -> list[dict[str, Any]]:
    """Groups among the accounts found: after the people."""
    me: Account = viewer()
    page = directory_of_groups(me, query.removeprefix("@"), cursor=Cursor(limit=size))
    ids = [entry.id for entry in page.items]
    try:
        exact = standing_by_slug(me, handle_of(query)).chip.id
    except DomainError:
        return group_accounts(me, standings(me, ids))
    rest = [id_ for id_ in ids if id_ != exact]
    return group_accounts(me, standings(me, [exact, *rest][:size]))


def _posts(query: str, sent: Wanted, size: int) -> list[dict[str, Any]]:
    me: Account = viewer()
    if query.startswith(settings_here().base_url):
        number = query.rstrip("/").rpartition("/")[2]
        wanted = Cursor.parse(number).before if number.isdigit() else None
        return statuses(me, cards(me, [wanted], latest=False)) if wanted else []
    asked = resolve(me, query)
    if asked.problems:
        # Programs have no place for a remark beside what was found.
        first = asked.problems[0]
        raise Invalid(first.message, part=first.part)
    if sent.account_id is not None:
        asked = asked.by_author(sent.account_id)
    cursor = Cursor(sent.max_id, sent.since_id or sent.min_id, limit=sent.offset + size)
    ids = search.newest_ids(me, asked, cursor)[sent.offset : sent.offset + size]
    return statuses(me, cards(me, ids, latest=False))
