"""Posts in a page's name, and those of them that wait for a second person."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.errors import DomainError, Invalid, TooLarge
from intranet.pages import policies as page_policies
from intranet.pages import queries
from intranet.pages.home import home
from intranet.pages.models import Page
from intranet.posts import actions as posts
from intranet.posts import queries as cards
from intranet.posts.drafts import PostDraft
from intranet.reviews import actions, policies
from intranet.reviews import queries as reviews
from intranet.scheduled import actions as scheduled
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, draft_forms, errors, sent_files
from intranet.web.identity import viewer
from intranet.web.pages import around, bp, see
from intranet.web.post_extras import draft_fields, sent_moment
from intranet.web.posts import further_part
from intranet.web.posts import see as see_post
from intranet.web.wants import wants_fragment


def _draft(media_ids: tuple[int, ...], page: Page) -> PostDraft:
    return composer.sent_draft(
        media_ids,
        as_page_id=page.account_id,
        is_public=request.form.get("is_public") == "1",
        **draft_fields(),
    )


@bp.post("/pages/<handle>/posts")
def publish(handle: str) -> ResponseReturnValue:
    """A post in the page's name; handed in for review where the page wants that, or the form says
    so; or the form again."""
    page = queries.get_visible(viewer(), handle)
    media_ids = sent_files.sent_media_ids()
    waits = page.review_required or request.form.get("review") == "1"
    try:
        media_ids = sent_files.receive_media()
        sent_files.require_described(media_ids)
        draft = _draft(media_ids, page)
        with unit_of_work():
            page = queries.get_visible(viewer(), handle)
            draft_forms.forget_published()
            post_id, moment = None, sent_moment()
            if waits:
                actions.submit(viewer(), page, draft, composer.limits(), moment)
            elif moment is not None:
                scheduled.schedule(viewer(), draft, moment, composer.limits(), most=_most())
            else:
                post_id = posts.publish(viewer(), draft, composer.limits()).id
    except (Invalid, TooLarge) as error:
        form = composer.page_composer(home(viewer(), queries.get_visible(viewer(), handle)))
        return _form_again(form, error, media_ids)
    if post_id is not None or not waits:
        return see_post(post_id)
    flash(_("It waits for a second person now. You will hear when it is out."))
    if wants_fragment():
        return "", 204, {"HX-Redirect": url_for("pages.reviews", handle=handle.lower())}
    return see(handle.lower(), "pages.reviews")


@bp.get("/pages/<handle>/quote/<int:post_id>")
def quote_form(handle: str, post_id: int) -> ResponseReturnValue:
    """The form of a post in the page's name that quotes another one, for those who write for the
    page. A draft of it is there again."""
    page = queries.get_visible(viewer(), handle)
    page_policies.require_role(viewer(), page.account_id, page_policies.WRITERS)
    quoted = cards.card(viewer(), post_id)
    form = draft_forms.quoting(composer.page_composer(home(viewer(), page)), quoted)
    return render_template("posts/compose.html", compose=form)


@bp.post("/pages/<handle>/posts/form")
def further_form(handle: str) -> ResponseReturnValue:
    """The form as it was sent, with the part that its menu asked for, or a preview; for those who
    write for the page."""
    page = queries.get_visible(viewer(), handle)
    page_policies.require_role(viewer(), page.account_id, page_policies.WRITERS)
    return further_part(composer.page_composer(home(viewer(), page)))


@bp.post("/pages/<handle>/reviews/<int:submission_id>/form")
def further_submission_form(handle: str, submission_id: int) -> ResponseReturnValue:
    """The same of a text that waits; only its author gets it."""
    page = queries.get_visible(viewer(), handle)
    submission = reviews.get_visible(viewer(), page, submission_id)
    policies.require_is_author(viewer(), submission)
    seen = reviews.view(viewer(), page, submission)
    return further_part(composer.submission_composer(home(viewer(), page), seen))


@bp.get("/pages/<handle>/reviews", endpoint="reviews")
def queue(handle: str) -> ResponseReturnValue:
    """What waits, and what was returned: for those who write for the page."""
    return _queue_page(handle)


def _queue_page(
    handle: str, refused: int = 0, note: str = "", problems: dict[str, str] | None = None
) -> str:
    page = queries.get_visible(viewer(), handle)
    return render_template(
        "pages/reviews.html",
        submissions=reviews.list_open(viewer(), page),
        refused=refused,
        note=note,
        errors=problems or {},
        **around(page),
    )


@bp.get("/pages/<handle>/reviews/<int:submission_id>/edit")
def edit_submission(handle: str, submission_id: int) -> ResponseReturnValue:
    """The form with the text that waits; only its author gets it."""
    page = queries.get_visible(viewer(), handle)
    submission = reviews.get_visible(viewer(), page, submission_id)
    policies.require_is_author(viewer(), submission)
    seen = reviews.view(viewer(), page, submission)
    drawn = around(page)
    form = composer.submission_composer(drawn["page"], seen)
    return render_template("pages/submission.html", compose=form, submission=seen, **drawn)


@bp.post("/pages/<handle>/reviews/<int:submission_id>/edit")
def save_submission(handle: str, submission_id: int) -> ResponseReturnValue:
    """Hand it in again with another text, or the form again."""
    page = queries.get_visible(viewer(), handle)
    policies.require_is_author(viewer(), reviews.get_visible(viewer(), page, submission_id))
    media_ids = sent_files.sent_media_ids()
    try:
        media_ids = sent_files.receive_media()
        with unit_of_work():
            page = queries.get_visible(viewer(), handle)
            submission = reviews.get_visible(viewer(), page, submission_id, lock=True)
            draft = _draft(media_ids, page)
            moment = sent_moment()
            actions.change(viewer(), page, submission, draft, composer.limits(), moment)
    except (Invalid, TooLarge) as error:
        page = queries.get_visible(viewer(), handle)
        submission = reviews.get_visible(viewer(), page, submission_id)
        seen = reviews.view(viewer(), page, submission)
        form = composer.submission_composer(home(viewer(), page), seen)
        return _form_again(form, error, media_ids)
    flash(_("It waits for a second person now. You will hear when it is out."))
    return see(handle.lower(), "pages.reviews")


@bp.post("/pages/<handle>/reviews/<int:submission_id>/publish")
def publish_submission(handle: str, submission_id: int) -> ResponseReturnValue:
    """Let out what somebody else wrote."""
    with unit_of_work():
        page = queries.get_visible(viewer(), handle)
        submission = reviews.get_visible(viewer(), page, submission_id, lock=True)
        limits = composer.limits()
        post = actions.publish(viewer(), page, submission, limits, most=_most())
        post_id = post.id if post is not None else None
    if post_id is None:
        flash(_("It will be published at its time."))
        return see(handle.lower(), "pages.reviews")
    flash(_("It is published."))
    return redirect(url_for("posts.show", post_id=post_id), 303)


@bp.post("/pages/<handle>/reviews/<int:submission_id>/return")
def return_submission(handle: str, submission_id: int) -> ResponseReturnValue:
    """Give it back with a note, or the queue again with what to mend."""
    note = request.form.get("note", "")
    try:
        with unit_of_work():
            page = queries.get_visible(viewer(), handle)
            submission = reviews.get_visible(viewer(), page, submission_id, lock=True)
            actions.give_back(viewer(), submission, note)
    except Invalid as error:
        problems = errors.field_sentences(error)
        return _queue_page(handle, submission_id, note[:4000], problems), error.status
    flash(_("It went back to its author with your note."))
    return see(handle.lower(), "pages.reviews")


@bp.post("/pages/<handle>/reviews/<int:submission_id>/withdraw")
def withdraw_submission(handle: str, submission_id: int) -> ResponseReturnValue:
    """Take one's own back."""
    with unit_of_work():
        page = queries.get_visible(viewer(), handle)
        actions.withdraw(viewer(), reviews.get_visible(viewer(), page, submission_id, lock=True))
    flash(_("You have taken it back."))
    return see(handle.lower(), "pages.reviews")


def _most() -> int:
    return composer.settings_here().scheduled_max


def _form_again(
    form: composer.Composer, error: DomainError, media_ids: tuple[int, ...]
) -> ResponseReturnValue:
    sent = composer.refused(form, error, media_ids)
    if not wants_fragment():
        alone = replace(sent, in_place=False)
        return render_template("posts/compose.html", compose=alone), error.status
    headers = {"HX-Retarget": f"#{sent.dom_id}", "HX-Reswap": "outerHTML"}
    return render_template("posts/_composer.html", compose=sent), error.status, headers
