"""Looks into files that are kept as they came, for what would run when a colleague opens them.

This is no virus scanner: it refuses what carries a program by its kind (executables, scripts,
macros, scripts in PDF), in a time that grows with the size of the file. What a browser could run
(HTML, SVG) is taken, and only ever sent as bytes to download.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

_PROGRAMS = N_("This file is a program, or holds one. It is not taken.")
_MACROS = N_("This document holds macros. Save it without them and send it again.")
_SCRIPTS = N_(
    "This document holds scripts or starts programs. Print it to a new PDF and send that."
)
_DAMAGED = N_("This archive cannot be read.")

# Endings that a system starts at a double click.
_ENDINGS = """
app appimage bat chm cmd com cpl deb dll dmg exe gadget hta iso jar js jse lnk msc msi msix msp pif
pkg ps1 psm1 reg rpm scf scr sys url vbe vbs vhd vhdx ws wsc wsf wsh xll
"""
_STARTED = frozenset(f".{ending}" for ending in _ENDINGS.split())
# Of those what nobody packs for its source.
_STARTED_IN_ARCHIVES = frozenset(
    {".com", ".cpl", ".exe", ".hta", ".jar", ".lnk", ".msi", ".pif", ".scr", ".vbe", ".vbs"}
)
_MACRO_ENDINGS = frozenset(
    {".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam"}
)
_PROGRAM_HEADS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
)  # fmt: skip
_ZIP, _OLE, _PDF, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf"
_MOST_ENTRIES = 10_000
_CHUNK, _OVERLAP = 1024 * 1024, 64
_OLE_MACROS = re.compile("_VBA_PROJECT".encode("utf-16-le"))
_PDF_SCRIPTS = re.compile(rb"/JavaScript\b|/Launch\b")
_RTF_OBJECTS = re.compile(rb"\\objdata\b|\\objupdate\b")


def require_passive(path: Path, name: str, *, macros: bool = False) -> None:
    """Invalid under `files` when the file would run something; with `macros` those of office
    documents are let through."""
    with path.open("rb") as file:
        head = file.read(1024)
    if _ending(name) in _STARTED or head.startswith(_PROGRAM_HEADS):
        raise _refused(_PROGRAMS)
    if not macros and (_ending(name) in _MACRO_ENDINGS or _has_macros(path, head)):
        raise _refused(_MACROS)
    if head.startswith(_ZIP) and any(
        _ending(inner) in _STARTED_IN_ARCHIVES for inner in _names_in(path)
    ):
        raise _refused(_PROGRAMS)
    if (_PDF in head and _found(path, _PDF_SCRIPTS)) or (
        head.startswith(_RTF) and _found(path, _RTF_OBJECTS)
    ):
        raise _refused(_SCRIPTS)


def _has_macros(path: Path, head: bytes) -> bool:
    if head.startswith(_OLE):
        return _found(path, _OLE_MACROS)
    if not head.startswith(_ZIP):
        return False
    names = _names_in(path)
    is_office = any(inner in ("[Content_Types].xml", "content.xml") for inner in names)
    return is_office and any(_is_macro(inner) for inner in names)


def _is_macro(inner: str) -> bool:
    low = inner.lower()
    return (
        low.endswith(("vbaproject.bin", "vbadata.xml"))
        or "/macrosheets/" in low
        or low.startswith(("basic/", "scripts/"))
    )


def _names_in(path: Path) -> list[str]:
    """The names of an archive's entries; nothing is unpacked."""
    try:
        if _entries_said(path) > _MOST_ENTRIES:
            raise _refused(_DAMAGED)
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise _refused(_DAMAGED) from None


def _entries_said(path: Path) -> int:
    """How many entries the end of the archive promises, before they are all read."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[at + 10 : at + 12], "little") if at >= 0 else 0


def _found(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Whether the pattern is somewhere in the file, read piece by piece."""
    return any(pattern.search(piece) for piece in _pieces(path))


def _pieces(path: Path) -> Iterable[bytes]:
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield before + chunk
            before = chunk[-_OVERLAP:]


def _ending(name: str) -> str:
    return PurePosixPath(name.rstrip(". ")).suffix.lower()


def _refused(message: str) -> Invalid:
    return Invalid(message, fields={"files": message})
