from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.calendar import actions
from intranet.calendar.drafts import EventDraft
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.unit_of_work import unit_of_work

Arrange = Callable[..., tuple[int, int]]


def soon(days: int = 7, hour: int = 10) -> dt.datetime:
    """A wall-clock time some days from now."""
    day = utc_now().date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour))


def a_draft(**values: Any) -> EventDraft:
    """A meeting in a week, for an hour."""
    starts = values.pop("starts", soon())
    given = {
        "title": "Line review",
        "starts": starts,
        "ends": starts + dt.timedelta(hours=1),
        "time_zone": "Europe/Paris",
    }
    return EventDraft(**given | values)


@pytest.fixture
def arrange(app: Flask) -> Arrange:
    """`arrange(ann, capacity=5)` makes an event; gives the ids of event and first date."""

    def made(actor: Account, **values: Any) -> tuple[int, int]:
        with app.app_context(), unit_of_work():
            event, first = actions.create(db.session.get_one(Account, actor.id), a_draft(**values))
            return event.id, first.id

    return made
