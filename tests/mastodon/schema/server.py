"""What the server says of itself and of programs, and how it refuses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tests.mastodon.schema.people import Account, Visibility
from tests.mastodon.schema.values import (
    Count,
    Entity,
    Filled,
    Id,
    Language,
    Mail,
    Moment,
    SocketUrl,
    Url,
    left_out,
)

Version = Annotated[str, StringConstraints(pattern=r"^4\.3\.\d+( |$)")]
_GRANTS = Literal["authorization_code", "client_credentials", "refresh_token", "password"]
_CLIENT_AUTH = list[Literal["client_secret_basic", "client_secret_post", "none"]]


class Rule(Entity):
    id: Id
    text: Filled
    hint: str


class AccountLimits(Entity):
    max_featured_tags: Count
    max_pinned_statuses: Count


class V1AccountLimits(Entity):
    max_featured_tags: Count


class StatusLimits(Entity):
    max_characters: Count
    max_media_attachments: Count
    characters_reserved_per_url: Count


class MediaLimits(Entity):
    supported_mime_types: list[Filled]
    image_size_limit: Count
    image_matrix_limit: Count
    video_size_limit: Count
    video_frame_rate_limit: Count
    video_matrix_limit: Count
    description_limit: Count = left_out()  # later


class PollLimits(Entity):
    max_options: Count
    max_characters_per_option: Count
    min_expiration: Count
    max_expiration: Count


class Addresses(Entity):
    streaming: SocketUrl
    # Sent beside what is documented.
    status: Url | None = None
    about: Url | None = None
    privacy_policy: Url | None = None
    terms_of_service: Url | None = None


class Vapid(Entity):
    public_key: str


class Translation(Entity):
    enabled: bool


class Configuration(Entity):
    urls: Addresses
    vapid: Vapid
    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits
    translation: Translation
    limited_federation: bool = left_out()  # later


class V1Configuration(Entity):
    accounts: AccountLimits | V1AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits


class ActivePeople(Entity):
    active_month: Count


class Usage(Entity):
    users: ActivePeople


class ThumbnailVersions(Entity):
    once: Url = Field(default=None, alias="@1x")
    twice: Url = Field(default=None, alias="@2x")


class Thumbnail(Entity):
    url: Url
    blurhash: Filled = left_out()
    versions: ThumbnailVersions = left_out()


class Icon(Entity):
    src: Url
    size: Annotated[str, StringConstraints(pattern=r"^\d+x\d+$")]


class Registrations(Entity):
    enabled: bool
    approval_required: bool
    message: str | None
    url: Url | None = None
    # Later.
    reason_required: bool | None = None
    min_age: Count | None = None


class Contact(Entity):
    email: Mail
    account: Account | None


class ApiVersions(Entity):
    mastodon: Count


class Instance(Entity):
    domain: Filled
    title: Filled
    version: Version
    source_url: Url
    description: str
    usage: Usage
    thumbnail: Thumbnail
    icon: list[Icon]
    languages: list[Language]
    configuration: Configuration
    registrations: Registrations
    api_versions: ApiVersions
    contact: Contact
    rules: list[Rule]


class V1Addresses(Entity):
    streaming_api: SocketUrl


class Statistics(Entity):
    user_count: Count
    status_count: Count
    domain_count: Count


class V1Instance(Entity):
    uri: Filled
    title: Filled
    short_description: str
    description: str
    email: Mail
    version: Version
    urls: V1Addresses
    stats: Statistics
    thumbnail: Url | None
    languages: list[Language]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: V1Configuration
    contact_account: Account | None
    rules: list[Rule]


class ExtendedDescription(Entity):
    updated_at: Moment | None
    content: str


class Preferences(Entity):
    visibility: Visibility = Field(alias="posting:default:visibility")
    sensitive: bool = Field(alias="posting:default:sensitive")
    language: Language | None = Field(alias="posting:default:language")
    media: Literal["default", "show_all", "hide_all"] = Field(alias="reading:expand:media")
    spoilers: bool = Field(alias="reading:expand:spoilers")
    # Later.
    gifs: bool = Field(default=None, alias="reading:autoplay:gifs")
    quotes: Literal["public", "followers", "nobody"] = Field(
        default=None, alias="posting:default:quote_policy"
    )


class Application(Entity):
    id: Id
    name: Filled
    website: Url | None
    scopes: list[Filled]
    redirect_uris: Annotated[list[Filled], Field(min_length=1)]
    redirect_uri: Filled
    vapid_key: str


class CredentialApplication(Application):
    client_id: Filled
    client_secret: Filled
    client_secret_expires_at: Literal[0]


class Token(Entity):
    access_token: Filled
    token_type: Literal["Bearer"]
    scope: Filled
    created_at: Count


class AuthorizationServer(Entity):
    issuer: Url
    service_documentation: Url
    authorization_endpoint: Url
    token_endpoint: Url
    userinfo_endpoint: Url
    app_registration_endpoint: Url
    revocation_endpoint: Url
    scopes_supported: list[Filled]
    response_types_supported: list[Literal["code"]]
    response_modes_supported: list[Literal["query", "fragment", "form_post"]]
    grant_types_supported: list[_GRANTS]
    token_endpoint_auth_methods_supported: _CLIENT_AUTH
    code_challenge_methods_supported: list[Literal["S256"]]
    # Of RFC 8414 and RFC 9207, beside what is documented.
    revocation_endpoint_auth_methods_supported: _CLIENT_AUTH = left_out()
    authorization_response_iss_parameter_supported: bool = left_out()
    # Of OpenID Connect.
    jwks_uri: Url = left_out()


class NodeInfoLink(Entity):
    rel: Annotated[
        str, StringConstraints(pattern=r"^http://nodeinfo\.diaspora\.software/ns/schema/2\.\d$")
    ]
    href: Url


class NodeInfoLinks(Entity):
    links: Annotated[list[NodeInfoLink], Field(min_length=1)]


class Software(Entity):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    version: Filled


class Services(Entity):
    inbound: list[str]
    outbound: list[str]


class NodeUsers(Entity):
    total: Count = left_out()
    active_month: Count = Field(default=None, alias="activeMonth")
    active_half_year: Count = Field(default=None, alias="activeHalfyear")


class NodeUsage(Entity):
    users: NodeUsers
    posts: Count = Field(default=None, alias="localPosts")
    comments: Count = Field(default=None, alias="localComments")


class NodeInfo(Entity):
    """https://nodeinfo.diaspora.software/ . Its schema asks for one protocol at least; this server
    speaks to no other, so it names none rather than one that it has not."""

    version: Literal["2.0"]
    software: Software
    protocols: list[str]
    services: Services
    open_registrations: bool = Field(alias="openRegistrations")
    usage: NodeUsage
    metadata: dict[str, str]


class WebFingerLink(Entity):
    rel: Filled
    type: Filled = left_out()
    href: Url = left_out()
    template: Filled = left_out()


class WebFinger(Entity):
    subject: Annotated[str, StringConstraints(pattern=r"^acct:[^@\s]+@\S+$")]
    aliases: list[Url]
    links: list[WebFingerLink]


class Detail(Entity):
    error: Annotated[str, StringConstraints(pattern=r"^ERR_[A-Z_]+$")]
    description: Filled


class Error(Entity):
    error: Filled
    error_description: Filled = left_out()
    details: dict[str, Annotated[list[Detail], Field(min_length=1)]] = left_out()


class UserInfo(Entity):
    iss: Url
    sub: Filled
    name: Filled
    preferred_username: Filled
    profile: Url
    picture: Url
