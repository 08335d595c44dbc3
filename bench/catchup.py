"""Measures catching up: how long it takes at several sizes, and how good its order is.

`python -m bench.catchup [--sizes 100000] [--days 7] [--rounds 3] [--folder var/bench]` builds the
companies that are not there yet (SQLite files, as `bench.pages` does, which have no mentions: some
are added, in a transaction that is taken back), reads the report of forty people who were away for
so many days, and prints the processor time of each, which neighbours on the machine disturb less
than the clock. Then it draws a synthetic organisation whose members' interests are known, and
prints NDCG@10 of three orders: ours, the newest first, the most reacted to first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import statistics
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import event, insert, select

from bench.pages import prepare, readers
from intranet.accounts.models import Account
from intranet.catchup import queries, ranking
from intranet.catchup.interest import Facts
from intranet.catchup.spans import Span, now_id
from intranet.catchup.weights import completed
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import id_at
from intranet.posts.models import Mention, Post

PROMISE = 150  # milliseconds, p95


def times(app: Flask, ids: list[int], days: int, rounds: int) -> tuple[list[float], set[int], int]:
    """Milliseconds of each report, how many statements it took, and the most that concerned."""
    measured: list[float] = []
    counts: set[int] = set()
    most = 0
    with app.app_context():
        sent: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        _name_people(ids)
        span = Span(id_at(utc_now() - dt.timedelta(days=days)), now_id())
        for turn in range(rounds + 1):
            for id_ in ids:
                viewer = db.session.get_one(Account, id_)
                sent.clear()
                began = time.thread_time()
                report = queries.report(viewer, span, "en")
                took = (time.thread_time() - began) * 1000
                if turn:
                    measured.append(took)
                    counts.add(len(sent))
                    most = max(most, report.concerns)
                db.session.expunge_all()
        db.session.rollback()
        db.engine.dispose()
    return measured, counts, most


def _name_people(ids: list[int], each: int = 30) -> None:
    """The newest posts name these people."""
    newest = db.session.scalars(select(Post.id).order_by(Post.id.desc()).limit(each * 20)).all()
    dice = random.Random(1)
    rows = [
        {"post_id": post_id, "account_id": id_}
        for id_ in ids
        for post_id in dice.sample(list(newest), min(each, len(newest)))
    ]
    db.session.execute(insert(Mention), rows)


def quality(people: int = 200, posts: int = 120, seed: int = 7) -> dict[str, float]:
    """NDCG@10 over a synthetic organisation. Each person has subjects, close colleagues and a
    team; how much a post is worth to them follows from these and from chance, of which an order
    sees only what leaves traces: not every post on a subject carries its hashtag, and reactions
    come from people with interests of their own."""
    dice = random.Random(seed)
    subjects = 12
    interests = [{dice.randrange(subjects): dice.random() for _ in range(3)} for _ in range(people)]
    close = [set(dice.sample(range(people), 8)) for _ in range(people)]
    team = [number // 10 for number in range(people)]
    follows = [close[one] | set(dice.sample(range(people), 15)) for one in range(people)]
    made = [(dice.randrange(people), dice.randrange(subjects)) for _ in range(posts)]
    worth = [[_worth(one, *post, interests, close, team) for post in made] for one in range(people)]
    reacted = [
        {one for one in range(people) if dice.random() < 0.02 + 0.25 * worth[one][number]}
        for number in range(posts)
    ]
    scores: dict[str, list[float]] = {"ours": [], "newest first": [], "most reacted to first": []}
    span = Span(0, posts)
    for one in range(people):
        facts = [
            Facts(
                entry_id=number, post_id=number, thread_id=number, author_id=author,
                author=str(author), in_home=True, followed=author in follows[one],
                team=team[one] == team[author],
                skill="x" if subject in interests[one] and dice.random() < 0.5 else "",
                near=len((reacted[number] - {one}) & follows[one]),
                reactions=len(reacted[number] - {one}),
                exchanges=dice.randrange(3, 9) if author in close[one] else 0,
            )
            for number, (author, subject) in enumerate(made)
        ]  # fmt: skip
        ours = [item.facts.post_id for item in ranking.ranked(facts, completed({}), span)]
        rest = [number for number in reversed(range(posts)) if number not in ours]
        popular = sorted(range(posts), key=lambda number: (-len(reacted[number] - {one}), -number))
        for name, order in (
            ("ours", [*ours, *rest]),
            ("newest first", list(reversed(range(posts)))),
            ("most reacted to first", popular),
        ):
            scores[name].append(_ndcg([worth[one][number] for number in order]))
    return {name: statistics.mean(found) for name, found in scores.items()}


def _worth(
    one: int,
    author: int,
    subject: int,
    interests: list[dict[int, float]],
    close: list[set[int]],
    team: list[int],
) -> float:
    """0..1: what the post is worth to this person."""
    about = interests[one].get(subject, 0.0)
    near = 0.6 if author in close[one] else 0.35 if team[author] == team[one] else 0.0
    return min(1.0, 0.6 * about + near)


def _ndcg(values: list[float], most: int = 10) -> float:
    def gain(order: list[float]) -> float:
        return sum(value / math.log2(place + 2) for place, value in enumerate(order[:most]))

    best = gain(sorted(values, reverse=True))
    return gain(values) / best if best else 1.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("var/bench"))
    given = parser.parse_args()
    for size in map(int, given.sizes.split(",")):
        company = prepare(size, given.folder, None)
        app = company.app()
        ids, _cookies, _follows = readers(app)
        took, statements, most = times(app, ids, given.days, given.rounds)
        ordered = sorted(took)
        p95 = ordered[int(len(ordered) * 0.95)]
        print(
            f"{size} posts, {given.days} days away: p50 {statistics.median(took):.1f} ms,"
            f" p95 {p95:.1f} ms, worst {ordered[-1]:.1f} ms of {len(took)};"
            f" statements {sorted(statements)}; up to {most} things concern a reader;"
            f" the promise of {PROMISE} ms is {'kept' if p95 < PROMISE else 'BROKEN'}"
        )
    for name, score in quality().items():
        print(f"NDCG@10 of {name}: {score:.3f}")


if __name__ == "__main__":
    main()
