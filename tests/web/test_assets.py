"""The built front end is named by content, sent compressed, and kept by browsers."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.web import assets


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A small site with one built style sheet and one picture."""
    dist = tmp_path / "dist"
    (dist / "css").mkdir(parents=True)
    (dist / "css" / "app-1a2b.css").write_text("body{}")
    (dist / "css" / "app-1a2b.css.br").write_bytes(b"brotli")
    (dist / "css" / "app-1a2b.css.gz").write_bytes(b"gzipped")
    (dist / "photo-3c.png").write_bytes(b"png")
    (dist / "manifest.json").write_text(json.dumps({"css/app.css": "css/app-1a2b.css"}))
    (tmp_path / "secret.txt").write_text("secret")
    app = Flask(__name__, static_folder=None)
    assets.register(app, dist)
    return app.test_client()


def test_a_source_has_the_address_of_what_was_built(client: FlaskClient) -> None:
    with client.application.app_context():
        assert assets.asset_url("css/app.css") == "/static/css/app-1a2b.css"
        assert assets.asset_url("css/other.css") == "/static/css/other.css"


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"gzipped"),
        ("identity", None, b"body{}"),
        ("br;q=0, gzip;q=0", None, b"body{}"),
    ],
)
def test_the_best_encoding_that_the_browser_takes(
    client: FlaskClient, accepted: str, encoding: str | None, body: bytes
) -> None:
    response = client.get("/static/css/app-1a2b.css", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert response.data == body
    assert response.mimetype == "text/css"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    ["nothing.css", "../secret.txt", "%2e%2e/secret.txt", "manifest.json", "css/app-1a2b.css.br",
     "x" * 5_000, "a%00b"],
)  # fmt: skip
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    response = client.get(f"/static/{path}", headers={"Accept-Encoding": "br"})
    assert response.status_code == 404
    assert "max-age" not in response.headers.get("Cache-Control", "")
