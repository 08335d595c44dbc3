"""What asks for somebody's attention: notifications, announcements, what was read already."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tests.mastodon.schema.people import Account, CustomEmoji, Report
from tests.mastodon.schema.posts import Mention, ShallowTag, Status
from tests.mastodon.schema.values import (
    Count,
    CountAsText,
    Entity,
    Filled,
    Id,
    Moment,
    Url,
    left_out,
)

NotificationType = Literal[
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "admin.sign_up", "admin.report", "severed_relationships", "moderation_warning",
]  # fmt: skip
WITH_STATUS = {"favourite", "reblog", "status", "mention", "poll", "update"}


class Notification(Entity):
    id: Id
    type: NotificationType
    group_key: Filled
    created_at: Moment
    account: Account
    status: Status = left_out()
    report: Report = left_out()
    filtered: bool = left_out()

    @model_validator(mode="after")
    def agree(self) -> Notification:
        if ("status" in self.model_fields_set) != (self.type in WITH_STATUS):
            raise ValueError("a status belongs to some types, and to no others")
        if ("report" in self.model_fields_set) != (self.type == "admin.report"):
            raise ValueError("a report belongs to admin.report")
        return self


class PartialAccountWithAvatar(Entity):
    id: Id
    acct: Filled
    url: Url
    avatar: Url
    avatar_static: Url
    locked: bool
    bot: bool


class NotificationGroup(Entity):
    group_key: Filled
    notifications_count: Annotated[int, Field(ge=1)]
    type: NotificationType
    # Documented as a text, with an example that is a number; strict apps read a number.
    most_recent_notification_id: Id | int
    sample_account_ids: Annotated[list[Id], Field(min_length=1)]
    page_min_id: Id = left_out()
    page_max_id: Id = left_out()
    latest_page_notification_at: Moment = left_out()
    status_id: Id = left_out()
    report: Report = left_out()

    @model_validator(mode="after")
    def agree(self) -> NotificationGroup:
        if ("status_id" in self.model_fields_set) != (self.type in WITH_STATUS):
            raise ValueError("a status belongs to some types, and to no others")
        return self


class GroupedNotificationsResults(Entity):
    accounts: list[Account]
    statuses: list[Status]
    notification_groups: list[NotificationGroup]
    partial_accounts: list[PartialAccountWithAvatar] = left_out()

    @model_validator(mode="after")
    def hold_what_they_name(self) -> GroupedNotificationsResults:
        people = {one.id for one in self.accounts}
        people |= {one.id for one in self.partial_accounts or ()}
        statuses = {one.id for one in self.statuses}
        for group in self.notification_groups:
            if not people.issuperset(group.sample_account_ids):
                raise ValueError("a group names an account that is not there")
            if group.status_id is not None and group.status_id not in statuses:
                raise ValueError("a group names a status that is not there")
        return self


class Waiting(Entity):
    pending_requests_count: Annotated[int, Field(ge=0, le=100)]
    pending_notifications_count: Count


Decision = Literal["accept", "filter", "drop"]


class NotificationPolicy(Entity):
    for_not_following: Decision
    for_not_followers: Decision
    for_new_accounts: Decision
    for_private_mentions: Decision
    for_limited_accounts: Decision
    summary: Waiting
    for_bots: Decision = left_out()  # later


class V1NotificationPolicy(Entity):
    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: Waiting


class NotificationRequest(Entity):
    id: Id
    created_at: Moment
    updated_at: Moment
    account: Account
    notifications_count: CountAsText
    last_status: Status = left_out()


class HowMany(Entity):
    count: Count


class Merged(Entity):
    merged: bool


class Marker(Entity):
    last_read_id: Id
    version: Count
    updated_at: Moment


class Markers(Entity):
    home: Marker = left_out()
    notifications: Marker = left_out()


class Reaction(Entity):
    name: Filled
    count: Annotated[int, Field(ge=1)]
    me: bool
    url: Url = left_out()
    static_url: Url = left_out()


class LinkedStatus(Entity):
    """A status that an announcement links to."""

    id: Id
    url: Url


class Announcement(Entity):
    id: Id
    content: str
    starts_at: Moment | None
    ends_at: Moment | None
    all_day: bool
    published_at: Moment
    updated_at: Moment
    read: bool
    mentions: list[Mention]
    statuses: list[LinkedStatus]
    tags: list[ShallowTag]
    emojis: list[CustomEmoji]
    reactions: list[Reaction]


class Alerts(Entity):
    """Which of these are pushed; others may come, such as those for administrators."""

    mention: bool
    status: bool
    reblog: bool
    follow: bool
    follow_request: bool
    favourite: bool
    poll: bool
    update: bool
    sign_up: bool = Field(default=None, alias="admin.sign_up")
    report: bool = Field(default=None, alias="admin.report")
    quote: bool = left_out()  # later
    quoted_update: bool = left_out()  # later


class WebPushSubscription(Entity):
    id: Id
    endpoint: Url
    server_key: Filled
    alerts: Alerts
    # Sent by servers beside what is documented.
    policy: Literal["all", "followed", "follower", "none"] = left_out()
    standard: bool = left_out()
