"""What anybody in the world may read. The SQL clauses are the rule of every public address.

Only what was marked public appears: a post or an event needs its own mark and that of its page.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, AccountKind
from intranet.calendar.models import Event, EventVisibility
from intranet.pages.models import Page
from intranet.posts.models import Post, Visibility


def public_page(page_id: Any = Page.account_id) -> ColumnElement[bool]:
    """The account with this id is an open page that is public (a correlated EXISTS)."""
    page, account = aliased(Page), aliased(Account)
    return exists().where(
        page.account_id == page_id,
        account.id == page.account_id,
        page.is_public,
        account.kind == AccountKind.PAGE,
        account.deactivated_at.is_(None),
    )


def public_post() -> ColumnElement[bool]:
    """A page's own public post, the first of its thread. Replies and boosts never are: others
    wrote them. Needs `Post` in FROM."""
    return and_(
        Post.is_public,
        Post.deleted_at.is_(None),
        Post.visibility == Visibility.ORGANISATION,
        Post.group_id.is_(None),
        Post.root_id.is_(None),
        Post.in_reply_to_id.is_(None),
        Post.boost_of_id.is_(None),
        public_page(Post.author_id),
    )


def public_event() -> ColumnElement[bool]:
    """A public event that a page holds for everybody. Needs `Event` in FROM."""
    return and_(
        Event.is_public,
        Event.visibility == EventVisibility.ORGANISATION,
        Event.group_id.is_(None),
        public_page(Event.organiser_id),
    )
