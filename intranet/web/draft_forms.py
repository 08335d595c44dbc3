"""The form people write in, with what they had written there before."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import Flask, request

from intranet.accounts.profile import LANGUAGES
from intranet.composer import actions, queries
from intranet.composer.actions import DraftContent
from intranet.composer.actions import Form as DraftForm
from intranet.composer.queries import DraftView
from intranet.groups.chips import GroupChip
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import fold
from intranet.posts.cards import PostCard
from intranet.posts.models import Visibility
from intranet.web import composer, post_audiences
from intranet.web.composer import Composer
from intranet.web.draft_words import draft_words
from intranet.web.identity import viewer
from intranet.web.people import names_of_languages
from intranet.web.post_extras import ballot_words, from_json, sent_extras

_PLACE = re.compile(r"home|(?:group|post|page):\d{1,19}|quote:\d{1,19}(?::\d{1,19})?")
_TIMES_AS_LONG = 2  # a draft may be too long to be published, and is kept while it is cut


def restored(form: Composer | None) -> Composer | None:
    """The form with the draft of its place, if there is one."""
    if form is None or not form.place:
        return form
    draft = queries.find_at(viewer(), form.place)
    return with_draft(form, draft) if draft is not None else form


def quoting(form: Composer | None, quoted: PostCard) -> Composer:
    """The form with a quoted post, and what was written there before. Forbidden when nobody whom it
    is for may read that."""
    found = restored(composer.quoting(form, quoted))
    if found is None:
        raise Forbidden(N_("This post is not yours to pass on."))
    return found


def with_draft(form: Composer, draft: DraftView) -> Composer:
    """The form with what the draft holds. A group that one no longer writes in is not replaced in
    silence by everybody: the form asks."""
    chosen, problems = form.audience, form.errors
    if len(form.audiences) > 1:
        found = next((one for one in form.audiences if one.is_for(draft)), None)
        if found is None:
            problems = {"audience": post_audiences.lost_audience()}
        chosen = found or chosen
    extras = form.extras
    if form.more and draft.extras:
        extras = composer.sized_here(from_json(draft.extras))
    return replace(
        form,
        source=draft.source,
        audience=chosen,
        extras=extras,
        media=draft.files,
        errors=problems,
        message=next(iter(problems.values()), ""),
        draft_id=draft.id,
        draft_version=draft.version,
        restored=True,
    )


def sent_place() -> str:
    """The place that the form names; Invalid when it is none."""
    place = request.form.get("place", "")
    if not _PLACE.fullmatch(place):
        raise Invalid(N_("A draft belongs to a place."))
    return place


def sent_form() -> DraftForm:
    """Which form is writing."""
    key = composer.sent_draft(()).stored_key or ""
    return DraftForm(key, *composer.sent_draft_version())


def sent_content(media_ids: tuple[int, ...], where: dict[str, Any]) -> DraftContent:
    """What the form holds, for the audience of its place."""
    extras = sent_extras()
    return DraftContent(
        source=request.form.get("source", "").replace("\x00", ""),  # PostgreSQL has no NUL
        visibility=where.get("visibility", Visibility.ORGANISATION),
        group_id=where.get("group_id"),
        language=extras.language or None,
        extras=extras.as_json(),
        media_ids=media_ids,
    )


def longest() -> int:
    """Characters that a draft may have."""
    return _TIMES_AS_LONG * composer.settings_here().post_max_length


def forget_published() -> None:
    """Inside the transaction that publishes what the form holds: its draft goes too."""
    place = request.form.get("place", "")
    if _PLACE.fullmatch(place):
        actions.published(viewer(), place, sent_form(), request.form.get("source", ""))


def _new_composer(group: GroupChip | None = None) -> Composer | None:
    return restored(composer.new_composer(group))


def _reply_composer(post: PostCard) -> Composer | None:
    return restored(composer.reply_composer(post))


def _post_languages() -> list[tuple[str, str]]:
    """The languages that a post may be said to be in, by their names."""
    return sorted(names_of_languages(LANGUAGES).items(), key=lambda one: fold(one[1]))


def _language_words(code: str) -> str:
    return names_of_languages([code])[code]


def register(app: Flask) -> None:
    """Let templates draw a form wherever one belongs."""
    app.jinja_env.globals.update(
        new_composer=_new_composer,
        reply_composer=_reply_composer,
        audience_words=post_audiences.audience_words,
        post_languages=_post_languages,
        language_words=_language_words,
        ballot_words=ballot_words,
        draft_words=draft_words,
    )
