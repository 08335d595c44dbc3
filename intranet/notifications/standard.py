"""The types that every program knows: https://docs.joinmastodon.org/entities/Notification/#type

What no type fits is not told to programs: they may not know others. A reply is a mention there,
and each emoji a favourite.
"""

from __future__ import annotations

from intranet.notifications.models import NotificationKind

TYPES = {
    NotificationKind.FOLLOW: "follow",
    NotificationKind.MENTION: "mention",
    NotificationKind.REPLY: "mention",
    NotificationKind.THREAD_REPLY: "status",
    NotificationKind.MESSAGE: "mention",
    NotificationKind.REACTION: "favourite",
    NotificationKind.BOOST: "reblog",
    NotificationKind.QUOTE: "mention",  # "quote" came after the version that we advertise
    NotificationKind.PRAISE: "mention",
    NotificationKind.POST: "status",
    NotificationKind.GROUP_POST: "status",
    NotificationKind.SAVED_SEARCH: "status",
    NotificationKind.REVIEW_ANSWER: "status",
    NotificationKind.POLL: "poll",
}
