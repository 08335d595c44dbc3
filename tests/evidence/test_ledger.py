"""The ledger: a chain that never forks, rows that never change."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from intranet.db import db
from intranet.evidence import ledger
from intranet.evidence.models import EvidenceEntry
from intranet.evidence.verify import FIRST, entry_hash, iso, plain
from intranet.unit_of_work import unit_of_work

SUBJECT = 7_000_000_000_000_000_123


def add(app: Flask, **payload: object) -> None:
    with app.app_context(), unit_of_work():
        ledger.append(SUBJECT, "reminded", account_id=5, payload=payload)


def rows(app: Flask) -> list[EvidenceEntry]:
    with app.app_context():
        wanted = select(EvidenceEntry).where(EvidenceEntry.subject_id == SUBJECT)
        return list(db.session.scalars(wanted.order_by(EvidenceEntry.sequence)))


def assert_chained(app: Flask) -> None:
    previous = FIRST
    for number, row in enumerate(rows(app), 1):
        assert (row.sequence, row.previous_hash) == (number, previous)
        assert row.hash == entry_hash(
            previous, number, SUBJECT, row.kind, row.account_id, iso(row.at), row.payload
        )
        previous = row.hash


def test_entries_follow_each_other_and_hash_what_they_say(app: Flask) -> None:
    add(app, count=1, note="d’été, ≥ 2")
    add(app, ids=[SUBJECT, 2], material=True)
    add(app)
    assert_chained(app)
    assert [row.payload for row in rows(app)] == [
        '{"count":1,"note":"d’été, ≥ 2"}',
        f'{{"ids":["{SUBJECT}",2],"material":true}}',  # too large for other readers of JSON
        "{}",
    ]


@pytest.mark.parametrize("value", [1.5, dt.datetime.now(dt.UTC), {1: 2}, {1, 2}, b"x"])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)


def test_many_at_once_make_one_chain(app: Flask) -> None:
    start = threading.Barrier(6)

    def some() -> None:
        start.wait()
        for _ in range(5):
            add(app, count=1)

    threads = [threading.Thread(target=some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(app)) == 30
    assert_chained(app)


def test_what_is_rolled_back_was_never_said(app: Flask) -> None:
    add(app, count=1)
    with pytest.raises(TypeError):
        add(app, count=2.5)
    add(app, count=3)
    assert [row.payload for row in rows(app)] == ['{"count":1}', '{"count":3}']
    assert_chained(app)


def test_the_database_itself_refuses_changes(app: Flask) -> None:
    add(app, count=1)
    for statement in (
        update(EvidenceEntry).values(payload="{}"),
        update(EvidenceEntry).values(account_id=None),
        delete(EvidenceEntry),
    ):
        with pytest.raises(DBAPIError, match="never"), app.app_context(), unit_of_work():
            db.session.execute(statement)
    assert [row.payload for row in rows(app)] == ['{"count":1}']
