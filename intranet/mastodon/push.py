"""Push messages for programs: https://docs.joinmastodon.org/methods/push/

One subscription for each token; it ends with the token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.identity import access, shown_token, viewer
from intranet.mastodon.parameters import Flag, MaybeText, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.push import actions, keys
from intranet.push.actions import DeviceDraft
from intranet.push.models import PushPolicy, PushSubscription
from intranet.unit_of_work import unit_of_work

ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "quote", "quoted_update", "admin.sign_up", "admin.report",
)  # fmt: skip


class _Nested(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Keys(_Nested):
    """The device's keys, base64url."""

    p256dh: str = Field("", max_length=200)
    auth: str = Field("", max_length=200)


class Place(_Nested):
    """Where the device is reached."""

    endpoint: str = Field("", max_length=2000)
    keys: Keys = Keys()
    standard: Flag = None


class Data(_Nested):
    """What the program wants to hear of."""

    alerts: Mapping[str, Flag] = Field(default_factory=dict)
    policy: MaybeText = None


class Wanted(Parameters):
    """The fields of a subscription."""

    subscription: Place = Place()
    data: Data = Data()
    policy: MaybeText = None  # some programs put it here

    def chosen_policy(self, present: PushPolicy) -> PushPolicy:
        """The policy that was asked for."""
        asked = self.data.policy or self.policy
        try:
            return PushPolicy(asked) if asked else present
        except ValueError:
            raise Invalid(fields={"policy": N_("Choose one of these.")}) from None

    def chosen_alerts(self) -> dict[str, bool]:
        """Each type that exists here, and whether it is wanted."""
        return {name: bool(self.data.alerts.get(name)) for name in ALERTS}


@bp.post("/api/v1/push/subscription")
@scope("push")
def subscribe() -> Response:
    """Tell this program's device what happens; a subscription from before is replaced."""
    sent = read(Wanted)
    settings = settings_here()
    draft = DeviceDraft(
        endpoint=sent.subscription.endpoint,
        p256dh=sent.subscription.keys.p256dh,
        auth=sent.subscription.keys.auth,
        standard=bool(sent.subscription.standard),
        alerts=sent.chosen_alerts(),
        policy=sent.chosen_policy(PushPolicy.ALL),
        trusted_hosts=settings.push_hosts,
    )
    sealed = keys.sealed(settings.secret_key, shown_token())
    with unit_of_work():
        row = actions.subscribe_token(viewer(), access().token_id, draft, sealed)
    return answer(_entity(row))


@bp.get("/api/v1/push/subscription")
@scope("push")
def show_subscription() -> Response:
    """What the program asked for."""
    return answer(_entity(actions.get_of_token(access().token_id)))


@bp.put("/api/v1/push/subscription")
@scope("push")
def change_subscription() -> Response:
    """Other alerts, or another policy."""
    sent = read(Wanted)
    with unit_of_work():
        row = actions.get_of_token(access().token_id)
        row.alerts = sent.chosen_alerts()
        row.policy = sent.chosen_policy(row.policy)
    return answer(_entity(row))


@bp.delete("/api/v1/push/subscription")
@scope("push")
def unsubscribe() -> Response:
    """Tell the device nothing any more."""
    with unit_of_work():
        actions.unsubscribe_token(access().token_id)
    return answer({})


def server_key() -> str:
    """The public key by which devices know us."""
    return keys.public_key(settings_here().data)


def _entity(row: PushSubscription) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/WebPushSubscription/"""
    return {
        "id": str(row.id),
        "endpoint": row.endpoint,
        "standard": row.standard,
        "alerts": {name: bool(row.alerts.get(name)) for name in ALERTS},
        "policy": row.policy.value,
        "server_key": server_key(),
    }
