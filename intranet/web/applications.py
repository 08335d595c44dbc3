"""The applications of the organisation: found, and opened with a signed word about who opens."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from intranet.applications import context, queries
from intranet.applications.context import Opening
from intranet.applications.models import Application
from intranet.applications.queries import AppCard, card_of
from intranet.groups import queries as groups
from intranet.groups.membership import role_of
from intranet.kernel.errors import NotFound
from intranet.web.auth import settings_here
from intranet.web.chrome import csp_nonce
from intranet.web.identity import viewer
from intranet.web.language import current_language
from intranet.web.media import square_picture

bp = Blueprint("applications", __name__)

PARAMETER = "parvis_context"


@bp.get("/applications")
def index() -> ResponseReturnValue:
    """The applications that are for the viewer."""
    apps = queries.list_for(viewer(), current_language())
    return render_template("applications/index.html", apps=apps)


@bp.get("/applications/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One application inside Parvis; one that cannot stand in a frame is left to its own window."""
    app, card = _find(slug)
    if card.inside:
        # Of this page only, and for exactly this origin.
        g.frame_source = f"; frame-src {card.origin}"
    return render_template(
        "applications/show.html",
        app=card,
        address=_address(app) if card.inside else "",
        is_foreign=card.origin != settings_here().base_url,
        group=request.args.get("group", ""),
    ), {"Cache-Control": "no-store"}


@bp.get("/applications/pictures/<key>/<size>")
def picture(key: str, size: str) -> ResponseReturnValue:
    """The picture of an application that is for the viewer, `small` (96 px) or `large` (256 px)."""
    queries.require_picture_visible(viewer(), key)
    return square_picture(key, size)


@bp.get("/applications/<slug>/open")
def open_outside(slug: str) -> ResponseReturnValue:
    """Off to the application itself, in a window of its own."""
    app, _card = _find(slug)
    answer = redirect(_address(app), 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/applications/sample/page")
def sample() -> Response:
    """A small application that checks what it is opened with and shows it: an example, and a test
    of the way there. It knows nobody and nothing but what is in its address."""
    page = make_response(
        render_template("applications/sample.html", issuer=settings_here().base_url)
    )
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{csp_nonce()}'; style-src 'nonce-{csp_nonce()}'; "
        f"connect-src {settings_here().base_url}; frame-ancestors 'self'; base-uri 'none'; "
        "form-action 'none'; sandbox allow-scripts"
    )
    return page


def _find(slug: str) -> tuple[Application, AppCard]:
    app = queries.get_visible(viewer(), slug)
    return app, card_of(app, current_language())


def _address(app: Application) -> str:
    """The start address with the context in its fragment, which no server on the way sees."""
    settings = settings_here()
    opening = Opening(
        issuer=settings.base_url,
        audience=context.audience_of(settings.base_url, app.slug),
        application_id=app.id,
        account_id=viewer().id,
        name=viewer().display_name,
        locale=current_language(),
        theme=viewer().theme.value,
        group=_group(request.args.get("group", "")),
    )
    return f"{app.start_url}#{PARAMETER}={context.signed(opening, settings.secret_key)}"


def _group(slug: str) -> dict[str, str] | None:
    """The group that the application is opened for: one that the viewer belongs to."""
    if not slug:
        return None
    group = groups.get_readable(viewer(), slug)
    role = role_of(viewer(), group)
    if role is None:
        raise NotFound()
    return {"id": str(group.id), "name": group.name, "role": role.value}
