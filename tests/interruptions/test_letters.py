"""Letters about notices, into a real mail server: one for each, those that waited, digests; each
in its reader's language and hours, never empty, never twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions import letters, levels
from intranet.interruptions.models import DigestClock, InterruptionPreference, Pace
from intranet.mail.delivery import Deliverer
from intranet.mail.models import OutboxMessage
from intranet.notifications.models import Notification, NotificationKind
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink

OFFICE = [[day, 9 * 60, 17 * 60] for day in range(5)]
WEDNESDAY = dt.datetime(2026, 12, 2, tzinfo=dt.UTC)


@contextmanager
def clock_at(hour: float, day: int = 0) -> Iterator[None]:
    """Inside it is that hour in Paris, `day` days after a Wednesday (winter: UTC+1)."""
    moment = WEDNESDAY + dt.timedelta(days=day, hours=hour - 1)
    with time_machine.travel(moment, tick=True):
        yield


@pytest.fixture
def prefers(app: Flask) -> Callable[..., None]:
    def keep(account: Account, **values: Any) -> None:
        with app.app_context(), unit_of_work():
            db.session.merge(
                InterruptionPreference(account_id=account.id, **{"levels": {}, **values})
            )

    return keep


@pytest.fixture
def say(browse: Browser) -> Callable[[Account, str], int]:
    def publish(author: Account, text: str) -> int:
        answer = browse(author).post("/posts", data={"source": text})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return int(answer.location.rstrip("/").rpartition("/")[2])

    return publish


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def take_due(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        letters.take_due({})


def test_a_letter_for_each_notice_inside_the_hours_threaded_and_once(
    app: Flask, make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann", locale="fr"), make.account("bob")
    prefers(ann, pace=Pace.AT_ONCE, hours=OFFICE)
    with clock_at(10):
        root = say(ann, "Who has the key of the shed?")
        for text in ("I have it", "And the lamp"):
            browse(bob).post(f"/posts/{root}/replies", data={"source": text})
        assert smtp.drain() == 2
        assert smtp.drain() == 0
    first, second = sink.taken
    assert [str(one["To"]) for one in sink.taken] == ["Ann <ann@example.test>"] * 2
    assert str(first["References"]) == str(second["References"]) == str(first["In-Reply-To"])
    assert first["Message-ID"] != second["Message-ID"]
    assert str(first["Subject"]) == str(second["Subject"]) == "Re: Who has the key of the shed?"
    assert "notices" in str(first["List-Id"])
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "I have it" in body(first)
    assert "Réponse de Bob" in body(first)
    assert first["Reply-To"] is None  # no mail is taken in here


def test_what_comes_outside_the_hours_is_one_letter_when_they_open(
    app: Flask, make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann", locale="en"), make.account("bob")
    prefers(ann, pace=Pace.AT_ONCE, hours=OFFICE)
    with clock_at(16):
        root = say(ann, "Good night")
    with clock_at(19):
        for text in ("One", "Two", "Three"):
            browse(bob).post(f"/posts/{root}/replies", data={"source": text})
        smtp.drain()
        assert sink.taken == []
    with clock_at(8.9, day=1):
        smtp.drain()
        assert sink.taken == []
    with clock_at(9.01, day=1):
        smtp.drain()
        smtp.drain()
    (letter,) = sink.taken
    assert str(letter["Subject"]) == "3 things are new for you"
    assert all(text in body(letter) for text in ("One", "Two", "Three"))


def test_a_letter_that_was_due_in_the_hours_waits_when_it_is_sent_after_them(
    make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann"), make.account("bob")
    prefers(ann, pace=Pace.AT_ONCE, hours=OFFICE)
    with clock_at(16.99):
        root = say(ann, "Hello")
        browse(bob).post(f"/posts/{root}/replies", data={"source": "Late"})
    with clock_at(17.01):
        smtp.drain()
        assert sink.taken == []
    # The end of quiet and other hours have it looked at again.
    with clock_at(17.5):
        prefers(ann, pace=Pace.AT_ONCE, hours=None)
        browse(ann).post("/notifications/quiet")
        smtp.drain()
        assert sink.taken == []
        browse(ann).post("/notifications/quiet/end")
        smtp.drain()
    assert len(sink.taken) == 1


def test_digests_at_the_start_of_the_hours_never_empty_never_twice(
    app: Flask, make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob, cat = make.account("ann", locale="fr"), make.account("bob"), make.account("cat")
    prefers(ann, pace=Pace.DAILY, hours=OFFICE)
    prefers(cat, pace=Pace.NEVER)
    with clock_at(10):
        take_due(app)  # the clocks begin: nothing of the past
        for author in (ann, cat):
            root = say(author, f"Written by {author.handle}")
            browse(bob).post(f"/posts/{root}/replies", data={"source": "Answered"})
            browse(bob).post(f"/posts/{root}/reactions", data={"emoji": "👍"})
        take_due(app)
        smtp.drain()
        assert sink.taken == []
    for hour, number in ((8, 0), (9.05, 1), (9.1, 1), (12, 1)):
        with clock_at(hour, day=1):
            take_due(app)
            take_due(app)
            smtp.drain()
        assert len(sink.taken) == number, hour
    letter = sink.taken[0]
    assert str(letter["To"]) == "Ann <ann@example.test>"
    text = body(letter)
    assert "Mentions et réponses" in text
    assert "Réponse de Bob" in text
    assert text.index("Mentions et réponses") < text.index("Réactions")
    # The next day nothing is new: no letter, and none for what was read meanwhile.
    with clock_at(11, day=1):
        root = say(ann, "Again")
        browse(bob).post(f"/posts/{root}/replies", data={"source": "Read before the digest"})
        browse(ann).post("/notifications/read")
    with clock_at(9.1, day=2):
        take_due(app)
        smtp.drain()
    assert len(sink.taken) == 1


def test_a_digest_of_what_is_hidden_meanwhile_is_no_letter(
    app: Flask, make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann"), make.account("bob")
    prefers(ann, pace=Pace.HOURLY)
    with clock_at(10):
        take_due(app)
        root = say(ann, "Hello")
        answer = browse(bob).post(f"/posts/{root}/replies", data={"source": "Gone soon"})
        reply = int(answer.location.rpartition("post-")[2])
    with clock_at(11.1):
        take_due(app)
        browse(bob).post(f"/posts/{reply}/delete")
        smtp.drain()
    assert sink.taken == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_who_is_away_gets_the_digest_when_back(
    app: Flask, make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann"), make.account("bob")
    prefers(ann, pace=Pace.DAILY, hours=OFFICE)
    with clock_at(10):
        take_due(app)
        root = say(ann, "Off I go")
        away = {"first_day": "2026-12-03", "last_day": "2026-12-07"}
        browse(ann).post("/settings/notifications/days-off", data=away)
        browse(bob).post(f"/posts/{root}/replies", data={"source": "Enjoy"})
    for day in range(1, 6):
        with clock_at(9.5, day=day):
            take_due(app)
            smtp.drain()
    assert sink.taken == []
    with clock_at(9.1, day=6):
        take_due(app)
        smtp.drain()
    assert len(sink.taken) == 1


def test_one_click_ends_digests_and_the_settings_bring_them_back(
    app: Flask, make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann", locale="en"), make.account("bob")
    prefers(ann, pace=Pace.HOURLY)
    with clock_at(10):
        take_due(app)
        root = say(ann, "Hello")
        browse(bob).post(f"/posts/{root}/replies", data={"source": "One"})
    with clock_at(11.1):
        take_due(app)
        smtp.drain()
        link = urlsplit(str(sink.taken[0]["List-Unsubscribe"]).strip("<>")).path
        # Whoever only looks changes nothing: scanners follow links.
        browse(None).get(link.removesuffix("/one-click"))
        answer = browse(None).post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 204
        browse(bob).post(f"/posts/{root}/replies", data={"source": "Two"})
    with clock_at(12.1):
        take_due(app)
        smtp.drain()
        assert len(sink.taken) == 1
        page = browse(ann).get("/settings/notifications").get_data(as_text=True)
        assert "You have stopped these letters" in page
        browse(ann).post("/settings/notifications", data={"whose": "always", "pace": "hourly"})
        browse(bob).post(f"/posts/{root}/replies", data={"source": "Three"})
    with clock_at(13.2):
        take_due(app)
        smtp.drain()
    assert len(sink.taken) == 2


def test_digests_cost_the_same_for_many(app: Flask, make: Factory, statements: list[str]) -> None:
    actor = make.account("zoe")
    costs = []
    for number in (2, 20):
        people = [make.account(f"p{number}x{one}") for one in range(number)]
        take_due(app)
        with app.app_context(), unit_of_work():
            for one in people:
                db.session.add(Notification(recipient_id=one.id, actor_id=actor.id, kind="follow"))
            db.session.execute(
                update(DigestClock)
                .where(DigestClock.account_id.in_([one.id for one in people]))
                .values(next_at=WEDNESDAY - dt.timedelta(days=90))
            )
        statements.clear()
        take_due(app)
        costs.append(len(statements))
        with app.app_context():
            made = db.session.scalar(select(func.count()).select_from(OutboxMessage))
        assert made == (2 if number == 2 else 22)
    assert costs[0] == costs[1]


def test_what_comes_after_a_letter_that_left_before_its_time_is_told_too(
    make: Factory, browse: Browser, say: Callable[[Account, str], int],
    prefers: Callable[..., None], smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    ann, bob = make.account("ann"), make.account("bob")
    prefers(ann, pace=Pace.AT_ONCE, hours=OFFICE)
    with clock_at(15):
        root = say(ann, "Hello")
    with clock_at(16.5):
        browse(ann).post("/notifications/quiet")  # beyond the hours: all waits for the morning
        browse(bob).post(f"/posts/{root}/replies", data={"source": "First"})
        browse(ann).post("/notifications/quiet/end")
        smtp.drain()
        assert len(sink.taken) == 1
        browse(ann).post("/notifications/read")
    with clock_at(19):
        for text in ("Second", "Third"):
            browse(bob).post(f"/posts/{root}/replies", data={"source": text})
        smtp.drain()
        assert len(sink.taken) == 1
    with clock_at(9.1, day=1):
        smtp.drain()
    assert len(sink.taken) == 2
    assert "Second" in body(sink.taken[1])
    assert "Third" in body(sink.taken[1])


def test_every_kind_of_notice_has_its_topic_and_its_letter() -> None:
    of_the_organisation = {
        kind for kind in NotificationKind if kind.startswith(("announcement", "approval"))
    }
    assert set(NotificationKind) - set(levels.TOPICS) == {
        *of_the_organisation,
        NotificationKind.SCHEDULED_FAILED,
    }
    # What is no letter at once has one of its own.
    own = ("event", "review", "page_invitation")
    assert [kind for kind in levels.TOPICS if kind not in letters.AT_ONCE] == [
        kind for kind in levels.TOPICS if kind.startswith(own)
    ]
