"""Who hears of what happens to a post: notifications for people, facts for the machinery."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.groups.models import Membership, NotifyLevel
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.pages.models import Page, PageEditor
from intranet.pages.policies import WRITERS
from intranet.posts import policies
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.posts.models import Post, ThreadFollow, Visibility
from intranet.relationships.models import Follow


def tell(kind: type[PostPublished | PostChanged | PostDeleted], post: Post) -> None:
    """Record the fact for those who follow it."""
    record(kind(**_facts(post)))


def tell_of_edit(post: Post) -> None:
    """Record that the post says something else now."""
    record(PostChanged(**_facts(post), edited=True))


def _facts(post: Post) -> dict[str, Any]:
    return {
        "post_id": post.id,
        "author_id": post.author_id,
        "group_id": post.group_id,
        "root_id": post.root_id,
        "organisation_wide": post.visibility is Visibility.ORGANISATION,
        "for_some": post.visibility in (Visibility.AUDIENCE, Visibility.DIRECT),
        "direct": post.visibility is Visibility.DIRECT,
    }


def notify_of_post(
    actor: Account,
    post: Post,
    mentioned_ids: Collection[int],
    author: Account,
    *,
    praised_ids: Collection[int] = (),
    quoted: Post | None = None,
) -> None:
    """Tell each person once, by the strongest reason: praised, named, answered, quoted, a member
    who wants to hear of everything, somebody who waits for what the author posts, or who follows
    the thread. The silent members of a group hear only when they are answered or quoted, or follow
    the thread. Told is what `author` did, the actor or the page in whose name the actor writes."""
    found = recipients_of(
        actor, post, mentioned_ids, author, praised_ids=praised_ids, quoted=quoted
    )
    told: set[int] = set()
    for kind, recipients in found.items():
        if kind is NotificationKind.QUOTE:
            page_id = quoted.author_id if quoted and quoted.written_by_id else None
            told |= _notify(author, kind, post, recipients - told, page_id=page_id)
        else:
            told |= notify_about(author, kind, post, recipients, but={actor.id} | told)


def recipients_of(
    actor: Account,
    post: Post,
    mentioned_ids: Collection[int],
    author: Account,
    *,
    praised_ids: Collection[int] = (),
    quoted: Post | None = None,
) -> dict[NotificationKind, set[int]]:
    """Whom `notify_of_post` tells, by the reason; what each of them has muted is asked later."""
    if post.visibility is Visibility.DIRECT:
        return {NotificationKind.MESSAGE: set(mentioned_ids)}
    levels = _levels(post, {*mentioned_ids, *praised_ids})
    praised = _willing(praised_ids, levels)
    named = _willing(mentioned_ids, levels) - praised
    answered = _answered(actor, post) - named
    told = praised | named | answered | {actor.id}
    heard = _who_wrote_quoted(post, quoted, told)
    told |= heard
    rest = {
        account_id
        for account_id, level in levels.items()
        if level is NotifyLevel.EVERYTHING and post.root_id is None
    } - told
    waiting = _waiting_for(author, post) - (told | rest)
    return {
        NotificationKind.PRAISE: praised,
        NotificationKind.MENTION: named,
        NotificationKind.REPLY: answered,
        NotificationKind.QUOTE: heard,
        NotificationKind.GROUP_POST: rest,
        NotificationKind.POST: waiting,
        NotificationKind.THREAD_REPLY: _following(post) - told,
    }


def who_would_hear(
    actor: Account,
    post: Post,
    mentioned_ids: Collection[int],
    author: Account,
    *,
    praised_ids: Collection[int] = (),
    quoted: Post | None = None,
) -> set[int]:
    """The people whom `notify_of_post` would tell, the writers of a page in its place."""
    told = recipients_of(actor, post, mentioned_ids, author, praised_ids=praised_ids, quoted=quoted)
    people = {one for recipients in told.values() for one in recipients} - {actor.id}
    for page_id, writers in _writers_among(post, people).items():
        people.discard(page_id)
        people |= writers
    return people - {actor.id}


def _who_wrote_quoted(post: Post, quoted: Post | None, told: set[int]) -> set[int]:
    """Who wrote what the post quotes, unless they hear of it anyway."""
    if quoted is None:
        return set()
    return who_still_read(post, {quoted.written_by_id or quoted.author_id} - told)


def notify_mentioned(
    actor: Account, post: Post, account_ids: Collection[int], author: Account
) -> None:
    """Tell those whom an edit has named; of a direct post nobody, they all know it."""
    if post.visibility is Visibility.DIRECT:
        return
    named = _willing(account_ids, _levels(post, account_ids)) if account_ids else set()
    notify_about(author, NotificationKind.MENTION, post, named, but={actor.id})


def notify_author(actor: Account, kind: NotificationKind, post: Post) -> None:
    """Tell the author, of a page's post the person who wrote it, if they may still see it."""
    author_id = post.written_by_id or post.author_id
    if author_id != actor.id:
        page_id = post.author_id if post.written_by_id else None
        told = who_still_read(post, {author_id})
        _notify(actor, kind, post, told, page_id=page_id)


def notify_about(
    actor: Account,
    kind: NotificationKind,
    post: Post,
    recipient_ids: Collection[int],
    *,
    but: Collection[int] = (),
) -> set[int]:
    """One row for each but these, such as who does it; the caller has made sure that they may see
    the post. Who writes for a page hears what the page would. Returns those who were told."""
    people = set(recipient_ids).difference(but)
    told: set[int] = set()
    for page_id, writers in _writers_among(post, people).items():
        people.discard(page_id)
        mine = writers.difference(people, but, told)
        told |= _notify(actor, kind, post, mine, page_id=page_id)
    return told | _notify(actor, kind, post, people, page_id=None)


def _notify(
    actor: Account,
    kind: NotificationKind,
    post: Post,
    recipient_ids: Collection[int],
    *,
    page_id: int | None,
) -> set[int]:
    return notify(
        recipient_ids,
        actor=actor,
        kind=kind,
        post_id=post.id,
        thread_id=post.root_id or post.id,
        group_id=post.group_id,
        page_id=page_id,
    )


def _writers_among(post: Post, account_ids: Collection[int]) -> dict[int, set[int]]:
    """Of these accounts the pages, each with its writers who may read the post: one statement."""
    if not account_ids:
        return {}
    rows = db.session.execute(
        select(Page.account_id, Account.id)
        .select_from(Page)
        .outerjoin(
            PageEditor, and_(PageEditor.page_id == Page.account_id, PageEditor.role.in_(WRITERS))
        )
        .outerjoin(
            Account,
            and_(
                Account.id == PageEditor.account_id,
                Account.deactivated_at.is_(None),
                policies.readers_of(post),
            ),
        )
        .where(Page.account_id.in_(account_ids))
    )
    found: dict[int, set[int]] = {}
    for page_id, writer_id in rows:
        writers = found.setdefault(page_id, set())
        if writer_id is not None:
            writers.add(writer_id)
    return found


def _willing(account_ids: Collection[int], levels: dict[int, NotifyLevel]) -> set[int]:
    """Those who have not silenced the group."""
    return {one for one in account_ids if levels.get(one) is not NotifyLevel.NOTHING}


def _levels(post: Post, mentioned_ids: Collection[int]) -> dict[int, NotifyLevel]:
    """How much the members who matter here want to hear: one SELECT, whatever the group's size."""
    if post.group_id is None:
        return {}
    wanted: ColumnElement[bool] = Membership.account_id.in_(mentioned_ids)
    if post.root_id is None:
        wanted = or_(wanted, Membership.notify_level == NotifyLevel.EVERYTHING)
    rows = db.session.execute(
        select(Membership.account_id, Membership.notify_level)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.group_id == post.group_id, Account.deactivated_at.is_(None), wanted)
    )
    return {row.account_id: row.notify_level for row in rows}


def _answered(actor: Account, post: Post) -> set[int]:
    """Who wrote what is replied to and who began the thread, if they may still read it."""
    if post.root_id is None:
        return set()
    authors = db.session.scalars(
        select(Post.author_id).where(
            Post.id.in_({post.in_reply_to_id or post.root_id, post.root_id}),
            Post.deleted_at.is_(None),
        )
    )
    return who_still_read(post, set(authors) - {actor.id, post.author_id})


def _waiting_for(author: Account, post: Post) -> set[int]:
    """The followers who asked to hear of each new post, if this one is for them and they have not
    silenced its group."""
    if post.root_id is not None:
        return set()
    asked = aliased(Follow)  # the readers' clause has follows of its own
    silenced = select(Membership.account_id).where(
        Membership.group_id == post.group_id, Membership.notify_level == NotifyLevel.NOTHING
    )
    return set(
        db.session.scalars(
            select(Account.id)
            .join(asked, asked.follower_id == Account.id)
            .where(
                asked.followee_id == author.id,
                asked.notify,
                Account.deactivated_at.is_(None),
                Account.id.not_in(silenced),
                policies.readers_of(post),
            )
        )
    )


def _following(post: Post) -> set[int]:
    """Who follows the thread of this reply and may read it."""
    if post.root_id is None:
        return set()
    return set(
        db.session.scalars(
            select(Account.id)
            .join(ThreadFollow, ThreadFollow.account_id == Account.id)
            .where(
                ThreadFollow.thread_id == post.root_id,
                Account.deactivated_at.is_(None),
                policies.readers_of(post),
            )
        )
    )


def who_still_read(post: Post, account_ids: Collection[int]) -> set[int]:
    """Of these accounts those that are active and may read the post."""
    if not account_ids:
        return set()
    may_read = policies.readers_of(post)
    return set(
        db.session.scalars(
            select(Account.id).where(
                and_(Account.id.in_(account_ids), Account.deactivated_at.is_(None), may_read)
            )
        )
    )
