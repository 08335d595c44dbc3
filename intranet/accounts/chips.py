"""The smallest picture of an account: what every list, card and menu draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.sql.selectable import Select

from intranet.accounts.models import Account, AccountKind, Role
from intranet.db import db

HUES = 12

# The columns a chip is made of, for joins in other queries: `chip_from(row)` reads them.
COLUMNS = (
    Account.id.label("account_id"),
    Account.handle,
    Account.display_name,
    Account.title,
    Account.role.label("account_role"),
    Account.avatar_key,
    Account.deactivated_at,
    Account.kind.label("account_kind"),
    Account.verified,
)


def initials_of(name: str) -> str:
    """Up to two capitals for a picture's place: of the first and the last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


@dataclass(frozen=True, slots=True)
class AccountChip:
    """Who somebody is, at a glance. `hue` is 0..11; `avatar_key` None means initials."""

    id: int
    handle: str
    display_name: str
    title: str
    is_guest: bool
    is_active: bool
    avatar_key: str | None
    is_page: bool = False  # an official voice: drawn as such, and reached at another address
    is_verified: bool = False
    is_bot: bool = False

    @property
    def initials(self) -> str:
        """Two capitals."""
        return initials_of(self.display_name)

    @property
    def hue(self) -> int:
        """One of the twelve identity colours, always the same for the same account."""
        return (self.id >> 22 ^ self.id) % HUES


def chip_from(row: Row[Any]) -> AccountChip:
    """A chip from a row that holds COLUMNS under their names."""
    values = row._mapping
    return AccountChip(
        id=values["account_id"],
        handle=values["handle"],
        display_name=values["display_name"],
        title=values["title"],
        is_guest=values["account_role"] is Role.GUEST
        and values["account_kind"] is not AccountKind.BOT,
        is_active=values["deactivated_at"] is None,
        avatar_key=values["avatar_key"],
        is_page=values["account_kind"] is AccountKind.PAGE,
        is_verified=values["verified"],
        is_bot=values["account_kind"] is AccountKind.BOT,
    )


def chip_of(account: Account) -> AccountChip:
    """The chip of a loaded account."""
    return AccountChip(
        id=account.id,
        handle=account.handle,
        display_name=account.display_name,
        title=account.title,
        is_guest=account.is_guest and not account.is_bot,
        is_active=account.is_active,
        avatar_key=account.avatar_key,
        is_page=account.is_page,
        is_verified=account.verified,
        is_bot=account.is_bot,
    )


def select_chips() -> Select[*tuple[Any, ...]]:
    """A select of COLUMNS, to be narrowed by the caller."""
    return select(*COLUMNS)


def by_id(ids: Iterable[int]) -> dict[int, AccountChip]:
    """Chips of accounts that the caller already knows the viewer may see: one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = db.session.execute(select_chips().where(Account.id.in_(wanted)))
    return {chip.id: chip for chip in map(chip_from, rows)}
