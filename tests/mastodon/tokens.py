"""Tokens without the way to them, for tests of what they open."""

from __future__ import annotations

from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.oauth import own
from intranet.unit_of_work import unit_of_work


def token_of(app: Flask, account: Account, scopes: str = "read write follow push profile") -> str:
    with app.app_context(), unit_of_work():
        return own.token_for(db.session.get_one(Account, account.id), scopes)
