"""Holds many open streams of programs on the default process while somebody browses.

`python -m bench.streams [--lines 500] [--seconds 20] [--folder var/bench]` uses the company of
`bench.pages` that has a colleague for each line (a hundred posts for each), opens a WebSocket for
each with a token of its own (streams `user` and `public`), publishes once a second, and writes
bench/results-streams.md: how many lines stayed and heard each post, what a post costs the server's
processor beyond publishing it, and how long messages and pages took. Loopback only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from bench.pages import DEFAULT, ROOT, SERVERS, prepare, processor_seconds, readers, serving
from bench.programs import Listening, Program
from bench.sockets import browse
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.oauth import own
from intranet.unit_of_work import unit_of_work

POSTS_FOR_EACH = 100
_REST_SECONDS = 15.0  # in which what was published last has to be heard

Sent = list[tuple[str, float]]


def tokens_of(app: Flask, most: int) -> list[str]:
    """A token for each line, of as many different colleagues as there are."""
    with app.app_context():
        staff = select(Account.id).where(Account.role != Role.GUEST).order_by(Account.id)
        ids = db.session.scalars(staff.limit(most)).all()
        with unit_of_work():
            tokens = [
                own.token_for(db.session.get_one(Account, ids[number % len(ids)]), "read write")
                for number in range(most)
            ]
        db.engine.dispose()
    return tokens


def publish(port: int, token: str, text: str) -> tuple[str, float]:
    """Publish for the whole organisation; gives the post's number and when it was answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/api/v1/statuses", urlencode({"status": text}), headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 200, body
    connection.close()
    return body["id"], time.perf_counter()


class Measured:
    """What came of publishing once a second for so many seconds."""

    def __init__(self, port: int, pid: int, token: str, seconds: float, text: str) -> None:
        before = processor_seconds(pid)
        end = time.perf_counter() + seconds
        self.sent: Sent = []
        while time.perf_counter() < end:
            self.sent.append(publish(port, token, f"{text} {len(self.sent)}"))
            time.sleep(1)
        self._port, self._pid, self._before = port, pid, before

    def wait(self, programs: Sequence[Program]) -> None:
        """Until all have heard everything, or for too long."""
        end = time.monotonic() + _REST_SECONDS
        while time.monotonic() < end and self.whole(programs) < len(programs):
            time.sleep(0.2)

    def whole(self, programs: Sequence[Program]) -> int:
        """How many heard every post."""
        return sum(all(post in one.heard for post, _at in self.sent) for one in programs)

    def delays(self, programs: Sequence[Program]) -> list[float]:
        """From each answer to each message, in milliseconds."""
        return sorted(
            (one.heard[post] - at) * 1000
            for one in programs
            for post, at in self.sent
            if post in one.heard
        )

    def cpu_ms(self) -> float:
        """The server's processor milliseconds for each post, up to now."""
        return (processor_seconds(self._pid) - self._before) * 1000 / len(self.sent)


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    late = values[int(len(values) * 0.95)]
    return f"{statistics.median(values):.0f} / {late:.0f} / {values[-1]:.0f}"


def main() -> None:
    """Build what is missing, measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.streams", description=__doc__)
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--postgres")
    given = parser.parse_args()
    company = prepare(given.lines * POSTS_FOR_EACH, given.folder.absolute(), given.postgres)
    app = company.app()
    tokens = tokens_of(app, given.lines)
    _ids, cookies, _follows = readers(app)
    with serving(company, SERVERS[DEFAULT]) as (port, pid):
        publish(port, tokens[0], "Warm")
        alone = Measured(port, pid, tokens[0], given.seconds / 2, "Alone")
        time.sleep(2)  # what follows a post in the background
        alone_ms = alone.cpu_ms()
        listening = Listening(port, tokens)
        began = time.perf_counter()
        listening.start()
        connected = listening.connected(60)
        print(f"connected {connected} of {given.lines} in {time.perf_counter() - began:.1f} s")
        programs = listening.programs
        publish(port, tokens[0], "Heard for the first time")
        time.sleep(3)
        quiet = Measured(port, pid, tokens[0], given.seconds, "Quiet")
        quiet.wait(programs)
        time.sleep(2)
        quiet_ms = quiet.cpu_ms()
        pages: list[float] = []
        until = time.perf_counter() + given.seconds
        browser = threading.Thread(target=browse, args=(port, cookies[1], until, pages))
        browser.start()
        busy = Measured(port, pid, tokens[0], given.seconds - 1, "Busy")
        busy.wait(programs)
        browser.join()
        alive = sum(one.alive for one in programs)
        listening.stop()
    rows = [
        "| | lines that heard all | message after the answer, ms p50 / p95 / worst "
        "| CPU ms a post |",
        "|---|---:|---:|---:|",
        f"| nobody listens | | | {alone_ms:.0f} |",
        f"| {given.lines} lines | {quiet.whole(programs)} | {_spread(quiet.delays(programs))} "
        f"| {quiet_ms:.0f} |",
        f"| and somebody browses | {busy.whole(programs)} | {_spread(busy.delays(programs))} | |",
    ]
    lines = [
        "# Streams of programs: measured",
        "",
        f"{utc_now():%Y-%m-%d}, {'PostgreSQL' if given.postgres else 'SQLite'}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, shared with the load client; "
        f"niceness {os.nice(0)}; company of {company.posts:,} posts, default process, each line a "
        "token of a colleague of its own with two streams, a post a second.",
        "Made by `python -m bench.streams`; compare figures of one run only "
        f"(load average {os.getloadavg()[0]:.1f} at the end).",
        "",
        *rows,
        "",
        f"So one post costs {quiet_ms - alone_ms:.0f} ms of processor to be told to "
        f"{given.lines} lines. {alive} lines stayed. Home pages meanwhile: {len(pages)}, "
        f"ms p50 / p95 / worst {_spread(sorted(page * 1000 for page in pages))}.",
    ]
    report = "\n".join(lines) + "\n"
    print(report)
    name = "results-streams-postgresql.md" if given.postgres else "results-streams.md"
    (ROOT / "bench" / name).write_text(report)
    if alive != given.lines or busy.whole(programs) != given.lines:
        sys.exit(1)


if __name__ == "__main__":
    main()
