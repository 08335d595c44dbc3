"""The operations, gathered: importing this module hangs them on the programs' door."""

from intranet.api import (
    announcements,
    catching_up,
    document,
    events,
    groups,
    interruptions,
    me,
    pages,
)

__all__ = [
    "announcements",
    "catching_up",
    "document",
    "events",
    "groups",
    "interruptions",
    "me",
    "pages",
]
