"""Sixty people race for five seats, again and again: `python -m bench.seats [ROUNDS]`.

Prints for each database how often more seats were taken than there are (at any read), how often
fewer in the end, and how often the line was out of order. PostgreSQL when TEST_POSTGRES_URL names
a server, else SQLite only.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import migrate
from intranet.settings import Settings
from tests.calendar.seat_race import SeatRace

PEOPLE, SEATS = 60, 5


def main() -> None:
    """Run the rounds on every database there is."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        _run("SQLite", f"sqlite:///{folder}/seats.db", Path(folder), rounds)
        server = os.environ.get("TEST_POSTGRES_URL")
        if server:
            address = _fresh(server)
            _run("PostgreSQL", address, Path(folder), rounds)


def _fresh(server: str) -> str:
    name = f"parvis_seats_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run(name: str, address: str, folder: Path, rounds: int) -> None:
    settings = Settings(
        _env_file=None, data=folder, database_url=address, rate_limits=False,
        secret_key="a key for measurements only, long enough",
    )  # fmt: skip
    app = create_app(settings)
    with app.app_context():
        migrate()
    race = SeatRace(app, PEOPLE, SEATS)
    began = time.perf_counter()
    results = [race.round(random.Random(number), SEATS) for number in range(rounds)]
    took = time.perf_counter() - began
    too_many = sum(one.most_taken > SEATS for one in results)
    too_few = sum(one.taken != SEATS for one in results)
    disorder = sum(not one.in_order for one in results)
    wrong = sum(one.wrong_counts for one in results)
    reads = sum(one.reads for one in results)
    print(
        f"{name}: {rounds} rounds of {PEOPLE} people for {SEATS} seats, {reads} reads on the way, "
        f"{took:.0f} s: too many {too_many}, not exactly full {too_few}, out of order {disorder}, "
        f"wrong counts {wrong}"
    )
    with app.app_context():
        db.session.execute(select(1))
        db.engine.dispose()
    assert threading.active_count() < PEOPLE


if __name__ == "__main__":
    main()
