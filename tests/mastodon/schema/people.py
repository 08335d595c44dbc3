"""Accounts and how they stand to one another."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Constraint
from pydantic import StringConstraints

from tests.mastodon.schema.values import (
    Count,
    CountAsText,
    Date,
    Entity,
    Filled,
    Id,
    Language,
    Midnight,
    Moment,
    Url,
    left_out,
)

Visibility = Literal["public", "unlisted", "private", "direct"]
Colour = Annotated[str, StringConstraints(pattern=r"^(#[0-9a-fA-F]{3,6})?$")]


class CustomEmoji(Entity):
    shortcode: Filled
    url: Url
    static_url: Url
    visible_in_picker: bool
    category: str | None = None
    featured: bool = left_out()


class Field(Entity):
    name: str
    value: str
    verified_at: Moment | None


class AccountRole(Entity):
    """The part of a role that everybody sees on a profile."""

    id: Id
    name: Filled
    color: Colour


class Role(Entity):
    id: Id
    name: str
    color: Colour
    permissions: CountAsText
    highlighted: bool


class Account(Entity):
    id: Id
    username: Filled
    acct: Filled
    url: Url
    display_name: str
    note: str
    avatar: Url
    avatar_static: Url
    header: Url
    header_static: Url
    locked: bool
    fields: list[Field]
    emojis: list[CustomEmoji]
    bot: bool
    group: bool
    discoverable: bool | None
    created_at: Midnight
    last_status_at: Date | None
    statuses_count: Count
    followers_count: Count
    following_count: Count
    noindex: bool | None = None
    moved: Account | None = None
    suspended: bool = left_out()
    limited: bool = left_out()
    memorial: bool = left_out()
    roles: list[AccountRole] = left_out()
    # Later than the version that we advertise.
    uri: Url = left_out()
    hide_collections: bool | None = None
    indexable: bool = left_out()
    avatar_description: str = left_out()
    header_description: str = left_out()


class Source(Entity):
    """What the owner of an account edits."""

    note: str
    fields: list[Field]
    privacy: Visibility
    sensitive: bool
    language: Language | Literal[""]
    follow_requests_count: Count
    hide_collections: bool | None = None
    discoverable: bool | None = None
    indexable: bool = left_out()
    attribution_domains: list[str] = left_out()
    quote_policy: Literal["public", "followers", "nobody"] = left_out()


class CredentialAccount(Account):
    source: Source
    role: Role


class MutedAccount(Account):
    mute_expires_at: Moment | None


class Relationship(Entity):
    id: Id
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[Language] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str
    muting_expires_at: Moment | None = None  # later


class FamiliarFollowers(Entity):
    id: Id
    accounts: list[Account]


class Suggestion(Entity):
    source: Literal["staff", "past_interactions", "global"]
    sources: Annotated[
        list[
            Literal[
                "featured",
                "most_followed",
                "most_interactions",
                "similar_to_recently_followed",
                "friends_of_friends",
            ]
        ],
        Constraint(min_length=1),
    ]
    account: Account


class FeaturedTag(Entity):
    id: Id
    name: Filled
    url: Url
    statuses_count: CountAsText
    last_status_at: Date | None


class Report(Entity):
    id: Id
    action_taken: bool
    action_taken_at: Moment | None
    category: Literal["spam", "legal", "violation", "other"]
    comment: str
    forwarded: bool
    created_at: Moment
    status_ids: list[Id] | None
    rule_ids: list[Id] | None
    target_account: Account


class List(Entity):
    id: Id
    title: Filled
    replies_policy: Literal["followed", "list", "none"]
    exclusive: bool
