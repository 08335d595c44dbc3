"""The door for programs: its routes and what stands before them."""

from __future__ import annotations

from flask import Flask

from intranet.mastodon import (
    accounts,  # noqa: F401  (adds routes to bp)
    announcements,  # noqa: F401  (adds routes to bp)
    applications,  # noqa: F401  (adds routes to bp)
    blueprint,
    conversations,  # noqa: F401  (adds routes to bp)
    credentials,  # noqa: F401  (adds routes to bp)
    discovery,  # noqa: F401  (adds routes to bp)
    files,  # noqa: F401  (adds routes to bp)
    filters,  # noqa: F401  (adds routes to bp)
    instance,  # noqa: F401  (adds routes to bp)
    keys,  # noqa: F401  (adds routes to bp)
    limits,
    markers,  # noqa: F401  (adds routes to bp)
    marks,  # noqa: F401  (adds routes to bp)
    media,  # noqa: F401  (adds routes to bp)
    notification_groups,  # noqa: F401  (adds routes to bp)
    notification_policies,  # noqa: F401  (adds routes to bp)
    notifications,  # noqa: F401  (adds routes to bp)
    old_filters,  # noqa: F401  (adds routes to bp)
    people_lists,  # noqa: F401  (adds routes to bp)
    pictures,  # noqa: F401  (adds routes to bp)
    polls,  # noqa: F401  (adds routes to bp)
    push,  # noqa: F401  (adds routes to bp)
    registration,  # noqa: F401  (adds routes to bp)
    relationships,  # noqa: F401  (adds routes to bp)
    reports,  # noqa: F401  (adds routes to bp)
    scheduled,  # noqa: F401  (adds routes to bp)
    search,  # noqa: F401  (adds routes to bp)
    statuses,  # noqa: F401  (adds routes to bp)
    suggestions,  # noqa: F401  (adds routes to bp)
    tags,  # noqa: F401  (adds routes to bp)
    timelines,  # noqa: F401  (adds routes to bp)
    trends,  # noqa: F401  (adds routes to bp)
)
from intranet.mastodon.blueprint import bp
from intranet.mastodon.streaming import (
    connecting,  # noqa: F401  (adds routes to bp)
    hub,
)
from intranet.settings import Settings

__all__ = ["bp", "register"]


def register(app: Flask, settings: Settings) -> None:
    """Attach the door to the application."""
    limits.register(app, settings)
    blueprint.register(app)
    hub.register(app)
