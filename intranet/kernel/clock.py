"""The one clock, so that tests can move it and the past can be written down."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_past: ContextVar[dt.datetime | None] = ContextVar("past", default=None)


def utc_now() -> dt.datetime:
    """The current time, aware, in UTC."""
    return _past.get() or dt.datetime.now(dt.UTC)


@contextmanager
def in_the_past(moment: dt.datetime) -> Iterator[None]:
    """Inside, it is `moment` (aware): times and new ids are of then. For what did happen before
    it is stored, as in the demo company or an import."""
    token = _past.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _past.reset(token)


def past_moment() -> dt.datetime | None:
    """The moment of the innermost `in_the_past`; None in the present."""
    return _past.get()
