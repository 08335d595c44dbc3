"""The streams that programs may ask for, by their names."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from intranet.kernel.errors import DomainError, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.text import canonical_hashtag

_LONGEST_TAG = 100


class Channel(enum.StrEnum):
    """The kinds of streams. Everything is local here: `public` and `public:local` are one, and
    `public:remote` is silent."""

    USER = "user"
    NOTIFICATIONS = "user:notification"
    PUBLIC = "public"
    PUBLIC_LOCAL = "public:local"
    PUBLIC_REMOTE = "public:remote"
    PUBLIC_MEDIA = "public:media"
    PUBLIC_LOCAL_MEDIA = "public:local:media"
    PUBLIC_REMOTE_MEDIA = "public:remote:media"
    HASHTAG = "hashtag"
    HASHTAG_LOCAL = "hashtag:local"
    LIST = "list"
    DIRECT = "direct"


PUBLIC = frozenset(
    {
        Channel.PUBLIC,
        Channel.PUBLIC_LOCAL,
        Channel.PUBLIC_MEDIA,
        Channel.PUBLIC_LOCAL_MEDIA,
    }
)
HASHTAGS = frozenset({Channel.HASHTAG, Channel.HASHTAG_LOCAL})
_MEDIA = frozenset({Channel.PUBLIC_MEDIA, Channel.PUBLIC_LOCAL_MEDIA})


class Unknown(DomainError):
    """There is no such stream, or it lacks what it needs."""

    code, status = "unknown_stream", 400
    default = "Unknown stream type"


@dataclass(frozen=True, slots=True)
class Stream:
    """One subscription: `subject` is a hashtag's canonical name or a list's number."""

    channel: Channel
    subject: str = ""
    asked: str = ""  # the subject as the client spelt it, which it hears again

    @property
    def label(self) -> list[str]:
        """How messages name it."""
        return [str(self.channel), self.asked] if self.subject else [str(self.channel)]

    @property
    def scope(self) -> str:
        """What a token must be allowed."""
        if self.channel is Channel.NOTIFICATIONS:
            return "read:notifications"
        return "read:statuses"

    @property
    def only_media(self) -> bool:
        """Whether posts without pictures or files are left out."""
        return self.channel in _MEDIA


def stream_of(name: object, *, tag: object = None, list_id: object = None) -> Stream:
    """The stream that a client names. Unknown when there is none; NotFound for a list that cannot
    be: whether it is the viewer's is asked when something happens."""
    if not isinstance(name, str) or name not in set(Channel):
        raise Unknown
    channel = Channel(name)
    if channel in HASHTAGS:
        if not isinstance(tag, str) or not tag.strip(" #") or len(tag) > _LONGEST_TAG:
            raise Unknown("Missing tag name parameter")
        return Stream(channel, canonical_hashtag(tag.strip().removeprefix("#")), tag)
    if channel is Channel.LIST:
        number = str(list_id) if isinstance(list_id, str | int) else ""
        if not number:
            raise Unknown("Missing list name parameter")
        if not number.isascii() or not number.isdigit() or len(number) > 19:
            raise NotFound
        if int(number) > MAX_ID:
            raise NotFound
        return Stream(channel, str(int(number)), number)
    return Stream(channel)
