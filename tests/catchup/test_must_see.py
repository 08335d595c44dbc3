"""The promise: whatever one must act on is in the first part, all of it, and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.catchup import asked, queries
from intranet.catchup.duties import Duty
from intranet.catchup.spans import Span, now_id
from intranet.db import db
from intranet.kernel.ids import id_at
from intranet.unit_of_work import unit_of_work
from tests.catchup.organisation import HOUR, NOW, Organisation
from tests.catchup.truth import OF_DUTIES, OF_POSTS, Truth

SEEDS = 6


def read(viewer: Account, span: Span) -> tuple[list[Duty], list[queries.Item], int]:
    """The first part, page by page to its end."""
    report = queries.report(viewer, span, "fr")
    items, concerns = list(report.asked), report.concerns
    duties, skip = list(report.duties), report.skip
    while skip is not None:
        page = queries.report(viewer, span, "fr", skip)
        assert (page.duties, page.interesting) == ((), [])
        items += page.asked
        skip = page.skip
    return duties, items, concerns


def deciding(truth: Truth, world: Organisation, known: set[str]) -> set[str]:
    """The rules, beyond those that are known, without which the answer for somebody of this world
    would be another one."""
    people = [truth.accounts[one.id] for one in world.people]
    posts = [truth.posts[one.id] for one in (*world.posts, *world.boosts)]

    def asked_by(one: Truth) -> list[bool]:
        return [one.asks(person, post) for person in people for post in posts]

    def waiting_by(one: Truth) -> list[set[str]]:
        return [one.duties(person) for person in people]

    said, waits = asked_by(truth), waiting_by(truth)
    found = {rule for rule in set(OF_POSTS) - known if asked_by(truth.without(rule)) != said}
    return found | {
        rule for rule in set(OF_DUTIES) - known if waiting_by(truth.without(rule)) != waits
    }


@pytest.mark.timeout(300)
def test_recall_of_what_must_be_seen_is_whole(app: Flask) -> None:
    seen = kept_apart = 0
    decided: set[str] = set()
    for seed in range(1, SEEDS + 1):
        with app.app_context():
            with unit_of_work():
                world = Organisation(seed)
                people = [one.id for one in world.people]
            truth = Truth()
            decided |= deciding(truth, world, decided)
            for account_id in people:
                viewer = truth.accounts[account_id]
                # The newest that asks something is the last of the span: it belongs to it.
                asking = (one.id for one in world.posts if truth.asks(viewer, truth.posts[one.id]))
                until = max(asking, default=now_id())
                span = Span(id_at(NOW - 24 * HOUR * world.dice.choice([1, 4, 11])), until)
                meant = {
                    post.id
                    for post in truth.posts.values()
                    if span.since < post.id <= span.until and truth.asks(viewer, post)
                }
                found = asked.asked_of(viewer, span)
                assert {post.id for post in found} == meant, (seed, viewer.handle)
                duties, items, concerns = read(viewer, span)
                threads = {truth.posts[id_].root_id or id_ for id_ in meant}
                assert {item.card.root_id or item.card.id for item in items} == threads
                assert len(items) == len(threads)
                assert sum(1 + item.more for item in items) == len(meant)
                assert all(item.reasons for item in items)
                assert {duty.key for duty in duties} == truth.duties(viewer), viewer.handle
                assert concerns == len(duties) + len(items) == queries.concerns(viewer, span, "fr")
                seen += len(meant) + len(duties)
                kept_apart += sum(
                    (post.id, viewer.id) in truth.mentions and not truth.readable(viewer, post)
                    for post in truth.posts.values()
                )
            db.session.rollback()
    # The worlds are worth asking: much is owed, and much that names people is kept from them.
    assert seen > 500
    assert kept_apart > 100
    # And each rule says of something that it is to be seen or not: none can be forgotten unseen.
    assert decided == {*OF_POSTS, *OF_DUTIES}
