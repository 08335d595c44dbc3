"""The product with a bare Flask beside it in the same server: what an answer of the same size
costs without any work. `/bench/bare/SIZE` gives SIZE bytes of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Flask, Response

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

bare = Flask("bare")


@cache
def _text(size: int) -> str:
    return ("parvis " * (size // 7 + 1))[:size]


@bare.get("/bench/bare/<int:size>")
def show(size: int) -> Response:
    """So many bytes."""
    return Response(_text(size), mimetype="text/html")


def beside(product: Flask) -> Flask:
    """The product, with the bare application answering under /bench."""
    inner: Wsgi = product.wsgi_app

    def dispatch(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/bench/"):
            return bare(environ, start)
        return inner(environ, start)

    product.wsgi_app = dispatch  # type: ignore[method-assign]
    return product
