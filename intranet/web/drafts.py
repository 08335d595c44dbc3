"""Drafts: kept while one writes, listed, opened on any device, thrown away."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.composer import actions, queries
from intranet.composer.queries import DraftView
from intranet.groups import queries as groups
from intranet.groups.chips import chip_of
from intranet.kernel.errors import DomainError, Forbidden
from intranet.kernel.messages import N_
from intranet.pages import policies as page_policies
from intranet.pages import queries as pages
from intranet.pages.home import home as page_home
from intranet.posts import queries as posts
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, draft_forms, sent_files
from intranet.web.composer import Composer
from intranet.web.identity import viewer
from intranet.web.limits import limiter
from intranet.web.rehearsing import place_fields
from intranet.web.wants import wants_fragment

bp = Blueprint("drafts", __name__)

# Beside the counter of all writing: a script keeps a draft every two seconds at most.
_keeping = limiter.limit("60 per minute", methods=["POST"])


@bp.get("/drafts")
def index() -> ResponseReturnValue:
    """The viewer's drafts, the last written first."""
    most = composer.settings_here().draft_max
    return render_template("posts/drafts.html", drafts=queries.list_own(viewer(), most))


@bp.post("/drafts")
@_keeping
def save() -> ResponseReturnValue:
    """Keep what a form holds, for the `place` that it names. A partial request hears in JSON which
    `id` and `version` it has now (null when there is nothing to keep); a plain form goes on to
    the drafts."""
    place = draft_forms.sent_place()
    where = place_fields(place)
    media_ids = sent_files.receive_media()
    settings = composer.settings_here()
    with unit_of_work():
        draft = actions.save(
            viewer(),
            place,
            draft_forms.sent_content(media_ids, where),
            draft_forms.sent_form(),
            longest=draft_forms.longest(),
            most=settings.draft_max,
        )
        kept = (str(draft.id), draft.version) if draft is not None else (None, 0)
    if wants_fragment():
        return jsonify({"id": kept[0], "version": kept[1]})
    flash(_("Your draft is saved.") if kept[0] else _("There is nothing to keep."))
    return redirect(url_for("drafts.index"), 303)


@bp.get("/drafts/<int:draft_id>")
def show(draft_id: int) -> ResponseReturnValue:
    """The form with a draft, to write on or to publish."""
    draft = queries.get_own(viewer(), draft_id)
    form = _form_at(draft)
    note = ""
    if form is None:
        form = composer.new_composer()
        note = _("What this was written for is no longer there, or no longer for you.")
    if form is None:
        raise Forbidden(N_("Guests post only in their groups."))
    form = replace(draft_forms.with_draft(form, draft), in_place=False)
    return render_template("posts/compose.html", compose=form, note=note)


@bp.post("/drafts/<int:draft_id>/delete")
def delete(draft_id: int) -> ResponseReturnValue:
    """Throw one away."""
    with unit_of_work():
        actions.discard(viewer(), draft_id)
    if wants_fragment():
        return "", 204
    flash(_("The draft is deleted."))
    return redirect(url_for("drafts.index"), 303)


def _form_at(draft: DraftView) -> Composer | None:
    """The form that the draft was written in; None when that is not for the viewer any more."""
    kind = draft.place.partition(":")[0]
    subject_id = draft.subject_id or 0
    try:
        if kind == "group":
            group = groups.find_visible_by_id(viewer(), subject_id)
            is_mine = group is not None and draft.group is not None
            return composer.new_composer(chip_of(group)) if group and is_mine else None
        if kind == "post":
            card = posts.card(viewer(), subject_id)
            return composer.reply_composer(card) if card.may_reply else None
        if kind == "page":
            return _page_form(subject_id)
        if kind == "quote":
            form = _page_form(draft.page_id) if draft.page_id else composer.new_composer()
            return composer.quoting(form, posts.card(viewer(), subject_id))
    except DomainError:
        return None
    return composer.new_composer()


def _page_form(page_id: int) -> Composer:
    page = pages.get_visible_by_id(viewer(), page_id)
    page_policies.require_role(viewer(), page.account_id, page_policies.WRITERS)
    return composer.page_composer(page_home(viewer(), page))
