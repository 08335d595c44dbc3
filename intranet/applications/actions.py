"""Writes on the directory: administrators only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.applications.drafts import ApplicationDraft
from intranet.applications.models import Application
from intranet.applications.queries import MOST
from intranet.audiences import actions as audiences
from intranet.audiences.rules import AudienceRule
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.media.actions import purge_avatar

RESERVED = frozenset({"new"})
_TRIES = 50


def create(actor: Account, draft: ApplicationDraft, rule: AudienceRule) -> Application:
    """A new application, for whoever the rule includes. Invalid per field."""
    require_may_administer(actor)
    draft = draft.checked()
    if (db.session.scalar(select(func.count()).select_from(Application)) or 0) >= MOST:
        raise Conflict(N_("That is enough. Delete one first."))
    audience = audiences.store(rule, actor)
    id_ = new_id()
    for slug in _slugs(draft.name_en):
        if insert_once(
            Application,
            id=id_,
            slug=slug,
            audience_id=audience.id,
            created_by_id=actor.id,
            **_written(draft),
        ):
            return db.session.get_one(Application, id_)
    raise Conflict()


def edit(
    actor: Account, row: Application, draft: ApplicationDraft, rule: AudienceRule | None
) -> None:
    """Change everything but the address; without a rule the audience stays."""
    require_may_administer(actor)
    draft = draft.checked()
    for name, value in _written(draft).items():
        setattr(row, name, value)
    before = row.audience_id
    if rule is not None:
        row.audience_id = audiences.store(rule, actor).id
    db.session.flush()
    if rule is not None:
        audiences.forget_unused(before)


def set_picture(actor: Account, row: Application, key: str | None) -> None:
    """Show the stored picture of this key, or none; the one before goes."""
    require_may_administer(actor)
    old, row.picture_key = row.picture_key, key
    db.session.flush()
    if old is not None:
        purge_avatar(old)


def set_enabled(actor: Account, row: Application, enabled: bool) -> None:
    """Show it, or hide it from everybody."""
    require_may_administer(actor)
    row.disabled_at = None if enabled else (row.disabled_at or utc_now())
    db.session.flush()


def delete(actor: Account, row: Application) -> None:
    """Take it out of the directory."""
    require_may_administer(actor)
    audience_id = row.audience_id
    if row.picture_key is not None:
        purge_avatar(row.picture_key)
    db.session.delete(row)
    db.session.flush()
    audiences.forget_unused(audience_id)


def _slugs(name: str) -> Iterator[str]:
    stem = re.sub(r"[^a-z0-9]+", "-", text.fold(name)).strip("-")[:50].strip("-") or "app"
    if stem not in RESERVED:
        yield stem
    for number in range(2, _TRIES):
        yield f"{stem}-{number}"


def _written(draft: ApplicationDraft) -> dict[str, object]:
    return {
        "name_en": draft.name_en,
        "name_fr": draft.name_fr,
        "description_en": draft.description_en,
        "description_fr": draft.description_fr,
        "icon": draft.icon,
        "start_url": draft.start_url,
        "inside": draft.inside,
    }
