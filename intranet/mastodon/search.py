"""Search for people, posts and hashtags. https://docs.joinmastodon.org/methods/search/"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from flask import Response
from pydantic import BeforeValidator, Field

from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.groups.standing import Standing
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
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
from intranet.search import accounts as people
from intranet.search import parsing, tags
from intranet.search import queries as search
from intranet.search.accounts import Sought
from intranet.search.resolving import resolve

_KINDS = ("accounts", "statuses", "hashtags")


def offset_of(value: Any) -> Any:
    """An offset that was sent empty is none."""
    return 0 if value in (None, "") else value


class Wanted(Paging):
    """What to look for; `type` limits which of the three arrays are filled. Nothing lies on other
    servers and every hashtag counts as reviewed, so that `resolve` and `exclude_unreviewed` change
    nothing: an address of this server always finds what it leads to."""

    q: str = ""
    type: MaybeText = None
    resolve: Flag = None
    following: Flag = None
    exclude_unreviewed: Flag = None
    account_id: MaybeId = None
    offset: Annotated[int, BeforeValidator(offset_of), Field(ge=0, le=10_000)] = 0

    @property
    def query(self) -> str:
        """What is looked for. Invalid when it is longer than any question may be."""
        query = self.q.strip()
        if len(query) > parsing.LONGEST:
            raise Invalid(fields={"q": N_("That is too long.")})
        return query


@bp.get("/api/v2/search")
@scope("read:search")
def search_everything() -> Response:
    """People, posts and hashtags that the caller may find. Without a `type` the first page of
    each; with one, further pages by `offset`, those of posts also by ids."""
    return answer(_found())


@bp.get("/api/v1/search")
@scope("read:search")
def search_everything_v1() -> Response:
    """The same as older programs ask: hashtags are names only."""
    found = _found()
    return answer(found | {"hashtags": [tag["name"] for tag in found["hashtags"]]})


def _found() -> dict[str, Any]:
    sent = read(Wanted)
    query = sent.query
    found: dict[str, Any] = {kind: [] for kind in _KINDS}
    kinds = [kind for kind in _KINDS if sent.type in (None, kind)]
    if not query or (sent.offset and sent.type is None):
        return found
    size = sent.size()
    if "accounts" in kinds:
        found["accounts"] = _accounts(query, sent, size)
    if "statuses" in kinds:
        found["statuses"] = _posts(query, sent, size)
    if "hashtags" in kinds:
        names = tags.beginning_with(viewer(), query.removeprefix("#"), size, sent.offset)
        found["hashtags"] = entities_of_tags(viewer(), names)
    return found


@bp.get("/api/v1/accounts/search")
@scope("read:accounts")
def search_accounts() -> Response:
    """People and pages by name, handle, title or skill, then groups by name or purpose."""
    sent = read(Wanted)
    return answer(_accounts(sent.query, sent, sent.size(40, 80)))


def _accounts(query: str, sent: Wanted, size: int) -> list[dict[str, Any]]:
    me: Account = viewer()
    found = people.find(me, _sought(query, followed=bool(sent.following)), sent.offset, size)
    drawn = accounts(me, [one for one in found if isinstance(one, AccountChip)])
    return drawn + group_accounts(me, [one for one in found if isinstance(one, Standing)])


def _sought(query: str, *, followed: bool) -> Sought:
    """As people write a name: Ann, ann, @ann, @ann@here, or the address of a profile or group."""
    path = _path_here(query)
    if path is not None:
        return Sought("", _named_by(path), followed)
    try:
        name = handle_of(query)
    except NotFound:
        return Sought(query.removeprefix("@"), followed=followed)
    whole = "@" in query.removeprefix("@") and query.startswith("@")
    return Sought(name if whole else query.removeprefix("@"), name, followed)


def _named_by(path: list[str]) -> str:
    """The handle in the address of a profile, or the name in that of a group; empty for others."""
    if len(path) == 1 and path[0].startswith("@"):
        return path[0][1:].lower()
    return path[1].lower() if len(path) == 2 and path[0] == "groups" else ""


def _path_here(query: str) -> list[str] | None:
    """The parts of an address of this server; None for what is no such address."""
    base = settings_here().base_url
    if query != base and not query.startswith(f"{base}/"):
        return None
    try:
        return [part for part in urlsplit(query.removeprefix(base)).path.split("/") if part]
    except ValueError:
        return None


def _posts(query: str, sent: Wanted, size: int) -> list[dict[str, Any]]:
    me: Account = viewer()
    path = _path_here(query)
    if path is not None:
        is_post = len(path) == 2 and (path[0] == "posts" or path[0].startswith("@"))
        number = path[1] if is_post and path[1].isascii() and path[1].isdigit() else ""
        # An address finds one thing: there is no second page of it.
        wanted = [int(number)] if 0 < len(number) < 20 and not sent.offset else []
        return statuses(me, cards(me, [id_ for id_ in wanted if id_ <= MAX_ID], latest=False))
    asked = resolve(me, query)
    if asked.problems:
        # Programs have no place for a remark beside what was found.
        first = asked.problems[0]
        raise Invalid(first.message, part=first.part)
    if sent.account_id is not None:
        asked = asked.by_author(sent.account_id)
    if sent.min_id is not None:
        ids = search.ids_above(me, asked, Cursor(sent.max_id, sent.min_id, limit=size))
    else:
        cursor = Cursor(sent.max_id, sent.since_id, limit=size)
        ids = search.numbered_ids(me, asked, cursor, sent.offset)
    return statuses(me, cards(me, ids, latest=False))
