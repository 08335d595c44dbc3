"""Wall clocks and UTC. Times that a zone skips or has twice are read as RFC 5545 (3.3.5) says: the
first of two, and by the offset before a gap."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

EARLIEST, LATEST = 1970, 2199  # years of a calendar; leaves room for every zone and duration


def to_utc(local: dt.datetime, zone: str) -> dt.datetime:
    """The moment when the clocks of the zone show this (naive) time."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(dt.UTC)


def to_local(moment: dt.datetime, zone: str) -> dt.datetime:
    """What the clocks of the zone show at that moment, naive."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def end_of(
    starts_at: dt.datetime,
    local_start: dt.datetime,
    local_end: dt.datetime,
    zone: str,
    all_day: bool,
) -> dt.datetime:
    """The end of one date of a series: all-day dates last as many days, others exactly as long."""
    first = to_utc(local_start, zone)
    if all_day:
        begins = to_local(starts_at, zone)
        return to_utc(begins + (local_end - local_start), zone)
    return starts_at + (to_utc(local_end, zone) - first)
