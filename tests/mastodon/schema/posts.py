"""Statuses and what hangs on them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, model_validator

from tests.mastodon.schema.filters import FilterResult
from tests.mastodon.schema.media import MediaAttachment
from tests.mastodon.schema.people import Account, CustomEmoji, Visibility
from tests.mastodon.schema.values import (
    Count,
    CountAsText,
    Entity,
    Filled,
    Id,
    Language,
    Moment,
    Url,
    left_out,
)


class Mention(Entity):
    id: Id
    username: Filled
    url: Url
    acct: Filled


class ShallowTag(Entity):
    """A hashtag in a status: two keys, and no more."""

    name: Filled
    url: Url


class TagDay(Entity):
    day: CountAsText
    uses: CountAsText
    accounts: CountAsText


class Tag(Entity):
    name: Filled
    url: Url
    history: list[TagDay]
    following: bool
    id: Filled = left_out()  # later; not documented as a number
    featuring: bool = left_out()  # later


class PollOption(Entity):
    title: Filled
    votes_count: Count | None


class Poll(Entity):
    id: Id
    expires_at: Moment | None
    expired: bool
    multiple: bool
    votes_count: Count
    voters_count: Count | None
    options: Annotated[list[PollOption], Field(min_length=2)]
    emojis: list[CustomEmoji]
    voted: bool
    own_votes: list[Count]

    @model_validator(mode="after")
    def agree(self) -> Poll:
        if self.multiple and self.voters_count is None:
            raise ValueError("voters_count is null only where there is one choice")
        if any(one >= len(self.options) for one in self.own_votes):
            raise ValueError("own_votes are places in options")
        return self


class PreviewCardAuthor(Entity):
    name: str
    url: Url | Literal[""]
    account: Account | None


class PreviewCard(Entity):
    url: Url
    title: str
    description: str
    type: Literal["link", "photo", "video", "rich"]
    authors: list[PreviewCardAuthor]
    author_name: str
    author_url: Url | Literal[""]
    provider_name: str
    provider_url: Url | Literal[""]
    html: str
    width: Count
    height: Count
    image: Url | None
    embed_url: Url | Literal[""]
    blurhash: Filled | None
    # Later, or sent beside what is documented.
    language: Language | None = None
    image_description: str = left_out()
    published_at: Moment | None = None


class TrendsLink(PreviewCard):
    history: list[TagDay]


class PublishedBy(Entity):
    """The program that published a status."""

    name: Filled
    website: Url | None


class ShallowQuote(Entity):
    state: Literal["accepted", "deleted", "unauthorized"]
    quoted_status_id: Id | None


class Quote(Entity):
    state: Literal["accepted", "deleted", "unauthorized"]
    quoted_status: QuotedStatus | None


class _Written(Entity):
    id: Id
    uri: Filled
    created_at: Moment
    account: Account
    visibility: Visibility
    sensitive: bool
    spoiler_text: str
    media_attachments: list[MediaAttachment]
    application: PublishedBy | None = None
    mentions: list[Mention]
    tags: list[ShallowTag]
    emojis: list[CustomEmoji]
    reblogs_count: Count
    favourites_count: Count
    replies_count: Count
    url: Url | None
    in_reply_to_id: Id | None
    in_reply_to_account_id: Id | None
    poll: Poll | None
    card: PreviewCard | None
    language: Language | None
    edited_at: Moment | None
    favourited: bool
    reblogged: bool
    muted: bool
    bookmarked: bool
    pinned: bool = left_out()
    filtered: list[FilterResult]
    quote: Quote | None = None  # later
    quotes_count: Count = left_out()  # later

    @model_validator(mode="after")
    def agree(self, info: ValidationInfo) -> _Written:
        if (self.in_reply_to_id is None) != (self.in_reply_to_account_id is None):
            raise ValueError("a reply names the status and its author")
        asks = (info.context or {}).get("viewer")
        if asks and "pinned" in self.model_fields_set and self.account.id != asks:
            raise ValueError("pinned is for the caller's own statuses")
        return self


class Status(_Written):
    content: str
    reblog: Status | None

    @model_validator(mode="after")
    def wraps_once(self) -> Status:
        if self.reblog is not None and self.reblog.reblog is not None:
            raise ValueError("a boost of a boost")
        return self


class QuotedStatus(_Written):
    """Within a quote: what it quotes itself is only named."""

    content: str
    reblog: None
    quote: ShallowQuote | None = None


class DeletedStatus(_Written):
    """The answer to a deletion: the text as it was written, instead of the HTML made from it."""

    text: str | None
    reblog: Status | None


class StatusSource(Entity):
    id: Id
    text: str
    spoiler_text: str


class EditedOption(Entity):
    title: Filled


class EditedPoll(Entity):
    options: list[EditedOption]


class StatusEdit(Entity):
    content: str
    spoiler_text: str
    sensitive: bool
    created_at: Moment
    account: Account
    poll: EditedPoll = left_out()
    media_attachments: list[MediaAttachment]
    emojis: list[CustomEmoji]


class Context(Entity):
    ancestors: list[Status]
    descendants: list[Status]


class Search(Entity):
    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[Tag]


class OldSearch(Entity):
    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[str]


class Conversation(Entity):
    id: Id
    unread: bool
    accounts: list[Account]
    last_status: Status | None


class ScheduledPoll(Entity):
    options: list[Filled]
    # A number in a text up to 4.4, a number since.
    expires_in: Count | CountAsText
    multiple: bool | None = None
    hide_totals: bool | None = None


class ScheduledParams(Entity):
    text: str
    poll: ScheduledPoll | None
    media_ids: list[Id] | None
    sensitive: bool | None
    spoiler_text: str | None
    visibility: Visibility | None
    # Documented as a number; ids are texts here, since a number this long is not safe in scripts.
    in_reply_to_id: Id | None
    language: Language | None
    application_id: int | None  # deprecated, and no program is kept with what it scheduled
    scheduled_at: None
    idempotency: str | None
    with_rate_limit: bool
    quoted_status_id: Id | None = None  # later
    quote_approval_policy: Literal["public", "followers", "nobody"] | None = None  # later


class ScheduledStatus(Entity):
    id: Id
    scheduled_at: Moment
    params: ScheduledParams
    media_attachments: list[MediaAttachment]
