"""The questions below an announcement, for those who run it without being its audience: to be read
here and nowhere else. Who is in the audience reads the thread itself (posts.threads)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.announcements import policies
from intranet.announcements.models import Announcement
from intranet.db import db
from intranet.posts.models import Post

MOST = 200


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question or answer; `html` is safe."""

    author: AccountChip
    html: str
    language: str | None
    written_at: dt.datetime


def list_for_desk(viewer: Account, announcement_id: int) -> tuple[QuestionLine, ...]:
    """The newest 200 in their order; none unless the viewer manages, wrote or approved it."""
    root = (
        select(Announcement.post_id)
        .where(
            Announcement.id == announcement_id,
            or_(
                policies.may_manage(viewer),
                Announcement.author_id == viewer.id,
                Announcement.approved_by_id == viewer.id,
            ),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(Post.html, Post.language, Post.created_at)
        .join(Post, Post.author_id == Account.id)
        .where(Post.root_id == root, Post.deleted_at.is_(None))
        .order_by(Post.id.desc())
        .limit(MOST)
    ).all()
    return tuple(
        QuestionLine(chips.chip_from(row), row.html, row.language, row.created_at)
        for row in reversed(rows)
    )
