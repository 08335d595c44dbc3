"""What surrounds every page: brand, menu, the viewer, and what is new for them.

Nothing is asked of the database until a layout draws it, so fragments and errors cost nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from werkzeug.local import LocalProxy

from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.models import Account, Role
from intranet.accounts.policies import may_moderate
from intranet.announcements.cards import Waiting
from intranet.announcements.waiting import waiting_for
from intranet.conversations import queries as conversations
from intranet.inbox import queries as inbox
from intranet.settings import Settings
from intranet.timelines.unread import GroupUnread, groups_with_unread
from intranet.web.identity import viewer_or_none
from intranet.web.language import current_language


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame of a page for one viewer. `section` names the part of the product (the blueprint),
    `slug` the group that is open, if one is."""

    viewer: AccountChip
    groups: list[GroupUnread]
    unread_notifications: int
    unread_conversations: int
    waiting: Waiting  # what has to be confirmed or read first
    is_administrator: bool
    moderates: bool
    section: str
    slug: str | None


def chrome() -> Chrome | None:
    """The frame of this request's page, read once; None for an anonymous visitor. Four statements
    whatever the viewer follows or belongs to."""
    if "chrome" not in g:
        viewer = viewer_or_none()
        g.chrome = _read(viewer) if viewer is not None else None
    return g.chrome  # type: ignore[no-any-return]


def _read(viewer: Account) -> Chrome:
    section = request.blueprint or ""
    return Chrome(
        viewer=chip_of(viewer),
        groups=groups_with_unread(viewer),
        unread_notifications=inbox.unread_count(viewer),
        unread_conversations=conversations.unread_count(viewer),
        waiting=waiting_for(viewer, current_language()),
        is_administrator=viewer.role is Role.ADMINISTRATOR,
        moderates=may_moderate(viewer),
        section=section,
        slug=(request.view_args or {}).get("slug") if section == "groups" else None,
    )


def csp_nonce() -> str:
    """The number that lets this response's own scripts run; the same all through a request."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def register(app: Flask, settings: Settings) -> None:
    """Give every template the brand, the viewer and the frame."""
    app.jinja_env.globals.update(
        brand=settings.brand,
        chrome=chrome,
        csp_nonce=csp_nonce,
        url_for=url_for,
    )
    viewer: Any = LocalProxy(viewer_or_none)
    app.context_processor(lambda: {"viewer": viewer})
