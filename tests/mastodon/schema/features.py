"""Routes by feature, beside the first ones of `routes`: how each is called and what answers.

`NOT_OFFERED` is what the public documentation has and we do not: 404, like what is not there."""

from __future__ import annotations

import datetime as dt
import io

from tests.mastodon.schema.attention import (
    Announcement,
    GroupedNotificationsResults,
    HowMany,
    Markers,
    Merged,
    Notification,
    NotificationPolicy,
    NotificationRequest,
    V1NotificationPolicy,
    WebPushSubscription,
)
from tests.mastodon.schema.calls import Plain, Row
from tests.mastodon.schema.filters import Filter, FilterKeyword, FilterStatus, V1Filter
from tests.mastodon.schema.media import MediaAttachment
from tests.mastodon.schema.people import (
    Account,
    CredentialAccount,
    FamiliarFollowers,
    FeaturedTag,
    List,
    MutedAccount,
    Relationship,
    Report,
    Suggestion,
)
from tests.mastodon.schema.posts import (
    Conversation,
    Poll,
    ScheduledStatus,
    Status,
    StatusEdit,
    Tag,
    TrendsLink,
)
from tests.mastodon.schema.server import Error, UserInfo
from tests.mastodon.schema.values import Empty
from tests.media.pictures import picture

_LIST = "/api/v1/lists/{list}"
_MEDIA = "/api/v2/media"
# A point of the curve P-256 and sixteen bytes, as a browser would send them.
_KEYS = {
    "subscription[keys][p256dh]": (
        "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
    ),
    "subscription[keys][auth]": "AAECAwQFBgcICQoLDA0ODw",
}


def _tomorrow() -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()


def _upload() -> tuple[object, str]:
    return picture(), "boat.jpg"


def _document() -> tuple[object, str]:
    return io.BytesIO(b"%PDF-1.4 the plan"), "plan.pdf"


CHOSEN_PEOPLE = (
    Row("POST", "/api/v1/lists", List, {"title": "Friends"}, keep={"list": "id"}),
    Row("PUT", _LIST, List, {"title": "Good friends", "replies_policy": "none"}),
    Row("POST", f"{_LIST}/accounts", Empty, {"account_ids[]": ["{bob}"]}),
    Row("GET", f"{_LIST}/accounts", list[Account]),
    Row("GET", "/api/v1/timelines/list/{list}", list[Status]),
    Row("GET", "/api/v1/accounts/{bob}/lists", list[List]),
    Row("DELETE", f"{_LIST}/accounts", Empty, {"account_ids[]": ["{bob}"]}, late=True),
    Row("DELETE", _LIST, Empty, late=True),
    Row("POST", "/api/v1/accounts/{dan}/mute", Relationship, {"duration": "3600"}),
    Row("GET", "/api/v1/mutes", list[MutedAccount]),
    Row("POST", "/api/v1/accounts/{eve}/block", Relationship),
    Row("GET", "/api/v1/blocks", list[Account]),
    Row("POST", "/api/v1/accounts/{dan}/unmute", Relationship, late=True),
    Row("POST", "/api/v1/accounts/{eve}/unblock", Relationship, late=True),
    Row("POST", "/api/v1/accounts/{bob}/note", Relationship, {"comment": "From Nantes"}),
    Row("POST", "/api/v1/accounts/{bob}/remove_from_followers", Relationship, late=True),
    Row("GET", "/api/v1/endorsements", list[Account], may_be_empty=True),
    Row("GET", "/api/v1/follow_requests", list[Account], may_be_empty=True),
    Row("POST", "/api/v1/follow_requests/{bob}/authorize", None, why="nobody asks to follow here"),
    Row("POST", "/api/v1/follow_requests/{bob}/reject", None, why="nobody asks to follow here"),
    Row("GET", "/api/v1/accounts/familiar_followers", list[FamiliarFollowers], {"id[]": ["{cat}"]}),
    Row("GET", "/api/v1/suggestions", list[Account], by="eve"),
    Row("GET", "/api/v2/suggestions", list[Suggestion], by="eve"),
    Row("DELETE", "/api/v1/suggestions/{cat}", Empty, by="eve", late=True, unknown_ok=True),
    Row("GET", "/api/v1/directory", list[Account]),
    Row("GET", "/api/v1/domain_blocks", list[str], may_be_empty=True),
)  # fmt: skip

TAGS = (
    Row("GET", "/api/v1/tags/{tag}", Tag),
    Row("POST", "/api/v1/tags/{tag}/follow", Tag),
    Row("GET", "/api/v1/followed_tags", list[Tag]),
    Row("POST", "/api/v1/tags/{tag}/unfollow", Tag, late=True),
    Row("POST", "/api/v1/featured_tags", FeaturedTag, {"name": "depot"}, keep={"featured": "id"}),
    Row("GET", "/api/v1/featured_tags", list[FeaturedTag]),
    Row("GET", "/api/v1/accounts/{ann}/featured_tags", list[FeaturedTag]),
    Row("GET", "/api/v1/featured_tags/suggestions", list[Tag], by="bob"),
    Row("DELETE", "/api/v1/featured_tags/{featured}", Empty, late=True),
    Row("POST", "/api/v1/tags/{tag}/feature", Tag),
    Row("POST", "/api/v1/tags/{tag}/unfeature", Tag, late=True),
    Row("GET", "/api/v1/trends", list[Tag], may_be_empty=True),
    Row("GET", "/api/v1/trends/tags", list[Tag], may_be_empty=True),
    Row("GET", "/api/v1/trends/statuses", list[Status], may_be_empty=True),
    Row("GET", "/api/v1/trends/links", list[TrendsLink], may_be_empty=True),
)  # fmt: skip

WRITING = (
    Row("POST", "/api/v1/statuses", Status,
        {"status": "Where?", "poll[options][]": ["Nantes", "Lyon"], "poll[expires_in]": "3600",
         "poll[multiple]": "true"},
        by="bob", keep={"poll": "poll.id", "asked": "id"}, filled=("poll",)),
    Row("GET", "/api/v1/polls/{poll}", Poll),
    Row("POST", "/api/v1/polls/{poll}/votes", Poll, {"choices[]": ["0", "1"]},
        filled=("own_votes",)),
    Row("GET", "/api/v1/statuses/{asked}/history", list[StatusEdit],
        filled=("0.poll",)),
    Row("POST", "/api/v1/statuses", ScheduledStatus,
        {"status": "Later", "scheduled_at": _tomorrow, "poll[options][]": ["Yes", "No"],
         "poll[expires_in]": "3600"}, filled=("params.poll",)),
    Row("POST", "/api/v1/statuses", ScheduledStatus,
        {"status": "Later", "scheduled_at": _tomorrow, "in_reply_to_id": "{post}"},
        keep={"scheduled": "id"}),
    Row("GET", "/api/v1/scheduled_statuses", list[ScheduledStatus]),
    Row("GET", "/api/v1/scheduled_statuses/{scheduled}", ScheduledStatus),
    Row("PUT", "/api/v1/scheduled_statuses/{scheduled}", ScheduledStatus,
        {"scheduled_at": _tomorrow}),
    Row("DELETE", "/api/v1/scheduled_statuses/{scheduled}", Empty, late=True),
    Row("POST", "/api/v1/media", MediaAttachment, {"file": _upload, "description": "A boat"}),
    Row("POST", _MEDIA, MediaAttachment,
        {"file": _upload, "description": "A boat", "focus": "0.5,-0.5"}, keep={"media": "id"}),
    Row("GET", "/api/v1/media/{media}", MediaAttachment),
    Row("PUT", "/api/v1/media/{media}", MediaAttachment, {"description": "A ship"}),
    Row("POST", "/api/v1/statuses", Status, {"media_ids[]": ["{media}"]},
        filled=("media_attachments",)),
    Row("POST", _MEDIA, MediaAttachment, {"file": _upload},
        keep={"spare": "id"}),
    Row("DELETE", "/api/v1/media/{spare}", Empty, late=True),
    Row("POST", _MEDIA, MediaAttachment, {"file": _document}),
    Row("POST", "/api/v1/statuses", Status, {"status": "@ann a word", "visibility": "direct"},
        by="bob"),
    Row("GET", "/api/v1/conversations", list[Conversation], keep={"conversation": "0.id"}),
    Row("POST", "/api/v1/conversations/{conversation}/read", Conversation),
    Row("GET", "/api/v1/timelines/direct", list[Status]),
    Row("DELETE", "/api/v1/conversations/{conversation}", Empty, late=True),
    Row("POST", "/api/v1/statuses/{post}/mute", Status),
    Row("POST", "/api/v1/statuses/{post}/translate", Error, status=422),
    Row("GET", "/api/v1/instance/translation_languages", Empty, by=None),
    Row("POST", "/api/v1/statuses/{post}/unmute", Status, late=True),
)  # fmt: skip

OWN_ACCOUNT = (
    Row("PATCH", "/api/v1/accounts/update_credentials", CredentialAccount,
        {"display_name": "Ann of the works", "avatar": _upload, "source[language]": "fr"}),
    Row("DELETE", "/api/v1/profile/avatar", CredentialAccount, late=True),
    Row("DELETE", "/api/v1/profile/header", CredentialAccount, late=True),
    # People are made by invitation here, unless the settings say otherwise.
    Row("POST", "/api/v1/accounts", Error, {"username": "zoe"}, status=403),
    Row("GET", "/api/v1/emails/check_confirmation", bool),
    Row("POST", "/api/v1/emails/confirmations", Error, status=403),
)  # fmt: skip

NOTIFICATIONS = (
    Row("GET", "/api/v1/notifications", list[Notification],
        keep={"notice": "0.id", "second_notice": "1.id"}),
    Row("GET", "/api/v1/notifications", list[Notification], {"types[]": ["mention"]}),
    Row("GET", "/api/v1/notifications", list[Notification], {"types[]": ["follow"]}),
    Row("GET", "/api/v1/notifications", list[Notification], {"types[]": ["favourite", "reblog"]}),
    Row("GET", "/api/v1/notifications/{notice}", Notification),
    Row("GET", "/api/v1/notifications/unread_count", HowMany),
    Row("GET", "/api/v2/notifications", GroupedNotificationsResults,
        keep={"group_key": "notification_groups.-1.group_key"},
        filled=("accounts", "statuses", "notification_groups")),
    Row("GET", "/api/v2/notifications", GroupedNotificationsResults,
        {"expand_accounts": "partial_avatars"}, filled=("accounts", "notification_groups")),
    Row("GET", "/api/v2/notifications/unread_count", HowMany),
    Row("GET", "/api/v2/notifications/{group_key}", GroupedNotificationsResults,
        filled=("notification_groups",)),
    Row("GET", "/api/v2/notifications/{group_key}/accounts", list[Account]),
    Row("POST", "/api/v2/notifications/{group_key}/dismiss", Empty),
    Row("GET", "/api/v2/notifications/policy", NotificationPolicy),
    Row("GET", "/api/v1/notifications/policy", V1NotificationPolicy),
    Row("PATCH", "/api/v2/notifications/policy", NotificationPolicy,
        {"for_not_following": "filter"}),
    Row("PUT", "/api/v1/notifications/policy", V1NotificationPolicy,
        {"filter_not_following": "true"}),
    Row("PATCH", "/api/v1/notifications/policy", V1NotificationPolicy,
        {"filter_not_following": "true"}),
    # Somebody whom ann does not follow speaks to her, under the policy that holds by now.
    Row("POST", "/api/v1/statuses", Status, {"status": "@ann are you there?"}, by="fay"),
    Row("GET", "/api/v1/notifications/requests", list[NotificationRequest],
        keep={"request": "0.id"}),
    Row("GET", "/api/v1/notifications/requests/merged", Merged),
    Row("GET", "/api/v1/notifications/requests/{request}", NotificationRequest),
    Row("POST", "/api/v1/notifications/requests/{request}/accept", Empty, late=True),
    Row("POST", "/api/v1/notifications/requests/{request}/dismiss", None, late=True,
        why="the request is accepted by now"),
    Row("POST", "/api/v1/notifications/requests/accept", Empty, {"id[]": []}, late=True),
    Row("POST", "/api/v1/notifications/requests/dismiss", Empty, {"id[]": []}, late=True),
    Row("POST", "/api/v1/notifications/{notice}/dismiss", Empty, late=True),
    Row("POST", "/api/v1/notifications/dismiss", Empty, {"id": "{second_notice}"}, late=True),
    Row("POST", "/api/v1/notifications/clear", Empty, late=True),
    Row("POST", "/api/v1/markers", Markers, {"home[last_read_id]": "{post}"}, filled=("home",)),
    Row("GET", "/api/v1/markers", Markers, {"timeline[]": ["home"]}, filled=("home",)),
    Row("GET", "/api/v1/announcements", list[Announcement], keep={"announcement": "0.id"}),
    Row("PUT", "/api/v1/announcements/{announcement}/reactions/{emoji}", Empty),
    Row("GET", "/api/v1/announcements", list[Announcement], filled=("0.reactions",)),
    Row("DELETE", "/api/v1/announcements/{announcement}/reactions/{emoji}", Empty, late=True),
    Row("POST", "/api/v1/announcements/{announcement}/dismiss", Empty, late=True),
    Row("POST", "/api/v1/reports", Report,
        {"account_id": "{bob}", "status_ids[]": ["{post}"], "comment": "Look", "category": "other"},
        filled=("status_ids",)),
    Row("POST", "/api/v1/push/subscription", WebPushSubscription,
        {**_KEYS, "subscription[endpoint]": "https://push.example/a", "data[alerts][poll]": "true"},
        ),
    Row("GET", "/api/v1/push/subscription", WebPushSubscription),
    Row("PUT", "/api/v1/push/subscription", WebPushSubscription, {"data[alerts][follow]": "true"}),
    Row("DELETE", "/api/v1/push/subscription", Empty, late=True, unknown_ok=True),
)  # fmt: skip

_FILTER = "/api/v2/filters/{filter}"
_OLD = "/api/v1/filters/{old_filter}"
FILTERS = (
    Row("POST", "/api/v2/filters", Filter,
        {"title": "Soup", "context[]": ["home", "public"], "filter_action": "warn",
         "keywords_attributes[][keyword]": ["morning"]},
        keep={"filter": "id"}, filled=("keywords",)),
    Row("GET", "/api/v2/filters", list[Filter]),
    Row("GET", _FILTER, Filter),
    Row("PUT", _FILTER, Filter, {"title": "Soups", "expires_in": "3600"}, filled=("expires_at",)),
    Row("POST", f"{_FILTER}/keywords", FilterKeyword, {"keyword": "good"}, keep={"word": "id"}),
    Row("GET", f"{_FILTER}/keywords", list[FilterKeyword]),
    Row("GET", "/api/v2/filters/keywords/{word}", FilterKeyword),
    Row("PUT", "/api/v2/filters/keywords/{word}", FilterKeyword,
        {"keyword": "evening", "whole_word": "true"}),
    Row("POST", f"{_FILTER}/statuses", FilterStatus, {"status_id": "{post}"},
        keep={"entry": "id"}),
    Row("GET", f"{_FILTER}/statuses", list[FilterStatus]),
    Row("GET", "/api/v2/filters/statuses/{entry}", FilterStatus),
    Row("GET", "/api/v1/statuses/{post}", Status,
        filled=("filtered.0.keyword_matches", "filtered.0.status_matches")),
    Row("DELETE", "/api/v2/filters/keywords/{word}", Empty, late=True),
    Row("DELETE", "/api/v2/filters/statuses/{entry}", Empty, late=True),
    Row("POST", "/api/v1/filters", V1Filter, {"phrase": "salad", "context[]": ["home"]},
        keep={"old_filter": "id"}),
    Row("GET", "/api/v1/filters", list[V1Filter]),
    Row("GET", _OLD, V1Filter),
    Row("PUT", _OLD, V1Filter, {"phrase": "salads", "context[]": ["home"]}),
    Row("DELETE", _OLD, Empty, late=True),
    Row("DELETE", _FILTER, Empty, late=True),
)  # fmt: skip

_NO_END = "a stream has no end; its own tests listen to it"
STREAMS = (
    Row("GET", "/api/v1/streaming/health", Plain("text/plain"), by=None),
    Row("GET", "/api/v1/streaming", None, why=_NO_END),
    Row("GET", "/api/v1/streaming/{stream}", None, why=_NO_END),
    Row("GET", "/.well-known/jwks.json", None, by=None,
        why="of hosted applications: their tests read it"),
    Row("GET", "/oauth/userinfo", UserInfo),
)  # fmt: skip

FEATURES = (
    *CHOSEN_PEOPLE, *TAGS, *WRITING, *OWN_ACCOUNT, *NOTIFICATIONS, *FILTERS, *STREAMS,
)  # fmt: skip

# Versions above the one that the instance names, and what has no meaning without other servers.
NOT_OFFERED = (
    ("POST", "/api/v1/accounts/{bob}/pin"),
    ("POST", "/api/v1/accounts/{bob}/unpin"),
    ("POST", "/api/v1/accounts/{bob}/endorse"),
    ("POST", "/api/v1/accounts/{bob}/unendorse"),
    ("GET", "/api/v1/accounts/{bob}/endorsements"),
    ("GET", "/api/v1/profile"),
    ("GET", "/api/v1/collections"),
    ("GET", "/api/v1/annual_reports"),
    ("GET", "/api/v1/async_refreshes/1"),
    ("GET", "/api/v1/admin/accounts"),
    ("GET", "/.well-known/openid-configuration"),
)
