"""What every answer tells the browser not to do, and that it travels compressed."""

from __future__ import annotations

from flask import Flask, Response, g
from flask_compress import Compress

from intranet.settings import Settings
from intranet.web.chrome import csp_nonce


def register(app: Flask, settings: Settings) -> None:
    """Add the headers, unless a view has set a stricter one of its own."""
    # SameSite cookies keep foreign pages from measuring answers, so that lengths tell nobody.
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault(
        "COMPRESS_MIMETYPES", ["text/html", "application/json", "application/atom+xml"]
    )
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    Compress(app)
    # Old browsers do not count a socket to our own address as 'self'.
    socket = settings.base_url.replace("http", "ws", 1)
    fixed = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    }
    if settings.secure:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; "
            f"script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; img-src 'self' data:; "
            f"media-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self' {socket}; "
            f"form-action 'self'{g.get('form_target', '')}{g.get('frame_source', '')}; "
            "frame-ancestors 'none'; base-uri 'none'",
        )
        if response.mimetype == "text/html" and not response.cache_control.public:
            # Kept by the browser for going back, never by anything between, asked anew otherwise.
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.vary.update(("Cookie", "HX-Request"))
        return response
