"""Who is signed in: Flask-Login over server-side sessions.

The signed cookie carries a random token; `account_session` holds its hash. Ending the row ends
the session everywhere at the next request.
"""

from __future__ import annotations

from typing import cast

from flask import Flask, g
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from intranet.accounts import sessions
from intranet.accounts.models import Account

login_manager = LoginManager()
login_manager.login_view = "auth.login"
login_manager.session_protection = None  # sessions live and die in the database
login_manager.login_message = None  # the page says it itself


class Identity(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """A signed-in account and the session it came by."""

    def __init__(self, found: sessions.FoundSession, token: str) -> None:
        self.account = found.account
        self.session_id = found.session_id
        self.touch_due = found.touch_due
        self._token = token

    def get_id(self) -> str:
        """What the cookie carries: the session's token, never the account's id."""
        return self._token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> Identity | None:
    """The living session of an active account, or None."""
    found = sessions.find(token)
    return Identity(found, token) if found else None


def viewer() -> Account:
    """The signed-in account of this request; only inside views that require one."""
    return cast(Account, current_user.account)


def viewer_or_none() -> Account | None:
    """The signed-in account, or None for an anonymous visitor."""
    if isinstance(current_user._get_current_object(), AnonymousUserMixin):
        return None
    return viewer()


def forget() -> None:
    """Treat the rest of this request as anonymous: drawing an error asks the database nothing."""
    g._login_user = AnonymousUserMixin()


def register(app: Flask) -> None:
    """Attach to the application."""
    login_manager.init_app(app)
