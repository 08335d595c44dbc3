"""A group's settings, and its end."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.groups import actions, policies, queries
from intranet.groups.home import home
from intranet.groups.models import GroupCaller
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web.groups import bp, draft_from_form, see, words_for
from intranet.web.identity import viewer


@bp.get("/groups/<slug>/settings")
def settings(slug: str) -> ResponseReturnValue:
    """The form, for owners."""
    group = queries.get_visible(viewer(), slug)
    policies.require_is_owner(viewer(), group)
    form = {
        "name": group.name,
        "purpose": group.purpose,
        "about": group.about_source,
        "privacy": group.privacy.value,
        "called_by": group.called_by.value,
    }
    return render_template("groups/settings.html", group=home(viewer(), slug), form=form, errors={})


@bp.post("/groups/<slug>/settings")
def edit(slug: str) -> ResponseReturnValue:
    """Change name, purpose, about and privacy, or give the form again."""
    try:
        with unit_of_work():
            group = queries.get_visible(viewer(), slug)
            policies.require_is_owner(viewer(), group)
            actions.edit(viewer(), group, draft_from_form())
            if "called_by" in request.form:
                actions.set_caller(viewer(), group, _sent_caller())
    except Invalid as error:
        return _again(slug, error)
    flash(_("Saved."))
    return see(slug, "groups.settings")


@bp.post("/groups/<slug>/delete")
def delete(slug: str) -> ResponseReturnValue:
    """The end of the group; its name is asked for, since nothing brings it back."""
    try:
        with unit_of_work():
            group = queries.get_visible(viewer(), slug)
            policies.require_is_owner(viewer(), group)
            name = group.name
            if request.form.get("confirm", "").strip() != name:
                raise Invalid(fields={"confirm": N_("Type the group's name as it stands above.")})
            actions.delete(viewer(), group)
    except Invalid as error:
        return _again(slug, error)
    flash(_("%(name)s is deleted.", name=name))
    return redirect(url_for("groups.index"), 303)


def _sent_caller() -> GroupCaller:
    try:
        return GroupCaller(request.form["called_by"])
    except ValueError:
        raise Invalid(fields={"called_by": N_("Choose one of the three.")}) from None


def _again(slug: str, error: Invalid) -> ResponseReturnValue:
    group = queries.get_visible(viewer(), slug)
    form = {
        "name": group.name,
        "purpose": group.purpose,
        "about": group.about_source,
        "privacy": group.privacy.value,
        "called_by": group.called_by.value,
    } | request.form.to_dict()
    page = render_template(
        "groups/settings.html", group=home(viewer(), slug), form=form, errors=words_for(error)
    )
    return page, error.status
