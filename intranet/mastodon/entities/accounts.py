"""Account and CredentialAccount: https://docs.joinmastodon.org/entities/Account/"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import BigInteger, Row, bindparam, select

from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.facts import Fact, facts_from
from intranet.accounts.models import Account, Role
from intranet.accounts.policies import visible_to
from intranet.accounts.readers import Reader, reader_of
from intranet.db.together import Read, Together
from intranet.kernel.ids import moment_of
from intranet.mastodon.answers import absolute, midnight
from intranet.mastodon.entities.content import content_of
from intranet.mastodon.files import avatar_url, header_url
from intranet.posts.authors import Written, select_written, written_by, written_from

# How a post begins: what an account keeps, and what Mastodon calls it.
PRIVACY = {"organisation": "public", "followers": "private", "direct": "direct"}

_ACCOUNT_IDS = bindparam("account_ids", type_=BigInteger, expanding=True)
# What an entity says beyond the chip.
_COLUMNS = (
    Account.id,
    Account.header_key,
    Account.is_automated,
    Account.created_at,
    Account.about_html,
    Account.followers_count,
    Account.following_count,
    Account.title,
    Account.department,
    Account.site,
    Account.pronouns,
    Account.facts,
)


def profile_url(handle: str) -> str:
    """The page of a person, for browsers."""
    return absolute(f"/@{handle}")


def account(viewer: Account, one: Account) -> dict[str, Any]:
    """An account that the viewer may see."""
    return _entity(chip_of(one), one, written_by(viewer, [one.id]).get(one.id, Written()))


def accounts(viewer: Account, chips: Iterable[AccountChip]) -> list[dict[str, Any]]:
    """The accounts of these chips in their order: one statement."""
    listed = list(chips)
    found = accounts_by_id(viewer, listed)
    return [found[chip.id] for chip in listed]


def accounts_by_id(viewer: Account, chips: Iterable[AccountChip]) -> dict[int, dict[str, Any]]:
    """The accounts of these chips. Of one whose profile the viewer may not see, such as a former
    colleague in a group, there is no more than the chip says."""
    by_id = {chip.id: chip for chip in chips}
    if not by_id:
        return {}
    found = _alone(reader_of(viewer)).run({"reader_id": viewer.id, "account_ids": list(by_id)})
    return accounts_from(by_id, found)


def reads_of(viewer: Account) -> dict[str, Read]:
    """The rows that `accounts_from` reads, of the accounts `account_ids`."""
    return {
        "accounts": select(*_COLUMNS).where(Account.id.in_(_ACCOUNT_IDS), visible_to(viewer)),
        "written": select_written(viewer, _ACCOUNT_IDS),
    }


def accounts_from(
    chips: Mapping[int, AccountChip], found: Mapping[str, Iterable[Row[Any]]]
) -> dict[int, dict[str, Any]]:
    """The accounts of these chips, as `accounts_by_id`."""
    rows = {row.id: row for row in found["accounts"]}
    written = written_from(found["written"])
    return {
        id_: _entity(chip, rows.get(id_), written.get(id_, Written()))
        for id_, chip in chips.items()
    }


@cache
def _alone(reader: Reader) -> Together:
    return Together(reads_of(reader.as_viewer))


def _entity(chip: AccountChip, row: Account | Row[Any] | None, written: Written) -> dict[str, Any]:
    picture = absolute(f"/api/pictures/person-{chip.hue}.png")
    if chip.avatar_key:
        picture = avatar_url(chip.avatar_key, "large")
    header = absolute("/api/pictures/header.png")
    if row is not None and row.header_key:
        header = header_url(row.header_key, "large")
    url = profile_url(chip.handle)
    return {
        "id": str(chip.id),
        "username": chip.handle,
        "acct": chip.handle,
        "display_name": chip.display_name,
        "locked": False,
        "bot": chip.is_bot or (row is not None and row.is_automated),
        "discoverable": True,
        "indexable": False,
        "group": False,
        "created_at": midnight(row.created_at if row else moment_of(chip.id)),
        "note": content_of(row.about_html) if row else "",
        "url": url,
        "uri": url,
        "avatar": picture,
        "avatar_static": picture,
        "header": header,
        "header_static": header,
        "followers_count": row.followers_count if row else 0,
        "following_count": row.following_count if row else 0,
        "statuses_count": written.count,
        "last_status_at": moment_of(written.last_id).date().isoformat()
        if written.last_id
        else None,
        "hide_collections": False,
        "noindex": True,
        "emojis": [],
        "roles": [],
        "fields": _fields(row) if row else [],
    }


def _fields(row: Account | Row[Any]) -> list[dict[str, Any]]:
    """What people look for first, who somebody is in the company; then their own lines."""
    facts = (
        (_("Title"), row.title),
        (_("Department"), row.department),
        (_("Site"), row.site),
        (_("Pronouns"), row.pronouns),
    )
    found = [
        {"name": str(name), "value": str(escape(value)), "verified_at": None}
        for name, value in facts
        if value
    ]
    return found + [_own_field(fact) for fact in facts_from(row.facts)]


def _own_field(fact: Fact) -> dict[str, Any]:
    value = escape(fact.value)
    if fact.href is not None:
        value = Markup('<a href="{0}" rel="nofollow noopener me" target="_blank">{0}</a>').format(
            fact.href
        )
    return {"name": fact.name, "value": str(value), "verified_at": None}


def credential_account(me: Account) -> dict[str, Any]:
    """The caller's own account, with what only it may read."""
    entity = account(me, me)
    return entity | {
        "source": {
            "privacy": PRIVACY[me.post_audience],
            "sensitive": me.post_sensitive,
            "language": me.post_language or me.locale or "",
            "note": me.about_source,
            # Their own lines only: the others are not theirs to change as lines.
            "fields": [
                {"name": fact.name, "value": fact.value, "verified_at": None}
                for fact in facts_from(me.facts)
            ],
            "follow_requests_count": 0,
            "hide_collections": False,
            "discoverable": True,
            "indexable": False,
        },
        "role": {
            "id": str(list(Role).index(me.role)),
            "name": str(me.role),
            "permissions": "0",
            "color": "",
            "highlighted": False,
        },
    }
