"""Whom and what a text names: its HTML, its mentions and its hashtags, kept beside the post."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.text import (
    hashtag_path,
    hashtags,
    mention_paths,
    mentioned_handles,
    render,
)
from intranet.posts import calls, policies
from intranet.posts.models import Hashtag, Mention, Post, PostHashtag

MAX_MENTIONS = 50  # of one post; the names beyond stay text and call nobody
MAX_HASHTAGS = 30
_HASHTAG_LENGTH = 100


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text with its safe HTML; `mentioned_ids` may see the post, whoever else is linked."""

    html: str
    mentioned_ids: tuple[int, ...]
    hashtags: dict[str, str]  # canonical name -> as written


def read(
    author: Account, source: str, post: Post, addressed: Collection[int] | None = None
) -> ReadText:
    """Read a text that `author` writes as `post`, whose audience is set. Of a direct one
    `addressed` are those whom it is for: all of them are mentioned, whoever else is linked."""
    handles = mentioned_handles(source)[:MAX_MENTIONS]
    whole = calls.path_of(post) if calls.NAME in handles else None
    known: list[tuple[int, str, bool]] = []
    if handles:
        may_read = policies.readers_of(post)
        found = db.session.execute(
            select(Account.id, Account.handle, may_read).where(
                Account.handle.in_(handles),
                Account.deactivated_at.is_(None),
                account_policies.visible_to(author),
            )
        )
        known = [(account_id, handle, bool(sees)) for account_id, handle, sees in found]
    tags = [tag for tag in hashtags(source) if len(tag.name) <= _HASHTAG_LENGTH]
    return ReadText(
        html=render(
            source,
            link_mention=_links({handle for _, handle, _ in known}, whole),
            link_hashtag=hashtag_path,
        ),
        mentioned_ids=tuple(account_id for account_id, _, sees in known if sees)
        if addressed is None
        else tuple(addressed),
        hashtags={tag.name: tag.display for tag in tags[:MAX_HASHTAGS]},
    )


def _links(handles: Collection[str], whole: str | None) -> Callable[[str], str | None]:
    """Where names lead: people to their profile, "@group" to the group."""
    people = mention_paths(handles)
    return lambda handle: whole if whole and handle == calls.NAME else people(handle)


def keep(post_id: int, text: ReadText) -> None:
    """Write down whom and what a new text names."""
    add_mentions(post_id, text.mentioned_ids)
    if not text.hashtags:
        return
    wanted = set(text.hashtags)
    there = set(db.session.scalars(select(Hashtag.name).where(Hashtag.name.in_(wanted))))
    # In order: two posts that make the same new hashtags must not wait for one another.
    for name in sorted(wanted - there):
        insert_once(Hashtag, name=name, display=text.hashtags[name])
    ids = db.session.scalars(select(Hashtag.id).where(Hashtag.name.in_(wanted)))
    rows = [{"hashtag_id": hashtag_id, "post_id": post_id} for hashtag_id in ids]
    db.session.execute(insert(PostHashtag), rows)


def replace(post_id: int, text: ReadText) -> set[int]:
    """Bring the rows in line with an edited text; gives whom it mentions that it did not before."""
    before = set(db.session.scalars(select(Mention.account_id).where(Mention.post_id == post_id)))
    forget([post_id])
    keep(post_id, text)
    return set(text.mentioned_ids) - before


def forget(post_ids: Collection[int]) -> None:
    """Remove mentions and hashtags of these posts."""
    for model in (Mention, PostHashtag):
        db.session.execute(
            delete(model)
            .where(model.post_id.in_(post_ids))
            .execution_options(synchronize_session=False)
        )


def add_mentions(post_id: int, account_ids: Collection[int]) -> None:
    """One row for each."""
    if account_ids:
        rows = [{"post_id": post_id, "account_id": account_id} for account_id in account_ids]
        db.session.execute(insert(Mention), rows)
