"""Saved searches and their alerts, and the searches that were remembered by themselves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.errors import Invalid
from intranet.search import saved
from intranet.search.models import Alert
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer

bp = Blueprint("saved_searches", __name__)


def _page(**problems: str) -> str:
    return render_template(
        "search/saved.html",
        saved=saved.list_saved(viewer()),
        form=request.form,
        errors=problems,
        alerts=tuple(Alert),
    )


@bp.get("/search/saved")
def index() -> ResponseReturnValue:
    """The viewer's saved searches, and the form of a new one."""
    return _page()


@bp.post("/search/saved")
def create() -> ResponseReturnValue:
    """Keep a question (fields `q`, `name`, `alert`)."""
    form = request.form
    try:
        with unit_of_work():
            kept = saved.save(
                viewer(), form.get("name", ""), form.get("q", ""), form.get("alert", "")
            )
    except Invalid as error:
        return _page(**errors.field_sentences(error)), error.status
    flash(_("Saved as “%(name)s”.", name=kept.name))
    return redirect(url_for("saved_searches.index"), 303)


@bp.get("/search/saved/<int:saved_id>")
def show(saved_id: int) -> ResponseReturnValue:
    """What it finds now, the newest first: where an alert leads."""
    kept = saved.get(viewer(), saved_id)
    # `in` is a word of Python's, so it cannot be written as an argument.
    asked: dict[str, Any] = {"q": kept.query, "in": "posts", "sort": "newest"}
    return redirect(url_for("search.show", **asked), 303)


@bp.post("/search/saved/<int:saved_id>")
def update(saved_id: int) -> ResponseReturnValue:
    """Another name or alert (fields `name`, `alert`)."""
    form = request.form
    try:
        with unit_of_work():
            kept = saved.get(viewer(), saved_id)
            saved.change(viewer(), kept, form.get("name", ""), form.get("alert", ""))
    except Invalid as error:
        return _page(**errors.field_sentences(error)), error.status
    flash(_("Saved."))
    return redirect(url_for("saved_searches.index"), 303)


@bp.post("/search/saved/<int:saved_id>/delete")
def delete(saved_id: int) -> ResponseReturnValue:
    """It is gone, with its alert and its feed."""
    with unit_of_work():
        saved.remove(viewer(), saved_id)
    flash(_("The search is no longer saved."))
    return redirect(url_for("saved_searches.index"), 303)


@bp.post("/search/recent")
def remember() -> ResponseReturnValue:
    """Remember that the viewer looked for this (field `q`): the page of what was found says so,
    since reading it changes nothing."""
    with unit_of_work():
        saved.remember(viewer(), request.form.get("q", ""))
    return "", 204


@bp.post("/search/recent/forget")
def forget() -> ResponseReturnValue:
    """Forget what the viewer looked for."""
    with unit_of_work():
        saved.forget_recent(viewer())
    flash(_("Forgotten."))
    return redirect(url_for("search.show"), 303)
