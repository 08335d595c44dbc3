"""Praise of colleagues: who is praised, and why."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.posts import policies
from intranet.posts.cards import PraiseView
from intranet.posts.drafts import PraiseDraft
from intranet.posts.models import Post, Praise, Praised, PraiseReason

MOST_PEOPLE = 10


def checked(actor: Account, post: Post, draft: PraiseDraft) -> tuple[PraiseReason, tuple[int, ...]]:
    """The reason and the accounts, in their order. Invalid under `praise` for another reason, for
    nobody or too many, for oneself, and for who is no colleague or will not see the post."""
    try:
        reason = PraiseReason(draft.reason)
    except ValueError:
        raise _refused(N_("Choose what the praise is for.")) from None
    handles = tuple(dict.fromkeys(one.strip().removeprefix("@").lower() for one in draft.handles))
    handles = tuple(one for one in handles if one)
    if not handles:
        raise _refused(N_("Name the people whom you praise."))
    if len(handles) > MOST_PEOPLE:
        raise _refused(N_("Praise %(most)s people at most at once."), most=MOST_PEOPLE)
    found = {
        handle: (account_id, bool(sees))
        for account_id, handle, sees in db.session.execute(
            select(Account.id, Account.handle, policies.readers_of(post)).where(
                Account.handle.in_(handles),
                Account.kind == AccountKind.PERSON,
                Account.deactivated_at.is_(None),
                account_policies.visible_to(actor),
            )
        )
    }
    for handle in handles:
        if handle not in found:
            raise _refused(N_("There is no colleague @%(handle)s."), handle=handle)
        account_id, sees = found[handle]
        if account_id in (post.author_id, actor.id):
            raise _refused(N_("Praise is for others: you have named yourself."))
        if not sees:
            raise _refused(N_("@%(handle)s cannot read this post."), handle=handle)
    return reason, tuple(found[handle][0] for handle in handles)


def keep(post_id: int, reason: PraiseReason, account_ids: Collection[int]) -> None:
    """Write it down beside a new post."""
    db.session.add(Praise(post_id=post_id, reason=reason))
    db.session.flush()
    rows = [
        {"post_id": post_id, "account_id": account_id, "position": position}
        for position, account_id in enumerate(account_ids)
    ]
    db.session.execute(insert(Praised), rows)


def forget(post_id: int) -> None:
    """Remove it with what was said."""
    for model in (Praised, Praise):
        db.session.execute(
            delete(model)
            .where(model.post_id == post_id)
            .execution_options(synchronize_session=False)
        )


def of_posts(post_ids: Collection[int]) -> dict[int, PraiseView]:
    """Whom these posts praise, and why: one statement, none for no posts. People who are praised
    can be seen by all readers of the post."""
    if not post_ids:
        return {}
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(Praise.post_id, Praise.reason)
        .join(Praised, Praised.account_id == Account.id)
        .join(Praise, Praise.post_id == Praised.post_id)
        .where(Praise.post_id.in_(post_ids))
        .order_by(Praise.post_id, Praised.position)
    ).all()
    people: dict[int, list[chips.AccountChip]] = {}
    for row in rows:
        people.setdefault(row.post_id, []).append(chips.chip_from(row))
    return {row.post_id: PraiseView(row.reason, tuple(people[row.post_id])) for row in rows}


def list_praise(viewer: Account, account: Account, cursor: Cursor) -> Page[int]:
    """The posts that praise a person and that the viewer may read, the newest first; the viewer may
    see that person."""
    query = (
        select(Post.id)
        .join(Praised, Praised.post_id == Post.id)
        .where(Praised.account_id == account.id, policies.listed_to(viewer))
    )
    if cursor.before is not None:
        query = query.where(Post.id < cursor.before)
    ids = db.session.scalars(query.order_by(Post.id.desc()).limit(cursor.limit + 1)).all()
    return page_of(ids, cursor.limit, lambda one: one)


def count_praise(viewer: Account, account_id: int) -> int:
    """How many posts praise the person, of those that the viewer may read."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Post)
            .join(Praised, Praised.post_id == Post.id)
            .where(Praised.account_id == account_id, policies.listed_to(viewer))
        )
        or 0
    )


def _refused(message: str, **params: object) -> Invalid:
    return Invalid(message, fields={"praise": message}, **params)
