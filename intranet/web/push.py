"""Notifications on devices: the page that turns them on, and the worker of browsers."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from intranet.kernel.ids import MAX_ID
from intranet.push import actions
from intranet.push.actions import DeviceDraft
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web.assets import Manifest
from intranet.web.identity import viewer
from intranet.web.interruptions import notifications_page
from intranet.web.wants import wants_fragment

bp = Blueprint("push", __name__)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


@bp.get("/settings/notifications")
def show() -> str:
    """When and how the viewer is told: hours, letters, levels, this browser and other devices."""
    return notifications_page()


@bp.post("/settings/notifications/device")
def subscribe() -> ResponseReturnValue:
    """Tell this browser what happens, as long as its session lives: `endpoint`, `p256dh`, `auth`
    as its push service gave them. 204, or 422."""
    form = request.form
    draft = DeviceDraft(
        endpoint=form.get("endpoint", ""),
        p256dh=form.get("p256dh", ""),
        auth=form.get("auth", ""),
        trusted_hosts=_settings().push_hosts,
    )
    with unit_of_work():
        actions.subscribe_session(viewer(), current_user.session_id, draft)
    return "", 204


@bp.post("/settings/notifications/device/remove")
def unsubscribe() -> ResponseReturnValue:
    """Tell this browser nothing any more."""
    with unit_of_work():
        actions.unsubscribe_session(current_user.session_id)
    return ("", 204) if wants_fragment() else redirect(url_for("push.show"), 303)


@bp.post("/settings/notifications/devices/<int:subscription_id>/remove")
def forget(subscription_id: int) -> ResponseReturnValue:
    """Tell one of the viewer's devices nothing any more."""
    with unit_of_work():
        actions.forget_device(viewer(), min(subscription_id, MAX_ID))
    return redirect(url_for("push.show"), 303)


@bp.get("/sw.js")
def worker() -> Response:
    """What browsers run to show push messages. It stands at the top, since a worker serves only
    what is below its own address, and is asked for anew each time it may have changed."""
    manifest: Manifest = current_app.extensions["intranet.assets"]
    file = manifest.folder / manifest.built_name("worker/sw.js")
    if not file.is_file():
        raise NotFound
    response = Response(file.read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response
