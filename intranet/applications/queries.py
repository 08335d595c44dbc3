"""Applications as people find them, and as administrators see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.chips import HUES, initials_of
from intranet.accounts.models import Account
from intranet.accounts.policies import may_administer, require_may_administer
from intranet.applications import policies
from intranet.applications.drafts import origin_of
from intranet.applications.models import Application
from intranet.db import db
from intranet.kernel.errors import NotFound

MOST = 200


@dataclass(frozen=True, slots=True)
class AppCard:
    """An application in the reader's language."""

    id: int
    slug: str
    name: str
    description: str
    icon: str
    picture_key: str | None
    start_url: str
    origin: str
    inside: bool
    audience_id: int
    created_at: dt.datetime
    is_disabled: bool

    @property
    def initials(self) -> str:
        """Two capitals, for one without an icon."""
        return initials_of(self.name)

    @property
    def hue(self) -> int:
        """One of the twelve identity colours."""
        return (self.id >> 22 ^ self.id) % HUES


def card_of(row: Application, locale: str) -> AppCard:
    """The application for a reader of this language."""
    french = locale == "fr"
    return AppCard(
        row.id,
        row.slug,
        (row.name_fr if french else "") or row.name_en,
        (row.description_fr or row.description_en) if french else row.description_en,
        row.icon,
        row.picture_key,
        row.start_url,
        origin_of(row.start_url) or "",
        row.inside,
        row.audience_id,
        row.created_at,
        row.disabled_at is not None,
    )


def list_for(viewer: Account, locale: str) -> list[AppCard]:
    """The applications that are for the viewer, by name: one statement."""
    rows = db.session.scalars(select(Application).where(policies.visible_to(viewer)).limit(MOST))
    return sorted((card_of(row, locale) for row in rows), key=lambda one: one.name.casefold())


def get_visible(viewer: Account, slug: str) -> Application:
    """The application, if it is for the viewer; NotFound otherwise."""
    row = db.session.scalar(
        select(Application).where(Application.slug == slug, policies.visible_to(viewer))
    )
    if row is None:
        raise NotFound()
    return row


def list_all(actor: Account, locale: str) -> list[AppCard]:
    """Every application, for administrators: one statement."""
    require_may_administer(actor)
    rows = db.session.scalars(select(Application).limit(MOST))
    return sorted((card_of(row, locale) for row in rows), key=lambda one: one.name.casefold())


def get(actor: Account, slug: str) -> Application:
    """Any application, for administrators."""
    require_may_administer(actor)
    row = db.session.scalar(
        select(Application)
        .where(Application.slug == slug)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    return row


def require_picture_visible(viewer: Account, key: str) -> None:
    """NotFound unless the key is the picture of an application that is for the viewer, or that the
    viewer administers."""
    found = select(Application.id).where(Application.picture_key == key)
    if not may_administer(viewer):
        found = found.where(policies.visible_to(viewer))
    if db.session.scalar(found) is None:
        raise NotFound()
