"""Whose applications are which. The SQL clause is the rule; single checks reuse it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from intranet.accounts.models import Account
from intranet.applications.models import Application
from intranet.audiences import rules


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The application is turned on and its audience includes the viewer. Needs `Application` in
    FROM."""
    return and_(Application.disabled_at.is_(None), rules.includes(viewer, Application.audience_id))
