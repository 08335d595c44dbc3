"""Files that would run something are not taken; what a browser could run is only downloaded."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from intranet.kernel.errors import Invalid
from intranet.media import uploads
from intranet.media.storage import Storage
from intranet.media.uploads import UploadLimits
from tests.browse import Browser
from tests.factories import Factory

LIMITS = UploadLimits(max_bytes=5_000_000, max_pixels=2_000_000)


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
VBA = "_VBA_PROJECT".encode("utf-16-le")
REFUSED = {
    "macros.docx": archive(**WORD, **{"word/vbaProject.bin": b"x"}),
    "sheet.xlsx": archive(**WORD, **{"xl/macrosheets/sheet1.xml": b"x"}),
    "text.odt": archive(**{"content.xml": b"<o/>", "Basic/Standard/Module1.xml": b"x"}),
    "named.docm": archive(**WORD),
    "old.xls": OLE + b"\0" * 3_000_000 + VBA,
    "setup.exe": b"MZ\x90\0",
    "setup.txt": b"MZ\x90\0 a program under another name",
    "tool": b"\x7fELF\x02\x01",
    "letter.pdf.lnk": b"L\0\0\0",
    "trick.hta. ": b"<html>",
    "all.zip": archive(**{"a/readme.txt": b"x", "a/setup.exe": b"x"}),
    "broken.zip": b"PK\x03\x04" + b"x" * 50,
    "form.pdf": b"%PDF-1.7\n1 0 obj << /S /JavaScript /JS (app.alert) >>",
    "start.pdf": b"%PDF-1.7\n" + b"x" * (1024 * 1024 - 12) + b"/Launch /F (cmd)",
    "object.rtf": b"{\\rtf1 {\\object{\\*\\objdata 01}}}",
}
TAKEN = {
    "plain.docx": archive(**WORD),
    "old.doc": OLE,
    "text.odt": archive(**{"content.xml": b"<o/>"}),
    "photos.zip": archive(**{"a.jpg": b"x", "web/app.js": b"x"}),
    "plan.pdf": b"%PDF-1.7\n1 0 obj << /Type /Catalog >>",
    "list.csv": b"a;b\n",
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_run_is_refused(name: str, tmp_path: Path) -> None:
    storage = Storage(tmp_path / "media")
    with pytest.raises(Invalid) as refused:
        uploads.take(io.BytesIO(REFUSED[name]), name, storage=storage, limits=LIMITS)
    assert "files" in refused.value.fields
    assert list(storage.keys()) == []


@pytest.mark.parametrize("name", TAKEN)
def test_what_only_is_read_is_taken(name: str, tmp_path: Path) -> None:
    storage = Storage(tmp_path / "media")
    taken = uploads.take(io.BytesIO(TAKEN[name]), name, storage=storage, limits=LIMITS)
    assert storage.path(taken.key, "original").read_bytes() == TAKEN[name]


def test_a_company_may_take_macros(tmp_path: Path) -> None:
    limits = UploadLimits(max_bytes=5_000_000, max_pixels=2_000_000, macros=True)
    storage = Storage(tmp_path / "media")
    for name in ("macros.docx", "named.docm", "old.xls"):
        uploads.take(io.BytesIO(REFUSED[name]), name, storage=storage, limits=limits)
    with pytest.raises(Invalid):
        uploads.take(io.BytesIO(b"MZ"), "a.exe", storage=storage, limits=limits)


def test_an_archive_that_promises_too_much_is_not_read(tmp_path: Path) -> None:
    data = bytearray(archive(a=b"x"))
    at = data.rfind(b"PK\x05\x06")
    data[at + 10 : at + 12] = (60_000).to_bytes(2, "little")
    with pytest.raises(Invalid):
        uploads.take(io.BytesIO(data), "a.zip", storage=Storage(tmp_path / "media"), limits=LIMITS)


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_what_a_browser_could_run_is_only_downloaded(
    app: Flask, make: Factory, browse: Browser, name: str
) -> None:
    client = browse(make.account("ann"))
    sent = client.post("/media", data={"file": (io.BytesIO(TAKEN[name]), name)})
    assert sent.status_code == 201
    answer = client.get(f"/media/{sent.json['key']}/original")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    refused = client.post("/media", data={"file": (io.BytesIO(b"MZ"), "setup.exe")})
    assert refused.status_code == 422
