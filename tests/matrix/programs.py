"""What every route of the programs' door is for; a part of the expectations."""

from __future__ import annotations

from tests.matrix.cases import Case, Kind, api

K = Kind
PROGRAMS: dict[tuple[str, str], Case] = {
    # the programs' door: without a token
    ("POST", "mastodon.register_app"): api(K.PUBLIC, client_name=""),
    ("POST", "mastodon.token"): api(K.PUBLIC, grant_type="password"),
    ("POST", "mastodon.revoke"): api(K.PUBLIC, token="x"),
    ("GET", "mastodon.authorization_server"): api(K.PUBLIC),
    ("GET", "mastodon.nodeinfo_links"): api(K.PUBLIC),
    ("GET", "mastodon.nodeinfo"): api(K.PUBLIC),
    ("GET", "mastodon.host_meta"): api(K.PUBLIC),
    ("GET", "mastodon.instance"): api(K.PUBLIC),
    ("GET", "mastodon.instance_v1"): api(K.PUBLIC),
    ("GET", "mastodon.rules"): api(K.PUBLIC),
    ("GET", "mastodon.extended_description"): api(K.PUBLIC),
    ("GET", "mastodon.peers"): api(K.PUBLIC),
    ("GET", "mastodon.custom_emojis"): api(K.PUBLIC),
    ("GET", "mastodon.picture"): api(K.PUBLIC),
    ("GET", "mastodon.streaming_health"): api(K.PUBLIC),
    ("GET", "mastodon.file"): api(K.PUBLIC),
    # the programs' door: with one
    ("GET", "mastodon.webfinger"): api(K.PERSONAL, "resource=acct:member@127.0.0.1:8000"),
    ("GET", "mastodon.verify_app"): api(K.PERSONAL),
    ("GET", "mastodon.verify_credentials"): api(K.PERSONAL),
    ("GET", "mastodon.preferences"): api(K.PERSONAL),
    ("GET", "mastodon.lookup"): api(K.PERSONAL, "acct=member", "acct={word}"),
    ("GET", "mastodon.show_accounts"): api(K.PERSONAL, "id[]={account}"),
    ("GET", "mastodon.search_accounts"): api(K.PERSONAL, "q=member", "q={word}"),
    ("GET", "mastodon.relationships"): api(K.PERSONAL, "id[]={account}"),
    ("GET", "mastodon.show_account"): api(K.PERSON),
    ("GET", "mastodon.account_statuses"): api(
        K.PERSON, "", "exclude_replies=true", "only_media=true", "tagged={tag}", shows=True
    ),
    ("GET", "mastodon.followers"): api(K.PERSON),
    ("GET", "mastodon.following"): api(K.PERSON),
    ("POST", "mastodon.follow"): api(K.PERSON),
    ("POST", "mastodon.unfollow"): api(K.PERSON),
    ("GET", "mastodon.home_timeline"): api(K.PERSONAL, "", "min_id=1", shows=True),
    ("GET", "mastodon.public_timeline"): api(K.PERSONAL, "", "max_id={after_all}"),
    ("GET", "mastodon.tag_timeline"): api(K.PERSONAL, shows=True),
    ("GET", "mastodon.streaming"): api(K.PERSONAL, "", "stream=user", "stream=list&list=5"),
    # Endless: asked for what cannot be listened to. tests/mastodon/streaming has the rest.
    ("GET", "mastodon.streaming_events"): api(K.PERSONAL, "tag=", "list=5"),
    ("POST", "mastodon.subscribe"): api(K.PERSONAL, policy="some"),
    ("GET", "mastodon.show_subscription"): api(K.PERSONAL),
    ("PUT", "mastodon.change_subscription"): api(K.PERSONAL, policy="none"),
    ("DELETE", "mastodon.unsubscribe"): api(K.PERSONAL),
    ("GET", "mastodon.bookmarks"): api(K.PERSONAL, shows=True),
    ("GET", "mastodon.lists"): api(K.PERSONAL, shows=True),
    ("GET", "mastodon.show_list"): api(K.GROUP, shows=True),
    ("GET", "mastodon.list_timeline"): api(K.GROUP, "", "min_id=1", shows=True),
    ("GET", "mastodon.search_everything"): api(
        K.PERSONAL, "q={word}", "q=%23{tag}", "q={word}&type=statuses", "q=krak&type=hashtags",
        shows=True,
    ),
    ("GET", "mastodon.show_statuses"): api(K.PERSONAL, "id[]={post}", shows=True),
    ("GET", "mastodon.show_status"): api(K.POST, shows=True),
    ("GET", "mastodon.context"): api(K.POST),
    ("GET", "mastodon.source"): api(K.POST, shows=True),
    ("GET", "mastodon.history"): api(K.POST, shows=True),
    ("GET", "mastodon.favourited_by"): api(K.POST),
    ("GET", "mastodon.reblogged_by"): api(K.POST),
    ("POST", "mastodon.publish"): api(K.PERSONAL, status="Me too", in_reply_to_id="{post}"),
    ("PUT", "mastodon.edit"): api(K.POST, status="Changed"),
    ("DELETE", "mastodon.delete"): api(K.POST),
    ("POST", "mastodon.favourite"): api(K.POST),
    ("POST", "mastodon.unfavourite"): api(K.POST),
    ("POST", "mastodon.reblog"): api(K.POST),
    ("POST", "mastodon.unreblog"): api(K.POST),
    ("POST", "mastodon.bookmark"): api(K.POST),
    ("POST", "mastodon.unbookmark"): api(K.POST),
}  # fmt: skip
