"""Takes what somebody sends: counts, sniffs, re-encodes and stores it, before any row is made.

No transaction is open meanwhile: pictures take long, and SQLite has one writer.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

import puremagic

from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.media.active import require_passive
from intranet.media.images import (
    AVATAR_VARIANTS,
    HEADER_VARIANTS,
    POST_VARIANTS,
    PREVIEW_VARIANTS,
    SMALL_SIDE,
    Picture,
    re_encode,
)
from intranet.media.models import MediaKind
from intranet.media.storage import Storage

_CHUNK = 256 * 1024
PICTURE_TYPES = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/bmp",
    "image/x-ms-bmp",
    "image/avif",
)
# What a file is said to be when it is sent out again; everything else is bytes.
_KNOWN_TYPES = {
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".mp4": "video/mp4",
    ".mp3": "audio/mpeg",
}


# Documents that keep their type; sound and film are kept as bytes to download, and not played.
DOCUMENT_TYPES = tuple(
    dict.fromkeys(one for one in _KNOWN_TYPES.values() if not one.startswith(("video/", "audio/")))
)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """`max_bytes` of one file, `max_pixels` of one picture; whether office documents may hold
    macros."""

    max_bytes: int
    max_pixels: int
    macros: bool = False


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """What is on disk under `key`; `picture` is None for a file that is not a picture."""

    key: str
    kind: MediaKind
    file_name: str
    content_type: str
    size: int
    picture: Picture | None
    preview: tuple[int, int] | None = None  # pixels of a preview that came with it


def take(
    stream: BinaryIO,
    file_name: str,
    *,
    storage: Storage,
    limits: UploadLimits,
    preview: BinaryIO | None = None,
) -> StoredUpload:
    """Store a picture (re-encoded, without metadata) or a file (as it came), with the picture that
    is shown for it, if one is given. TooLarge, or Invalid when it is empty, a picture that cannot
    be read, or a file that would run something (`active`)."""
    name = clean_file_name(file_name)
    with storage.filling() as (key, folder):
        stored = _take_into(folder, key, stream, name, limits)
        if preview is None:
            return stored
        return replace(stored, preview=_take_preview(folder, preview, limits))


def take_preview(
    key: str, stream: BinaryIO, *, storage: Storage, limits: UploadLimits
) -> tuple[int, int]:
    """Store another small picture for what is kept under the key; gives its pixels. TooLarge or
    Invalid as `take`."""
    with storage.changing(key) as folder:
        return _take_preview(folder, stream, limits)


def _take_preview(folder: Path, stream: BinaryIO, limits: UploadLimits) -> tuple[int, int]:
    incoming = folder / "incoming"
    _receive(stream, incoming, limits.max_bytes)
    made = re_encode(incoming, folder, variants=PREVIEW_VARIANTS, max_pixels=limits.max_pixels)
    incoming.unlink()
    scale = min(1.0, SMALL_SIDE / max(made.width, made.height))
    return max(1, round(made.width * scale)), max(1, round(made.height * scale))


def _take_into(
    folder: Path, key: str, stream: BinaryIO, name: str, limits: UploadLimits
) -> StoredUpload:
    raw = folder / "original"
    size = _receive(stream, raw, limits.max_bytes)
    if sniff(raw, name) not in PICTURE_TYPES:
        require_passive(raw, name, macros=limits.macros)
        content_type = _KNOWN_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
        return StoredUpload(key, MediaKind.FILE, name, content_type, size, None)
    incoming = raw.rename(folder / "incoming")
    picture = re_encode(incoming, folder, variants=POST_VARIANTS, max_pixels=limits.max_pixels)
    incoming.unlink()
    return StoredUpload(
        key,
        MediaKind.IMAGE,
        name,
        picture.content_type,
        raw.stat().st_size,
        picture,
    )


def take_picture(
    stream: BinaryIO, *, storage: Storage, limits: UploadLimits
) -> tuple[str, int, int]:
    """Store a small picture alone, of what lies elsewhere; gives its key and its pixels. TooLarge
    or Invalid as `take`."""
    with storage.filling() as (key, folder):
        return key, *_take_preview(folder, stream, limits)


def take_avatar(stream: BinaryIO, *, storage: Storage, limits: UploadLimits) -> str:
    """Store a profile picture, cut square; gives its key. TooLarge or Invalid as `take`."""
    with storage.filling() as (key, folder):
        incoming = folder / "incoming"
        _receive(stream, incoming, limits.max_bytes)
        re_encode(incoming, folder, variants=AVATAR_VARIANTS, max_pixels=limits.max_pixels)
        incoming.unlink()
        return key


def take_header(stream: BinaryIO, *, storage: Storage, limits: UploadLimits) -> str:
    """Store the wide picture at the head of a profile, cut to three by one; gives its key.
    TooLarge or Invalid as `take`."""
    with storage.filling() as (key, folder):
        incoming = folder / "incoming"
        _receive(stream, incoming, limits.max_bytes)
        re_encode(incoming, folder, variants=HEADER_VARIANTS, max_pixels=limits.max_pixels)
        incoming.unlink()
        return key


def sniff(path: Path, name: str) -> str:
    """The content type that the bytes show, whatever the name says."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    try:
        found = puremagic.magic_string(head, name)
    except puremagic.PureError:
        return "application/octet-stream"
    return found[0].mime_type or "application/octet-stream"


def clean_file_name(name: str) -> str:
    """The last part of what the sender called it, without anything that could be a path, a
    control or a trick of direction; at most 120 characters with its ending kept."""
    name = PureWindowsPath(PurePosixPath(name).name).name
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    ).strip(". ")
    stem, suffix = Path(name).stem, Path(name).suffix[:20]
    return (stem[: 120 - len(suffix)] + suffix) or "file"


def _receive(stream: BinaryIO, path: Path, max_bytes: int) -> int:
    size = 0
    with path.open("wb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > max_bytes:
                message = N_("This file is larger than %(megabytes)s MB.")
                raise TooLarge(message, megabytes=max_bytes // 1024**2)
            file.write(chunk)
    if size == 0:
        raise Invalid(N_("This file is empty."))
    return size
