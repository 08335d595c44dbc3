"""People who vote at once."""

from __future__ import annotations

import random

from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.polls.actions import AlreadyVoted
from intranet.polls.models import Poll, PollOption, PollVote, PollVoter
from intranet.posts import polling, queries
from intranet.unit_of_work import unit_of_work
from tests.racing import at_once, racers


class VotingRace:
    def __init__(self, app: Flask, people: int) -> None:
        self.app, self.ids = app, racers(app, people)

    def run(self, post_id: int, tries: int) -> tuple[int, int, list[str]]:
        """Everybody votes `tries` times at once; gives how many were taken, how many refused, and
        what else went wrong."""
        jobs = self.ids * tries
        random.shuffle(jobs)
        taken: list[int] = []
        refused: list[int] = []

        def vote(account_id: int) -> None:
            try:
                self._vote(account_id, post_id)
                taken.append(account_id)
            except AlreadyVoted:
                refused.append(account_id)

        errors = at_once(vote, jobs)
        assert sorted(taken) == sorted(set(taken)), "somebody voted twice"
        return len(taken), len(refused), errors

    def _vote(self, account_id: int, post_id: int) -> None:
        with self.app.app_context(), unit_of_work():
            actor = db.session.get_one(Account, account_id)
            polling.vote(actor, queries.get_visible(actor, post_id), [random.randrange(3)])

    def counted(self, post_id: int) -> tuple[int, list[int]]:
        """What the counters say."""
        with self.app.app_context():
            options = select(PollOption.votes_count).where(PollOption.post_id == post_id)
            votes = list(db.session.scalars(options.order_by(PollOption.position)))
            return db.session.get_one(Poll, post_id).voters_count, votes

    def rows(self, post_id: int) -> tuple[int, list[int]]:
        """What the votes themselves say."""
        with self.app.app_context():
            voters = select(func.count()).where(PollVoter.post_id == post_id)
            found = dict(
                db.session.execute(
                    select(PollVote.position, func.count())
                    .where(PollVote.post_id == post_id)
                    .group_by(PollVote.position)
                ).all()
            )
            return db.session.scalar(voters) or 0, [found.get(number, 0) for number in range(3)]
