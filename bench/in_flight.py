"""The process is killed while drafts, posts to come and letters are in flight.

`python -m bench.in_flight [--posts 40] [--people 40] [--kills 8] [--database sqlite]` makes a
company in an empty database. One of it has planned posts, each names another, who wants a letter
for each notice. The others save drafts and publish them through the pages, as fast as they are
answered. One process serves, publishes and sends into a real mail server; it is killed with SIGKILL
again and again, in each of its lives when some of the posts are due and on their way. After each
kill every draft must be there with its last acknowledged words or later ones, and every
acknowledged post, nothing twice. At the end a process that nobody kills finishes the work, and all
is counted: each post once, each letter once, each draft once.
SMTP itself cannot promise the second: a process that dies between the mail server's acceptance and
its own note sends a second copy, by whose Message-ID mail servers know it. Such copies are told
apart. Loopback only. For PostgreSQL run it under `tools/services.py`, or set TEST_POSTGRES_URL.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from bench import databases
from bench.writing_people import Person, Writing, person_of, wrong_with
from intranet.accounts.models import Account
from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import migrate
from intranet.interruptions.models import InterruptionPreference, Pace
from intranet.kernel.clock import utc_now
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.notifications.models import Notification
from intranet.posts.drafts import PostDraft, limits_of
from intranet.posts.models import Post
from intranet.scheduled import actions as scheduled
from intranet.scheduled.models import ScheduledPost
from intranet.settings import Settings
from intranet.tasks.models import Task
from intranet.unit_of_work import unit_of_work
from tests.mail.sink import Sink
from tests.serving import free_port

_SECRET = "a key for this measurement only"
_PATIENCE = 300.0  # seconds until all must be through


@dataclass
class Company:
    """What is killed, and who is at work meanwhile."""

    app: Flask
    settings: Settings
    sink: Sink
    port: int
    people: list[Person]
    posts: int


def build(settings: Settings, sink: Sink, posts: int, people: int) -> Company:
    """The planner, the reader and the others; and the posts to come, none of them due yet."""
    app = create_app(settings)
    with app.app_context():
        migrate()
        with unit_of_work():
            names = ["ann", "bob", *(f"writer{number}" for number in range(people))]
            ann, bob, *writers = (
                Account(handle=name, email=f"{name}@example.test", display_name=name.title())
                for name in names
            )
            db.session.add_all([ann, bob, *writers])
            db.session.flush()
            db.session.add(InterruptionPreference(account_id=bob.id, pace=Pace.AT_ONCE, levels={}))
            at = utc_now() + dt.timedelta(hours=9)
            for number in range(posts):
                draft = PostDraft(source=_planned(number))
                scheduled.schedule(ann, draft, at, limits_of(settings), most=posts)
            ready = [person_of(app, one) for one in writers]
    return Company(app, settings, sink, free_port(), ready, posts)


def _planned(number: int) -> str:
    return f"Planned {number} for @bob"


def let_come(company: Company, number: int) -> None:
    """The time of so many further posts is now."""
    later = utc_now() + dt.timedelta(hours=1)
    with company.app.app_context(), unit_of_work():
        ids = db.session.scalars(
            select(ScheduledPost.id)
            .where(ScheduledPost.publish_at > later)
            .order_by(ScheduledPost.id)
            .limit(number)
        ).all()
        chosen = ScheduledPost.id.in_(ids)
        db.session.execute(update(ScheduledPost).where(chosen).values(publish_at=utc_now()))
        for task in db.session.scalars(select(Task).where(Task.kind == scheduled.PUBLISH)):
            if int(task.payload["id"]) in ids:
                task.run_at = utc_now()


def start(company: Company) -> subprocess.Popen[bytes]:
    """The process as `intranet run` starts it: pages, tasks and mail in one."""
    kept = ("INTRANET_", "PORT", "DATABASE_URL", "REDIS_URL")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(kept)}
    environment |= {
        "PORT": str(company.port),
        "DATABASE_URL": company.settings.database_url,
        "INTRANET_DATA": str(company.settings.data),
        "INTRANET_SECRET_KEY": company.settings.secret_key,
        "INTRANET_SMTP_URL": company.sink.url,
        "INTRANET_RATE_LIMITS": "false",
        "INTRANET_LOG_LEVEL": "warning",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
    with open(company.settings.data / "server.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "intranet.cli.main", "run"],
            env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def left(app: Flask) -> int:
    """What is still to be published or sent."""
    with app.app_context():
        plans = db.session.scalar(select(func.count()).select_from(ScheduledPost)) or 0
        letters = select(func.count()).where(OutboxMessage.status == OutboxStatus.WAITING)
        return plans + (db.session.scalar(letters) or 0)


def kill_again_and_again(company: Company, kills: int, chance: random.Random) -> int:
    """Kill the process in the middle of its work; gives how many times all was well then."""
    good = 0
    for life in range(kills):
        let_come(company, -(-company.posts // (kills + 1)))
        saves = _saves(company)
        process = start(company)
        try:
            _wait_for_work(company, process, for_a_letter=bool(life % 2))
            time.sleep(chance.uniform(0, 3))  # somewhere in it
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        time.sleep(0.5)  # what it had answered has been read
        wrong = wrong_with(company.app, company.people)
        print(f"  kill {life + 1}: {_saves(company) - saves} drafts were saved in that life,"
              f" {len(company.sink.taken)} letters have gone so far;"
              f" {'; '.join(wrong) or 'all is as it was said to be'}", flush=True)  # fmt: skip
        good += not wrong
    return good


def _wait_for_work(
    company: Company, process: subprocess.Popen[bytes], *, for_a_letter: bool
) -> None:
    """Until drafts are saved in this life, and, if asked, a letter has gone."""
    saves, letters = _saves(company), len(company.sink.taken)
    until = time.monotonic() + _PATIENCE
    while _saves(company) == saves or (for_a_letter and len(company.sink.taken) == letters):
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError((company.settings.data / "server.log").read_text())
        time.sleep(0.02)


def _saves(company: Company) -> int:
    return sum(one.saves for one in company.people)


def finish(company: Company, writing: Writing) -> tuple[int, int]:
    """Let a process that nobody kills do the rest. Gives how many of the writers find their last
    words again on their page, and how many have them in the list of their drafts."""
    let_come(company, company.posts)
    process = start(company)
    try:
        writing.end()
        until = time.monotonic() + _PATIENCE
        while left(company.app) and time.monotonic() < until:
            time.sleep(0.2)
        found = [sum(one.kept in _page(company, one, path) for one in company.people)
                 for path in ("/", "/drafts")]  # fmt: skip
    finally:
        process.terminate()
        process.wait()
    return found[0], found[1]


def _page(company: Company, person: Person, path: str) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{company.port}{path}", headers={"Cookie": person.cookie}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def count(company: Company) -> bool:
    """Print what is there of posts and letters; whether it is all, and once."""
    posts = company.posts
    with company.app.app_context():
        sources = collections.Counter(db.session.scalars(select(Post.source)))
        notices = db.session.scalar(select(func.count()).select_from(Notification)) or 0
        sent = db.session.scalar(
            select(func.count()).where(OutboxMessage.status == OutboxStatus.SENT)
        )
    there = [sources[_planned(number)] for number in range(posts)]
    copies = collections.Counter(str(message["Message-ID"]) for message in company.sink.taken)
    again = sum(number - 1 for number in copies.values())
    doubled = sum(one > 1 for one in there)
    print(f"posts to come: {sum(map(bool, there))} of {posts} published, {doubled} of them twice;"
          f" {notices} of {posts} notices")  # fmt: skip
    print(f"letters: {len(copies)} of {posts} arrived, {sent} of {posts} noted as sent;"
          f" {again} second copies under the Message-ID of the first")  # fmt: skip
    return (set(there), notices, len(copies), sent) == ({1}, posts, posts, posts)


def run(company: Company, kills: int, chance: random.Random) -> bool:
    """Everything; whether nothing was lost and nothing doubled."""
    people = len(company.people)
    writing = Writing(company.people, company.port, company.settings.secret_key)
    writing.begin()
    try:
        survived = kill_again_and_again(company, kills, chance)
    except BaseException:
        writing.give_up()
        raise
    on_page, listed = finish(company, writing)
    wrong = wrong_with(company.app, company.people) + writing.problems
    published = sum(len(one.published) for one in company.people)
    broken = sum(one.broken for one in company.people)
    refused = sum((one.refused for one in company.people), collections.Counter[int]())
    print(f"kills: {survived} of {kills} left all as it had been acknowledged")
    print(f"drafts: {on_page} of {people} have their last words in the form again, {listed} of"
          f" {people} in the list, after {_saves(company)} acknowledged saves")  # fmt: skip
    print(f"published from drafts: {published} acknowledged; {broken} requests were on their way at"
          f" a kill and were made again; refused and made again: {dict(refused) or 0}")  # fmt: skip
    print("\n".join(f"  {one}" for one in wrong) or "published and kept: all, each once")
    return count(company) and not wrong and (survived, on_page, listed) == (kills, people, people)


def main() -> int:
    """0 when nothing was lost and nothing doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--posts", type=int, default=40)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=databases.KINDS, default="sqlite")
    asked = parser.parse_args()
    sink = Sink()
    controller = sink.start()
    with tempfile.TemporaryDirectory(prefix="in-flight-") as folder:
        address, drop = databases.fresh(asked.database, Path(folder), "in_flight")
        settings = Settings(
            _env_file=None,
            data=Path(folder), database_url=address, secret_key=_SECRET, rate_limits=False,
        )  # fmt: skip
        print(f"{asked.database}:", flush=True)
        company = build(settings, sink, asked.posts, asked.people)
        try:
            good = run(company, asked.kills, random.Random(asked.seed))
        finally:
            with company.app.app_context():
                db.engine.dispose()
            drop()
    controller.stop()
    print("nothing lost, nothing doubled" if good else "NOT AS IT SHOULD BE")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
