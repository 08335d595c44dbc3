"""The composition root: reads top to bottom as the list of what the product is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from intranet.api import door as api  # noqa: F401  (adds routes to the programs' door)
from intranet.db import db
from intranet.db.engine import options_for, prepare
from intranet.hooks import door as hooks
from intranet.live import handlers, socket  # noqa: F401  (handlers attach themselves)
from intranet.mastodon import door as mastodon
from intranet.public import door as public_door
from intranet.public import feeds, files, short_links, site  # noqa: F401  (add to the public door)
from intranet.settings import Settings, load_settings
from intranet.timelines import limits
from intranet.web import door

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The application for these settings (the environment's when None). `overrides` are Flask
    configuration, for tests."""
    settings = settings or load_settings()
    app = Flask(
        "intranet",
        root_path=str(ROOT / "intranet"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,  # web/assets.py serves static/, compressed and named by content
    )
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=options_for(settings.database_url),
        **overrides,
    )
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    app.extensions["intranet.settings"] = settings
    limits.configure(wide_stream=settings.wide_stream, home_kept=settings.home_kept)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    socket.register(app, settings)
    public_door.register(app)
    door.register(app, settings, without_session=(public_door.bp, mastodon.bp, hooks.bp))
    mastodon.register(app, settings)
    hooks.register(app)
    return app
