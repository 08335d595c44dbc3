"""Everybody confirms a reading at once, and a process is killed meanwhile.

`python -m bench.acknowledging [--rounds 10] [--people 500] [--database sqlite]` makes a company and
an announcement to it, starts two servers, lets everybody confirm three times at once (one in five
by the link from the e-mail), kills one server with SIGKILL in the middle and starts it again, and
then compares: the report, the rows, the ledger, and what each person was told. Loopback only.
For PostgreSQL run it under `tools/services.py`, or set TEST_POSTGRES_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from bench import databases
from intranet.accounts import sessions
from intranet.accounts.models import Account, Role
from intranet.announcements import confirmation_links, drafts, publication, reports, texts
from intranet.announcements.drafts import AnnouncementDraft
from intranet.announcements.evidence import evidence_of
from intranet.announcements.models import Acknowledgement, Announcement, AnnouncementRecipient
from intranet.announcements.texts import TextDraft
from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import migrate
from intranet.evidence.verify import examine, iso
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.serving import free_port

_TRIES = 3
_PATIENCE = 180.0  # seconds until everybody must have had an answer
_SECRET = "a key for this measurement only"
_TOKEN = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Person:
    """Somebody who confirms; `told` counts the answers that said it was done."""

    id: int
    path: str
    cookie: str
    told: int = 0


@dataclass
class Round:
    """One company, its servers and what came of it."""

    app: Flask
    announcement_id: int
    text_id: int
    people: list[Person]
    ports: list[int]
    servers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    again: int = 0  # tries that had to be repeated after a broken connection


def build(settings: Settings, people: int, ports: list[int]) -> Round:
    """A company in an empty database, and an announcement that everybody has to confirm."""
    app = create_app(settings)
    with app.app_context():
        migrate()
        with unit_of_work():
            author = Account(
                handle="hr", email="hr@example.test", display_name="HR", role=Role.HR, site="Nantes"
            )
            staff = [
                Account(
                    handle=f"person{number}", email=f"person{number}@example.test",
                    display_name=f"Person {number}", site="Lyon",
                )
                for number in range(people - 1)
            ]  # fmt: skip
            db.session.add_all([author, *staff])
            db.session.flush()
            draft = AnnouncementDraft(
                requires_acknowledgement=True,
                acknowledge_by=dt.datetime.now(dt.UTC) + dt.timedelta(days=5),
            )
            words = TextDraft(title="Fire drill", source="Please read this.")
            made = drafts.create(author, draft, words, language="en")
            publication.publish(made)
            text_id = texts.current(made.id)["en"].id
            ready = [_person(app, made, account, place) for place, account in enumerate(
                [author, *staff]
            )]  # fmt: skip
        return Round(app, made.id, text_id, ready, ports)


def _person(app: Flask, announcement: Announcement, account: Account, place: int) -> Person:
    cookie = {"csrf_token": _TOKEN}
    if place % 5 == 4:
        path = f"/confirm/{confirmation_links.issue(announcement, account, _SECRET)}"
    else:
        path = f"/announcements/{announcement.id}/acknowledgement"
        cookie["_user_id"] = sessions.open_session(
            account, lifetime=dt.timedelta(hours=1), user_agent="", ip_address=""
        )
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    name = app.config["SESSION_COOKIE_NAME"]
    return Person(account.id, path, f"{name}={signer.dumps(cookie)}")


def start(round_: Round, port: int, settings: Settings) -> None:
    """A server on this port; the one that was there is gone."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("INTRANET_")
    } | {
        "PORT": str(port),
        "DATABASE_URL": settings.database_url,
        "INTRANET_DATA": str(settings.data),
        "INTRANET_SECRET_KEY": _SECRET,
        "INTRANET_RATE_LIMITS": "false",
        "INTRANET_LOG_LEVEL": "warning",
    }  # fmt: skip
    environment.pop("REDIS_URL", None)
    with open(settings.data / f"server-{port}.log", "ab") as log:
        round_.servers[port] = subprocess.Popen(
            [sys.executable, "-m", "intranet.cli.main", "run"],
            env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server, by force when it does not go."""
    server.terminate()
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_for(port: int) -> None:
    """Until it answers; TimeoutError after some minutes: other work may keep the machine busy."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing serves on {port}")


async def storm(round_: Round, settings: Settings) -> float:
    """Everybody at once; gives the seconds until the last had an answer."""
    form_token = URLSafeTimedSerializer(_SECRET, salt="wtf-csrf-token").dumps(_TOKEN)
    body = urlencode(
        {"csrf_token": form_token, "text_id": round_.text_id, "confirmed": "1", "read": "1"}
    )
    half = asyncio.Event()
    began = time.monotonic()
    tries = [
        _try(round_, person, body, number + turn, half)
        for number, person in enumerate(round_.people)
        for turn in range(_TRIES)
    ]
    await asyncio.gather(_kill(round_, settings, half), *tries)
    return time.monotonic() - began


async def _kill(round_: Round, settings: Settings, half: asyncio.Event) -> None:
    await half.wait()
    port = round_.ports[0]
    round_.servers[port].send_signal(signal.SIGKILL)
    round_.servers[port].wait()
    start(round_, port, settings)


async def _try(round_: Round, person: Person, body: str, turn: int, half: asyncio.Event) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        port = round_.ports[turn % len(round_.ports)]
        turn += 1
        try:
            status = await _post(port, person, body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            status = 0
        # 409 by the link: it was used by the try before, so it is done.
        if status in (200, 303) or (status == 409 and person.path.startswith("/confirm/")):
            person.told += 1
            if sum(1 for one in round_.people if one.told) > len(round_.people) * 0.3:
                half.set()
            return
        if status and status < 500:
            raise AssertionError(f"{person.path} answered {status}")
        round_.again += 1
        await asyncio.sleep(0.2)


async def _post(port: int, person: Person, body: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"POST {person.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Cookie: {person.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        await writer.drain()
        line = await asyncio.wait_for(reader.readuntil(b"\r\n"), _PATIENCE)
        await reader.read()
        return int(line.split()[1])
    finally:
        writer.close()


def compare(round_: Round) -> list[str]:
    """What does not agree: nothing, if all is well."""
    with round_.app.app_context():
        announcement = db.session.get_one(Announcement, round_.announcement_id)
        rows = {
            row.account_id: row.created_at
            for row in db.session.scalars(select(Acknowledgement).order_by(Acknowledgement.id))
        }
        kept = {
            row.account_id: row.acknowledged_at
            for row in db.session.scalars(select(AnnouncementRecipient))
        }
        figures = reports.report(announcement, minimum=5, zone="UTC")
        evidence = evidence_of(announcement)
    said = [one for one in evidence.document["entries"] if one["kind"] == "acknowledged"]
    everybody = {person.id for person in round_.people}
    wrong = []
    if any(person.told != _TRIES for person in round_.people):
        wrong.append("somebody had no answer")
    if set(rows) != everybody or figures.done != len(everybody):
        wrong.append(f"{len(rows)} rows, {figures.done} in the report, {len(everybody)} people")
    if {int(one["account"]): one["at"] for one in said} != {
        account: iso(moment) for account, moment in rows.items()
    } or len(said) != len(rows):
        wrong.append("the ledger says something else than the rows")
    if kept != rows:
        wrong.append("the report keeps another time than the first")
    if evidence.totals["acknowledged"] != len(everybody):
        wrong.append("the verifier counts something else")
    wrong += examine(evidence.document).problems
    return wrong


def run(number: int, people: int, database: str, folder: Path) -> list[str]:
    """One round; gives what went wrong."""
    data = folder / f"round-{number}"
    data.mkdir()
    address, drop = databases.fresh(database, data, f"acknowledging_{number}")
    settings = Settings(
        _env_file=None, data=data, database_url=address, secret_key=_SECRET, rate_limits=False
    )
    round_ = build(settings, people, [free_port(), free_port()])
    try:
        for port in round_.ports:
            start(round_, port, settings)
        for port in round_.ports:
            wait_for(port)
        seconds = asyncio.run(storm(round_, settings))
        wrong = compare(round_)
    finally:
        for server in round_.servers.values():
            stop(server)
        with round_.app.app_context():
            db.engine.dispose()
        drop()
    print(
        f"  round {number}: {people} people, {people * _TRIES} tries in {seconds:.1f} s,"
        f" {round_.again} repeated after the kill: {'; '.join(wrong) or 'all agree'}",
        flush=True,
    )
    return wrong


def main() -> None:
    """Run the rounds; ends with 1 when one went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--database", choices=databases.KINDS, default="sqlite")
    given = parser.parse_args()
    good = 0
    print(f"{given.database}:", flush=True)
    with tempfile.TemporaryDirectory(prefix="acknowledging-") as folder:
        for number in range(1, given.rounds + 1):
            good += not run(number, given.people, given.database, Path(folder))
    print(f"{good} of {given.rounds} rounds agree on {given.database}")
    sys.exit(0 if good == given.rounds else 1)


if __name__ == "__main__":
    main()
