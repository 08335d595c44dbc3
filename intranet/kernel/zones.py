"""The names of time zones. Asking the system for them walks a tree of files: it is done once."""

from __future__ import annotations

import functools
import zoneinfo


@functools.cache
def zone_names() -> frozenset[str]:
    """Every IANA name; not the two that say "whatever this machine has"."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def is_zone(name: str) -> bool:
    """Whether this is the IANA name of a zone."""
    return name in zone_names()
