"""Whole addresses of pages, for letters: from the settings, never from a request's Host."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app

from intranet.settings import Settings


def settings_here() -> Settings:
    """The settings of this application."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


def absolute(endpoint: str, **values: object) -> str:
    """The whole address of a page, as `url_for` gives its path."""
    base = urlsplit(settings_here().base_url)
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)
