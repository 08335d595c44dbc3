"""How SQLite reads streams: a plan that looks at all posts is only slow when there are many."""

from __future__ import annotations

import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.accounts.readers import reader_of
from intranet.db import db
from intranet.kernel.pagination import Cursor
from intranet.timelines import statements
from tests.factories import Factory


@pytest.mark.parametrize(
    "statement", [statements.home, statements.home_from_streams, statements.my_groups]
)
def test_streams_are_read_by_their_own_indexes(
    app: Flask, make: Factory, statement: statements.Builder
) -> None:
    ann = make.account("ann")
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("says how SQLite plans")
        viewer = db.session.get_one(Account, ann.id)
        compiled = statement(reader_of(viewer)).compile(dialect=db.engine.dialect)
        values = compiled.construct_params(statements.parameters(viewer, Cursor()))
        row_of = compiled.positiontup or []
        connection = db.session.connection().connection.driver_connection
        assert connection is not None
        plan = [
            str(row[3])
            for row in connection.execute(
                f"EXPLAIN QUERY PLAN {compiled}", tuple(values[name] for name in row_of)
            )
        ]
    posts = [line for line in plan if line.startswith(("SEARCH post ", "SCAN post"))]
    assert any("(group_id=?" in line for line in posts), posts
    assert all(
        "(group_id=?" in line or "(author_id=?" in line or "(id=?)" in line for line in posts
    ), posts
