"""Changing a post, and keeping what it said. The caller has fetched it through
`queries.get_visible`, locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.text import fold
from intranet.media import actions as media
from intranet.media.queries import of_posts as media_of_posts
from intranet.media.views import MediaView
from intranet.polls import actions as polls
from intranet.polls.drafts import checked as checked_poll
from intranet.polls.queries import titles_of
from intranet.posts import beside, direct, policies, previewing, references
from intranet.posts.drafts import PostEdit, PostLimits, checked_media, checked_text
from intranet.posts.languages import language_after
from intranet.posts.models import Post, PostRevision
from intranet.posts.telling import notify_mentioned, tell_of_edit


@dataclass(frozen=True, slots=True)
class _Said:
    """What readers find, to be compared and kept."""

    post_id: int
    written_at: dt.datetime
    source: str
    html: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    options: tuple[str, ...] | None
    files: tuple[MediaView, ...]

    def as_revision(self) -> PostRevision:
        return PostRevision(
            post_id=self.post_id,
            source=self.source,
            html=self.html,
            spoiler_text=self.spoiler_text,
            sensitive=self.sensitive,
            options=list(self.options) if self.options else None,
            media=[[str(one.id), one.alt_text, one.file_name] for one in self.files] or None,
            created_at=self.written_at,
        )


def _said(post: Post) -> _Said:
    return _Said(
        post.id,
        post.edited_at or post.created_at,
        post.source,
        post.html,
        post.spoiler_text,
        post.sensitive,
        post.language,
        titles_of(post.id),
        media_of_posts([post.id]).get(post.id, ()),
    )


def edit(actor: Account, post: Post, change: PostEdit, limits: PostLimits) -> None:
    """Change what is named, keeping what the post said; nothing new changes nothing. Who is newly
    mentioned is told. Other answers of its poll, or another way of choosing, take the votes
    away. Files that it has no longer are purged: its history keeps their names."""
    policies.require_may_edit(actor, post)
    before = _said(post)
    held = tuple(one.id for one in before.files)
    if change.media_ids is not None:
        wanted = checked_media(change.media_ids, limits)
        if wanted != held:
            media.keep_on_post(actor, wanted, post.id)
            held = wanted
    media.describe_on_post(
        post.id, {one: words for one, words in change.descriptions.items() if one in held}
    )
    files = media_of_posts([post.id]).get(post.id, ())
    source, warning = checked_text(
        post.source if change.source is None else change.source,
        post.spoiler_text if change.spoiler_text is None else change.spoiler_text,
        limits,
        has_media=bool(files),
    )
    poll_moved = _change_poll(post, change, before.options, limits)
    sensitive = post.sensitive if change.sensitive is None else change.sensitive
    if change.sensitive is None and post.spoiler_text and not warning:
        sensitive = False  # only the warning had made it so
    language = change.language or None
    if change.language is None:
        language = language_after(post, source, actor)
    revision = before.as_revision()
    post.spoiler_text, post.sensitive = warning, sensitive or bool(warning)
    post.language = language
    retold = source != post.source
    if retold:
        text = references.read(actor, source, post, direct.addressees(actor, post, ()))
        html_before, post.source, post.html = post.html, source, text.html
        previewing.find_anew(post, html_before, limits.previews)
    if _said(post) == before:
        if poll_moved:
            tell_of_edit(post)
        return
    post.search_text = fold(f"{warning}\n{source}".strip())
    post.edited_at = utc_now()
    db.session.add(revision)
    db.session.flush()
    if retold:
        new = references.replace(post.id, text)
        author = (
            actor if actor.id == post.author_id else db.session.get_one(Account, post.author_id)
        )
        notify_mentioned(actor, post, new, author)
    tell_of_edit(post)
    beside.tell_around(post)


def _change_poll(
    post: Post, change: PostEdit, titles: tuple[str, ...] | None, limits: PostLimits
) -> bool:
    """Whether the poll is another one, or ends at another time. One that has ended stays so
    unless its answers change: programs send it again with every edit."""
    if change.poll is None and not change.drops_poll:
        return False
    poll = polls.find_locked(post.id)
    if change.poll is None:
        if poll is not None:
            polls.remove(poll)
        return poll is not None
    draft = checked_poll(change.poll, limits.polls)
    if poll is None or titles is None:
        polls.create(post.id, draft)
        return True
    return polls.replace(poll, draft, titles)
