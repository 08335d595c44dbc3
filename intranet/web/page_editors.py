"""Who speaks for a page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.pages import editors as editing
from intranet.pages import queries
from intranet.pages.models import PageRole
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer
from intranet.web.pages import around, bp, see


def _editors_page(handle: str, problems: dict[str, str]) -> str:
    page = queries.get_visible(viewer(), handle)
    return render_template(
        "pages/editors.html",
        editors=editing.list_editors(viewer(), page),
        form={"handle": request.form.get("handle", "")[:80], "role": request.form.get("role", "")},
        errors=problems,
        **around(page),
    )


def _role() -> PageRole:
    try:
        return PageRole(request.form.get("role", ""))
    except ValueError:
        raise Invalid(fields={"role": N_("Choose one of these.")}) from None


@bp.get("/pages/<handle>/editors")
def editors(handle: str) -> ResponseReturnValue:
    """Who has which role: for those who have one, and for administrators."""
    return _editors_page(handle, {})


@bp.post("/pages/<handle>/editors")
def add_editor(handle: str) -> ResponseReturnValue:
    """Give the colleague behind a handle a role, or the form again."""
    try:
        with unit_of_work():
            page = queries.get_visible(viewer(), handle)
            added = editing.add(viewer(), page, request.form.get("handle", "")[:200], _role())
    except Invalid as error:
        return _editors_page(handle, errors.field_sentences(error)), error.status
    flash(_("%(name)s has been told.", name=added.display_name))
    return see(handle.lower(), "pages.editors")


@bp.post("/pages/<handle>/editors/<editor>/role")
def set_editor_role(handle: str, editor: str) -> ResponseReturnValue:
    """Give an editor another role."""
    with unit_of_work():
        page = queries.get_visible(viewer(), handle)
        editing.set_role(viewer(), page, editor, _role())
    return see(handle.lower(), "pages.editors")


@bp.post("/pages/<handle>/editors/<editor>/remove")
def remove_editor(handle: str, editor: str) -> ResponseReturnValue:
    """Take a role away, or give one's own up."""
    with unit_of_work():
        page = queries.get_visible(viewer(), handle)
        editing.remove(viewer(), page, editor)
    if editor.lower() == viewer().handle:
        return redirect(url_for("pages.show", handle=handle.lower()), 303)
    return see(handle.lower(), "pages.editors")
