"""Reads what the folder transport kept: for administrators, while mail goes to a folder."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import moment_of

_SHOWN = 80
_LONGEST_TEXT = 200_000
_HEADERS = (
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Content-Language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the folder, from its headers."""

    id: int
    subject: str
    recipient: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """One message, to be read: plain text only, nothing of it is drawn as HTML."""

    kept: Kept
    headers: tuple[tuple[str, str], ...]
    text: str
    parts: tuple[str, ...]  # names or types of what travels with the text


def list_kept(actor: Account, path: Path) -> list[Kept]:
    """The newest messages of the folder, at most 80."""
    require_may_administer(actor)
    ids = sorted(
        (int(file.stem) for file in path.glob("*.eml") if file.stem.isdecimal()), reverse=True
    )
    return [_kept(id_, _read(path, id_)) for id_ in ids[:_SHOWN]]


def read(actor: Account, path: Path, id_: int) -> KeptMessage:
    """One message of the folder; NotFound when there is none."""
    require_may_administer(actor)
    message = _read(path, id_)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    headers = tuple((name, str(message[name])) for name in _HEADERS if message[name] is not None)
    parts = tuple(
        part.get_filename() or part.get_content_type()
        for part in message.walk()
        if not part.is_multipart() and part is not body
    )
    return KeptMessage(_kept(id_, message), headers, text[:_LONGEST_TEXT], parts)


def _read(path: Path, id_: int) -> EmailMessage:
    try:
        raw = (path / f"{id_}.eml").read_bytes()
    except OSError:
        raise NotFound from None
    return email.message_from_bytes(raw, policy=email.policy.default)


def _kept(id_: int, message: EmailMessage) -> Kept:
    date = message["Date"]
    at = getattr(date, "datetime", None) if date is not None else None
    return Kept(id_, str(message["Subject"] or ""), str(message["To"] or ""), at or moment_of(id_))
