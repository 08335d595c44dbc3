"""Texts that are not posts (about somebody, a group, an event, an announcement): their HTML."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.text import mention_paths, mentioned_handles, render


def html_of(source: str) -> str:
    """Safe HTML of a Markdown text; mentions of accounts that exist become links and call nobody.
    One statement if anybody is mentioned, else none."""
    handles = mentioned_handles(source)
    known = (
        db.session.scalars(select(Account.handle).where(Account.handle.in_(handles))).all()
        if handles
        else ()
    )
    return render(source, link_mention=mention_paths(known))
