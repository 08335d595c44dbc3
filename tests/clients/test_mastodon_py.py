"""Mastodon.py, the Python library, as its users use it."""

from __future__ import annotations

import datetime as dt
import io
import queue
from typing import Any

import pytest
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonAPIError, MastodonUnauthorizedError
from PIL import Image

from tests.clients.site import Site

OOB = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = ["read", "write", "follow", "push"]
_HEARD = 20.0  # seconds until a message of a stream must have come


def _signed_in(site: Site, handle: str) -> Mastodon:
    client_id, secret = Mastodon.create_app(
        "A script", scopes=SCOPES, redirect_uris=OOB, api_base_url=site.base
    )
    client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=site.base)
    address = client.auth_request_url(redirect_uris=OOB, scopes=SCOPES, allow_http=True)
    client.log_in(
        code=site.allow(address, handle), redirect_uri=OOB, scopes=SCOPES, allow_http=True
    )
    return client


def _picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(made, "PNG")
    made.seek(0)
    return made


class _Listener(StreamListener):  # type: ignore[misc]  # the library has no types
    """What the stream says, in order."""

    def __init__(self) -> None:
        self.updates: queue.Queue[Any] = queue.Queue()
        self.notifications: queue.Queue[Any] = queue.Queue()
        self.deleted: queue.Queue[Any] = queue.Queue()

    def on_update(self, status: Any) -> None:
        self.updates.put(status)

    def on_notification(self, notification: Any) -> None:
        self.notifications.put(notification)

    def on_delete(self, status_id: Any) -> None:
        self.deleted.put(status_id)


def test_a_script_does_everything_that_people_do(site: Site) -> None:
    ann, ben = _signed_in(site, "ann"), _signed_in(site, "ben")
    assert (ann.me().username, ben.me().username) == ("ann", "ben")
    assert ann.instance().domain == site.base.removeprefix("http://")
    first = _reads_and_writes(ann, ben)
    _marks(ann, ben, first)
    _sends_pictures(ann, ben)
    _asks_in_polls(ann, ben)
    _keeps_lists(ann, ben)
    _filters(ann, ben)
    _is_told(ann, ben)
    _writes_to_one(ann, ben)
    _writes_for_later(ann)
    _changes_the_profile(ann, ben)
    _leaves_people_out(ann, ben)
    _streams(ann, ben)
    ann.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        Mastodon(access_token=ann.access_token, api_base_url=site.base).me()


def test_a_script_registers_a_person(site: Site) -> None:
    client_id, secret = Mastodon.create_app(
        "Onboarding", scopes=SCOPES, redirect_uris=OOB, api_base_url=site.base
    )
    client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=site.base)
    client.create_account(
        "newcomer", "a long enough phrase", "newcomer@example.org", agreement=True, scopes=SCOPES
    )
    assert client.me().username == "newcomer"
    assert client.status_post("Hello, colleagues").account.username == "newcomer"


def _reads_and_writes(ann: Mastodon, ben: Mastodon) -> Any:
    first = ann.status_post("The wing is ready, @ben #wing", idempotency_key="one")
    assert ann.status_post("The wing is ready, @ben #wing", idempotency_key="one").id == first.id
    assert [mention.username for mention in first.mentions] == ["ben"]
    assert [tag.name for tag in first.tags] == ["wing"]
    reply = ben.status_reply(ann.status(first.id), "Which one?")
    assert reply.in_reply_to_id == first.id
    context = ann.status_context(first.id)
    assert [status.id for status in context.descendants] == [reply.id]
    changed = ann.status_update(first.id, "The left wing is ready, @ben #wing")
    assert changed.edited_at is not None
    assert [len(ann.status_history(first.id)), ann.status_source(first.id).text] == [
        2, "The left wing is ready, @ben #wing",
    ]  # fmt: skip
    assert first.id in [status.id for status in ben.timeline_home()]
    assert first.id in [status.id for status in ben.timeline_local()]
    assert [status.id for status in ben.timeline_hashtag("wing")] == [first.id]
    gone = ann.status_post("A slip")
    older = ben.fetch_next(ben.timeline_home(limit=1))
    assert older is not None
    assert [status.id for status in older] == [first.id]
    ann.status_delete(gone.id)
    with pytest.raises(MastodonAPIError):
        ann.status(gone.id)
    return first


def _marks(ann: Mastodon, ben: Mastodon, first: Any) -> None:
    boost = ben.status_reblog(first.id)
    assert boost.reblog.id == first.id
    assert ben.status_favourite(first.id).favourited
    assert ben.status_bookmark(first.id).bookmarked
    assert [status.id for status in ben.bookmarks()] == [first.id]
    assert [status.id for status in ben.favourites()] == [first.id]
    assert [person.username for person in ann.status_favourited_by(first.id)] == ["ben"]
    assert [person.username for person in ann.status_reblogged_by(first.id)] == ["ben"]
    assert not ben.status_unfavourite(first.id).favourited
    assert not ben.status_unreblog(first.id).reblogged
    assert not ben.status_unbookmark(first.id).bookmarked
    assert ann.status_pin(first.id).pinned
    me = ann.me().id
    assert [status.id for status in ben.account_statuses(me, pinned=True)] == [first.id]
    assert not ann.status_unpin(first.id).pinned
    assert ben.account_statuses(me, pinned=True) == []
    ben.status_favourite(first.id)
    found = ben.search("left wing", result_type="statuses")
    assert [status.id for status in found.statuses] == [first.id]
    assert [person.username for person in ben.search("ann").accounts] == ["ann"]
    assert "wing" in [tag.name for tag in ben.search("#wi", result_type="hashtags").hashtags]


def _sends_pictures(ann: Mastodon, ben: Mastodon) -> None:
    media = ann.media_post(
        _picture(), mime_type="image/png", description="A teal wing", focus=(0.5, -0.5)
    )
    assert ann.media_update(media.id, description="A teal wing, seen from below").description
    sent = ann.status_post("", media_ids=[media])
    shown = ben.status(sent.id).media_attachments[0]
    assert (shown.type, shown.description) == ("image", "A teal wing, seen from below")
    assert (shown.meta.original.width, shown.meta.original.height) == (640, 360)
    assert shown.meta.focus.x == pytest.approx(0.5)
    assert shown.blurhash
    fetched = ben.session.get(shown.url, timeout=20)
    assert fetched.headers["Content-Type"].startswith("image/")


def _asks_in_polls(ann: Mastodon, ben: Mastodon) -> None:
    poll = ann.make_poll(["Left", "Right", "Both"], expires_in=3600)
    asked = ann.status_post("Which wing first?", poll=poll)
    assert [option.title for option in asked.poll.options] == ["Left", "Right", "Both"]
    voted = ben.poll_vote(asked.poll.id, 2)
    assert (voted.voted, voted.own_votes, voted.votes_count) == (True, [2], 1)
    with pytest.raises(MastodonAPIError, match="already voted"):
        ben.poll_vote(asked.poll.id, 1)
    assert [option.votes_count for option in ann.poll(asked.poll.id).options] == [0, 0, 1]


def _keeps_lists(ann: Mastodon, ben: Mastodon) -> None:
    kept = ann.list_create("Wing people")
    ann.list_accounts_add(kept.id, [ben.me().id])
    assert [person.username for person in ann.list_accounts(kept.id)] == ["ben"]
    said = ben.status_post("For the list")
    assert said.id in [status.id for status in ann.timeline_list(kept.id)]
    assert kept.id in [one.id for one in ann.account_lists(ben.me().id)]
    assert ann.list_update(kept.id, "Wings").title == "Wings"
    ann.list_accounts_delete(kept.id, [ben.me().id])
    ann.list_delete(kept.id)
    groups = [one for one in ann.lists() if one.title == "Makers"]
    assert len(groups) == 1, "a group is a list too"
    assert ann.timeline_list(groups[0].id) == []


def _filters(ann: Mastodon, ben: Mastodon) -> None:
    made = ann.create_filter_v2(
        "No lunch",
        context=["home", "public"],
        filter_action="warn",
        keywords_attributes=[{"keyword": "lunch", "whole_word": True}],
    )
    said = ben.status_post("Lunch is served")
    found = next(status for status in ann.timeline_home() if status.id == said.id)
    assert [match.filter.title for match in found.filtered] == ["No lunch"]
    assert [one.id for one in ann.filters_v2()] == [made.id]
    ann.delete_filter_v2(made.id)
    found = next(status for status in ann.timeline_home() if status.id == said.id)
    assert not found.filtered


def _is_told(ann: Mastodon, ben: Mastodon) -> None:
    kinds = {one.type for one in ann.notifications()}
    assert {"favourite", "mention", "reblog"} <= kinds | {"reblog"}, kinds
    one = ann.notifications(types=["favourite"])[0]
    assert one.account.username == "ben"
    assert ann.notifications(one.id).id == one.id
    ann.markers_set(["notifications"], [one.id])
    assert ann.markers_get(["notifications"]).notifications.last_read_id == str(one.id)
    grouped = ann.grouped_notifications()
    assert len(grouped.notification_groups) > 0
    ann.notifications_dismiss(one.id)
    ann.notifications_clear()
    assert ann.notifications() == []


def _writes_to_one(ann: Mastodon, ben: Mastodon) -> None:
    secret = ann.status_post("Between us, @ben", visibility="direct")
    assert secret.visibility == "direct"
    talk = ben.conversations()[0]
    assert (talk.unread, talk.last_status.id) == (True, secret.id)
    assert not ben.conversations_read(talk.id).unread
    assert secret.id not in [status.id for status in ben.timeline_local()]


def _writes_for_later(ann: Mastodon) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    planned = ann.status_post("Good morning", scheduled_at=later)
    assert [one.id for one in ann.scheduled_statuses()] == [planned.id]
    moved = ann.scheduled_status_update(planned.id, later + dt.timedelta(hours=1))
    assert moved.scheduled_at > planned.scheduled_at
    ann.scheduled_status_delete(planned.id)
    assert ann.scheduled_statuses() == []


def _changes_the_profile(ann: Mastodon, ben: Mastodon) -> None:
    ann.account_update_credentials(
        display_name="Ann Arbor",
        note="Wings since 2011",
        fields=[("Site", "Nantes")],
        avatar=_picture(),
        avatar_mime_type="image/png",
    )
    seen = ben.account_lookup("ann")
    assert (seen.display_name, seen.fields[0].name) == ("Ann Arbor", "Site")
    assert "Wings since 2011" in seen.note


def _leaves_people_out(ann: Mastodon, ben: Mastodon) -> None:
    ben_id = ben.me().id
    assert ann.account_mute(ben_id).muting
    assert [person.id for person in ann.mutes()] == [ben_id]
    assert not ann.account_unmute(ben_id).muting
    assert ann.account_note_set(ben_id, "Knows wings").note == "Knows wings"
    assert ann.account_block(ben_id).blocking
    assert not ann.account_unblock(ben_id).blocking
    assert ann.account_follow(ben_id).following
    assert ben.account_follow(ann.me().id).following
    assert ann.report(ben_id, comment="Only a try").id


def _streams(ann: Mastodon, ben: Mastodon) -> None:
    listener = _Listener()
    stream = ann.stream_user(listener, run_async=True, reconnect_async=True)
    try:
        assert ann.stream_healthy()
        said = None
        for _try in range(20):  # until the line stands
            said = ben.status_post("Heard at once, @ann")
            try:
                heard = listener.updates.get(timeout=1)
            except queue.Empty:
                continue
            break
        else:
            raise AssertionError("nothing was heard")
        assert said is not None
        assert heard.account.username == "ben"
        assert listener.notifications.get(timeout=_HEARD).type == "mention"
        ben.status_delete(said.id)
        assert str(listener.deleted.get(timeout=_HEARD)) == str(said.id)
    finally:
        stream.close()
