"""Who may see and decide on what a page wants to say."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages import policies as pages
from intranet.pages.models import PageEditor, PageRole
from intranet.reviews.models import PageSubmission


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer writes for the page. Needs `PageSubmission` in FROM."""
    return pages.has_role(viewer, pages.WRITERS, PageSubmission.page_id)


def may_decide(viewer_id: int, role: PageRole | None, author_id: int) -> bool:
    """Owners and reviewers let out what somebody else wrote: four eyes."""
    return role in pages.REVIEWERS and viewer_id != author_id


def reviewers_but(page_id: int, author_id: int) -> Select[Account]:
    """Who could let out what this author writes for the page."""
    return (
        select(Account)
        .join(PageEditor, PageEditor.account_id == Account.id)
        .where(
            PageEditor.page_id == page_id,
            PageEditor.role.in_(pages.REVIEWERS),
            Account.id != author_id,
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.id)
    )


def has_other_reviewer(page_id: int, author_id: int) -> bool:
    """Whether anybody else can read it before it goes out."""
    return db.session.scalar(reviewers_but(page_id, author_id).limit(1)) is not None


def require_may_decide(actor: Account, submission: PageSubmission) -> None:
    """Forbidden unless `may_decide`."""
    role = pages.role_in(actor, submission.page_id)
    if may_decide(actor.id, role, submission.author_id):
        return
    if role in pages.REVIEWERS:
        raise Forbidden(N_("Somebody else has to read what you wrote."))
    raise Forbidden(N_("Your role in this page does not allow that."))


def require_is_author(actor: Account, submission: PageSubmission) -> None:
    """Forbidden unless the actor wrote it and still writes for the page."""
    if actor.id != submission.author_id:
        raise Forbidden(N_("Only who wrote it may do that."))
    pages.require_role(actor, submission.page_id, pages.WRITERS)
