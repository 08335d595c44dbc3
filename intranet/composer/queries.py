"""Reads of drafts: each author its own, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from intranet.accounts.models import Account
from intranet.composer.models import Draft
from intranet.db import db
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.kernel.errors import NotFound
from intranet.media.queries import of_drafts
from intranet.media.views import MediaView
from intranet.posts.models import Visibility


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftView:
    """A draft as forms and lists show it. `files` are those that still wait for a post; `group`
    is None when it is for no group, or for one that its author no longer writes in."""

    id: int
    place: str
    is_current: bool
    version: int
    source: str
    visibility: Visibility
    group_id: int | None
    group: GroupChip | None
    language: str | None
    extras: dict[str, Any]
    files: tuple[MediaView, ...]
    updated_at: dt.datetime

    @property
    def subject_id(self) -> int | None:
        """What the place names: a group, a post or a page."""
        _kind, *numbers = self.place.split(":")
        return int(numbers[0]) if numbers else None

    @property
    def page_id(self) -> int | None:
        """The page in whose name a quote is written."""
        _kind, *numbers = self.place.split(":")
        return int(numbers[1]) if len(numbers) > 1 else None


def find_at(author: Account, place: str) -> DraftView | None:
    """What the form of this place shows, if the author was writing there."""
    row = db.session.scalar(
        select(Draft).where(Draft.author_id == author.id, Draft.place == place, Draft.is_current)
    )
    return _views(author, [row], with_groups=False)[0] if row is not None else None


def get_own(author: Account, draft_id: int) -> DraftView:
    """One of the author's own; NotFound for any other."""
    row = db.session.scalar(select(Draft).where(Draft.id == draft_id, _own(author)))
    if row is None:
        raise NotFound()
    return _views(author, [row])[0]


def list_own(author: Account, most: int) -> list[DraftView]:
    """The author's own, the last written first."""
    rows = db.session.scalars(
        select(Draft)
        .where(_own(author))
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(most)
    ).all()
    return _views(author, rows)


def _own(author: Account) -> ColumnElement[bool]:
    return Draft.author_id == author.id


def _views(author: Account, rows: Sequence[Draft], *, with_groups: bool = True) -> list[DraftView]:
    files = of_drafts(author, [row.id for row in rows])
    mine = {chip.id: chip for chip in groups.audiences(author)} if rows and with_groups else {}
    return [
        DraftView(
            id=row.id,
            place=row.place,
            is_current=row.is_current,
            version=row.version,
            source=row.source,
            visibility=row.visibility,
            group_id=row.group_id,
            group=mine.get(row.group_id) if row.group_id is not None else None,
            language=row.language,
            extras=row.extras,
            files=files.get(row.id, ()),
            updated_at=row.updated_at,
        )
        for row in rows
    ]
