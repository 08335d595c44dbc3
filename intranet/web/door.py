"""The web door: everything a browser meets, in the order it is attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from intranet.settings import Settings
from intranet.web import (
    admin,
    admin_applications,  # noqa: F401  (adds pages to admin.bp)
    assets,
    auth,
    browsers,
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
    language,
    limits,
    media,
    mentions,
    notifications,
    oauth,
    people,
    post_marks,  # noqa: F401  (adds pages to posts.bp)
    posts,
    search,
    settings_applications,  # noqa: F401  (adds pages to settings.bp)
    tags,
    timelines,
)
from intranet.web import settings as settings_pages

csrf = CSRFProtect()


def register(
    app: Flask, settings: Settings, *, without_session: Collection[Blueprint] = ()
) -> None:
    """Attach sessions, protection, pages and error pages to the application. What hangs on the
    blueprints `without_session` is another door's: it knows its callers by other means, so that
    cookies, form tokens and the counters of this door are nothing to it."""
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
    gate.register(app, without_session={blueprint.name for blueprint in without_session})
    limits.register(app, settings)
    csrf.init_app(app)
    for blueprint in without_session:
        csrf.exempt(blueprint)
        limits.limiter.exempt(blueprint)
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
        posts.bp,
        mentions.bp,
        oauth.bp,
    ):
        app.register_blueprint(blueprint)
