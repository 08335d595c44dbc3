"""The loop of every worker that empties a queue of rows: tasks, letters, pushes, webhooks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

_POLL_SECONDS = 1.0  # for what other processes put into the queue, and for what comes due
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0  # while nothing can be read or sent


def drain_forever(
    drain: Callable[[], object],
    bell: threading.Event,
    say: Callable[[Exception], None],
    *troubles: type[Exception],
) -> NoReturn:
    """Drain until killed: when this process rings the bell, and every second. While the database,
    or what else `troubles` name, is away, that is said, and waited for longer and longer."""
    away: tuple[type[Exception], ...] = (DBAPIError, *troubles)
    pause = _FIRST_PAUSE
    while True:
        bell.clear()
        try:
            drain()
            pause = _FIRST_PAUSE
        except away as error:
            say(error)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        bell.wait(_POLL_SECONDS)
