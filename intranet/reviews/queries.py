"""Reads of what waits on a page, for those who write for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.kernel.text import hashtag_path, mention_paths, mentioned_handles, render
from intranet.media.queries import of_submissions
from intranet.media.views import MediaView
from intranet.pages import policies as pages
from intranet.pages.models import Page, PageRole
from intranet.polls.drafts import PollDraft, from_json
from intranet.posts import queries as posts
from intranet.posts.cards import PostCard
from intranet.posts.drafts import parts_from_json
from intranet.reviews import policies
from intranet.reviews.models import PageSubmission, SubmissionState

OPEN = (SubmissionState.WAITING, SubmissionState.RETURNED)
_MOST = 80


@dataclass(frozen=True, slots=True)
class Submission:
    """A post to be as one writer of the page sees it."""

    id: int
    author: AccountChip
    source: str
    html: str  # safe
    spoiler_text: str
    sensitive: bool
    poll: PollDraft | None
    parts: dict[str, Any]  # as `posts.drafts.parts_from_json` reads
    publish_at: dt.datetime | None
    language: str | None
    is_public: bool
    state: SubmissionState
    reviewer: AccountChip | None
    note: str
    media: tuple[MediaView, ...]
    submitted_at: dt.datetime
    decided_at: dt.datetime | None
    may_decide: bool
    may_change: bool  # wrote it
    is_quote: bool = False
    quoted: PostCard | None = None  # what it quotes; None also for who may not read that

    @property
    def is_question(self) -> bool:
        """Whether one of the replies to it may be the answer."""
        return bool(self.parts.get("is_question"))


def get_visible(
    viewer: Account, page: Page, submission_id: int, *, lock: bool = False
) -> PageSubmission:
    """The submission of this page; NotFound unless the viewer writes for the page. With `lock`
    nobody else decides before this transaction ends."""
    query = select(PageSubmission).where(
        PageSubmission.id == submission_id,
        PageSubmission.page_id == page.account_id,
        policies.visible_to(viewer),
    )
    if lock:
        query = query.with_for_update(of=PageSubmission).execution_options(populate_existing=True)
    submission = db.session.scalar(query)
    if submission is None:
        raise NotFound()
    return submission


def list_open(viewer: Account, page: Page) -> tuple[Submission, ...]:
    """What waits or was returned, the oldest first. Forbidden to those who do not write for the
    page."""
    pages.require_role(viewer, page.account_id, pages.WRITERS)
    rows = db.session.execute(
        _select()
        .where(PageSubmission.page_id == page.account_id, PageSubmission.state.in_(OPEN))
        .order_by(PageSubmission.submitted_at, PageSubmission.id)
        .limit(_MOST)
    ).all()
    return _drawn(viewer, page, rows)


def view(viewer: Account, page: Page, submission: PageSubmission) -> Submission:
    """One submission that the viewer may see, finished."""
    rows = db.session.execute(_select().where(PageSubmission.id == submission.id)).all()
    return _drawn(viewer, page, rows)[0]


def waiting_count(page_id: int) -> int:
    """How many posts of the page wait for a reviewer; for those who write for it."""
    waiting = select(func.count()).where(
        PageSubmission.page_id == page_id, PageSubmission.state == SubmissionState.WAITING
    )
    return db.session.scalar(waiting) or 0


_reviewer = aliased(Account, name="reviewer")


def _select() -> Select[Any]:
    return (
        chips.select_chips()
        .add_columns(PageSubmission, _reviewer)
        .join(PageSubmission, PageSubmission.author_id == Account.id)
        .outerjoin(_reviewer, _reviewer.id == PageSubmission.reviewer_id)
    )


def _drawn(viewer: Account, page: Page, rows: Any) -> tuple[Submission, ...]:
    role = pages.role_in(viewer, page.account_id)
    media = of_submissions([row.PageSubmission.id for row in rows])
    known = _known_handles([row.PageSubmission.source for row in rows])
    quotes = _quotes(viewer, [row.PageSubmission for row in rows])
    return tuple(_view(viewer, role, row, media, known, quotes) for row in rows)


def _quotes(viewer: Account, kept: Sequence[PageSubmission]) -> dict[int, PostCard | None]:
    """What they quote, by their ids: nothing is asked where nothing is quoted."""
    wanted = {one.id: quoted_id for one in kept if (quoted_id := _quoted_id(one)) is not None}
    if not wanted:
        return {}
    ids = list(dict.fromkeys(wanted.values()))
    found = {card.id: card for card in posts.cards(viewer, ids, latest=False)}
    return {id_: found.get(quoted_id) for id_, quoted_id in wanted.items()}


def _quoted_id(kept: PageSubmission) -> int | None:
    quoted_id: int | None = parts_from_json(kept.parts).get("quote_of_id")
    return quoted_id


def _view(
    viewer: Account,
    role: PageRole | None,
    row: Row[Any],
    media: dict[int, tuple[MediaView, ...]],
    known: set[str],
    quotes: dict[int, PostCard | None],
) -> Submission:
    kept: PageSubmission = row.PageSubmission
    return Submission(
        id=kept.id,
        author=chips.chip_from(row),
        source=kept.source,
        html=render(kept.source, link_mention=mention_paths(known), link_hashtag=hashtag_path),
        spoiler_text=kept.spoiler_text,
        sensitive=kept.sensitive,
        poll=from_json(kept.poll) if kept.poll else None,
        parts=kept.parts,
        publish_at=kept.publish_at,
        language=kept.language,
        is_public=kept.is_public,
        state=kept.state,
        reviewer=chips.chip_of(row.reviewer) if row.reviewer is not None else None,
        note=kept.note,
        media=media.get(kept.id, ()),
        submitted_at=kept.submitted_at,
        decided_at=kept.decided_at,
        may_decide=kept.state is SubmissionState.WAITING
        and policies.may_decide(viewer.id, role, kept.author_id),
        may_change=kept.state in OPEN and kept.author_id == viewer.id,
        is_quote=kept.id in quotes,
        quoted=quotes.get(kept.id),
    )


def _known_handles(sources: list[str]) -> set[str]:
    named = {handle for source in sources for handle in mentioned_handles(source)}
    if not named:
        return set()
    return set(db.session.scalars(select(Account.handle).where(Account.handle.in_(named))))
