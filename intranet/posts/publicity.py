"""Opening a page's post to those who do not sign in, and taking that back."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages.models import Page
from intranet.posts import policies
from intranet.posts.events import PostChanged
from intranet.posts.models import Post
from intranet.posts.telling import tell


def make_public(actor: Account, post: Post) -> None:
    """Anybody may read it from now on. Only posts of public pages, by those who may edit them."""
    _require(actor, post)
    is_open = select(Page.is_public).where(Page.account_id == post.author_id)
    if not db.session.scalar(is_open):
        raise Forbidden(N_("Only posts of a public page can be readable without signing in."))
    _set(post, True)


def make_internal(actor: Account, post: Post) -> None:
    """Only colleagues read it from now on."""
    _require(actor, post)
    _set(post, False)


def _require(actor: Account, post: Post) -> None:
    policies.require_may_edit(actor, post)
    role, _reviewed = policies.role_in_page(actor, post)
    if role is None or post.root_id is not None:
        raise Forbidden(N_("Only posts of a public page can be readable without signing in."))


def _set(post: Post, is_public: bool) -> None:
    if post.is_public is not is_public:
        post.is_public = is_public
        db.session.flush()
        tell(PostChanged, post)
