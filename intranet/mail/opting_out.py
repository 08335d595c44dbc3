"""Lists of letters that somebody does not want. The link in a letter is all that is needed: it
works without signing in, and for nothing else."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.errors import NotFound
from intranet.mail.models import MailOptOut

_SALT = "mail list"


def token_of(key: str, account_id: int, list_id: str) -> str:
    """What the link of a letter carries: who, and which list, signed."""
    token: str | bytes = URLSafeSerializer(key, _SALT).dumps([str(account_id), list_id])
    return token if isinstance(token, str) else token.decode()


def read_token(key: str, token: str) -> tuple[Account, str]:
    """Whose link it is, and of which list; NotFound when it is not ours."""
    try:
        account_id, list_id = URLSafeSerializer(key, _SALT).loads(token)
    except (BadData, ValueError, TypeError):
        raise NotFound from None
    account = db.session.get(Account, int(account_id))
    if account is None:
        raise NotFound
    return account, list_id


def has_opted_out(account_id: int, list_id: str) -> bool:
    """Whether this person wants no letters of that list."""
    found = select(MailOptOut.account_id).where(
        MailOptOut.account_id == account_id, MailOptOut.list_id == list_id
    )
    return db.session.scalar(found) is not None


def opt_out(account: Account, list_id: str) -> None:
    """No letters of that list from now on; twice is once."""
    insert_once(MailOptOut, account_id=account.id, list_id=list_id)


def opt_in(account: Account, list_id: str) -> None:
    """Letters of that list again."""
    db.session.execute(
        delete(MailOptOut).where(MailOptOut.account_id == account.id, MailOptOut.list_id == list_id)
    )
