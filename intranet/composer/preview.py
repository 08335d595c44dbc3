"""What a post would look like, by the same reading as when it is published."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.accounts.models import Account
from intranet.polls.drafts import checked as checked_poll
from intranet.posts.drafts import PostDraft, PostLimits, checked_media, checked_text
from intranet.posts.languages import language_of
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
