"""Where somebody works and under which contract: what human resources write, and what audiences
are made of."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.accounts import names
from intranet.accounts.events import PlaceChanged
from intranet.accounts.models import Account, Role
from intranet.accounts.profile import manager_of
from intranet.accounts.queries import skills_of
from intranet.accounts.words import search_text_of
from intranet.db import db, record
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_

_LENGTHS = {"title": 120, "department": 120, "site": 120, "employment": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Employment:
    """As somebody wrote it; `manager` is a handle or empty."""

    title: str = ""
    department: str = ""
    site: str = ""
    employment: str = ""
    manager: str = ""


def may_write(actor: Account) -> bool:
    """Human resources and administrators."""
    return actor.role in (Role.HR, Role.ADMINISTRATOR)


def require_may_write(actor: Account) -> None:
    """Forbidden unless `may_write`."""
    if not may_write(actor):
        raise Forbidden(N_("Only human resources and administrators may do that."))


def write(actor: Account, account: Account, wanted: Employment) -> None:
    """Note where the account works. Invalid with every field that cannot be taken."""
    require_may_write(actor)
    problems: dict[str, str] = {}
    for field, most in _LENGTHS.items():
        try:
            setattr(account, field, names.line(getattr(wanted, field), field=field, most=most))
        except Invalid as error:
            problems |= error.fields
    try:
        account.manager_id = manager_of(actor, wanted.manager, account)
    except Invalid as error:
        problems |= error.fields
    if problems:
        raise Invalid(fields=problems)
    account.search_text = search_text_of(account, skills_of(account.id))
    db.session.flush()
    record(PlaceChanged(account_id=account.id))
