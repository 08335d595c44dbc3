"""In whose name a post is written: the actor's own, or a page's that the actor writes for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.pages import policies as page_policies
from intranet.pages.models import Page
from intranet.posts import policies
from intranet.posts.drafts import PostDraft
from intranet.posts.models import Post, Visibility

_NOT_FOR_PAGES = (Visibility.FOLLOWERS, Visibility.GROUP, Visibility.DIRECT)


def author_of(actor: Account, draft: PostDraft, *, reviewed: bool) -> Account:
    """Whom the post will be by. NotFound for a page that the actor may not know of, Forbidden when
    the actor may not speak for it (`reviewed`: somebody else who may has let it out), Invalid for
    a public post of a page that is not public."""
    if draft.as_page_id is None:
        if draft.is_public:
            raise _not_public()
        return actor
    page = db.session.scalar(
        select(Page)
        .join(Page.account)
        .where(Page.account_id == draft.as_page_id, page_policies.visible_to(actor))
        .options(contains_eager(Page.account))
    )
    if page is None:
        raise NotFound()
    if not reviewed:
        _require_may_speak(actor, page, is_reply=draft.in_reply_to_id is not None)
    if not page.account.is_active:
        raise Forbidden(N_("This page is closed."))
    if draft.visibility is Visibility.DIRECT or (
        draft.in_reply_to_id is None
        and (draft.group_id is not None or draft.visibility in _NOT_FOR_PAGES)
    ):
        message = N_("A page speaks to the whole organisation.")
        raise Invalid(message, fields={"audience": message})
    if draft.is_public and not (page.is_public and draft.in_reply_to_id is None):
        raise _not_public()
    return page.account


def _require_may_speak(actor: Account, page: Page, *, is_reply: bool) -> None:
    role = page_policies.role_in(actor, page.account_id)
    if role not in page_policies.WRITERS:
        raise Forbidden(N_("Your role in this page does not allow that."))
    if policies.may_speak_for(role, reviewed=page.review_required and is_reply):
        if page.review_required and not is_reply:
            raise Forbidden(N_("Posts of this page are read by a second person first."))
        return
    raise Forbidden(N_("On this page only owners and reviewers answer in its name."))


def require_own_thread(page_id: int, root_id: int) -> None:
    """Forbidden unless the page began the thread: it answers below its own posts only."""
    if db.session.scalar(select(Post.author_id).where(Post.id == root_id)) != page_id:
        raise Forbidden(N_("A page answers only below its own posts."))


def answering_as(viewer: Account, root_id: int) -> AccountChip | None:
    """The page that began the thread, if the viewer may answer in its name: one statement."""
    if viewer.is_guest:
        return None
    row = db.session.execute(
        select(Account, Page.review_required)
        .select_from(Post)
        .join(Page, Page.account_id == Post.author_id)
        .join(Account, Account.id == Page.account_id)
        .where(
            Post.id == root_id,
            Account.deactivated_at.is_(None),
            page_policies.visible_to(viewer),
            page_policies.has_role(viewer, page_policies.WRITERS),
        )
    ).one_or_none()
    if row is None:
        return None
    account, reviewed = row
    if reviewed and page_policies.role_in(viewer, account.id) not in page_policies.REVIEWERS:
        return None
    return chip_of(account)


def _not_public() -> Invalid:
    message = N_("Only posts of a public page can be readable without signing in.")
    return Invalid(message, fields={"is_public": message})
