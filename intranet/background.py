"""The one place that says who does which background work, and what is done again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Flask

from intranet.accounts import tasks as accounts
from intranet.calendar import reminders
from intranet.calendar import tasks as calendar
from intranet.media import actions as media
from intranet.media import tasks as media_tasks
from intranet.media.storage import Storage
from intranet.settings import Settings
from intranet.tasks.runner import Handler, Runner
from intranet.timelines import actions as timeline_actions
from intranet.timelines import tasks as timelines
from intranet.unit_of_work import unit_of_work

PURGE_UNATTACHED = "media.purge_unattached"

PERIODIC = {
    accounts.EXPIRE: dt.timedelta(hours=1),
    PURGE_UNATTACHED: dt.timedelta(hours=1),
    calendar.EXTEND: dt.timedelta(hours=1),
    timelines.TRIM: dt.timedelta(hours=12),
}


def handlers(settings: Settings) -> Mapping[str, Handler]:
    """What does each kind of task. Each runs in a unit of work and may run twice."""

    def purge(payload: dict[str, Any]) -> None:
        media_tasks.purge(Storage(settings.data / "media"), payload["keys"])

    def purge_unattached(_payload: dict[str, Any]) -> None:
        media.purge_unattached()

    return {
        accounts.EXPIRE: accounts.expire,
        calendar.EXTEND: calendar.extend,
        reminders.REMIND: reminders.remind,
        media.PURGE: purge,
        PURGE_UNATTACHED: purge_unattached,
        timeline_actions.SETTLE_WIDTH: timelines.settle_width,
        timelines.TRIM: timelines.trim,
    }


def runner(app: Flask) -> Runner:
    """The worker of this application."""
    return Runner(
        context=app.app_context,
        unit_of_work=unit_of_work,
        handlers=handlers(app.extensions["intranet.settings"]),
        periodic=PERIODIC,
    )


def run_forever(app: Flask) -> None:
    """Do background work until killed."""
    runner(app).run_forever()
