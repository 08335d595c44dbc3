"""Letters about what is new: one notice, those that came outside the reader's hours, a digest.
Written when they are sent: what was read or is hidden meanwhile is left out, and a letter that
would be empty is none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.accounts.models import Account
from intranet.inbox import queries as inbox
from intranet.inbox.queries import InboxEntry
from intranet.interruptions import levels
from intranet.interruptions.actions import DIGEST_LIST, NOTICE_LIST
from intranet.interruptions.models import Level, Pace, Topic
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor
from intranet.kernel.text import plain_text
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.letter import Letter
from intranet.letters.pushes import title_of, whole_address_of
from intranet.mail import reply_addresses
from intranet.mail.models import OutboxMessage
from intranet.notifications.models import NotificationKind
from intranet.posts import queries as posts
from intranet.posts.models import Visibility

_MOST_LINES = 40
_SUBJECT = 80
_WORDS = 3000  # of a post in a letter; the rest is behind the link
_ANSWERABLE = (
    NotificationKind.MENTION,
    NotificationKind.REPLY,
    NotificationKind.THREAD_REPLY,
    NotificationKind.QUOTE,
    NotificationKind.PRAISE,
    NotificationKind.MESSAGE,
    NotificationKind.GROUP_POST,
    NotificationKind.POST,
)
# The order of a digest: what waits for an answer comes first.
_ORDER = (None, Topic.MESSAGES, Topic.TALK, Topic.TEAM, Topic.EVENTS, Topic.GROUPS, Topic.POSTS,
          Topic.APPLAUSE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is new, in words, with the beginning of what was written."""

    words: str
    excerpt: str
    link: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is new about one thing."""

    heading: str
    lines: tuple[Line, ...]


def notice(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """What somebody wrote, at once; nothing when it was read meanwhile. An answer to the letter is
    an answer to the post, where mail is taken in."""
    if recipient is None:
        return None
    id_ = int(message.payload["notification"])
    entry = next(iter(inbox.entries_of(recipient, [id_])), None)
    if entry is None or not entry.unread:
        return None
    line = entry.newest
    values: dict[str, Any] = {"words": title_of(entry), "text": "", "link": whole_address_of(entry)}
    subject, thread, answer = title_of(entry), None, None
    if line.post_id is not None and line.kind in _ANSWERABLE and not line.filtered_by:
        post = posts.get_visible(recipient, line.post_id)
        values["text"] = plain_text(post.spoiler_text or post.source, _WORDS)
        thread = f"post-{entry.thread_id or line.post_id}"
        subject = _subject_of_thread(recipient, entry, post.visibility)
        if settings_here().mail_listen is not None:
            answer = reply_addresses.token_for(
                settings_here().secret_key, post.id, recipient.id, utc_now()
            )
    values["answerable"] = answer is not None
    return Letter(
        subject=subject,
        template="notice",
        values=values,
        thread=thread,
        list_id=NOTICE_LIST,
        reply_token=answer,
    )


def together(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """What came while the reader was not to be told, in one letter."""
    if recipient is None:
        return None
    after = int(message.payload["after"])
    return _several(recipient, after, MAX_ID, NOTICE_LIST, {Level.AT_ONCE})


def digest(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """What is new since the last one; with letters at once only what these leave out."""
    if recipient is None:
        return None
    payload = message.payload
    wanted = {Level.DIGEST}
    if payload["pace"] != Pace.AT_ONCE:
        wanted.add(Level.AT_ONCE)
    return _several(recipient, int(payload["after"]), int(payload["up_to"]), DIGEST_LIST, wanted)


def _several(
    recipient: Account, after: int, up_to: int, list_id: str, wanted: Collection[Level]
) -> Letter | None:
    before = min(up_to + 1, MAX_ID)
    page = inbox.entries(recipient, Cursor(before=before, after=after))
    kept = levels.kept_of((recipient.id,)).get(recipient.id, {})
    by_topic: dict[Topic | None, list[Line]] = {}
    number = 0
    for entry in page.items:
        for one in entry.lines:
            topic = levels.TOPICS.get(one.kind)
            if not one.unread or levels.level_for(kept, one.kind) not in wanted:
                continue
            number += 1
            if number <= _MOST_LINES:
                by_topic.setdefault(topic, []).append(_line(replace(entry, lines=(one,))))
    if not number:
        return None
    parts = [
        Part(_headings()[topic], tuple(by_topic[topic])) for topic in _ORDER if topic in by_topic
    ]
    return Letter(
        subject=ngettext("%(num)s thing is new for you", "%(num)s things are new for you", number),
        template="digest",
        values={
            "parts": parts,
            "more": number > _MOST_LINES or page.next_before is not None,
            "link": absolute("notifications.index"),
            "settings": absolute("push.show"),
        },
        list_id=list_id,
    )


def _line(entry: InboxEntry) -> Line:
    line = entry.newest
    excerpt = line.about.title if line.about is not None else line.excerpt
    return Line(title_of(entry), excerpt, whole_address_of(entry))


def _headings() -> dict[Topic | None, str]:
    return {
        None: _("From the organisation"),
        Topic.MESSAGES: _("Messages"),
        Topic.TALK: _("Mentions and replies"),
        Topic.TEAM: _("Waits for you"),
        Topic.EVENTS: _("Events"),
        Topic.GROUPS: _("Groups"),
        Topic.POSTS: _("People you asked to hear of"),
        Topic.APPLAUSE: _("Reactions and followers"),
    }


def _subject_of_thread(recipient: Account, entry: InboxEntry, visibility: Visibility) -> str:
    """The same for all letters of a thread, so that mail programs keep it together. Of a private
    message nothing is said outside its letter."""
    if visibility is Visibility.DIRECT:
        return str(_("Private message"))
    root_id = entry.thread_id or entry.newest.post_id
    try:
        root = posts.get_visible(recipient, root_id or 0)
    except NotFound:
        return title_of(entry)
    words = plain_text(root.spoiler_text or root.source, _SUBJECT) or title_of(entry)
    return words if root.id == entry.newest.post_id else f"Re: {words}"
