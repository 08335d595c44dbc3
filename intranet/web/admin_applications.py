"""Administration of applications: approved where the settings ask for it, turned off and on."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.pagination import Cursor
from intranet.oauth import apps, queries
from intranet.unit_of_work import unit_of_work
from intranet.web.admin import bp
from intranet.web.auth import settings_here
from intranet.web.identity import viewer
from intranet.web.oauth_words import wishes

_APPS = 40


@bp.get("/applications")
def applications() -> ResponseReturnValue:
    """Every application that registered, the newest first."""
    q = request.args.get("q", "").strip()[:120]
    cursor = Cursor.parse(request.args.get("before"), limit=_APPS)
    page = queries.registered(viewer(), q, cursor)
    return render_template(
        "admin/applications.html",
        page=page,
        q=q,
        wishes=wishes,
        only_approved=settings_here().oauth_apps == "approved",
    )


@bp.post("/applications/<int:app_id>/approve")
def approve_application(app_id: int) -> ResponseReturnValue:
    """Let people use it, where applications need approval."""
    with unit_of_work():
        app = apps.approve(viewer(), app_id)
    flash(_("%(name)s may be used now.", name=app.name))
    return redirect(url_for("admin.applications"), 303)


@bp.post("/applications/<int:app_id>/disable")
def disable_application(app_id: int) -> ResponseReturnValue:
    """Turn it off for everybody."""
    with unit_of_work():
        app = apps.disable(viewer(), app_id)
    flash(_("%(name)s is turned off for everybody.", name=app.name))
    return redirect(url_for("admin.applications"), 303)


@bp.post("/applications/<int:app_id>/enable")
def enable_application(app_id: int) -> ResponseReturnValue:
    """Turn it on again."""
    with unit_of_work():
        app = apps.enable(viewer(), app_id)
    flash(_("%(name)s is turned on again.", name=app.name))
    return redirect(url_for("admin.applications"), 303)
