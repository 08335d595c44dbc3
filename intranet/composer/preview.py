"""What a post would look like, by the same reading as when it is published."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.accounts.models import Account
from intranet.polls.drafts import checked as checked_poll
from intranet.polls.queries import titles_of
from intranet.posts import direct, references
from intranet.posts.drafts import PostDraft, PostLimits, checked_media, checked_text
from intranet.posts.languages import language_after, language_of
from intranet.posts.models import Post
from intranet.posts.rehearsal import rehearse


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """Its safe `html` behind the warning, the answers of its poll, and its language, None when
    that cannot be told."""

    html: str
    spoiler_text: str
    options: tuple[str, ...]
    language: str | None


def preview(
    actor: Account, draft: PostDraft, limits: PostLimits, *, reviewed: bool = False
) -> Preview:
    """The draft as it would stand there. NotFound, Forbidden or Invalid as publishing would say;
    files are only counted."""
    would = rehearse(actor, draft, reviewed=reviewed)
    media_ids = checked_media(draft.media_ids, limits)
    _source, warning = checked_text(
        draft.source, draft.spoiler_text, limits, has_media=bool(media_ids)
    )
    poll = checked_poll(draft.poll, limits.polls) if draft.poll else None
    return Preview(
        html=would.text.html,
        spoiler_text=warning,
        options=poll.options if poll else (),
        language=language_of(draft, actor),
    )


def preview_edit(
    actor: Account,
    post: Post,
    sent: tuple[str, str],
    limits: PostLimits,
    *,
    has_media: bool,
    language: str | None,
) -> Preview:
    """A post as it would stand there with the text and warning that were `sent`. Invalid as the
    edit would say; `language` is None when the form leaves it to be detected."""
    source, warning = checked_text(*sent, limits, has_media=has_media)
    text = references.read(actor, source, post, direct.addressees(actor, post, ()))
    return Preview(
        html=text.html,
        spoiler_text=warning,
        options=titles_of(post.id) or (),
        language=language_after(post, source, actor) if language is None else language or None,
    )
