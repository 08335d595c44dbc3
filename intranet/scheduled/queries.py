"""Reads of posts to come: each author its own, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, Page
from intranet.media.queries import of_scheduled
from intranet.media.views import MediaView
from intranet.polls.drafts import PollDraft, from_json
from intranet.posts.models import Visibility
from intranet.scheduled.models import ScheduledPost


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledCard:
    """A post to come. `group` is None when its author may not know of it any more, or when it is
    for no group; `failure` says why it could not be published, "" before it was tried: a marked
    sentence, filled from `failure_params` once it is translated."""

    id: int
    publish_at: dt.datetime
    source: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    visibility: Visibility
    group: GroupChip | None
    in_reply_to_id: int | None
    poll: PollDraft | None
    media: tuple[MediaView, ...]
    failure: str
    page: AccountChip | None = None  # in whose name it comes
    as_page_id: int | None = None
    group_id: int | None = None
    is_public: bool = False
    calls_group: bool = False
    parts: dict[str, Any] = field(default_factory=dict)  # as `posts.drafts.parts_from_json` reads
    failure_params: dict[str, Any] = field(default_factory=dict)


def get_own(author: Account, scheduled_id: int, *, lock: bool = False) -> ScheduledPost:
    """The author's own post to come; NotFound for any other. With `lock`, nobody else publishes
    or changes it before this transaction ends."""
    query = select(ScheduledPost).where(
        ScheduledPost.id == scheduled_id, ScheduledPost.author_id == author.id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def card(author: Account, scheduled_id: int) -> ScheduledCard:
    """One of the author's own; NotFound for any other."""
    return _cards(author, [get_own(author, scheduled_id)])[0]


def list_own(author: Account, cursor: Cursor) -> Page[ScheduledCard]:
    """The author's own, the last written first."""
    query = select(ScheduledPost).where(ScheduledPost.author_id == author.id)
    if cursor.before is not None:
        query = query.where(ScheduledPost.id < cursor.before)
    if cursor.after is not None:
        query = query.where(ScheduledPost.id > cursor.after)
    rows = db.session.scalars(query.order_by(ScheduledPost.id.desc()).limit(cursor.limit + 1)).all()
    kept = rows[: cursor.limit]
    more = kept[-1].id if len(rows) > cursor.limit else None
    return Page(_cards(author, kept), more)


def list_next(author: Account, most: int) -> list[ScheduledCard]:
    """The author's own, what failed and what comes next first."""
    rows = db.session.scalars(
        select(ScheduledPost)
        .where(ScheduledPost.author_id == author.id)
        .order_by(ScheduledPost.failed_at.is_(None), ScheduledPost.publish_at, ScheduledPost.id)
        .limit(most)
    ).all()
    return _cards(author, rows)


def list_between(
    author: Account, begin: dt.datetime, end: dt.datetime, most: int
) -> list[ScheduledCard]:
    """The author's own that come in this time, the next one first."""
    rows = db.session.scalars(
        select(ScheduledPost)
        .where(
            ScheduledPost.author_id == author.id,
            ScheduledPost.publish_at >= begin,
            ScheduledPost.publish_at < end,
        )
        .order_by(ScheduledPost.publish_at, ScheduledPost.id)
        .limit(most)
    ).all()
    return _cards(author, rows)


def _chips_of(account_ids: Collection[int]) -> dict[int, AccountChip]:
    rows = db.session.execute(chips.select_chips().where(Account.id.in_(account_ids)))
    found = map(chips.chip_from, rows)
    return {chip.id: chip for chip in found}


def _cards(author: Account, rows: Sequence[ScheduledPost]) -> list[ScheduledCard]:
    media = of_scheduled([row.id for row in rows])
    page_ids = {row.as_page_id for row in rows if row.as_page_id is not None}
    pages = _chips_of(page_ids) if page_ids else {}
    mine = {chip.id: chip for chip in groups.audiences(author)} if rows else {}
    return [
        ScheduledCard(
            id=row.id,
            publish_at=row.publish_at,
            source=row.source,
            spoiler_text=row.spoiler_text,
            sensitive=row.sensitive,
            language=row.language,
            visibility=row.visibility,
            group=mine.get(row.group_id) if row.group_id is not None else None,
            in_reply_to_id=row.in_reply_to_id,
            poll=from_json(row.poll) if row.poll else None,
            media=media.get(row.id, ()),
            failure=row.failure,
            page=pages.get(row.as_page_id) if row.as_page_id is not None else None,
            as_page_id=row.as_page_id,
            group_id=row.group_id,
            is_public=row.is_public,
            calls_group=row.calls_group,
            parts=row.parts,
            failure_params=row.failure_params,
        )
        for row in rows
    ]
