"""Groups among the accounts: followed by joining them, written to by naming them first."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Response

from intranet.accounts import queries as accounts
from intranet.accounts.models import Account
from intranet.groups import actions, requests
from intranet.groups import queries as groups
from intranet.groups.members import list_members
from intranet.groups.models import Group
from intranet.groups.standing import Standing, standing_by_slug, standings
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.discovery import host
from intranet.mastodon.entities.accounts import accounts as drawn
from intranet.mastodon.entities.groups import group_relationship
from intranet.mastodon.identity import viewer
from intranet.unit_of_work import unit_of_work

_FIRST = re.compile(r"\s*@([A-Za-z0-9][A-Za-z0-9_.-]{0,79})(?:@([A-Za-z0-9.:-]+))?(?=\s|$)")


def find(group_id: int) -> Standing | None:
    """The group of this number, as the caller stands to it; None when there is none to see."""
    found = standings(viewer(), [group_id])
    return found[0] if found else None


def named(slug: str) -> Standing:
    """The group of this address; NotFound when there is none to see."""
    return standing_by_slug(viewer(), slug)


def join(group_id: int) -> Response:
    """Come in, or ask to."""
    with unit_of_work():
        actions.join(viewer(), _get(group_id))
    return _relationship(group_id)


def leave(group_id: int) -> Response:
    """Leave, or take back what one asked."""
    with unit_of_work():
        group = _get(group_id)
        found = find(group_id)
        if found is not None and found.is_member:
            actions.leave(viewer(), group)
        else:
            requests.withdraw(viewer(), group)
    return _relationship(group_id, found)


def _relationship(group_id: int, before: Standing | None = None) -> Response:
    """How the caller stands to the group now; to a secret one that was left as to a stranger."""
    found = find(group_id)
    if found is None:
        if before is None:
            raise NotFound
        found = replace(before, notify_level=None, is_requested=False)
    return answer(group_relationship(found))


def members(group_id: int, cursor: Cursor) -> Response:
    """Who belongs to it, the newest first; nobody when the caller may not read the group."""
    found = find(group_id)
    if found is None:
        raise NotFound
    if not found.may_read:
        return answer([])
    page = list_members(viewer(), _get(group_id), cursor=cursor)
    entities = drawn(viewer(), [row.account for row in page.items])
    return linked(answer(entities), older=page.next_before, newer=page.newest)


def addressed(me: Account, source: str) -> tuple[int | None, str]:
    """The group that a text is for, and the rest of it: `@depot Hello` of a member is posted in
    the group. Invalid when the caller does not belong to it; a person of that name comes first,
    and a group that the caller may not know of is only a word."""
    match = _FIRST.match(source)
    if match is None or (match[2] and match[2].lower() != host().lower()):
        return None, source
    name = match[1].lower()
    if accounts.find(name) is not None:
        return None, source
    try:
        found = standing_by_slug(me, name)
    except NotFound:
        return None, source
    if not found.is_member:
        raise Invalid(fields={"status": N_("Join the group before you post in it.")})
    return found.chip.id, source[match.end() :].lstrip()


def _get(group_id: int) -> Group:
    found = groups.find_visible_by_id(viewer(), group_id)
    if found is None:
        raise NotFound
    return found
