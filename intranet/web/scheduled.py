"""Posts to come: the list of one's own, another time, publishing now, giving up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import gettext as _

from intranet.kernel.errors import DomainError, Invalid
from intranet.scheduled import actions, queries
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, errors
from intranet.web.identity import viewer
from intranet.web.post_extras import moment_of

bp = Blueprint("scheduled", __name__)


@bp.get("/scheduled")
def index() -> ResponseReturnValue:
    """The viewer's posts to come: what could not be published first, then what comes next."""
    return _page()


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


def _page(refused: int = 0, error: DomainError | None = None) -> str:
    most = composer.settings_here().scheduled_max
    return render_template(
        "posts/scheduled.html",
        posts=queries.list_next(viewer(), most),
        zone=get_timezone(),
        refused=refused,
        message=errors.sentence(error) if error else "",
    )
