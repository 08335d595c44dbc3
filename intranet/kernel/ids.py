"""Time-sortable 63-bit ids: one key for SQLite, PostgreSQL and Mastodon's string ids.

41 bits of milliseconds, 10 bits that differ per process, 12 bits of counter. A counter,
not randomness: one post to a large group makes hundreds of ids in a millisecond.
"""

import datetime as dt
import secrets
import threading
import time

from intranet.kernel.clock import past_moment

_EPOCH_MS = 1_500_000_000_000
MAX_ID = (1 << 63) - 1
_process = secrets.randbits(10)
_lock = threading.Lock()
_last = 0
_of_the_past = 0


def new_id() -> int:
    """A new id, greater than every id this process made before (63 bits); one of that time
    while the clock stands in the past."""
    global _last, _of_the_past
    past = past_moment()
    with _lock:
        if past is not None:
            _of_the_past += 1
            return id_at(past, _of_the_past)
        now = (time.time_ns() // 1_000_000 - _EPOCH_MS) << 12
        _last = max(now, _last + 1)
        milliseconds, counter = _last >> 12, _last & 0xFFF
        return milliseconds << 22 | _process << 12 | counter


def id_at(moment: dt.datetime, sequence: int = 0) -> int:
    """The id a row made at `moment` would have; `sequence` (22 bits) tells rows of one ms apart."""
    milliseconds = int(moment.timestamp() * 1000) - _EPOCH_MS
    return milliseconds << 22 | (sequence & 0x3FFFFF)


def moment_of(value: int) -> dt.datetime:
    """The aware UTC time at which the id was made, to the millisecond."""
    return dt.datetime.fromtimestamp(((value >> 22) + _EPOCH_MS) / 1000, tz=dt.UTC)
