"""What kind of answer the caller can use."""

from flask import request


def wants_fragment() -> bool:
    """Whether htmx asked for a piece of a page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


def wants_page() -> bool:
    """Whether a person looks at a whole page: neither a fragment nor JSON was asked for."""
    if wants_fragment() or request.headers.get("Sec-Fetch-Dest") == "empty":
        return False
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "text/html"
