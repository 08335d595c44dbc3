"""The applications that somebody let act for them: seen, and taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.errors import NotFound
from intranet.oauth import queries, tokens
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer
from intranet.web.oauth_words import wishes
from intranet.web.settings import bp


@bp.get("/settings/applications")
def applications() -> ResponseReturnValue:
    """What acts for the viewer, what it may do, and when it last did."""
    allowed = [(app, wishes(app.scopes)) for app in queries.allowed_by(viewer())]
    return render_template("settings/applications.html", allowed=allowed)


@bp.post("/settings/applications/<int:app_id>/revoke")
def revoke_application(app_id: int) -> ResponseReturnValue:
    """Take back everything that the viewer allowed one application."""
    with unit_of_work():
        if not tokens.revoke_app(viewer(), app_id):
            raise NotFound
    flash(_("The application can no longer act for you."))
    return redirect(url_for("settings.applications"), 303)
