"""Administration of the directory of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.applications import actions, context, queries
from intranet.applications.drafts import ApplicationDraft
from intranet.applications.models import Application
from intranet.audiences import queries as audiences
from intranet.audiences import rules
from intranet.audiences.rules import AudienceRule
from intranet.kernel.errors import Invalid
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, pictures
from intranet.web.admin import bp
from intranet.web.announcement_forms import sent_audience
from intranet.web.audience_words import audience_words
from intranet.web.auth import settings_here
from intranet.web.identity import viewer
from intranet.web.language import current_language

_FACETS = ("department", "site", "role", "employment", "language", "group")
_WORDS = ("name_en", "name_fr", "description_en", "description_fr", "icon", "start_url")


def _draft() -> ApplicationDraft:
    form = request.form
    return ApplicationDraft(
        **{name: form.get(name, "") for name in _WORDS}, inside=bool(form.get("inside"))
    )


def _rule() -> AudienceRule | None:
    chosen = {name: set(request.form.getlist(name)) for name in _FACETS}
    rule, saved = sent_audience(request.form.get("audience", "everyone"), chosen)
    if saved is not None:
        return rules.read(audiences.get_saved(viewer(), saved).id)
    return rule


def _form_page(
    form: Mapping[str, Any],
    app: Application | None = None,
    error: Invalid | None = None,
) -> str:
    return render_template(
        "admin/directory_form.html",
        app=app,
        form=form,
        chosen={name: set(request.form.getlist(name)) for name in _FACETS},
        kept=audience_words(viewer(), app.audience_id) if app is not None else "",
        facets=audiences.facets(viewer()),
        audience=context.audience_of(settings_here().base_url, app.slug) if app else "",
        errors=errors.field_sentences(error) if error is not None else {},
    )


@bp.get("/directory")
def directory() -> ResponseReturnValue:
    """Every application, those that are turned off too."""
    apps = [
        (app, audience_words(viewer(), app.audience_id))
        for app in queries.list_all(viewer(), current_language())
    ]
    return render_template("admin/directory.html", apps=apps)


@bp.get("/directory/new")
def new_app() -> ResponseReturnValue:
    """The form of a new application."""
    return _form_page({"audience": "everyone", "inside": True})


@bp.post("/directory")
def add_app() -> ResponseReturnValue:
    """A new application, or the form again."""
    try:
        with unit_of_work():
            name = actions.create(viewer(), _draft(), _rule() or AudienceRule()).name_en
    except Invalid as error:
        return _form_page(request.form, None, error), error.status
    flash(_("%(name)s is in the directory.", name=name))
    return redirect(url_for("admin.directory"), 303)


@bp.get("/directory/<slug>")
def edit_app(slug: str) -> ResponseReturnValue:
    """The form of an application."""
    app = queries.get(viewer(), slug)
    form = {name: getattr(app, name) for name in _WORDS}
    return _form_page(form | {"inside": app.inside, "audience": "keep"}, app)


@bp.post("/directory/<slug>")
def save_app(slug: str) -> ResponseReturnValue:
    """Change an application, or give the form again."""
    try:
        with unit_of_work():
            actions.edit(viewer(), queries.get(viewer(), slug), _draft(), _rule())
    except Invalid as error:
        return _form_page(request.form, queries.get(viewer(), slug), error), error.status
    flash(_("Saved."))
    return redirect(url_for("admin.directory"), 303)


@bp.post("/directory/<slug>/picture")
def set_app_picture(slug: str) -> ResponseReturnValue:
    """Show an uploaded picture (field `picture`) instead of the emoji."""
    queries.get(viewer(), slug)  # before anything is stored
    key = pictures.sent_square("picture")
    if key is not None:
        with unit_of_work():
            actions.set_picture(viewer(), queries.get(viewer(), slug), key)
        flash(_("Saved."))
    return redirect(url_for("admin.edit_app", slug=slug), 303)


@bp.post("/directory/<slug>/picture/remove")
def remove_app_picture(slug: str) -> ResponseReturnValue:
    """Back to the emoji or the initials."""
    with unit_of_work():
        actions.set_picture(viewer(), queries.get(viewer(), slug), None)
    flash(_("Saved."))
    return redirect(url_for("admin.edit_app", slug=slug), 303)


@bp.post("/directory/<slug>/disable")
def disable_app(slug: str) -> ResponseReturnValue:
    """Hide it from everybody."""
    with unit_of_work():
        actions.set_enabled(viewer(), queries.get(viewer(), slug), False)
    return redirect(url_for("admin.directory"), 303)


@bp.post("/directory/<slug>/enable")
def enable_app(slug: str) -> ResponseReturnValue:
    """Show it again."""
    with unit_of_work():
        actions.set_enabled(viewer(), queries.get(viewer(), slug), True)
    return redirect(url_for("admin.directory"), 303)


@bp.post("/directory/<slug>/delete")
def delete_app(slug: str) -> ResponseReturnValue:
    """Take it out of the directory."""
    with unit_of_work():
        actions.delete(viewer(), queries.get(viewer(), slug))
    flash(_("It is deleted."))
    return redirect(url_for("admin.directory"), 303)
