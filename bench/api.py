"""Measures the API that programs call, against a bare answer of the same size.

`python -m bench.api [--posts 100000] [--seconds 6] [--folder var/bench] [--postgres URL]` uses the
companies of `bench.pages` and writes bench/results-api.md. One request at a time, from people
spread over the company: what a call costs, not how many a machine can take.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench import load
from bench.pages import DEFAULT, READERS, ROOT, SERVERS, Company, loaded, prepare, serving
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.notifications.models import Notification, NotificationKind
from intranet.oauth import own
from intranet.posts.models import Post, Visibility
from intranet.unit_of_work import unit_of_work

CALLS = {
    "home, 20 statuses": "/api/v1/timelines/home?limit=20",
    "public, 20 statuses": "/api/v1/timelines/public?limit=20",
    "account": "/api/v1/accounts/{account}",
    "account, 20 statuses": "/api/v1/accounts/{account}/statuses?limit=20",
    "notifications, 40": "/api/v1/notifications?limit=40",
    "publish": "/api/v1/statuses",
}

_NOTIFICATIONS = 40


def people(app: Flask) -> list[tuple[int, str]]:
    """Some colleagues spread over the company, each with a token."""
    with app.app_context():
        staff = select(Account.id).where(Account.role != Role.GUEST).order_by(Account.id)
        everybody = db.session.scalars(staff).all()
        chosen = list(everybody[:: max(1, len(everybody) // READERS)])[:READERS]
        with unit_of_work():
            tokens = [
                own.token_for(db.session.get_one(Account, id_), "read write") for id_ in chosen
            ]
            _notify(chosen)
        db.engine.dispose()
    return list(zip(chosen, tokens, strict=True))


def _notify(recipients: list[int]) -> None:
    """The companies in bulk have no notifications: each of these people gets a page of mentions."""
    posts = db.session.execute(
        select(Post.id, Post.author_id)
        .where(Post.visibility == Visibility.ORGANISATION, Post.root_id.is_(None))
        .order_by(Post.id.desc())
        .limit(_NOTIFICATIONS)
    ).all()
    db.session.add_all(
        Notification(
            recipient_id=recipient, actor_id=post.author_id, kind=NotificationKind.MENTION,
            post_id=post.id, thread_id=post.id,
        )
        for recipient in recipients
        for post in posts
        if post.author_id != recipient
    )  # fmt: skip


def requests_of(path: str, who: list[tuple[int, str]]) -> list[bytes]:
    """One request of each person; a call that publishes is a POST."""
    made = []
    for number, (account_id, token) in enumerate(who):
        form = f"status=Measured+{number}" if path.endswith("/statuses") else ""
        made.append(load.request_for(path.format(account=account_id), token=token, form=form))
    return made


def table(company: Company, seconds: float) -> Iterator[str]:
    """Each call beside a bare answer of its size, on the same server in the same run."""
    who = people(company.app())
    yield "| call | bytes | p50 / p95 ms | CPU ms | bare p50 ms | bare CPU ms | p50 to bare |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    with serving(company, SERVERS[DEFAULT]) as (port, pid):
        for name, path in CALLS.items():
            done, cpu = loaded(port, pid, requests_of(path, who), 1, seconds)
            time.sleep(1)
            bare, bare_cpu = loaded(
                port, pid, [load.request_for(f"/bench/bare/{done.size}")], 1, seconds / 2
            )
            yield (
                f"| {name} | {done.size:,} | {done.quantile(50):.1f} / {done.quantile(95):.1f} "
                f"| {cpu:.1f} | {bare.quantile(50):.2f} | {bare_cpu:.2f} "
                f"| x {done.quantile(50) / bare.quantile(50):.0f} |"
            )


def main() -> None:
    """Build what is missing, measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--postgres")
    given = parser.parse_args()
    company = prepare(given.posts, given.folder.absolute(), given.postgres)
    rows = list(table(company, given.seconds))
    lines = [
        "# The API: measured",
        "",
        f"{utc_now():%Y-%m-%d}, {'PostgreSQL' if given.postgres else 'SQLite'}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, shared with the load client; "
        f"niceness {os.nice(0)}; company of {given.posts:,} posts, default process, one request at "
        "a time.",
        "Made by `python -m bench.api`; compare figures of one run only "
        f"(load average {os.getloadavg()[0]:.1f} at the end).",
        "",
        *rows,
    ]
    report = "\n".join(lines) + "\n"
    print(report)
    name = "results-api-postgresql.md" if given.postgres else "results-api.md"
    (ROOT / "bench" / name).write_text(report)


if __name__ == "__main__":
    main()
