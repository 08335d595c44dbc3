"""Texts that are not posts (about somebody, a group, an event, an announcement): their HTML."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.accounts.policies import visible_to
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


def by_handle(viewer: Account, handles: Collection[str]) -> list[AccountChip]:
    """Those of these accounts that the viewer may see: one statement, none for nobody."""
    if not handles:
        return []
    rows = db.session.execute(
        select_chips().where(Account.handle.in_(handles), visible_to(viewer)).order_by(Account.id)
    )
    return [chip_from(row) for row in rows]
