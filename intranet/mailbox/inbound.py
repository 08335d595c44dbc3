"""Who takes which incoming message: the first that says so."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from intranet.mailbox import bounces, calendar_replies, post_replies

# Each opens a unit of work of its own when it has something to write, and gives True once that
# is committed. False: not for this one. Anybody on earth may have written the message.
Handler = Callable[[EmailMessage], bool]

HANDLERS: tuple[Handler, ...] = (bounces.take, calendar_replies.take, post_replies.take)
