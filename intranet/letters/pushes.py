"""What a push message says: written when it is sent, in the recipient's language, from what the
recipient may see then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select

from intranet.accounts import sessions
from intranet.accounts.models import Account
from intranet.db import db
from intranet.inbox import queries as inbox
from intranet.inbox.queries import InboxEntry, InboxLine
from intranet.interruptions import hours, levels
from intranet.interruptions.models import Level
from intranet.kernel.clock import utc_now
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.places import address_of
from intranet.letters.reader import reading
from intranet.notifications.models import Notification, NotificationKind
from intranet.notifications.standard import TYPES
from intranet.oauth import tokens
from intranet.push import keys
from intranet.push.delivery import KEEP_SECONDS, Ended, Later, Written
from intranet.push.models import PushPolicy, PushSubscription
from intranet.relationships import queries as relationships
from intranet.reviews import answers
from intranet.reviews.answers import Outcome
from intranet.search import alerts
from intranet.settings import Settings

_AT_ONCE = (
    NotificationKind.MENTION,
    NotificationKind.REPLY,
    NotificationKind.MESSAGE,
    NotificationKind.ANNOUNCEMENT,
    NotificationKind.ANNOUNCEMENT_REMINDER,
    NotificationKind.EVENT_REMINDER,
    NotificationKind.EVENT_CANCELLED,
)
_LONGEST_TITLE, _LONGEST_BODY = 160, 300
_NAMED_TOGETHER = 3


def compose(
    subscription: PushSubscription, notification_ids: Sequence[int]
) -> Written | Ended | Later | None:
    """The message as JSON; of several notifications, which hours have held back, one message that
    says how many. None when there is nothing to say any more: the notifications are gone, read,
    or about what their recipient may not see or be called for now; its program wants no such
    messages, or has to refresh its token first. Ended when the device was signed out for good,
    Later outside the recipient's hours, unless it is part of an emergency. Needs an application
    context of its own."""
    account = db.session.get(Account, subscription.account_id)
    if account is None or not account.is_active or _has_ended(subscription):
        return Ended()
    now = utc_now()
    schedule = hours.schedule_of(account)
    urgent = _is_urgent(notification_ids)
    if not urgent and not schedule.is_open(now):
        return Later(schedule.opens_at(now))
    if subscription.token_id is not None and not tokens.alive([subscription.token_id]):
        return None
    settings = settings_here()
    locale = account.locale or settings.default_locale
    with reading(locale, account.time_zone):
        found = _wanted(
            subscription,
            account,
            [entry for entry in inbox.entries_of(account, notification_ids) if entry.unread],
        )
        if not found:
            return None
        newest = found[-1]
        said = _said(newest, settings) if len(found) == 1 else _said_together(found, settings)
        if subscription.token_id is not None:
            said = _for_program(subscription, newest.newest, said, locale, settings)
    urgency = "high" if urgent or newest.newest.kind in _AT_ONCE else "normal"
    closes = None if urgent else schedule.closes_at(now)
    seconds = KEEP_SECONDS if closes is None else int((closes - now).total_seconds())
    return Written(orjson.dumps(said), urgency, min(seconds, KEEP_SECONDS))


def _is_urgent(notification_ids: Sequence[int]) -> bool:
    """Whether one of them is part of an emergency; such are never held, so they come alone."""
    return bool(
        db.session.scalar(
            select(exists().where(Notification.id.in_(notification_ids), Notification.urgent))
        )
    )


def _has_ended(subscription: PushSubscription) -> bool:
    if subscription.token_id is not None:
        return tokens.has_ended(subscription.token_id)
    return subscription.session_id is None or not sessions.alive([subscription.session_id])


def _wanted(
    subscription: PushSubscription, account: Account, entries: Sequence[InboxEntry]
) -> list[InboxEntry]:
    """Those that this device is to hear of: at most two statements."""
    if subscription.policy is PushPolicy.NONE:
        return []
    actors = {entry.newest.actors[0].id for entry in entries}
    if subscription.policy is PushPolicy.FOLLOWED:
        actors = relationships.follows_among(account, actors)
    elif subscription.policy is PushPolicy.FOLLOWER:
        actors = relationships.followers_among(account, actors)
    heard = [entry for entry in entries if entry.newest.actors[0].id in actors]
    if subscription.token_id is not None:
        return [one for one in heard if subscription.alerts.get(TYPES.get(one.newest.kind, ""))]
    kept = levels.kept_of((account.id,)).get(account.id, {})
    return [one for one in heard if levels.level_for(kept, one.newest.kind) is Level.AT_ONCE]


def _said(entry: InboxEntry, settings: Settings) -> dict[str, Any]:
    """What browsers are sent."""
    line = entry.newest
    if not settings.push_content:
        return {
            "title": settings.brand,
            "body": _("There is something new for you."),
            "url": absolute("notifications.index"),
        }
    body = line.excerpt
    if line.about is not None:
        body = line.about.title
    return {
        "title": _cut(title_of(entry), _LONGEST_TITLE),
        "body": _cut(body, _LONGEST_BODY),
        "url": whole_address_of(entry),
    }


def _said_together(entries: Sequence[InboxEntry], settings: Settings) -> dict[str, Any]:
    """What came while the reader was not to be called, the newest first."""
    said = {
        "title": ngettext("%(num)s thing is new", "%(num)s things are new", len(entries)),
        "body": _("There is something new for you."),
        "url": absolute("notifications.index"),
    }
    if settings.push_content:
        newest = [title_of(entry) for entry in reversed(entries)]
        said["body"] = _cut(" · ".join(newest[:_NAMED_TOGETHER]), _LONGEST_BODY)
    return said


def _for_program(
    subscription: PushSubscription,
    line: InboxLine,
    said: dict[str, Any],
    locale: str,
    settings: Settings,
) -> dict[str, Any]:
    """https://docs.joinmastodon.org/methods/push/ and what apps read of it."""
    hue = line.actors[0].hue if settings.push_content else 6
    return {
        "access_token": keys.opened(settings.secret_key, subscription.sealed_token),
        "preferred_locale": locale,
        "notification_id": str(line.id),
        "notification_type": TYPES[line.kind],
        "icon": f"{settings.base_url}/api/pictures/person-{hue}.png",
        "title": said["title"],
        "body": said["body"],
    }


def title_of(entry: InboxEntry) -> str:
    """Who did what, in a few words."""
    line = entry.newest
    who = line.actors[0].display_name
    group = entry.group.name if entry.group is not None else ""
    page = line.page.display_name if line.page is not None else ""
    if page:
        return _title_for_page(line, who, page)
    words = {
        NotificationKind.FOLLOW: _("%(who)s follows you now", who=who),
        NotificationKind.MENTION: _("%(who)s mentioned you", who=who),
        NotificationKind.REPLY: _("%(who)s replied", who=who),
        NotificationKind.THREAD_REPLY: _("%(who)s replied in a thread you follow", who=who),
        NotificationKind.MESSAGE: _("%(who)s wrote to you", who=who),
        NotificationKind.REACTION: _("%(who)s reacted to your post", who=who),
        NotificationKind.BOOST: _("%(who)s boosted your post", who=who),
        NotificationKind.QUOTE: _("%(who)s quoted your post", who=who),
        NotificationKind.PRAISE: _("%(who)s praised you", who=who),
        NotificationKind.ANSWER: _("%(who)s accepted your reply as the answer", who=who),
        NotificationKind.POST: _("%(who)s posted", who=who),
        NotificationKind.GROUP_POST: _("%(who)s posted in %(group)s", who=who, group=group),
        NotificationKind.JOIN_REQUEST: _("%(who)s asks to join %(group)s", who=who, group=group),
        NotificationKind.JOIN_ACCEPTED: _("%(who)s let you into %(group)s", who=who, group=group),
        NotificationKind.GROUP_INVITATION: _(
            "%(who)s invites you to %(group)s", who=who, group=group
        ),
        NotificationKind.ANNOUNCEMENT: _("%(who)s announces", who=who),
        NotificationKind.ANNOUNCEMENT_REMINDER: _("Please read and confirm, says %(who)s", who=who),
        NotificationKind.ANNOUNCEMENT_REOPENED: _(
            "%(who)s has changed what you confirmed: please read it again", who=who
        ),
        NotificationKind.APPROVAL_REQUEST: _(
            "%(who)s asks you to approve an announcement", who=who
        ),
        NotificationKind.APPROVAL_ANSWER: _("%(who)s has looked at your announcement", who=who),
        NotificationKind.EVENT_INVITATION: _("%(who)s invites you to an event", who=who),
        NotificationKind.EVENT_CHANGED: _("%(who)s changed an event", who=who),
        NotificationKind.EVENT_CANCELLED: _("%(who)s cancelled an event", who=who),
        NotificationKind.EVENT_REMINDER: _("Soon"),
        NotificationKind.EVENT_PROMOTED: _("A seat is free: you take part"),
        NotificationKind.SAVED_SEARCH: _(
            "New for your search “%(search)s”", search=alerts.told(line.detail).name
        )
        if line.kind is NotificationKind.SAVED_SEARCH
        else "",
        NotificationKind.POLL: _("A poll of %(who)s has ended", who=who),
        NotificationKind.SCHEDULED_FAILED: _(
            "A post of yours could not be published at its time: its text is kept"
        ),
        NotificationKind.REPORT: _("%(who)s reports something in %(group)s", who=who, group=group)
        if group
        else _("%(who)s reports something", who=who),
    }
    # A kind that this table does not know is told without saying what it is.
    return str(words.get(line.kind) or _("%(who)s: something new for you", who=who))


def _title_for_page(line: InboxLine, who: str, page: str) -> str:
    """The same for who hears of it because they write for a page."""
    words = {
        NotificationKind.MENTION: _("%(who)s mentioned %(page)s", who=who, page=page),
        NotificationKind.REPLY: _("%(who)s replied to %(page)s", who=who, page=page),
        NotificationKind.REACTION: _(
            "%(who)s reacted to your post for %(page)s", who=who, page=page
        ),
        NotificationKind.BOOST: _("%(who)s boosted your post for %(page)s", who=who, page=page),
        NotificationKind.QUOTE: _("%(who)s quoted your post for %(page)s", who=who, page=page),
        NotificationKind.ANSWER: _(
            "%(who)s accepted the reply of %(page)s as the answer", who=who, page=page
        ),
        NotificationKind.POLL: _("A poll of %(page)s has ended", page=page),
        NotificationKind.PAGE_INVITATION: _(
            "%(who)s lets you speak for %(page)s", who=who, page=page
        ),
        NotificationKind.REVIEW_REQUEST: _(
            "%(who)s asks you to read a post for %(page)s", who=who, page=page
        ),
        NotificationKind.REVIEW_ANSWER: _reviewed(line, who, page),
    }
    return str(words.get(line.kind) or _("%(page)s: something new for you", page=page))


def whole_address_of(entry: InboxEntry) -> str:
    """The whole address of what its newest line is about."""
    return address_of(entry.newest, entry, absolute)


def _reviewed(line: InboxLine, who: str, page: str) -> str:
    """What became of a post that waited for a second person."""
    if line.kind is not NotificationKind.REVIEW_ANSWER:
        return ""
    words = {
        Outcome.PUBLISHED: _("%(who)s published your post for %(page)s", who=who, page=page),
        Outcome.LATER: _(
            "%(who)s let out your post for %(page)s: it comes at its time", who=who, page=page
        ),
        Outcome.RETURNED: _("%(who)s returned your post for %(page)s", who=who, page=page),
    }
    answer = answers.told(line.detail)
    looked = _("%(who)s has looked at your post for %(page)s", who=who, page=page)
    return str(words[answer.outcome] if answer else looked)


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
