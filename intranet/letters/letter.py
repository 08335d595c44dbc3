"""What a function that writes letters gives back. Everything that is the same for all letters
(sender, layout, headers, addresses) is added by `composing`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels with the letter."""

    file_name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`template` is a name in templates/email without its ending: NAME.html and NAME.txt extend
    email/layout and take `values`. Letters of one `thread` (a stable key) stand together in the
    recipient's mail program. A `list_id` makes it list mail, which its recipient can stop; leave
    it out of what somebody has to receive. `calendar` is an iTIP method and its iCalendar.
    `reply_token` goes into the address to which an answer is sent."""

    subject: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)
    thread: str | None = None
    list_id: str | None = None
    reply_token: str | None = None
    attachments: tuple[Attachment, ...] = ()
    calendar: tuple[str, bytes] | None = None
