"""What the viewer saved, and the folders that they put it into."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.posts.queries import card, get_visible_original
from intranet.saved import actions, queries
from intranet.saved.models import SavedFolder
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, home
from intranet.web.identity import viewer

bp = Blueprint("saved", __name__)

_NEW = "new"


@home.bp.get("/saved")
def saved() -> ResponseReturnValue:
    """The viewer's bookmarks."""
    return _saved(None)


def _saved(folder_id: int | None) -> ResponseReturnValue:
    folders = queries.own_folders(viewer())
    return home.drawn(
        Timeline(Kind.SAVED, "" if folder_id is None else str(folder_id)),
        folders=folders,
        folder=next((one for one in folders if one.id == folder_id), None),
    )


@bp.get("/saved/folders/<int:folder_id>")
def show(folder_id: int) -> ResponseReturnValue:
    """What lies in a folder of the viewer's."""
    return _saved(queries.get_own(viewer(), folder_id).id)


@bp.post("/saved/folders")
def create() -> ResponseReturnValue:
    """A new folder; on to it."""
    try:
        with unit_of_work():
            made = actions.create(viewer(), request.form.get("name", "")).id
    except Invalid as error:
        return _refused(None, error)
    return _see(made)


@bp.post("/saved/folders/<int:folder_id>/rename")
def rename(folder_id: int) -> ResponseReturnValue:
    """Call it something else."""
    try:
        with unit_of_work():
            folder = queries.get_own(viewer(), folder_id, lock=True)
            actions.rename(viewer(), folder, request.form.get("name", ""))
    except Invalid as error:
        return _refused(folder_id, error)
    flash(_("Saved."))
    return _see(folder_id)


@bp.post("/saved/folders/<int:folder_id>/delete")
def delete(folder_id: int) -> ResponseReturnValue:
    """The folder is gone; its posts stay saved."""
    with unit_of_work():
        actions.delete_folder(viewer(), queries.get_own(viewer(), folder_id, lock=True))
    flash(_("The folder is deleted. What lay in it is still saved."))
    return redirect(url_for("home.saved"), 303)


@bp.get("/posts/<int:post_id>/folder")
def choose(post_id: int) -> ResponseReturnValue:
    """Asks into which folder the post goes."""
    return _form(post_id, {})


def _form(post_id: int, problems: Mapping[str, str]) -> str:
    post = card(viewer(), get_visible_original(viewer(), post_id).id)
    return render_template(
        "saved/choose.html",
        post=post,
        folders=queries.own_folders(viewer()),
        chosen=queries.folders_of(viewer(), [post.id]).get(post.id),
        typed=request.form.get("name", ""),
        errors=problems,
    )


@bp.post("/posts/<int:post_id>/folder")
def put(post_id: int) -> ResponseReturnValue:
    """Save the post in the folder of the form: one that is there, a new one, or none."""
    try:
        with unit_of_work():
            post = get_visible_original(viewer(), post_id, lock=True)
            folder = _chosen()
            actions.put(viewer(), post, folder)
            name = folder.name if folder is not None else None
    except Invalid as error:
        return _form(post_id, errors.field_sentences(error)), error.status
    if name is None or folder is None:
        flash(_("It is saved, in no folder."))
        return redirect(url_for("home.saved"), 303)
    flash(_("It is saved in “%(name)s”.", name=name))
    return _see(folder.id)


def _chosen() -> SavedFolder | None:
    raw = request.form.get("folder", "")
    if raw == _NEW:
        return actions.create(viewer(), request.form.get("name", ""))
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= MAX_ID):
        raise NotFound
    return queries.get_own(viewer(), int(raw), lock=True)


def _refused(folder_id: int | None, error: Invalid) -> ResponseReturnValue:
    """The form alone, as it was sent, with what to mend."""
    page = render_template(
        "saved/folder.html",
        action=url_for("saved.create")
        if folder_id is None
        else url_for("saved.rename", folder_id=folder_id),
        name=request.form.get("name", ""),
        errors=errors.field_sentences(error),
    )
    return page, error.status


def _see(folder_id: int) -> ResponseReturnValue:
    return redirect(url_for("saved.show", folder_id=folder_id), 303)
