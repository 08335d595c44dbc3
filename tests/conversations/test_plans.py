"""How SQLite reads direct posts: most posts are for everybody, and not to be waded through."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from intranet.accounts.models import Account
from intranet.conversations.queries import select_direct
from intranet.db import db
from intranet.kernel.pagination import Cursor
from tests.factories import Factory


def test_direct_posts_are_read_by_their_conversations(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("says how SQLite plans")
        statement = select_direct(db.session.get_one(Account, ann.id), Cursor())
        compiled = statement.compile(
            dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}
        )
        rows = db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", "\\:")))
        plan = [str(row[3]) for row in rows]
    posts = [line for line in plan if line.startswith(("SEARCH post", "SCAN post"))]
    assert any("(root_id=?" in line for line in posts), plan
    # By themselves, not by all that are newer than some.
    assert all("(root_id=?" in line or "(rowid=?" in line or "(id=?" in line for line in posts), (
        plan
    )
