"""Polls in the domain: votes under races, the end told once, anonymity, deletion."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet import background
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.notifications.models import Notification, NotificationKind
from intranet.polls.models import Poll, PollOption, PollVote, PollVoter
from intranet.posts import polling
from intranet.tasks.runner import Runner
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.polls.voting_race import VotingRace


@pytest.fixture
def tasks(app: Flask) -> Runner:
    return background.runner(app)


def ask(client: Any, path: str = "/posts", **form: Any) -> int:
    """Publish a poll through the form; gives its id."""
    sent = {"source": "Lunch?", "part": "poll", "option": ["Soup", "Salad", "Bread"]} | form
    answer = client.post(path, data=sent)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def _told(app: Flask) -> dict[str, int]:
    """Who was told of the end, how often."""
    with app.app_context():
        rows = db.session.execute(
            select(Account.handle, func.count())
            .join(Notification, Notification.recipient_id == Account.id)
            .where(Notification.kind == NotificationKind.POLL)
            .group_by(Account.handle)
        ).all()
        return {row[0]: row[1] for row in rows}


def test_nobody_votes_twice_however_fast(make: Factory, browse: Browser, app: Flask) -> None:
    post_id = ask(browse(make.account("ann")))
    race = VotingRace(app, 30)
    taken, refused, errors = race.run(post_id, tries=4)
    assert errors == []
    assert (taken, refused) == (30, 90)
    voters, votes = race.counted(post_id)
    assert voters == sum(votes) == 30
    assert (voters, votes) == race.rows(post_id)


def test_the_end_is_told_once_to_who_asked_and_who_voted(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann, bob, cam, dan = make.accounts("ann", "bob", "cam", "dan")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob, cam, dan])
    post_id = ask(browse(ann), f"/groups/{group.slug}/posts", seconds="3600")
    for voter in (bob, cam):
        assert browse(voter).post(f"/posts/{post_id}/votes", data={"choice": "0"}).status_code < 400
    # Cam leaves before the end, and hears nothing of the group any more.
    browse(cam).post(f"/groups/{group.slug}/leave")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=59)):
        tasks.drain()
        assert _told(app) == {}
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        tasks.drain()
        for _ in range(2):
            with app.app_context(), unit_of_work():
                polling.close({"post_id": str(post_id)})
        assert _told(app) == {"ann": 1, "bob": 1}
        assert "Your poll has ended" in browse(ann).get("/notifications").text
        his = browse(bob).get("/notifications").text
        assert "A poll of <b>Ann</b> that you voted in has ended" in his


def test_a_poll_that_was_deleted_or_moved_ends_in_silence(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers = browse(ann)
    gone = ask(hers, seconds="300")
    browse(bob).post(f"/posts/{gone}/votes", data={"choice": "0"})
    browse(bob).post(f"/posts/{gone}/replies", data={"source": "An answer keeps the place"})
    hers.post(f"/posts/{gone}/delete")
    with app.app_context():
        for model in (Poll, PollOption, PollVote, PollVoter):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)):
        tasks.drain()
    assert _told(app) == {}


def test_anonymous_votes_are_shown_to_nobody_and_named_ones_to_readers(
    make: Factory, browse: Browser
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    path = f"/groups/{group.slug}/posts"
    secret, named, later = (
        ask(browse(ann), path),
        ask(browse(ann), path, named="1"),
        ask(browse(ann), path, named="1", hide_totals="1"),
    )
    for post_id in (secret, named, later):
        browse(bob).post(f"/posts/{post_id}/votes", data={"choice": "1"})
    for who in (ann, bob):
        assert browse(who).get(f"/posts/{secret}/votes").status_code == 403
        assert browse(who).get(f"/posts/{later}/votes").status_code == 403
    assert "Bob" in browse(ann).get(f"/posts/{named}/votes").text
    # The outsider: cam may not read the group, so not even whether there is a poll.
    outsider = browse(cam)
    assert outsider.get(f"/posts/{named}").status_code == 404
    for post_id in (secret, named, 42):
        assert outsider.get(f"/posts/{post_id}/votes").status_code == 404
        answer = outsider.post(f"/posts/{post_id}/votes", data={"choice": "0"})
        assert answer.status_code == 404


def test_a_guest_votes_where_it_may_read(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    guest = make.account("gus", Role.GUEST)
    group = make.group("board", GroupPrivacy.CLOSED, owner=ann, members=[guest])
    inside, outside = ask(browse(ann), f"/groups/{group.slug}/posts"), ask(browse(ann))
    client = browse(guest)
    assert client.post(f"/posts/{inside}/votes", data={"choice": "0"}).status_code == 303
    assert client.post(f"/posts/{outside}/votes", data={"choice": "0"}).status_code == 404
