"""The one place that says who does which background work, and what is done again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
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
from intranet.kernel.ids import MAX_ID
from intranet.letters import pushes
from intranet.letters.composing import compose
from intranet.letters.reader import said_to
from intranet.mail import tasks as mail
from intranet.mail.delivery import Deliverer
from intranet.mail.transports import Folder, Smtp, Transport
from intranet.media import actions as media
from intranet.media import tasks as media_tasks
from intranet.media.storage import Storage
from intranet.polls import actions as polls
from intranet.posts import polling, previewing
from intranet.posts.drafts import limits_of, preview_rules
from intranet.previews.fetching import PreviewFetcher
from intranet.push.delivery import Pusher, Sender
from intranet.scheduled import actions as scheduled
from intranet.scheduled import tasks as scheduled_tasks
from intranet.search import alerts as search_alerts
from intranet.search import indexing as search
from intranet.search import names as search_names
from intranet.settings import Settings
from intranet.tasks.runner import Apart, Handler, Runner
from intranet.timelines import actions as timeline_actions
from intranet.timelines import tasks as timelines
from intranet.trends import tasks as trends
from intranet.unit_of_work import unit_of_work
from intranet.webhooks import answering
from intranet.webhooks import queue as webhook_queue
from intranet.webhooks.delivery import WebhookDeliverer
from intranet.webhooks.queue import Claimed, Outcome

PURGE_UNATTACHED = "media.purge_unattached"
PURGE_WEBHOOK_LOG = "webhooks.purge_log"
PURGE_PREVIEWS = "previews.purge"

PERIODIC = {
    accounts.EXPIRE: dt.timedelta(hours=1),
    announcements.ADD_JOINERS: dt.timedelta(minutes=15),
    announcement_reminders.TAKE_DUE: dt.timedelta(minutes=5),
    notice_letters.TAKE_DUE: dt.timedelta(minutes=1),
    mail.PURGE: dt.timedelta(days=1),
    PURGE_UNATTACHED: dt.timedelta(hours=1),
    PURGE_WEBHOOK_LOG: dt.timedelta(days=1),
    PURGE_PREVIEWS: dt.timedelta(days=1),
    calendar.EXTEND: dt.timedelta(hours=1),
    search_alerts.LOOK: search_alerts.EVERY,
    timelines.TRIM: dt.timedelta(hours=12),
    trends.COUNT: dt.timedelta(minutes=15),
}


def handlers(settings: Settings) -> Mapping[str, Handler | Apart]:
    """What does each kind of task. Each runs in a unit of work and may run twice."""

    def purge(payload: dict[str, Any]) -> None:
        media_tasks.purge(Storage(settings.data / "media"), payload["keys"])

    def purge_unattached(_payload: dict[str, Any]) -> None:
        media.purge_unattached()

    def purge_previews(_payload: dict[str, Any]) -> None:
        previewing.purge(Storage(settings.data / "previews"))

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
        PURGE_PREVIEWS: purge_previews,
        polls.CLOSE: polling.close,
        scheduled.PUBLISH: publish_scheduled,
        search.INDEX_REST: search.index_rest,
        search_alerts.LOOK: Apart(search_alerts.look, search_alerts.tell),
        search_names.INDEX_NAMES: search_names.index_rest,
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
    """What tells the outgoing webhooks of this application, and asks for commands."""
    settings: Settings = app.extensions["intranet.settings"]

    def take_answer(held: Claimed, outcome: Outcome) -> None:
        answering.take(held, outcome, limits_of(settings), said_to)

    return WebhookDeliverer(
        context=app.app_context,
        unit_of_work=unit_of_work,
        key=settings.secret_key,
        base_url=settings.base_url,
        allowed=settings.webhook_hosts,
        answered=take_answer,
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


def previewer(app: Flask) -> PreviewFetcher:
    """What asks the pages that posts of this application link to."""
    settings: Settings = app.extensions["intranet.settings"]
    return PreviewFetcher(
        context=app.app_context,
        unit_of_work=unit_of_work,
        settled=previewing.tell_of,
        rules=preview_rules(settings),
        storage=Storage(settings.data / "previews"),
    )


def preview_forever(app: Flask) -> None:
    """Ask them until killed; several may run beside one another."""
    settings: Settings = app.extensions["intranet.settings"]
    if settings.link_previews:
        previewer(app).run_forever()


def push_forever(app: Flask) -> None:
    """Send push messages until killed; several may run beside one another."""
    pusher(app).run_forever()


def run_forever(app: Flask) -> None:
    """Do background work until killed."""
    runner(app).run_forever()


def reindex(say: Callable[[int], None] = lambda done: None) -> int:
    """Read all posts and names anew for the search, some thousand a transaction; gives how many
    posts that were. Needs an application context."""
    done = 0
    before: int | None = MAX_ID
    after: int | None = 0
    while before is not None:
        with unit_of_work():
            number, before = search.index_before(before)
        done += number
        say(done)
    while after is not None:
        with unit_of_work():
            after = search_names.index_after(after)
    with unit_of_work():
        search.tidy()
    return done
