"""What every route of the application is for. A route that is missing here fails the matrix.

The kind says what it addresses, and so what an outsider must be answered: on a secret object the
same as on one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from tests.matrix.administration import ADMINISTRATION
from tests.matrix.cases import Case, Kind, form, page
from tests.matrix.finding import FINDING
from tests.matrix.integrations import INTEGRATIONS
from tests.matrix.official import OFFICIAL
from tests.matrix.programs import PROGRAMS
from tests.matrix.world import (
    KEPT_MAIL,
    MISSING_ID,
    MISSING_KEY,
    MISSING_SLUG,
    PAGE,
    SLUG,
    WORD,
    World,
)

K = Kind
EXPECTED: dict[tuple[str, str], Case] = {
    **FINDING,
    ("GET", "static"): page(K.PUBLIC),
    ("GET", "health.show"): page(K.PUBLIC),
    ("GET", "push.worker"): page(K.PUBLIC),
    ("GET", "auth.login"): page(K.PUBLIC, "", "next=/groups/{slug}"),
    ("POST", "auth.sign_in"): form(K.PUBLIC, handle="nobody", password="wrong"),
    ("GET", "auth.register"): page(K.PUBLIC),
    ("POST", "auth.create"): form(K.PUBLIC, handle="x"),
    ("GET", "auth.invitation"): page(K.PUBLIC),
    ("POST", "auth.accept"): form(K.PUBLIC, password="x"),
    ("GET", "passwords.forgotten"): page(K.PUBLIC),
    ("POST", "passwords.ask"): form(K.PUBLIC, handle="nobody"),
    ("GET", "passwords.choose"): page(K.PUBLIC),
    ("POST", "passwords.set_password"): form(K.PUBLIC, password="x"),
    ("GET", "unsubscribe.show"): page(K.PUBLIC),
    ("POST", "unsubscribe.stop"): form(K.PUBLIC),
    ("POST", "unsubscribe.resume"): form(K.PUBLIC),
    ("POST", "unsubscribe.one_click"): form(K.PUBLIC),
    ("POST", "auth.logout"): form(K.PERSONAL),
    # the public door
    ("GET", "public.show"): page(K.PUBLIC, "", "before={after_all}", "lang=fr"),
    ("GET", "public.post"): page(K.PUBLIC),
    ("GET", "public.about"): page(K.PUBLIC),
    ("GET", "public.events"): page(K.PUBLIC),
    ("GET", "public.event"): page(K.PUBLIC),
    ("GET", "public.feed"): page(K.PUBLIC),
    ("GET", "public.media"): page(K.PUBLIC),
    ("GET", "public.picture"): page(K.PUBLIC),
    ("GET", "public.sitemap"): page(K.PUBLIC),
    ("GET", "public.robots"): page(K.PUBLIC),
    ("GET", "public.follow"): page(K.PUBLIC),
    # timelines
    ("GET", "home.show"): page(K.PERSONAL, "", "before={after_all}", shows=True),
    ("GET", "home.groups"): page(K.PERSONAL, shows=True),
    ("GET", "home.organisation"): page(K.PERSONAL),
    ("GET", "home.saved"): page(K.PERSONAL, shows=True),
    ("GET", "threads.followed"): page(K.PERSONAL, "", "before={after_all}"),
    ("GET", "threads.muted"): page(K.PERSONAL),
    ("GET", "saved.show"): page(K.FOLDER),
    ("POST", "saved.create"): form(K.PERSONAL, name=""),
    ("POST", "saved.rename"): form(K.FOLDER, name="Taken over"),
    ("POST", "saved.delete"): form(K.FOLDER),
    ("GET", "saved.choose"): page(K.POST, shows=True),
    ("POST", "saved.put"): form(K.POST, folder="new", name="Mine"),
    ("GET", "timelines.newer"): page(K.PERSONAL, "", "after=0", "after=1&known={post}"),
    ("GET", "timelines.since"): page(K.PERSONAL, "", "after=0", shows=True),
    ("GET", "tags.show"): page(K.PERSONAL, shows=True),
    ("GET", "mentions.find"): page(
        K.PERSONAL, "q=&audience=group:{slug}", "q=m&audience=group:{slug}",
        "q=m&audience=post:{post}", "q=m&audience=organisation", "q=o&audience=followers",
        "q=m&audience=group:{slug}&people=1",
    ),
    # people
    ("GET", "people.index"): page(K.PERSONAL, "", "q={word}", "q=o", "department=Works"),
    ("GET", "people.show"): page(K.PERSON, "", "before={after_all}", shows=True),
    ("GET", "people.followers"): page(K.PERSON),
    ("GET", "posts.praise"): page(K.PERSON, "", "before={after_all}"),
    ("GET", "posts.praise_form"): page(K.PERSON),
    ("GET", "people.following"): page(K.PERSON),
    ("POST", "people.follow"): form(K.PERSON),
    ("POST", "people.unfollow"): form(K.PERSON),
    ("GET", "people.ask_mute"): page(K.PERSON),
    ("POST", "people.mute"): form(K.PERSON, duration="60"),
    ("POST", "people.unmute"): form(K.PERSON),
    ("GET", "people.ask_block"): page(K.PERSON),
    ("POST", "people.block"): form(K.PERSON),
    ("POST", "people.unblock"): form(K.PERSON),
    ("POST", "people.remove_follower"): form(K.PERSON),
    ("POST", "people.note"): form(K.PERSON, comment="Helpful"),
    ("POST", "people.wishes"): form(K.PERSON, notify="1"),
    ("POST", "people.dismiss_suggestion"): form(K.PERSON),
    ("GET", "settings.distance"): page(K.PERSONAL),
    # lists and hashtags
    ("GET", "lists.index"): page(K.PERSONAL),
    ("POST", "lists.create"): form(K.PERSONAL, title=""),
    ("GET", "lists.show"): page(K.LIST),
    ("GET", "lists.people"): page(K.LIST, "", "q=o"),
    ("POST", "lists.edit"): form(K.LIST, title="Taken over"),
    ("POST", "lists.delete"): form(K.LIST),
    ("POST", "lists.add"): form(K.LIST, handle="member"),
    ("POST", "lists.remove"): form(K.LIST, handle="member"),
    ("GET", "lists.of_person"): page(K.PERSON),
    ("POST", "lists.put"): form(K.PERSON, list="{group}"),
    ("POST", "tags.follow"): form(K.PERSONAL),
    ("POST", "tags.unfollow"): form(K.PERSONAL),
    ("GET", "settings.hashtags"): page(K.PERSONAL),
    ("POST", "settings.feature_hashtag"): form(K.PERSONAL, name="{tag}"),
    ("POST", "settings.unfeature_hashtag"): form(K.PERSONAL),
    # groups
    ("GET", "groups.index"): page(
        K.PERSONAL, "", "q={word}", "scope=all", "scope=mine", "scope=suggested", shows=True
    ),
    ("GET", "groups.new"): page(K.PERSONAL),
    ("POST", "groups.create"): form(K.PERSONAL, name=""),
    ("GET", "groups.show"): page(K.GROUP, shows=True),
    ("GET", "groups.pinned"): page(K.GROUP, shows=True),
    ("GET", "groups.about"): page(K.GROUP, shows=True),
    ("GET", "groups.members"): page(K.GROUP, "", "q=member", shows=True),
    ("GET", "groups.requests"): page(K.GROUP, shows=True, reader="owner"),
    ("GET", "groups.reports_of_group"): page(
        K.GROUP, "", "state=resolved", shows=True, reader="owner"
    ),
    ("GET", "groups.invite"): page(K.GROUP, "", "q=out", shows=True, reader="owner"),
    ("GET", "groups.settings"): page(K.GROUP, shows=True, reader="owner"),
    ("POST", "groups.edit"): form(K.GROUP, name="", privacy="open"),
    ("POST", "groups.delete"): form(K.GROUP, confirm="no"),
    ("POST", "groups.read"): form(K.GROUP),
    ("POST", "groups.join"): form(K.GROUP, message="please"),
    ("POST", "groups.leave"): form(K.GROUP),
    ("POST", "groups.notify"): form(K.GROUP, level="everything"),
    ("POST", "groups.accept_invitation"): form(K.GROUP),
    ("POST", "groups.decline_invitation"): form(K.GROUP),
    ("POST", "groups.send_invitation"): form(K.GROUP, handle="outsider"),
    ("POST", "groups.withdraw_invitation"): form(K.GROUP),
    ("POST", "groups.withdraw_request"): form(K.GROUP),
    ("POST", "groups.approve_request"): form(K.GROUP),
    ("POST", "groups.decline_request"): form(K.GROUP),
    ("POST", "groups.set_role"): form(K.GROUP, role="owner"),
    ("POST", "groups.remove_member"): form(K.GROUP),
    ("POST", "posts.create_in_group"): form(K.GROUP, source="Let me in"),
    # official pages
    ("GET", "pages.index"): page(K.PERSONAL, "", "q={word}", "scope=followed", "scope=mine"),
    ("GET", "pages.new"): page(K.PERSONAL),
    ("POST", "pages.create"): form(K.PERSONAL, handle="", name=""),
    ("GET", "pages.show"): page(K.PAGE, "", "before={after_all}"),
    ("GET", "pages.about"): page(K.PAGE),
    ("GET", "pages.reviews"): page(K.PAGE),
    ("POST", "pages.further_form"): form(K.PAGE, source="Taken over", part="poll", preview="1"),
    ("POST", "pages.further_submission_form"): form(K.PAGE, source="Taken over", part="poll"),
    ("GET", "pages.edit_submission"): page(K.PAGE),
    ("GET", "pages.settings"): page(K.PAGE),
    ("GET", "pages.editors"): page(K.PAGE),
    ("POST", "pages.follow"): form(K.PAGE),
    ("POST", "pages.unfollow"): form(K.PAGE),
    ("GET", "pages.quote_form"): page(K.PAGE),
    ("POST", "pages.publish"): form(K.PAGE, source="In our name"),
    ("POST", "pages.save_submission"): form(K.PAGE, source="Changed"),
    ("POST", "pages.publish_submission"): form(K.PAGE),
    ("POST", "pages.return_submission"): form(K.PAGE, note="Shorter"),
    ("POST", "pages.withdraw_submission"): form(K.PAGE),
    ("POST", "pages.edit"): form(K.PAGE, name="Taken over"),
    ("POST", "pages.set_picture"): form(K.PAGE),
    ("POST", "pages.remove_picture"): form(K.PAGE),
    ("POST", "pages.verify"): form(K.PAGE),
    ("POST", "pages.unverify"): form(K.PAGE),
    ("POST", "pages.close"): form(K.PAGE),
    ("POST", "pages.reopen"): form(K.PAGE),
    ("POST", "pages.add_editor"): form(K.PAGE, handle="outsider", role="owner"),
    ("POST", "pages.set_editor_role"): form(K.PAGE, role="owner"),
    ("POST", "pages.remove_editor"): form(K.PAGE),
    # posts
    ("POST", "posts.create"): form(K.PERSONAL, source="Hello", audience="group:{slug}"),
    ("GET", "posts.show"): page(K.POST, "", "after=1", shows=True),
    ("GET", "posts.permalink"): page(K.POST, shows=True),
    ("GET", "posts.card"): page(K.POST, shows=True),
    ("GET", "posts.replies"): page(K.POST, "", "after={post}"),
    ("GET", "posts.reply_form"): page(K.POST, shows=True),
    ("GET", "posts.edit"): page(K.POST, shows=True),
    ("GET", "posts.quote_form"): page(K.POST, shows=True),
    ("GET", "posts.quotes"): page(K.POST),
    ("POST", "posts.accept"): form(K.POST),
    ("POST", "posts.unaccept"): form(K.POST),
    ("POST", "posts.remove_preview"): form(K.POST),
    ("GET", "posts.preview_picture"): page(K.MEDIA),
    ("GET", "posts.ask_delete"): page(K.POST, shows=True),
    ("GET", "posts.history"): page(K.POST, shows=True),
    ("GET", "posts.votes"): page(K.POST, shows=True),
    ("POST", "posts.vote"): form(K.POST, choice="0"),
    ("POST", "posts.form"): form(
        K.PERSONAL, source="Hello", audience="group:{slug}", part="poll", only="1"
    ),
    ("POST", "posts.further_reply_form"): form(K.POST, source="Me too", part="warning"),
    ("POST", "posts.further_edit_form"): form(
        K.POST, source="Other words", media_id="{media_id}", preview="1"
    ),
    ("GET", "scheduled.index"): page(K.PERSONAL, "", "month=2030-06", shows=True),
    ("GET", "scheduled.edit"): page(K.PERSONAL, shows=True),
    ("POST", "scheduled.save"): form(
        K.PERSONAL, source="Taken over", audience="group:{slug}", media_id="{media_id}"
    ),
    ("POST", "scheduled.further_form"): form(
        K.PERSONAL, source="Taken over", audience="group:{slug}", preview="1"
    ),
    # drafts, and what the form says before it is sent
    ("GET", "drafts.index"): page(K.PERSONAL, shows=True),
    ("GET", "drafts.show"): page(K.PERSONAL, shows=True),
    ("POST", "drafts.save"): form(K.PERSONAL, source="Mine", place="group:{group}"),
    ("POST", "drafts.delete"): form(K.PERSONAL),
    ("POST", "rehearsing.show"): form(
        K.PERSONAL, source="@member @moderator @group", place="post:{post}",
    ),
    ("POST", "scheduled.move"): form(
        K.PERSONAL, scheduled_date="2030-01-01", scheduled_time="12:00"
    ),
    ("POST", "scheduled.publish"): form(K.PERSONAL),
    ("POST", "scheduled.delete"): form(K.PERSONAL),
    ("GET", "posts.reactions"): page(K.POST, shows=True),
    ("POST", "posts.reply"): form(K.POST, source="Me too"),
    ("POST", "posts.save"): form(K.POST, source="Changed"),
    ("POST", "posts.delete"): form(K.POST),
    ("POST", "posts.react"): form(K.POST, emoji="⭐"),
    ("POST", "posts.unreact"): form(K.POST, emoji="⭐"),
    ("POST", "posts.boost"): form(K.POST),
    ("POST", "posts.unboost"): form(K.POST),
    ("POST", "posts.mute_thread"): form(K.POST),
    ("POST", "posts.unmute_thread"): form(K.POST),
    ("POST", "posts.follow_thread"): form(K.POST),
    ("POST", "posts.unfollow_thread"): form(K.POST),
    ("GET", "posts.hearing"): page(K.POST),
    ("GET", "posts.boosters"): page(K.POST, shows=True),
    ("POST", "posts.put_pin_away"): form(K.POST),
    ("POST", "posts.bring_pin_back"): form(K.POST),
    ("POST", "posts.bookmark"): form(K.POST),
    ("POST", "posts.unbookmark"): form(K.POST),
    ("POST", "posts.pin"): form(K.POST),
    ("POST", "posts.unpin"): form(K.POST),
    ("POST", "posts.pin_to_profile"): form(K.POST),
    ("POST", "posts.unpin_from_profile"): form(K.POST),
    ("POST", "posts.make_public"): form(K.POST),
    ("POST", "posts.make_internal"): form(K.POST),
    # files
    ("GET", "media.show"): page(K.MEDIA),
    ("GET", "media.avatar"): page(K.MEDIA),
    ("GET", "media.header"): page(K.MEDIA),
    ("POST", "media.describe"): form(K.MEDIA, alt_text="mine"),
    ("POST", "media.upload"): form(K.PERSONAL),
    # conversations
    ("GET", "conversations.index"): page(K.PERSONAL, "", "before={after_all}"),
    ("GET", "conversations.unread"): page(K.PERSONAL),
    ("GET", "conversations.new"): page(
        K.PERSONAL, "", "to=member", "q=member", "to=member&q={word}"
    ),
    ("POST", "conversations.create"): form(K.PERSONAL, source="Hello"),
    ("GET", "conversations.show"): page(K.POST, "", "before={after_all}"),
    ("POST", "conversations.read"): form(K.POST),
    ("POST", "conversations.hide"): form(K.POST),
    # notifications
    ("GET", "notifications.index"): page(K.PERSONAL, "", "only=mentions", shows=True),
    ("GET", "notifications.menu"): page(K.PERSONAL, shows=True),
    ("GET", "notifications.unread"): page(K.PERSONAL),
    ("GET", "notifications.new"): page(K.PERSONAL, "", "after=1", shows=True),
    ("POST", "notifications.read"): form(K.PERSONAL),
    ("POST", "notifications.read_one"): form(K.PERSONAL),
    ("POST", "notifications.read_thread"): form(K.PERSONAL),
    # settings
    ("GET", "settings.show"): page(K.PERSONAL),
    ("GET", "settings.display"): page(K.PERSONAL),
    ("GET", "settings.security"): page(K.PERSONAL),
    ("POST", "settings.update_profile"): form(K.PERSONAL, display_name=""),
    ("POST", "settings.update_display"): form(K.PERSONAL, time_zone="Nowhere"),
    ("POST", "settings.theme"): form(K.PERSONAL, theme="dark"),
    ("POST", "settings.set_picture"): form(K.PERSONAL),
    ("POST", "settings.remove_picture"): form(K.PERSONAL),
    ("POST", "settings.set_header"): form(K.PERSONAL),
    ("POST", "settings.remove_header"): form(K.PERSONAL),
    ("POST", "settings.change_password"): form(K.PERSONAL),
    ("POST", "settings.end_session"): form(K.PERSONAL),
    ("POST", "settings.end_other_sessions"): form(K.PERSONAL),
    # administration
    ("GET", "employment.edit"): page(K.PERSON),
    ("POST", "employment.save"): form(K.PERSON, title="", manager="nobody"),
    **ADMINISTRATION,
    # programs: consent and what was allowed
    ("GET", "oauth.authorize"): page(K.PERSONAL, "", "client_id=x&redirect_uri=y"),
    ("POST", "oauth.allow"): form(K.PERSONAL, client_id="x"),
    ("POST", "oauth.deny"): form(K.PERSONAL, client_id="x"),
    ("POST", "oauth.another"): form(K.PERSONAL, client_id="x"),
    ("GET", "push.show"): page(K.PERSONAL),
    ("POST", "interruptions.choose"): form(K.PERSONAL, whose="always", pace="never"),
    ("POST", "interruptions.choose_groups"): form(K.PERSONAL),
    ("POST", "interruptions.take_days_off"): form(K.PERSONAL, first_day="2030-01-01"),
    ("POST", "interruptions.work_after_all"): form(K.PERSONAL),
    ("POST", "interruptions.be_quiet"): form(K.PERSONAL),
    ("POST", "interruptions.end_quiet"): form(K.PERSONAL),
    ("GET", "interruptions.recorded"): page(K.PERSONAL),
    ("POST", "push.subscribe"): form(K.PERSONAL, endpoint="https://push.example/x"),
    ("POST", "push.unsubscribe"): form(K.PERSONAL),
    ("POST", "push.forget"): form(K.PERSONAL),
    ("GET", "settings.applications"): page(K.PERSONAL),
    ("GET", "settings.filters"): page(K.PERSONAL),
    ("POST", "settings.create_filter"): form(K.PERSONAL, title=""),
    ("GET", "settings.edit_filter"): page(K.PERSONAL),
    ("POST", "settings.change_filter"): form(K.PERSONAL, title="", act="warn"),
    ("POST", "settings.delete_filter"): form(K.PERSONAL),
    # reports
    ("GET", "moderation.new"): page(K.POST, "post={post}", shows=True),
    ("POST", "moderation.create"): form(K.POST, post="{post}", category="spam"),
    ("GET", "moderation.reports"): page(K.PERSONAL, "", "state=resolved"),
    ("POST", "moderation.resolve"): form(K.PERSONAL),
    ("POST", "moderation.reopen"): form(K.PERSONAL),
    ("POST", "moderation.delete_post"): form(K.POST),
    ("POST", "settings.revoke_application"): form(K.PERSONAL),
    **PROGRAMS,
    **INTEGRATIONS,
    **OFFICIAL,
}  # fmt: skip

# Where a group may stand in the place of a person.
AS_ACCOUNTS = tuple(
    f"mastodon.{name}"
    for name in (
        "show_account", "account_statuses", "followers", "following", "follow", "unfollow",
    )
)  # fmt: skip
TIMELINES = ("home", "groups", "organisation", "saved")


@dataclass(frozen=True)
class Ask:
    """One request. `twin` is the same for an object that does not exist."""

    method: str
    endpoint: str
    path: str
    twin: str
    form: dict[str, str]
    twin_form: dict[str, str]
    case: Case

    @property
    def ways(self) -> tuple[bool, ...]:
        """As a page and as a fragment, where the route draws any."""
        return (False, True) if self.method == "GET" and not self.case.api else (False,)

    @property
    def has_twin(self) -> bool:
        return (self.path, self.form) != (self.twin, self.twin_form)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def names(world: World, post: str = "secret", media: str = "picture") -> list[dict[str, str]]:
    """What the placeholders stand for: in the secret group, and in the one that is missing."""
    media_id, key = world.media.get(media, (MISSING_ID, MISSING_KEY))
    common = {
        "variant": "small", "size": "small", "token": "x" * 43, "after_all": "9" * 18,
        "session_id": "1", "feed_id": "1", "saved_id": "1", "day_off_id": "1",
        "notification_id": "1", "thread_id": "1",
        "handle": "member", "account": str(world.people["member"].id),
        "account_id": str(world.people["member"].id),
        "invited": str(world.people.get("invited", world.people["member"]).id),
        "ticket": "x" * 40, "app_id": "1",
        "message_id": str(KEPT_MAIL), "announcement_id": str(MISSING_ID),
        "audience_id": str(MISSING_ID), "language": "en", "editor": "hr", "form": "csv",
        "submission_id": str(world.submission_id or MISSING_ID), "code": "nothing",
        "webhook_id": "1", "delivery_id": "1", "token_id": "1", "command_id": "1",
        "campaign_id": "1", "link_id": "1", "event_id": "1", "featured_id": "1",
        "subscription_id": "1",
        "filter_id": "1", "keyword_id": "1", "entry_id": "1", "report_id": "1",
    }  # fmt: skip
    real = {
        "slug": SLUG, "post": str(world.posts.get(post, MISSING_ID)), "key": key,
        "media_id": str(media_id), "request_id": str(world.request_id or MISSING_ID),
        "invitation_id": str(world.invitation_id or MISSING_ID), "tag": "krakentag",
        "word": WORD, "group": str(world.group_id or MISSING_ID),
        "occurrence_id": str(world.occurrence_id or MISSING_ID),
        "scheduled_id": str(world.scheduled_id or MISSING_ID),
        "draft_id": str(world.draft_id or MISSING_ID),
    }  # fmt: skip
    missing = {
        "slug": MISSING_SLUG, "post": str(MISSING_ID), "key": MISSING_KEY,
        "media_id": str(MISSING_ID), "request_id": str(MISSING_ID),
        "invitation_id": str(MISSING_ID), "tag": "missingtag",
        "word": "missing", "group": str(MISSING_ID),
        "occurrence_id": str(MISSING_ID), "scheduled_id": str(MISSING_ID),
        "draft_id": str(MISSING_ID),
    }  # fmt: skip
    return [common | real, common | missing]


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def requests(world: World, methods: tuple[str, ...] = METHODS, **which: str) -> list[Ask]:
    """Every route of the application in every way that is declared for it."""
    real, missing = names(world, **which)
    asks = []
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) & set(methods)):
            case = EXPECTED[method, rule.endpoint]
            for fill in _fillings(rule.endpoint):
                for query in case.queries:
                    asks.append(
                        Ask(
                            method,
                            rule.endpoint,
                            _address(rule.rule, query, real | fill),
                            _address(rule.rule, query, missing | fill),
                            {name: text.format(**real) for name, text in case.form.items()},
                            {name: text.format(**missing) for name, text in case.form.items()},
                            case,
                        )
                    )
    return sorted(asks, key=lambda ask: METHODS.index(ask.method))


_OF_TAGS = {
    f"mastodon.{name}"
    for name in (
        "tag_timeline", "show_tag", "follow_tag", "unfollow_tag", "feature_tag", "unfeature_tag",
    )
}  # fmt: skip


def _fillings(endpoint: str) -> list[dict[str, str]]:
    if endpoint.startswith("timelines."):
        own = [{"name": name} for name in TIMELINES]
        subjects = ("group-{group}", "account-{account}", "tag-{tag}", "tag-depot")
        return [*own, *({"name": name} for name in subjects)]
    if endpoint.startswith("tags.") or endpoint in _OF_TAGS:
        return [{"name": "{tag}"}, {"name": "depot"}]
    if endpoint == "mastodon.streaming_events":
        return [{"name": "hashtag"}, {"name": "list"}]
    if endpoint in ("people.block", "mastodon.block"):
        # Not the member: a block would hide what the other routes must not show by themselves.
        return [{"handle": "invited", "account_id": "{invited}"}]
    if endpoint == "media.show":
        return [{"variant": variant} for variant in ("small", "large", "original")]
    if endpoint in AS_ACCOUNTS:
        return [{}, {"account_id": "{group}"}]
    if endpoint.startswith("pages."):
        return [{"handle": PAGE}]
    if endpoint.startswith("admin."):
        return [{"handle": "invited", "slug": "canteen"}]
    if endpoint.endswith("_announcement_reaction"):
        return [{"name": "x"}]
    if endpoint.startswith("applications."):
        return [{"slug": "canteen"}]
    if endpoint == "mastodon.picture":
        return [{"name": "person-3.png"}]
    if endpoint == "static":
        return [{"name": "img/mark.svg"}]
    return [{}]


def _address(rule: str, query: str, values: dict[str, str]) -> str:
    values = {name: text.format(**values) for name, text in values.items()}
    values["post_id"] = values["status_id"] = values["poll_id"] = values["post"]
    values["list_id"] = values["folder_id"] = values["group"]
    values["conversation_id"] = values["post"]
    path = rule
    for name in (part.split(">")[0].split(":")[-1] for part in rule.split("<")[1:]):
        text = quote(values[name], safe="/:")
        for spelt in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
            path = path.replace(spelt, text)
    return f"{path}?{query.format(**values)}" if query else path
