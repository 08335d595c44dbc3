"""The one place that says who does which background work, and what is done again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Flask

from intranet.accounts import resets
from intranet.accounts import tasks as accounts
from intranet.announcements import publication
from intranet.announcements import reminders as announcement_reminders
from intranet.announcements import tasks as announcements
from intranet.calendar import reminders as event_reminders
from intranet.calendar import tasks as calendar
from intranet.interruptions import letters as notice_letters
from intranet.kernel import smtp_server
from intranet.letters import pushes
from intranet.letters.composing import compose
from intranet.mail import tasks as mail
from intranet.mail.delivery import Deliverer
from intranet.mail.transports import Folder, Smtp, Transport
from intranet.media import actions as media
from intranet.media import tasks as media_tasks
from intranet.media.storage import Storage
from intranet.polls import actions as polls
from intranet.posts import polling
from intranet.posts.drafts import limits_of
from intranet.push.delivery import Pusher, Sender
from intranet.scheduled import actions as scheduled
from intranet.scheduled import tasks as scheduled_tasks
from intranet.settings import Settings
from intranet.tasks.runner import Apart, Handler, Runner
from intranet.timelines import actions as timeline_actions
from intranet.timelines import tasks as timelines
from intranet.trends import tasks as trends
from intranet.unit_of_work import unit_of_work
from intranet.webhooks import queue as webhook_queue
from intranet.webhooks.delivery import WebhookDeliverer

PURGE_UNATTACHED = "media.purge_unattached"
PURGE_WEBHOOK_LOG = "webhooks.purge_log"

PERIODIC = {
    accounts.EXPIRE: dt.timedelta(hours=1),
    announcements.ADD_JOINERS: dt.timedelta(minutes=15),
    announcement_reminders.TAKE_DUE: dt.timedelta(minutes=5),
    notice_letters.TAKE_DUE: dt.timedelta(minutes=1),
    mail.PURGE: dt.timedelta(days=1),
    PURGE_UNATTACHED: dt.timedelta(hours=1),
    PURGE_WEBHOOK_LOG: dt.timedelta(days=1),
    calendar.EXTEND: dt.timedelta(hours=1),
    timelines.TRIM: dt.timedelta(hours=12),
    trends.COUNT: dt.timedelta(minutes=15),
}


def handlers(settings: Settings) -> Mapping[str, Handler | Apart]:
    """What does each kind of task. Each runs in a unit of work and may run twice."""

    def purge(payload: dict[str, Any]) -> None:
        media_tasks.purge(Storage(settings.data / "media"), payload["keys"])

    def purge_unattached(_payload: dict[str, Any]) -> None:
        media.purge_unattached()

    def look_into_reset(payload: dict[str, Any]) -> None:
        resets.look_into(payload, key=settings.secret_key)

    def publish_scheduled(payload: dict[str, Any]) -> None:
        scheduled_tasks.publish_due(payload, limits_of(settings))

    return {
        accounts.EXPIRE: accounts.expire,
        announcements.ADD_JOINERS: announcements.add_joiners,
        publication.PUBLISH: announcements.publish,
        publication.MAIL: announcements.mail,
        announcement_reminders.TAKE_DUE: announcement_reminders.take_due_steps,
        announcement_reminders.DELIVER: announcement_reminders.deliver,
        announcement_reminders.BY_MAIL: announcement_reminders.deliver_by_mail,
        notice_letters.TAKE_DUE: notice_letters.take_due,
        mail.PURGE: mail.purge,
        resets.ASKED: look_into_reset,
        calendar.EXTEND: calendar.extend,
        event_reminders.REMIND: event_reminders.remind,
        media.PURGE: purge,
        PURGE_UNATTACHED: purge_unattached,
        PURGE_WEBHOOK_LOG: webhook_queue.purge,
        polls.CLOSE: polling.close,
        scheduled.PUBLISH: publish_scheduled,
        timeline_actions.SETTLE_WIDTH: timelines.settle_width,
        timelines.TRIM: timelines.trim,
        trends.COUNT: Apart(trends.look, trends.keep),
    }


def runner(app: Flask) -> Runner:
    """The worker of this application."""
    return Runner(
        context=app.app_context,
        unit_of_work=unit_of_work,
        handlers=handlers(app.extensions["intranet.settings"]),
        periodic=PERIODIC,
    )


def transport(settings: Settings) -> Transport:
    """Where mail goes: to the mail server, or to the folder without one. In the demo company
    always to the folder: its people have addresses that somebody may really have."""
    if settings.smtp_url is None or not settings.sends_mail:
        return Folder(settings.mail_folder)
    return Smtp(smtp_server.parse(settings.smtp_url))


def deliverer(app: Flask) -> Deliverer:
    """What sends the mail of this application."""
    settings: Settings = app.extensions["intranet.settings"]
    return Deliverer(
        context=app.app_context,
        unit_of_work=unit_of_work,
        compose=compose,
        transport=transport(settings),
        sender=settings.mail_from,
    )


def deliver_forever(app: Flask) -> None:
    """Send mail until killed, beside the background work: a slow mail server must not hold up
    what people wait for."""
    settings: Settings = app.extensions["intranet.settings"]
    # One process for everything, unless Redis says that there are others.
    deliverer(app).run_forever(alone=settings.role == "all" and settings.redis_url is None)


def webhook_deliverer(app: Flask) -> WebhookDeliverer:
    """What tells the outgoing webhooks of this application."""
    settings: Settings = app.extensions["intranet.settings"]
    return WebhookDeliverer(
        context=app.app_context,
        unit_of_work=unit_of_work,
        key=settings.secret_key,
        base_url=settings.base_url,
        allowed=settings.webhook_hosts,
    )


def tell_webhooks_forever(app: Flask) -> None:
    """Tell outgoing webhooks until killed, beside the rest: their servers may be slow. Several
    may run beside one another."""
    webhook_deliverer(app).run_forever()


def pusher(app: Flask) -> Pusher:
    """What sends the push messages of this application."""
    settings: Settings = app.extensions["intranet.settings"]
    return Pusher(
        context=app.app_context,
        unit_of_work=unit_of_work,
        compose=pushes.compose,
        sender=Sender(
            folder=settings.data,
            contact=settings.mail_from,
            trusted_hosts=settings.push_hosts,
        ),
    )


def push_forever(app: Flask) -> None:
    """Send push messages until killed; several may run beside one another."""
    pusher(app).run_forever()


def run_forever(app: Flask) -> None:
    """Do background work until killed."""
    runner(app).run_forever()
