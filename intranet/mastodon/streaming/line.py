"""A line: one open connection of a program, what it listens to and what it is still to be sent.

Whoever reads too slowly is cut off: what waits for a line is bounded, and a program that comes
back asks the timelines for what it missed.
"""

from __future__ import annotations

import queue
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from intranet.mastodon.streaming.streams import Stream

MOST_WAITING = 200  # messages
MOST_FRAMES = 300  # that a program sends in a minute
MOST_STREAMS = 64  # subscriptions of one line
_REMEMBERED = 500  # posts that it was sent, so that it hears when they are deleted


NOTHING = "undefined"  # what server-sent events say of an event without a payload


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, for one subscription; the payload is JSON, a bare id, or NOTHING."""

    stream: Stream
    event: str
    payload: str


@dataclass(frozen=True, slots=True)
class End:
    """The last that a line is sent: why it ends, as a WebSocket's close code says it."""

    code: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping of a WebSocket."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the program asked for cannot be."""

    error: str
    status: int = 400


GOING_AWAY, POLICY, TRY_AGAIN = 1001, 1008, 1013
Item = Message | End | Pong | Refusal


class Line:
    """`hang_up` breaks the connection, whatever it is doing."""

    def __init__(self, token_id: int, account_id: int) -> None:
        self.token_id = token_id
        self.account_id = account_id
        self.streams: set[Stream] = set()
        self.hang_up: Callable[[], None] = lambda: None
        self.ended = False
        self._waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._minute, self._said = time.monotonic(), 0
        self._sent: OrderedDict[int, set[Stream]] = OrderedDict()

    def may_speak(self) -> bool:
        """Whether the program may say one thing more: so many in a minute."""
        now = time.monotonic()
        if now - self._minute > 60:
            self._minute, self._said = now, 0
        self._said += 1
        return self._said <= MOST_FRAMES

    def say(self, item: Item) -> None:
        """Put it into the line; a line that does not take what it is sent is cut off."""
        if self.ended:
            return
        if self._waiting.qsize() >= MOST_WAITING:
            self.cut()
            return
        self._waiting.put(item)

    def end(self, code: int) -> None:
        """Let it end after what waits: the token is dead, or the server goes away."""
        if not self.ended:
            self.ended = True
            self._waiting.put(End(code))

    def cut(self) -> None:
        """End it now, without a word."""
        self.end(TRY_AGAIN)
        self.hang_up()

    def next(self, seconds: float) -> Item | None:
        """What is to be sent now; None when nothing was for so long."""
        try:
            return self._waiting.get(timeout=seconds)
        except queue.Empty:
            return None

    def remember(self, post_id: int, stream: Stream) -> None:
        """It was sent this post for that subscription."""
        self._sent.setdefault(post_id, set()).add(stream)
        self._sent.move_to_end(post_id)
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)

    def knows(self, post_id: int, stream: Stream) -> bool:
        """Whether it was sent this post for that subscription."""
        return stream in self._sent.get(post_id, ())
