"""Posts to come: the list of one's own, another time, publishing now, giving up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import gettext as _

from intranet.kernel.errors import DomainError, Forbidden, Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.pages import queries as pages
from intranet.pages.home import home as page_home
from intranet.posts import queries as posts
from intranet.posts.drafts import parts_from_json
from intranet.scheduled import actions, queries
from intranet.scheduled.queries import ScheduledCard
from intranet.unit_of_work import unit_of_work
from intranet.web import coming_months, composer, errors, sent_files
from intranet.web.coming_forms import scheduled_composer
from intranet.web.composer import Composer
from intranet.web.identity import viewer
from intranet.web.post_extras import draft_fields, moment_of, sent_moment
from intranet.web.posts import further_part

bp = Blueprint("scheduled", __name__)


@bp.get("/scheduled")
def index() -> ResponseReturnValue:
    """The viewer's posts to come as a month (`month=2027-01`) and a list: what could not be
    published first, then what comes next."""
    return _page()


@bp.get("/scheduled/<int:scheduled_id>/edit")
def edit(scheduled_id: int) -> ResponseReturnValue:
    """The form with a post to come: text, files, parts, audience and time."""
    return _drawn(_form(queries.card(viewer(), scheduled_id)))


@bp.post("/scheduled/<int:scheduled_id>/form")
def further_form(scheduled_id: int) -> ResponseReturnValue:
    """The same as it was sent, with the part that its menu asked for, or a preview."""
    return further_part(_form(queries.card(viewer(), scheduled_id)))


@bp.post("/scheduled/<int:scheduled_id>/edit")
def save(scheduled_id: int) -> ResponseReturnValue:
    """Change it, or give the form again with what to mend. Without a time it stays at its own."""
    form = _form(queries.card(viewer(), scheduled_id))
    media_ids = sent_files.sent_media_ids()
    try:
        media_ids = sent_files.receive_media()
        sent_files.require_described(media_ids)
        where: dict[str, Any] = {}
        if form is not None and form.reply_to is None and form.page is None:
            visibility, group_id = composer.sent_audience()
            where = {"visibility": visibility, "group_id": group_id}
        draft = composer.sent_draft(
            media_ids,
            is_public=request.form.get("is_public") == "1",
            **where,
            **draft_fields(),
        )
        moment = sent_moment()
        with unit_of_work():
            scheduled = queries.get_own(viewer(), scheduled_id, lock=True)
            at = moment or scheduled.publish_at
            actions.change(viewer(), scheduled, draft, at, composer.limits())
    except (Invalid, TooLarge) as error:
        if form is None:
            raise
        return _drawn(composer.refused(form, error, media_ids)), error.status
    flash(_("Your changes are saved."))
    return redirect(url_for("scheduled.index"), 303)


@bp.post("/scheduled/<int:scheduled_id>/time")
def move(scheduled_id: int) -> ResponseReturnValue:
    """Another time, by the clocks of the viewer; or the page again with what to mend."""
    queries.get_own(viewer(), scheduled_id)
    try:
        moment = moment_of(
            request.form.get("scheduled_date", ""), request.form.get("scheduled_time", "")
        )
        with unit_of_work():
            actions.move(queries.get_own(viewer(), scheduled_id, lock=True), moment)
    except Invalid as error:
        return _page(scheduled_id, error), error.status
    flash(_("The time is changed."))
    return redirect(url_for("scheduled.index"), 303)


@bp.post("/scheduled/<int:scheduled_id>/publish")
def publish(scheduled_id: int) -> ResponseReturnValue:
    """Publish it now; on to the post, or the page again when that is not allowed any more."""
    queries.get_own(viewer(), scheduled_id)
    try:
        with unit_of_work():
            scheduled = queries.get_own(viewer(), scheduled_id, lock=True)
            post_id = actions.publish(viewer(), scheduled, composer.limits()).id
    except DomainError as error:
        return _page(scheduled_id, error), error.status
    return redirect(url_for("posts.show", post_id=post_id), 303)


@bp.post("/scheduled/<int:scheduled_id>/delete")
def delete(scheduled_id: int) -> ResponseReturnValue:
    """Give it up."""
    with unit_of_work():
        actions.give_up(queries.get_own(viewer(), scheduled_id, lock=True))
    flash(_("It will not be published."))
    return redirect(url_for("scheduled.index"), 303)


def _form(card: ScheduledCard) -> Composer | None:
    """The form of the place that the post is for; when what it answers is gone the empty one, so
    that the text can be read."""
    form = composer.new_composer()
    if card.in_reply_to_id is not None:
        found = posts.cards(viewer(), [card.in_reply_to_id], latest=False)
        form = composer.reply_composer(found[0]) if found else form
    elif card.as_page_id is not None:
        page = pages.get_visible_by_id(viewer(), card.as_page_id)
        form = composer.page_composer(page_home(viewer(), page))
    if form is None:
        return None
    quoted_id = parts_from_json(card.parts).get("quote_of_id")
    quoted = posts.cards(viewer(), [quoted_id], latest=False) if quoted_id is not None else []
    return replace(scheduled_composer(card, form), quoted=quoted[0] if quoted else None)


def _drawn(form: Composer | None) -> str:
    if form is None:
        raise Forbidden(N_("Guests post only in their groups."))
    return render_template("posts/compose.html", compose=form, title=_("Change the post to come"))


def _page(refused: int = 0, error: DomainError | None = None) -> str:
    most = composer.settings_here().scheduled_max
    return render_template(
        "posts/scheduled.html",
        posts=queries.list_next(viewer(), most),
        zone=get_timezone(),
        month=coming_months.shown(request.args.get("month", "")),
        refused=refused,
        message=errors.sentence(error) if error else "",
    )
