"""Posts: writing, showing, editing and deleting them. Marks are in `post_marks`, voting in
`polls`."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.groups import queries as groups
from intranet.groups.chips import chip_of
from intranet.kernel.errors import DomainError, Forbidden, Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.pages import queries as pages
from intranet.posts import deletion, editing, policies, queries, threads
from intranet.posts.changes import history as history_of
from intranet.posts.drafts import PostDraft, PostEdit
from intranet.posts.models import Visibility
from intranet.posts.threads import Thread
from intranet.scheduled import actions as scheduled
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, draft_forms, filtering, sent_files
from intranet.web.asking import Asked, str_of
from intranet.web.cards import post_card
from intranet.web.identity import viewer
from intranet.web.post_extras import draft_fields, sent_moment
from intranet.web.rehearsing import rehearsed, retold
from intranet.web.wants import wants_fragment
from intranet.webhooks import calling

bp = Blueprint("posts", __name__)


def draw_card(post_id: int) -> str:
    """The card of a post, for a partial request."""
    return post_card(queries.card(viewer(), post_id))


def see(post_id: int | Asked | None) -> ResponseReturnValue:
    """After a write: the card for htmx, the post's page for a plain form; the posts to come when
    there is no post yet, and where a command is answered."""
    if post_id is None:
        return _to_come()
    if isinstance(post_id, Asked):
        return post_id.page()
    if wants_fragment():
        return draw_card(post_id)
    return redirect(url_for("posts.show", post_id=post_id), 303)


@bp.post("/posts")
def create() -> ResponseReturnValue:
    """A post for the audience that the form names, or the form again."""
    media_ids = sent_files.sent_media_ids()
    try:
        visibility, group_id = composer.sent_audience(Visibility.ORGANISATION)
        media_ids = sent_files.receive_media()
        sent_files.require_described(media_ids)
        draft = composer.sent_draft(
            media_ids, visibility=visibility, group_id=group_id, **draft_fields()
        )
        post_id = _publish(draft)
    except (Invalid, TooLarge) as error:
        return _form_again(composer.new_composer(), error, media_ids)
    return see(post_id)


@bp.post("/groups/<slug>/posts")
def create_in_group(slug: str) -> ResponseReturnValue:
    """A post in a group, or the form again."""
    group = groups.get_visible(viewer(), slug)
    media_ids = sent_files.sent_media_ids()
    try:
        media_ids = sent_files.receive_media()
        sent_files.require_described(media_ids)
        draft = composer.sent_draft(
            media_ids, visibility=Visibility.GROUP, group_id=group.id, **draft_fields()
        )
        post_id = _publish(draft)
    except (Invalid, TooLarge) as error:
        return _form_again(composer.new_composer(chip_of(group)), error, media_ids)
    return see(post_id)


@bp.get("/posts/<int:post_id>")
def show(post_id: int) -> ResponseReturnValue:
    """The thread that the post belongs to; a fragment holds only its replies."""
    after = Cursor.parse(None, request.args.get("after")).after or 0
    thread = filtering.thread(threads.thread(viewer(), post_id, after))
    if thread.root.visibility is Visibility.DIRECT and not wants_fragment():
        return redirect(_in_conversation(thread), 303)
    template = "posts/_replies.html" if wants_fragment() else "posts/show.html"
    return render_template(template, thread=thread)


def _in_conversation(thread: Thread) -> str:
    """Where a direct thread is read."""
    anchor = None if thread.focus_id == thread.root.id else f"post-{thread.focus_id}"
    return url_for("conversations.show", conversation_id=thread.root.id, _anchor=anchor)


@bp.get("/@<handle>/<int:post_id>")
def permalink(handle: str, post_id: int) -> ResponseReturnValue:
    """The same thread at the address by which apps name a post; the handle may be anybody's."""
    return show(post_id)


@bp.get("/posts/<int:post_id>/card")
def card(post_id: int) -> ResponseReturnValue:
    """The card alone: what pages fetch when something new is told, or something changed."""
    return draw_card(post_id)


@bp.get("/posts/<int:post_id>/replies")
def replies(post_id: int) -> ResponseReturnValue:
    """The replies after one: what an open page of the thread fetches when there are new ones."""
    after = Cursor.parse(None, request.args.get("after")).after or 0
    thread = filtering.thread(threads.thread(viewer(), post_id, after))
    return render_template("posts/_replies.html", thread=thread)


@bp.get("/posts/<int:post_id>/replies/new")
def reply_form(post_id: int) -> ResponseReturnValue:
    """The form of a reply, with the post above it."""
    post = queries.card(viewer(), post_id)
    form = draft_forms.restored(composer.reply_composer(post))
    template = "posts/_composer.html" if wants_fragment() else "posts/compose.html"
    return render_template(template, compose=form)


@bp.post("/posts/<int:post_id>/replies")
def reply(post_id: int) -> ResponseReturnValue:
    """A reply, or the form again."""
    parent = queries.card(viewer(), post_id)
    media_ids = sent_files.sent_media_ids()
    try:
        media_ids = sent_files.receive_media()
        sent_files.require_described(media_ids)
        draft = composer.sent_draft(
            media_ids,
            in_reply_to_id=parent.id,
            as_page_id=composer.sent_voice(),
            **draft_fields(),
        )
        reply_id = _publish(draft)
    except (Invalid, TooLarge) as error:
        return _form_again(composer.reply_composer(parent), error, media_ids)
    if reply_id is None or isinstance(reply_id, Asked):
        return see(reply_id)
    if wants_fragment():
        card = queries.card(viewer(), reply_id)
        return render_template("posts/_reply.html", post=card, indented=parent.root_id is not None)
    return redirect(url_for("posts.show", post_id=reply_id, _anchor=f"post-{reply_id}"), 303)


@bp.get("/posts/<int:post_id>/edit")
def edit(post_id: int) -> ResponseReturnValue:
    """The form with the post's text; only its author gets it."""
    policies.require_may_edit(viewer(), queries.get_visible(viewer(), post_id))
    post = queries.card(viewer(), post_id)
    return render_template("posts/edit.html", post=post, compose=composer.edit_composer(post))


@bp.post("/posts/<int:post_id>/edit")
def save(post_id: int) -> ResponseReturnValue:
    """The post with its new text and files, or the form again."""
    policies.require_may_edit(viewer(), queries.get_visible(viewer(), post_id))
    media_ids = sent_files.sent_media_ids()
    try:
        media_ids = sent_files.receive_media()
        sent_files.require_described(media_ids)
        with unit_of_work():
            post = queries.get_visible(viewer(), post_id, lock=True)
            editing.edit(viewer(), post, _sent_edit(media_ids), composer.limits())
    except (Invalid, TooLarge) as error:
        card = queries.card(viewer(), post_id)
        form = composer.refused(composer.edit_composer(card), error, media_ids)
        return render_template("posts/edit.html", post=card, compose=form), error.status
    return see(post_id)


@bp.post("/posts/<int:post_id>/edit/form")
def further_edit_form(post_id: int) -> ResponseReturnValue:
    """The form of an edit as it was sent, with a file moved or a preview; nothing is saved."""
    policies.require_may_edit(viewer(), queries.get_visible(viewer(), post_id))
    post = queries.card(viewer(), post_id)
    form, media_ids, status = composer.edit_composer(post), sent_files.sent_media_ids(), 200
    try:
        media_ids = sent_files.receive_media()
        sent = composer.as_sent(form, media_ids)
        if request.form.get("preview"):
            sent = retold(sent, post_id, media_ids)
    except (Invalid, TooLarge) as error:
        sent, status = composer.refused(form, error, media_ids), error.status
    template = "posts/_composer.html" if wants_fragment() else "posts/edit.html"
    return render_template(template, post=post, compose=sent), status


@bp.get("/posts/<int:post_id>/delete")
def ask_delete(post_id: int) -> ResponseReturnValue:
    """Asks once more, and says what will be lost."""
    policies.require_may_delete(viewer(), queries.get_visible(viewer(), post_id))
    post = queries.card(viewer(), post_id)
    return render_template("posts/delete.html", post=post)


@bp.post("/posts/<int:post_id>/delete")
def delete(post_id: int) -> ResponseReturnValue:
    """Delete the post; on to what it belonged to."""
    with unit_of_work():
        post = queries.get_visible(viewer(), post_id, lock=True)
        root_id, group_id = post.root_id, post.group_id
        page_id = post.author_id if post.written_by_id is not None else None
        deletion.remove(viewer(), post)
    if wants_fragment():
        return ""
    if root_id is not None:
        return redirect(url_for("posts.show", post_id=root_id), 303)
    group = groups.find_visible_by_id(viewer(), group_id) if group_id is not None else None
    if group is not None:
        return redirect(url_for("groups.show", slug=group.slug), 303)
    if page_id is not None:
        page = pages.get_visible_by_id(viewer(), page_id)
        return redirect(url_for("pages.show", handle=page.account.handle), 303)
    return redirect(url_for("home.show"), 303)


@bp.get("/posts/<int:post_id>/history")
def history(post_id: int) -> ResponseReturnValue:
    """What the post said, and what each edit changed."""
    post = queries.card(viewer(), post_id)
    versions = history_of(viewer(), post.id)
    author = threads.true_author(viewer(), post.id)
    return render_template("posts/history.html", post=post, versions=versions, author=author)


@bp.post("/posts/form")
def form() -> ResponseReturnValue:
    """The form as it was sent, with the part that its menu asked for; nothing is published."""
    try:
        _visibility, group_id = composer.sent_audience(Visibility.ORGANISATION)
    except Invalid as error:
        return _form_again(composer.new_composer(), error, sent_files.sent_media_ids())
    chip = None
    if group_id is not None and request.form.get("only") == "1":
        group = groups.find_visible_by_id(viewer(), group_id)
        chip = chip_of(group) if group is not None else None
    return further_part(composer.new_composer(chip))


@bp.post("/posts/<int:post_id>/replies/form")
def further_reply_form(post_id: int) -> ResponseReturnValue:
    """The form of a reply as it was sent, with the part that its menu asked for."""
    return further_part(composer.reply_composer(queries.card(viewer(), post_id)))


def further_part(form: composer.Composer | None) -> ResponseReturnValue:
    """The form as it was sent, with the part that was asked for, or with a preview."""
    if form is None:
        raise Forbidden(N_("Guests post only in their groups."))
    try:
        media_ids = sent_files.receive_media()
    except (Invalid, TooLarge) as error:
        return _form_again(form, error, sent_files.sent_media_ids())
    sent = composer.as_sent(form, media_ids)
    if request.form.get("preview"):
        sent = rehearsed(sent, media_ids)
    if wants_fragment():
        return render_template("posts/_composer.html", compose=sent)
    return render_template("posts/compose.html", compose=replace(sent, in_place=False))


def _sent_edit(media_ids: tuple[int, ...]) -> PostEdit:
    """What the form changes: its poll stays, and its files unless the form shows them."""
    sent = draft_fields()
    shown = request.form.get("with_files") == "1"
    return PostEdit(
        media_ids=media_ids if shown or media_ids else None,
        descriptions=sent_files.sent_descriptions(media_ids),
        source=request.form.get("source", ""),
        spoiler_text=sent.get("spoiler_text"),
        sensitive=sent.get("sensitive"),
        language=composer.sent_language(),
    )


def _publish(draft: PostDraft) -> int | Asked | None:
    """The id of the post; what became of a command; or None when it is kept for the time in the
    form."""
    moment = sent_moment()
    with unit_of_work():
        draft_forms.forget_published()
        if moment is None:
            said = calling.say(viewer(), draft, composer.limits(), str_of)
            return Asked.of(said) if said.asked else said.post.id
        draft = calling.as_text(viewer(), draft)
        most = composer.settings_here().scheduled_max
        scheduled.schedule(viewer(), draft, moment, composer.limits(), most=most)
    return None


def _to_come() -> ResponseReturnValue:
    """After scheduling: on to the posts to come."""
    flash(_("It will be published at its time."))
    if wants_fragment():
        return "", 204, {"HX-Redirect": url_for("scheduled.index")}
    return redirect(url_for("scheduled.index"), 303)


def _form_again(
    form: composer.Composer | None, error: DomainError, media_ids: tuple[int, ...]
) -> ResponseReturnValue:
    """The composer as it was sent: a page of its own, or in the place of the one on the page."""
    if form is None:
        raise error
    sent = composer.refused(form, error, media_ids)
    if not wants_fragment():
        alone = replace(sent, in_place=False)
        return render_template("posts/compose.html", compose=alone), error.status
    headers = {"HX-Retarget": f"#{sent.dom_id}", "HX-Reswap": "outerHTML"}
    return render_template("posts/_composer.html", compose=sent), error.status, headers
