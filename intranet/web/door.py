"""The web door: everything a browser meets, in the order it is attached."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from intranet.settings import Settings
from intranet.web import (
    admin,
    assets,
    auth,
    browsers,
    campaigns,
    cards,
    chrome,
    composer,
    converters,
    errors,
    gate,
    group_members,  # noqa: F401  (adds pages to groups.bp)
    group_settings,  # noqa: F401  (adds pages to groups.bp)
    groups,
    headers,
    health,
    home,
    identity,
    insights,
    language,
    limits,
    media,
    mentions,
    notifications,
    people,
    post_marks,  # noqa: F401  (adds pages to posts.bp)
    posts,
    search,
    tags,
    timelines,
)
from intranet.web import settings as settings_pages

csrf = CSRFProtect()


def register(app: Flask, settings: Settings) -> None:
    """Attach sessions, protection, pages and error pages to the application."""
    app.config.update(
        SESSION_COOKIE_NAME="parvis",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_REFRESH_EACH_REQUEST=False,  # ends when the row of the session does
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=settings.session_days),
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # SameSite and the token suffice; proxies strip Referer
    )
    converters.register(app)
    identity.register(app)
    gate.register(app)
    limits.register(app, settings)
    csrf.init_app(app)
    language.register(app, settings)
    assets.register(app)
    chrome.register(app, settings)
    headers.register(app, settings)
    notifications.register(app, settings)
    browsers.register(app)
    cards.register(app)
    composer.register(app)
    errors.register(app)
    for blueprint in (
        health.bp,
        people.bp,
        settings_pages.bp,
        admin.bp,
        auth.bp,
        media.bp,
        notifications.bp,
        home.bp,
        timelines.bp,
        tags.bp,
        search.bp,
        groups.bp,
        campaigns.bp,
        insights.bp,
        posts.bp,
        mentions.bp,
    ):
        app.register_blueprint(blueprint)
