"""The built front end: names by content, kept by browsers for ever, compressed beforehand.

`tools/frontend/build.mjs` writes static/dist and its manifest; this module only reads them.
"""

import json
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

DIST = Path(__file__).resolve().parent.parent.parent / "static" / "dist"
# Copied by the build from a package; drawn with by web/evidence_pdf.py.
FONTS = (
    "DejaVuSansCondensed.ttf",
    "DejaVuSansCondensed-Bold.ttf",
    "DejaVuSerif-Bold.ttf",
    "DejaVuSansMono.ttf",
)
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_UNKNOWN = "application/octet-stream"
_FOREVER = "public, max-age=31536000, immutable"


@dataclass
class Manifest:
    """What the build made. Read once: a template asks for it at every icon."""

    folder: Path
    _names: dict[str, str] = field(default_factory=dict)

    def built_name(self, source: str) -> str:
        """The built file of a source; the source's own name while nothing has been built."""
        if not self._names:
            path = self.folder / "manifest.json"
            if not path.is_file():
                return source
            self._names = json.loads(path.read_text(encoding="utf-8"))
        return self._names.get(source, source)


def register(app: Flask, folder: Path = DIST) -> None:
    """Serve /static and give templates `asset_url("css/app.css")`."""
    app.extensions["intranet.assets"] = Manifest(folder)
    app.add_url_rule("/static/<path:name>", "static", show)
    app.jinja_env.globals["asset_url"] = asset_url


def asset_url(source: str) -> str:
    """Where the browser finds the file that static/`source` became."""
    manifest: Manifest = current_app.extensions["intranet.assets"]
    return f"/static/{manifest.built_name(source)}"


def font_files() -> dict[str, Path]:
    """Where the built font files are, by their own names: what is drawn on paper needs them."""
    manifest: Manifest = current_app.extensions["intranet.assets"]
    return {name: manifest.folder / manifest.built_name(f"fonts/{name}") for name in FONTS}


def show(name: str) -> Response:
    """One built file, in the smallest encoding that the browser takes."""
    folder: Path = current_app.extensions["intranet.assets"].folder
    path = safe_join(str(folder), name)
    if path is None or name.endswith((".br", ".gz", "manifest.json")):
        raise NotFound
    file, encoding = _smallest(path)
    if not _is_there(file):
        raise NotFound
    response = Response(file.read_bytes(), mimetype=mimetypes.guess_type(name)[0] or _UNKNOWN)
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = _FOREVER
    return response


def _smallest(path: str) -> tuple[Path, str | None]:
    accepted = request.accept_encodings
    for encoding, suffix in _ENCODINGS:
        file = Path(path + suffix)
        if accepted[encoding] and _is_there(file):
            return file, encoding
    return Path(path), None


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name that no file can have, such as one of thousands of letters
        return False
