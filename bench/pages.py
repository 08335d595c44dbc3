"""Measures the home page and its data at several sizes, and against a bare Flask answer.

`python -m bench.pages [--sizes 1000,100000,1000000] [--seconds 6] [--folder var/bench]` builds the
companies that are not there yet with `intranet demo --scale N`, measures, prints the tables and
writes them to bench/results.md. DATABASE_URL is not used: the companies are SQLite files. With
`--postgres URL` (a server whose role may create databases) they are databases of that server.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

from bench import load
from bench.company import free_port
from intranet.accounts import sessions
from intranet.accounts.models import Account, Role
from intranet.app import create_app
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import Cursor
from intranet.relationships.models import Follow
from intranet.settings import Settings
from intranet.timelines import queries
from intranet.unit_of_work import unit_of_work

ROOT = Path(__file__).resolve().parent.parent
READERS = 40
DEFAULT = "gevent, one process (default)"
SERVERS = {
    DEFAULT: "bench.serve_embedded",
    "granian": "bench.serve_granian",
}
PROMISE = 1.3


@dataclass
class Company:
    """One size: where it is, and how to reach it."""

    posts: int
    folder: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a process that serves it."""
        return os.environ | {
            "INTRANET_DATA": str(self.folder),
            "DATABASE_URL": self.database_url,
            "INTRANET_RATE_LIMITS": "false",
            "INTRANET_LOG_LEVEL": "error",
        }

    def app(self) -> Flask:
        """The application in this process."""
        key = (self.folder / "secret_key").read_text().strip()
        return create_app(
            Settings(
                _env_file=None, data=self.folder, database_url=self.database_url, secret_key=key
            )
        )


@dataclass(frozen=True)
class Row:
    """The measures of one size, in milliseconds: processor time of the data alone, answer time
    and processor time of the page."""

    posts: int
    follows: int
    statements_50: float
    statements_95: float
    page_50: float
    page_95: float
    page_cpu: float


def prepare(posts: int, folder: Path, postgres: str | None) -> Company:
    """The company of this size, built when it is not there yet."""
    where = folder / f"{'postgresql' if postgres else 'sqlite'}-{posts}"
    url = f"sqlite:///{where / 'parvis.db'}"
    if postgres:
        server = make_url(postgres)
        url = server.set(database=f"parvis_bench_{posts}").render_as_string(hide_password=False)
    company = Company(posts, where, url)
    if (where / "built").exists():
        return company
    where.mkdir(parents=True, exist_ok=True)
    if postgres:
        engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "parvis_bench_{posts}"'))
            connection.execute(text(f'CREATE DATABASE "parvis_bench_{posts}"'))
        engine.dispose()
    command = [sys.executable, "-m", "intranet.cli.main", "demo", "--scale", str(posts)]
    subprocess.run(command, env=company.environment, cwd=ROOT, check=True)
    (where / "built").touch()
    return company


def readers(app: Flask) -> tuple[list[int], list[str], int]:
    """Some people spread over the company: ids, signed-in cookies, how many they follow in all."""
    with app.app_context():
        staff = select(Account.id).where(Account.role != Role.GUEST).order_by(Account.id)
        everybody = db.session.scalars(staff).all()
        chosen = list(everybody[:: max(1, len(everybody) // READERS)])[:READERS]
        follows = select(func.count()).where(Follow.follower_id.in_(chosen))
        count = db.session.scalar(follows) or 0
        with unit_of_work():
            tokens = [
                sessions.open_session(
                    db.session.get_one(Account, id_),
                    lifetime=dt.timedelta(days=1),
                    user_agent="bench",
                    ip_address="127.0.0.1",
                )
                for id_ in chosen
            ]
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    cookies = [f"{name}={signer.dumps({'_user_id': token, '_fresh': True})}" for token in tokens]
    return chosen, cookies, count


def data_times(app: Flask, ids: list[int], rounds: int) -> load.Load:
    """Reading the first page of a home, with its cards, in this process: processor time, which
    neighbours on the machine disturb less. SQLite runs in this thread, so it is in it."""
    times: list[float] = []
    with app.app_context():
        for turn in range(rounds + 1):
            for id_ in ids:
                viewer = db.session.get_one(Account, id_)
                began = time.thread_time()
                queries.home(viewer, Cursor())
                if turn:
                    times.append((time.thread_time() - began) * 1000)
                db.session.remove()
        db.engine.dispose()
    return load.Load(tuple(times), sum(times) / 1000, 0)


@contextmanager
def serving(company: Company, module: str) -> Iterator[tuple[int, int]]:
    """A server of the company: its port and process id."""
    port = free_port()
    environment = company.environment | {"PORT": str(port)}
    with (company.folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/bare/1", timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError("the server did not start: see server.log in the company's folder")


def processor_seconds(root: int) -> float:
    """What a process and its children have used of the processors so far."""
    parents: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            parents[int(entry.name)] = (int(fields[1]), used)
    wanted = {root}
    while more := {pid for pid, (parent, _) in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(parents[pid][1] for pid in wanted if pid in parents)


def loaded(
    port: int, pid: int, requests: list[bytes], connections: int, seconds: float
) -> tuple[load.Load, float]:
    """The load, and the server's processor milliseconds for each answer."""
    load.run(port, requests, connections=connections, seconds=min(1.0, seconds / 3))
    before = processor_seconds(pid)
    done = load.run(port, requests, connections=connections, seconds=seconds)
    return done, (processor_seconds(pid) - before) * 1000 / max(1, len(done.times))


def measure_size(company: Company, seconds: float) -> Row:
    """The data in this process, and the page from the default server, one request at a time."""
    app = company.app()
    ids, cookies, follows = readers(app)
    data = data_times(app, ids, rounds=5)
    with serving(company, SERVERS[DEFAULT]) as (port, pid):
        requests = [load.request_for("/", cookie) for cookie in cookies]
        page, page_cpu = loaded(port, pid, requests, 1, seconds)
    return Row(
        company.posts, follows // len(ids),
        data.quantile(50), data.quantile(95), page.quantile(50), page.quantile(95), page_cpu,
    )  # fmt: skip


def sizes_table(rows: list[Row]) -> Iterator[str]:
    """How the times grow with the company."""
    yield "| posts | follows each | data, CPU ms p50 / p95 | page p50 / p95 ms | page CPU ms |"
    yield "|---:|---:|---:|---:|---:|"
    for row in rows:
        yield (
            f"| {row.posts:,} | {row.follows} | {row.statements_50:.2f} / {row.statements_95:.2f} "
            f"| {row.page_50:.1f} / {row.page_95:.1f} | {row.page_cpu:.1f} |"
        )
    if len(rows) > 1:
        data = rows[-1].statements_95 / rows[0].statements_95
        page = rows[-1].page_95 / rows[0].page_95
        processor = rows[-1].page_cpu / rows[0].page_cpu
        yield ""
        yield (
            f"From the smallest to the largest: data p95 x {data:.2f}, page p95 x {page:.2f} "
            f"(promised: at most x {PROMISE}), page CPU x {processor:.2f}."
        )


def servers_table(company: Company, seconds: float) -> Iterator[str]:
    """The page against a bare answer of its size, on the same server in the same run."""
    _, cookies, _ = readers(company.app())
    requests = [load.request_for("/", cookie) for cookie in cookies]
    yield "| server | home page a second | bare Flask a second | ratio | CPU ms a page / bare |"
    yield "|---|---:|---:|---:|---:|"
    for name, module in SERVERS.items():
        with serving(company, module) as (port, pid):
            page, page_cpu = loaded(port, pid, requests, 16, seconds)
            time.sleep(2)  # what was asked for last is answered to nobody, but costs as much
            bare_requests = [load.request_for(f"/bench/bare/{page.size}")]
            bare, bare_cpu = loaded(port, pid, bare_requests, 16, seconds)
        ratio = page.per_second / bare.per_second
        yield (
            f"| {name} | {page.per_second:.0f} (p95 {page.quantile(95):.0f} ms) "
            f"| {bare.per_second:.0f} | {ratio:.3f} | {page_cpu:.2f} / {bare_cpu:.2f} |"
        )
    yield ""
    yield f"16 connections, {page.size:,} bytes an answer, company of {company.posts:,} posts."


def main() -> None:
    """Build, measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--postgres")
    given = parser.parse_args()
    folder = given.folder.absolute()
    companies = [
        prepare(int(size), folder, given.postgres)
        for size in sorted(given.sizes.split(","), key=int)
    ]
    rows = [measure_size(company, given.seconds) for company in companies]
    beside_bare = list(servers_table(companies[len(companies) // 2], given.seconds))
    lines = [
        "# Home page: measured",
        "",
        f"{utc_now():%Y-%m-%d}, {'PostgreSQL' if given.postgres else 'SQLite'}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, shared with the load client.",
        "Made by `make bench`; compare figures of one run only. CPU is what to compare when the "
        f"machine is shared (load average {os.getloadavg()[0]:.1f} at the end).",
        "",
    ]
    lines += [*sizes_table(rows), "", *beside_bare]
    report = "\n".join(lines) + "\n"
    print(report)
    (ROOT / "bench" / ("results-postgresql.md" if given.postgres else "results.md")).write_text(
        report
    )


if __name__ == "__main__":
    main()
