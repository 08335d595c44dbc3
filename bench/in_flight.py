"""The process is killed while posts to come and letters are in flight.

`python -m bench.in_flight [--posts 40] [--kills 8]` makes a company of two in a new SQLite file.
One has planned posts that are all due, each names the other, who wants a letter for each notice. A
worker publishes and sends into a real mail server, and is killed with SIGKILL again and again.
Then another one finishes the work, and what is there is counted: each post once, each letter once.
SMTP itself cannot promise the last: a worker that dies between the server's acceptance and its own
note sends a second copy, by whose Message-ID mail servers know it. Such copies are told apart.
Loopback only.
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
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

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

_SECRET = "a key for this measurement only"
_PATIENCE = 180.0  # seconds until all must be through
_WORKER = """
import threading
from intranet.app import create_app
from intranet import background
app = create_app()
threading.Thread(target=background.run_forever, args=(app,), daemon=True).start()
background.deliver_forever(app)
"""


def build(settings: Settings, posts: int) -> Flask:
    """The two, and the posts to come; then their time is now."""
    app = create_app(settings)
    with app.app_context():
        migrate()
        with unit_of_work():
            ann, bob = (
                Account(handle=name, email=f"{name}@example.test", display_name=name.title())
                for name in ("ann", "bob")
            )
            db.session.add_all([ann, bob])
            db.session.flush()
            db.session.add(InterruptionPreference(account_id=bob.id, pace=Pace.AT_ONCE, levels={}))
            at = utc_now() + dt.timedelta(hours=1)
            for number in range(posts):
                draft = PostDraft(source=f"Planned {number} for @bob")
                scheduled.schedule(ann, draft, at, limits_of(settings), most=posts)
        with unit_of_work():
            db.session.execute(update(ScheduledPost).values(publish_at=utc_now()))
            db.session.execute(
                update(Task).where(Task.kind == scheduled.PUBLISH).values(run_at=utc_now())
            )
    return app


def start(settings: Settings, sink: Sink) -> subprocess.Popen[bytes]:
    """A worker as `INTRANET_ROLE=worker` runs it: tasks and mail."""
    kept = ("INTRANET_", "PORT", "DATABASE_URL", "REDIS_URL")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(kept)}
    environment |= {
        "DATABASE_URL": settings.database_url,
        "INTRANET_DATA": str(settings.data),
        "INTRANET_SECRET_KEY": settings.secret_key,
        "INTRANET_SMTP_URL": sink.url,
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
    return subprocess.Popen([sys.executable, "-c", _WORKER], env=environment)


def left(app: Flask) -> int:
    """What is still to be published or sent."""
    with app.app_context():
        plans = db.session.scalar(select(func.count()).select_from(ScheduledPost)) or 0
        letters = select(func.count()).where(OutboxMessage.status == OutboxStatus.WAITING)
        return plans + (db.session.scalar(letters) or 0)


def kill_again_and_again(
    app: Flask, settings: Settings, sink: Sink, kills: int, chance: random.Random
) -> int:
    """Kill workers in the middle of their work; gives how many were."""
    done = 0
    for _ in range(kills):
        before = left(app)
        if before == 0:
            break
        worker = start(settings, sink)
        until = time.monotonic() + 60
        while left(app) == before and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.4))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        done += 1
    return done


def finish(app: Flask, settings: Settings, sink: Sink) -> None:
    """Let a worker that nobody kills do the rest."""
    worker = start(settings, sink)
    until = time.monotonic() + _PATIENCE
    while left(app) and time.monotonic() < until:
        time.sleep(0.2)
    worker.terminate()
    worker.wait()


def count(app: Flask, sink: Sink, posts: int) -> bool:
    """Print what is there; whether it is all, and once."""
    with app.app_context():
        sources = collections.Counter(db.session.scalars(select(Post.source)))
        notices = db.session.scalar(select(func.count()).select_from(Notification)) or 0
        sent = db.session.scalar(
            select(func.count()).where(OutboxMessage.status == OutboxStatus.SENT)
        )
    wanted = {f"Planned {number} for @bob" for number in range(posts)}
    copies = collections.Counter(str(message["Message-ID"]) for message in sink.taken)
    there, letters = len(wanted & set(sources)), len(copies)
    doubled, again = sum(n > 1 for n in sources.values()), sum(n - 1 for n in copies.values())
    print(f"posts to come: {there} of {posts} published, {doubled} of them twice")
    print(f"notices: {notices} of {posts}")
    print(f"letters: {letters} of {posts} arrived, {sent} of {posts} noted as sent")
    print(f"second copies under the Message-ID of the first: {again}")
    return (there, doubled, notices, letters, sent) == (posts, 0, posts, posts, posts)


def main() -> int:
    """0 when nothing was lost and nothing doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--posts", type=int, default=40)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sink = Sink()
    controller = sink.start()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            data=Path(folder),
            database_url=f"sqlite:///{folder}/parvis.db",
            secret_key=_SECRET,
        )
        app = build(settings, asked.posts)
        chance = random.Random(asked.seed)
        killed = kill_again_and_again(app, settings, sink, asked.kills, chance)
        print(f"{killed} workers were killed, {left(app)} things were left to do")
        finish(app, settings, sink)
        good = count(app, sink, asked.posts)
    controller.stop()
    print("nothing lost, nothing doubled" if good else "NOT AS IT SHOULD BE")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
