"""What every route of bots, webhooks, applications and our own interface is for; a part of the
expectations."""

from __future__ import annotations

from tests.matrix.cases import Case, Kind, api, form, page

K = Kind
INTEGRATIONS: dict[tuple[str, str], Case] = {
    ("POST", "hooks.receive"): form(K.PUBLIC, payload='{{"text": "Hello"}}'),
    # a group's integrations
    ("GET", "groups.integrations"): page(K.GROUP, shows=True, reader="owner"),
    ("POST", "groups.add_incoming"): form(K.GROUP, bot="Spy"),
    ("POST", "groups.revoke_incoming"): form(K.GROUP),
    ("POST", "groups.add_outgoing"): form(
        K.GROUP, name="Spy", url="https://spy.example/", events="post.published"
    ),
    ("GET", "groups.outgoing_webhook"): page(K.GROUP),
    ("POST", "groups.save_outgoing"): form(K.GROUP, name="Spy", url="https://spy.example/"),
    ("POST", "groups.ping_outgoing"): form(K.GROUP),
    ("POST", "groups.rotate_outgoing"): form(K.GROUP),
    ("POST", "groups.enable_outgoing"): form(K.GROUP),
    ("POST", "groups.disable_outgoing"): form(K.GROUP),
    ("POST", "groups.delete_outgoing"): form(K.GROUP),
    ("POST", "groups.replay_outgoing"): form(K.GROUP),
    ("POST", "groups.add_command"): form(
        K.GROUP, command="spy", description="Spies", address="https://spy.example/"
    ),
    ("POST", "groups.let_command_in"): form(K.GROUP),
    ("POST", "groups.put_command_out"): form(K.GROUP),
    # bots: who runs one, tests/bots asks on every address
    ("GET", "bots.show"): page(K.PERSON),
    ("POST", "bots.save"): form(K.PERSON, name="Spy"),
    ("POST", "bots.set_picture"): form(K.PERSON),
    ("POST", "bots.remove_picture"): form(K.PERSON),
    ("POST", "bots.add_token"): form(K.PERSON, scopes="read"),
    ("POST", "bots.revoke_token"): form(K.PERSON),
    ("POST", "bots.shut"): form(K.PERSON),
    # the organisation's
    ("GET", "admin.integrations"): page(K.ADMINISTRATION),
    ("POST", "admin.add_bot"): form(K.ADMINISTRATION, bot=""),
    ("POST", "admin.add_outgoing"): form(K.ADMINISTRATION, name=""),
    ("GET", "admin.outgoing_webhook"): page(K.ADMINISTRATION),
    ("POST", "admin.save_outgoing"): form(K.ADMINISTRATION, name=""),
    ("POST", "admin.ping_outgoing"): form(K.ADMINISTRATION),
    ("POST", "admin.rotate_outgoing"): form(K.ADMINISTRATION),
    ("POST", "admin.enable_outgoing"): form(K.ADMINISTRATION),
    ("POST", "admin.disable_outgoing"): form(K.ADMINISTRATION),
    ("POST", "admin.delete_outgoing"): form(K.ADMINISTRATION),
    ("POST", "admin.replay_outgoing"): form(K.ADMINISTRATION),
    ("POST", "admin.add_command"): form(K.ADMINISTRATION, command=""),
    # applications: whom one is for, tests/applications asks on every address
    ("GET", "applications.index"): page(K.PERSONAL),
    ("GET", "applications.show"): page(K.PERSONAL, "", "group={slug}"),
    ("GET", "applications.picture"): page(K.PERSONAL),
    ("GET", "applications.open_outside"): page(K.PERSONAL, "", "group={slug}"),
    ("GET", "applications.sample"): page(K.PUBLIC, "app={slug}"),
    ("GET", "mastodon.jwks"): api(K.PUBLIC),
    ("GET", "admin.directory"): page(K.ADMINISTRATION),
    ("GET", "admin.new_app"): page(K.ADMINISTRATION),
    ("POST", "admin.add_app"): form(K.ADMINISTRATION, name_en=""),
    ("GET", "admin.edit_app"): page(K.ADMINISTRATION),
    ("POST", "admin.save_app"): form(K.ADMINISTRATION, name_en=""),
    ("POST", "admin.set_app_picture"): form(K.ADMINISTRATION),
    ("POST", "admin.remove_app_picture"): form(K.ADMINISTRATION),
    ("POST", "admin.disable_app"): form(K.ADMINISTRATION),
    ("POST", "admin.enable_app"): form(K.ADMINISTRATION),
    ("POST", "admin.delete_app"): form(K.ADMINISTRATION),
    # our own interface
    ("GET", "mastodon.openapi"): api(K.PUBLIC),
    ("GET", "mastodon.parvis_me"): api(K.PERSONAL),
    ("GET", "mastodon.parvis_catch_up"): api(K.PERSONAL, "", "since=week", shows=True),
    ("POST", "mastodon.parvis_mark_caught_up"): api(K.PERSONAL, until="1"),
    ("POST", "mastodon.parvis_take_back_caught_up"): api(K.PERSONAL),
    ("GET", "mastodon.parvis_catch_up_weights"): api(K.PERSONAL),
    ("PUT", "mastodon.parvis_set_catch_up_weights"): api(K.PERSONAL),
    ("GET", "mastodon.parvis_interruptions"): api(K.PERSONAL),
    ("PUT", "mastodon.parvis_set_interruptions"): api(K.PERSONAL, pace="daily"),
    ("POST", "mastodon.parvis_be_quiet"): api(K.PERSONAL, minutes="5"),
    ("POST", "mastodon.parvis_end_quiet"): api(K.PERSONAL),
    ("POST", "mastodon.parvis_take_days_off"): api(K.PERSONAL, first_day=""),
    ("DELETE", "mastodon.parvis_work_after_all"): api(K.PERSONAL),
    ("GET", "mastodon.parvis_list_groups"): api(
        K.PERSONAL, "", "q={word}", "scope=mine", "cursor={group}", shows=True
    ),
    ("GET", "mastodon.parvis_show_group"): api(K.GROUP, shows=True),
    ("POST", "mastodon.parvis_join_group"): api(K.GROUP, message="please"),
    ("POST", "mastodon.parvis_leave_group"): api(K.GROUP),
    ("GET", "mastodon.parvis_list_group_members"): api(K.GROUP, "", "q=member"),
    ("GET", "mastodon.parvis_list_group_posts"): api(K.GROUP, shows=True),
    ("GET", "mastodon.parvis_list_pages"): api(K.PERSONAL, "", "q={word}"),
    ("GET", "mastodon.parvis_show_page"): api(K.PERSON),
    ("POST", "mastodon.parvis_follow_page"): api(K.PERSON),
    ("POST", "mastodon.parvis_unfollow_page"): api(K.PERSON),
    ("GET", "mastodon.parvis_list_events"): api(
        K.PERSONAL, "", "scope=mine", "cursor={occurrence_id}", shows=True
    ),
    ("GET", "mastodon.parvis_show_event"): api(K.PERSONAL),
    ("POST", "mastodon.parvis_answer_event"): api(K.PERSONAL, answer="going"),
    ("GET", "mastodon.parvis_list_announcements"): api(K.PERSONAL, "", "shelf=archive"),
    ("GET", "mastodon.parvis_show_announcement"): api(K.PERSONAL),
    ("POST", "mastodon.parvis_acknowledge_announcement"): api(K.PERSONAL, content_hash="0" * 64),
}
