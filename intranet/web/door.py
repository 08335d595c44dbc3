"""The web door: everything a browser meets, in the order it is attached."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from intranet.settings import Settings
from intranet.web import assets, chrome, errors, health, identity, language, media

csrf = CSRFProtect()


def register(app: Flask, settings: Settings) -> None:
    """Attach sessions, protection, pages and error pages to the application."""
    app.config.update(
        SESSION_COOKIE_NAME="parvis",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # SameSite and the token suffice; proxies strip Referer
    )
    csrf.init_app(app)
    identity.register(app)
    language.register(app, settings)
    assets.register(app)
    chrome.register(app, settings)
    errors.register(app)
    for blueprint in (health.bp, media.bp):
        app.register_blueprint(blueprint)
