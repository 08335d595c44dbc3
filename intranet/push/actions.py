"""Devices come and go; what people are notified of waits for their devices, in the transaction
that notifies them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, exists, false, insert, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.interruptions.events import HoursChanged
from intranet.interruptions.levels import TOPICS
from intranet.interruptions.models import InterruptionPreference, Level, Topic
from intranet.kernel import outbound
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.events import Notified
from intranet.notifications.models import Notification, NotificationKind
from intranet.push import queue
from intranet.push.events import PushQueued
from intranet.push.keys import decoded
from intranet.push.models import PushMessage, PushPolicy, PushSubscription

PUSHED = "push"  # in the detail of a reminder: it was asked to reach devices
_MANY = 500  # ids in one statement
_LONGEST_KEY = 200
_MOMENT = PushMessage.send_after.type
_COLUMNS = [
    "subscription_id",
    "notification_id",
    "send_after",
    "attempts",
    "created_at",
    "held_back",
]
# What is nice to know and makes a device ring only for who has asked for it; programs choose for
# themselves. Every level is asked again when the message is written.
_NOT_FOR_BROWSERS = tuple(kind for kind, topic in TOPICS.items() if topic is Topic.APPLAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDraft:
    """A device that asks to be told. `trusted_hosts` may be in our own network."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool = True
    alerts: Mapping[str, bool] = field(default_factory=dict)
    policy: PushPolicy = PushPolicy.ALL
    trusted_hosts: Collection[str] = ()


def subscribe_session(account: Account, session_id: int, draft: DeviceDraft) -> PushSubscription:
    """Tell the browser of this session; whatever it had before is forgotten."""
    return _replace(account, PushSubscription.session_id, session_id, draft)


def subscribe_token(
    account: Account, token_id: int, draft: DeviceDraft, sealed_token: str
) -> PushSubscription:
    """Tell the program of this token; whatever it had before is forgotten."""
    row = _replace(account, PushSubscription.token_id, token_id, draft)
    row.sealed_token = sealed_token
    return row


def follow_token(spent_id: int, token_id: int, sealed_token: str) -> None:
    """The program refreshed its token: what it is told by goes on under the next one, which it
    reads in each message from now on."""
    db.session.execute(
        update(PushSubscription)
        .where(PushSubscription.token_id == spent_id)
        .values(token_id=token_id, sealed_token=sealed_token)
        .execution_options(synchronize_session=False)
    )


def get_of_token(token_id: int) -> PushSubscription:
    """What the program of this token is told by; NotFound when it did not ask."""
    found = db.session.scalar(select(PushSubscription).where(PushSubscription.token_id == token_id))
    if found is None:
        raise NotFound
    return found


def unsubscribe_session(session_id: int) -> None:
    """Tell it nothing any more; twice is as good as once."""
    _forget(PushSubscription.session_id, session_id)


def unsubscribe_token(token_id: int) -> None:
    """Tell it nothing any more; twice is as good as once."""
    _forget(PushSubscription.token_id, token_id)


def forget_device(account: Account, subscription_id: int) -> None:
    """Tell one own device nothing any more; another's or a missing one changes nothing."""
    db.session.execute(
        delete(PushSubscription)
        .where(PushSubscription.id == subscription_id, PushSubscription.account_id == account.id)
        .execution_options(synchronize_session=False)
    )


def notified(fact: Notified) -> None:
    """Let what was written wait for the devices of the recipients: a statement for some hundred
    of them, and none when nobody has a device. Reminders reach devices when they were asked to."""
    if not db.session.scalar(select(exists().where(PushSubscription.id.is_not(None)))):
        return
    now = utc_now()
    waits = 0
    for start in range(0, len(fact.notification_ids), _MANY):
        some = fact.notification_ids[start : start + _MANY]
        rows = (
            select(
                PushSubscription.id,
                Notification.id,
                literal(now, _MOMENT),
                literal(0),
                literal(now, _MOMENT),
                false(),
            )
            .join(Notification, Notification.recipient_id == PushSubscription.account_id)
            .where(
                Notification.id.in_(some),
                PushSubscription.policy != PushPolicy.NONE,
                or_(
                    Notification.kind != NotificationKind.ANNOUNCEMENT_REMINDER,
                    Notification.detail == PUSHED,
                ),
                or_(
                    PushSubscription.session_id.is_(None),
                    Notification.kind.not_in(_NOT_FOR_BROWSERS),
                    exists().where(
                        InterruptionPreference.account_id == Notification.recipient_id,
                        InterruptionPreference.levels[Topic.APPLAUSE].as_string() == Level.AT_ONCE,
                    ),
                ),
            )
        )
        done: Any = db.session.execute(insert(PushMessage).from_select(_COLUMNS, rows))
        waits += done.rowcount
    if waits:
        record(PushQueued())


def hours_changed(fact: HoursChanged) -> None:
    """What waits for the hours of this account is looked at again."""
    queue.look_again(fact.account_id)
    record(PushQueued())


def _replace(
    account: Account,
    column: InstrumentedAttribute[int | None],
    owner_id: int,
    draft: DeviceDraft,
) -> PushSubscription:
    _check(draft)
    _forget(column, owner_id)
    row = PushSubscription(
        account_id=account.id,
        session_id=None,
        token_id=None,
        endpoint=draft.endpoint,
        p256dh=draft.p256dh,
        auth=draft.auth,
        standard=draft.standard,
        alerts=dict(draft.alerts),
        policy=draft.policy,
        sealed_token="",
    )
    setattr(row, column.key, owner_id)
    db.session.add(row)
    db.session.flush()
    return row


def _forget(column: InstrumentedAttribute[int | None], owner_id: int) -> None:
    db.session.execute(
        delete(PushSubscription)
        .where(column == owner_id)
        .execution_options(synchronize_session=False)
    )


def _check(draft: DeviceDraft) -> None:
    """Invalid for an address that we would never ask, or keys that nothing can be sealed with."""
    try:
        outbound.check(draft.endpoint, draft.trusted_hosts)
    except outbound.Refused:
        raise Invalid(fields={"endpoint": N_("This is no push service on the internet.")}) from None
    if not _is_point(draft.p256dh):
        raise Invalid(fields={"p256dh": N_("This key cannot be used.")})
    if not _is_secret(draft.auth):
        raise Invalid(fields={"auth": N_("This key cannot be used.")})


def _is_point(text: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(text[:_LONGEST_KEY]))
    except ValueError:
        return False
    return len(text) <= _LONGEST_KEY // 2


def _is_secret(text: str) -> bool:
    try:
        return len(text) <= 40 and len(decoded(text)) == 16
    except ValueError:
        return False
