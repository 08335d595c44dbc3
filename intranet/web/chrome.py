"""What surrounds every page: brand, assets, the viewer. (First version.)"""

from __future__ import annotations

import secrets

from flask import Flask, g, url_for

from intranet.settings import Settings
from intranet.web.identity import viewer_or_none


def _csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def register(app: Flask, settings: Settings) -> None:
    """Give every template the brand, the viewer and the addresses of built files."""
    app.jinja_env.globals.update(
        brand=settings.brand,
        asset_url=lambda name: f"/static/{name}",
        csp_nonce=_csp_nonce,
        url_for=url_for,
    )
    app.context_processor(lambda: {"viewer": viewer_or_none()})
