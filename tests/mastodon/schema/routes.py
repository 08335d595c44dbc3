"""Every route that the door has: how it is called and which entity answers."""

from __future__ import annotations

from tests.mastodon.schema.calls import Plain, Row
from tests.mastodon.schema.people import (
    Account,
    CredentialAccount,
    CustomEmoji,
    List,
    Relationship,
)
from tests.mastodon.schema.posts import (
    Context,
    DeletedStatus,
    OldSearch,
    Search,
    Status,
    StatusEdit,
    StatusSource,
)
from tests.mastodon.schema.server import (
    Application,
    AuthorizationServer,
    CredentialApplication,
    ExtendedDescription,
    Instance,
    NodeInfo,
    NodeInfoLinks,
    Preferences,
    Rule,
    Token,
    V1Instance,
    WebFinger,
)
from tests.mastodon.schema.values import Empty

_PROGRAM = {
    "client_name": "A program",
    "redirect_uris": "https://program.example/callback\nurn:ietf:wg:oauth:2.0:oob",
    "scopes": "read write",
    "website": "https://program.example",
}
_SECRET = {"client_id": "{client_id}", "client_secret": "{client_secret}"}
_POST = "/api/v1/statuses/{post}"

SERVER = (
    Row("GET", "/.well-known/oauth-authorization-server", AuthorizationServer, by=None),
    Row("GET", "/.well-known/nodeinfo", NodeInfoLinks, by=None),
    Row("GET", "/nodeinfo/2.0", NodeInfo, by=None),
    Row("GET", "/.well-known/host-meta", Plain("application/xrd+xml"), by=None),
    Row("GET", "/.well-known/webfinger", WebFinger, {"resource": "acct:bob@127.0.0.1:8000"}),
    Row("GET", "/api/v2/instance", Instance, by=None),
    Row("GET", "/api/v1/instance", V1Instance, by=None),
    Row("GET", "/api/v1/instance/rules", list[Rule], by=None, may_be_empty=True),
    Row("GET", "/api/v1/instance/extended_description", ExtendedDescription, by=None),
    Row("GET", "/api/v1/instance/peers", list[str], by=None, may_be_empty=True),
    Row("GET", "/api/v1/custom_emojis", list[CustomEmoji], by=None, may_be_empty=True),
    Row("GET", "/api/pictures/{drawing}", Plain("image/png"), by=None),
    Row(
        "POST", "/api/v1/apps", CredentialApplication, _PROGRAM, by=None,
        keep={"client_id": "client_id", "client_secret": "client_secret"},
    ),
    Row(
        "POST", "/oauth/token", Token, _SECRET | {"grant_type": "client_credentials"}, by=None,
        keep={"app_token": "access_token"},
    ),
    Row("GET", "/api/v1/apps/verify_credentials", Application, by="app_token"),
    Row("POST", "/oauth/revoke", Empty, _SECRET | {"token": "{app_token}"}, by=None, late=True),
    Row("GET", "/api/v1/preferences", Preferences),
)  # fmt: skip

PEOPLE = (
    Row("GET", "/api/v1/accounts/verify_credentials", CredentialAccount, filled=("fields",)),
    Row("GET", "/api/v1/accounts/verify_credentials", CredentialAccount, by="cat"),
    Row("GET", "/api/v1/accounts/lookup", Account, {"acct": "bob"}),
    Row("GET", "/api/v1/accounts/{bob}", Account, filled=("fields",)),
    Row("GET", "/api/v1/accounts/{newsroom}", Account),
    Row("GET", "/api/v1/accounts", list[Account], {"id[]": ["{bob}", "{cat}"]}),
    Row("GET", "/api/v1/accounts/search", list[Account], {"q": "bo"}),
    Row("GET", "/api/v1/accounts/relationships", list[Relationship], {"id[]": ["{bob}", "{cat}"]}),
    Row("POST", "/api/v1/accounts/{cat}/follow", Relationship),
    Row("GET", "/api/v1/accounts/{bob}/followers", list[Account]),
    Row("GET", "/api/v1/accounts/{bob}/following", list[Account]),
    Row("GET", "/api/v1/accounts/{bob}/statuses", list[Status]),
    Row("POST", "/api/v1/accounts/{cat}/unfollow", Relationship, late=True),
    Row("GET", "/api/v1/lists", list[List], keep={"group_list": "0.id"}),
    Row("GET", "/api/v1/lists/{group_list}", List),
    # A group is an account too.
    Row("GET", "/api/v1/accounts/{group_list}", Account),
    Row("GET", "/api/v1/accounts/{group_list}/statuses", list[Status]),
    Row("GET", "/api/v1/accounts/relationships", list[Relationship], {"id[]": ["{group_list}"]}),
)  # fmt: skip

POSTS = (
    Row("POST", "/api/v1/statuses", Status, {"status": "Hello @bob #Depot https://example.org/a"},
        keep={"mine": "id"}, filled=("mentions", "tags")),
    Row("GET", "/api/v1/timelines/home", list[Status]),
    Row("GET", "/api/v1/timelines/public", list[Status], {"local": "true"}),
    Row("GET", "/api/v1/timelines/tag/{tag}", list[Status]),
    Row("GET", "/api/v1/timelines/list/{group_list}", list[Status]),
    Row("GET", "/api/v1/statuses", list[Status], {"id[]": ["{post}", "{mine}"]}),
    Row("GET", _POST, Status, filled=("mentions", "tags")),
    Row("GET", "/api/v1/statuses/{edited}", Status, filled=("edited_at",)),
    Row("GET", "/api/v1/statuses/{reply}", Status, filled=("in_reply_to_id",)),
    Row("GET", "/api/v1/statuses/{boost}", Status, filled=("reblog",)),
    Row("GET", "/api/v1/statuses/{pictured}", Status, filled=("media_attachments",),
        keep={"media_url": "media_attachments.0.url"}),
    Row("GET", f"{_POST}/context", Context, filled=("descendants",)),
    Row("GET", "/api/v1/statuses/{reply}/context", Context, filled=("ancestors",)),
    Row("GET", f"{_POST}/source", StatusSource),
    Row("GET", "/api/v1/statuses/{edited}/history", list[StatusEdit], filled=("1.content",)),
    Row("GET", "/api/v1/statuses/{pictured}/history", list[StatusEdit],
        filled=("0.media_attachments",)),
    Row("POST", f"{_POST}/favourite", Status),
    Row("GET", f"{_POST}/favourited_by", list[Account]),
    Row("POST", f"{_POST}/reblog", Status, filled=("reblog",)),
    Row("GET", f"{_POST}/reblogged_by", list[Account]),
    Row("POST", f"{_POST}/bookmark", Status),
    Row("GET", "/api/v1/bookmarks", list[Status]),
    Row("POST", "/api/v1/statuses/{mine}/pin", Status, filled=("pinned",)),
    Row("GET", "/api/v1/favourites", list[Status]),
    Row("GET", "/api/v2/search", Search, {"q": "good"}, filled=("statuses",)),
    Row("GET", "/api/v2/search", Search, {"q": "bob"}, filled=("accounts",)),
    Row("GET", "/api/v2/search", Search, {"q": "#dep"}, filled=("hashtags",)),
    Row("GET", "/api/v1/search", OldSearch, {"q": "#dep"}, filled=("hashtags",)),
    Row("PUT", "/api/v1/statuses/{mine}", Status, {"status": "Hello again"}, filled=("edited_at",)),
    Row("GET", "/api/files/{ticket}", Plain("image/jpeg"), by=None),
    Row("POST", f"{_POST}/unfavourite", Status, late=True),
    Row("POST", "/api/v1/statuses/{mine}/unpin", Status, filled=()),
    Row("POST", f"{_POST}/unreblog", Status, late=True),
    Row("POST", f"{_POST}/unbookmark", Status, late=True),
    Row("DELETE", "/api/v1/statuses/{mine}", DeletedStatus, filled=("text",), late=True),
)  # fmt: skip

ROUTES = (*SERVER, *PEOPLE, *POSTS)
