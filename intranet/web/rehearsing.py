"""What the form says of a post before it is sent: whom it reaches, and what it will look like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from intranet.composer.preview import preview, preview_edit
from intranet.composer.reach import Reach, reach
from intranet.groups import queries as groups
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.pages import policies as page_policies
from intranet.pages import queries as pages
from intranet.posts import queries as posts
from intranet.posts.drafts import PostDraft
from intranet.posts.models import Visibility
from intranet.web import composer, sent_files
from intranet.web.composer import Composer
from intranet.web.draft_forms import sent_place
from intranet.web.identity import viewer
from intranet.web.limits import limiter
from intranet.web.post_extras import LANGUAGE, draft_fields, sent_moment

bp = Blueprint("rehearsing", __name__)

# Beside the counter of all writing: a script asks when audience, names or time have changed.
_asking = limiter.limit("60 per minute", methods=["POST"])


def place_fields(place: str) -> dict[str, Any]:
    """The fields of a PostDraft that the place of the form settles. NotFound for a place that the
    viewer may not know of."""
    kind, *numbers = place.split(":")
    subject_id, *others = [min(int(one), MAX_ID) for one in numbers] or [0]
    if kind == "group":
        group = groups.find_visible_by_id(viewer(), subject_id)
        if group is None:
            raise NotFound()
        return {"visibility": Visibility.GROUP, "group_id": group.id}
    if kind == "post":
        parent = posts.get_visible(viewer(), subject_id)
        return {"in_reply_to_id": parent.id, "as_page_id": composer.sent_voice()}
    if kind == "page":
        return _page_fields(subject_id)
    if kind == "quote":
        posts.get_visible(viewer(), subject_id)
        if others:
            return _page_fields(others[0])
    visibility, group_id = composer.sent_audience(Visibility.ORGANISATION)
    return {"visibility": visibility, "group_id": group_id}


def _page_fields(page_id: int) -> dict[str, Any]:
    page = pages.get_visible_by_id(viewer(), page_id)
    page_policies.require_role(viewer(), page.account_id, page_policies.WRITERS)
    return {"as_page_id": page.account_id}


@bp.post("/posts/reach")
@_asking
def show() -> ResponseReturnValue:
    """Whom what the form holds would reach, for its `place`; nothing is kept."""
    place = sent_place()
    return render_template("posts/_reach.html", reach=_reach(place, sent_files.sent_media_ids()))


def rehearsed(form: Composer, media_ids: tuple[int, ...]) -> Composer:
    """The form with what it would publish, drawn, and whom that reaches; or with what to mend."""
    place = form.place or _place_of(form)
    try:
        draft = _draft(place, media_ids)
        shown = preview(viewer(), draft, composer.limits(), reviewed=form.page is not None)
    except Invalid as error:
        return composer.refused(form, error, media_ids)
    return replace(form, preview=shown, reach=_reach(place, media_ids))


def retold(form: Composer, post_id: int, media_ids: tuple[int, ...]) -> Composer:
    """The form of an edit with the text as it would stand there, or with what to mend."""
    post = posts.get_visible(viewer(), post_id)
    sent = (form.source, form.extras.spoiler_text)
    language = form.extras.language if LANGUAGE in form.extras.parts else None
    try:
        shown = preview_edit(
            viewer(), post, sent, composer.limits(), has_media=bool(media_ids), language=language
        )
    except Invalid as error:
        return composer.refused(form, error, media_ids)
    return replace(form, preview=shown)


def _place_of(form: Composer) -> str:
    """The place of a form that keeps its text by itself, and so no draft."""
    if form.reply_to is not None:
        return f"post:{form.reply_to.id}"
    return f"page:{form.page.chip.id}" if form.page is not None else "home"


def _reach(place: str, media_ids: tuple[int, ...]) -> Reach:
    draft = _draft(place, media_ids)
    try:
        at = sent_moment()
    except Invalid:
        at = None  # half a time: said when it is sent
    return reach(viewer(), draft, at=at, reviewed=draft.in_reply_to_id is None)


def _draft(place: str, media_ids: tuple[int, ...]) -> PostDraft:
    return composer.sent_draft(media_ids, **place_fields(place), **draft_fields())
