"""Signed tickets in the addresses of pictures and files: each names the token it was made for.

What many programs are shown alike is drawn once, with blanks where the tickets belong, and filled
in for each token.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from flask import current_app, g
from itsdangerous import URLSafeSerializer

from intranet.mastodon.identity import access

# No text of anybody's can hold it: it is drawn anew for each process, and never shown.
_MARK = secrets.token_hex(16)
_BLANK = re.compile(rf"{_MARK}-(\d+)-")


class File(NamedTuple):
    """What a ticket opens."""

    kind: str
    key: str
    variant: str


def serializer() -> URLSafeSerializer:
    """Signs tickets, and reads them."""
    return URLSafeSerializer(str(current_app.secret_key), salt="mastodon-files")


def ticket_here(file: File) -> str:
    """The ticket for the program that asks now, or a blank within `blanks`."""
    blanks: list[File] | None = g.get("mastodon_blanks")
    if blanks is None:
        return ticket_of(access().token_id, file)
    if file not in blanks:
        blanks.append(file)
    return f"{_MARK}-{blanks.index(file)}-"


def ticket_of(token_id: int, file: File) -> str:
    """The ticket of this token."""
    made = serializer().dumps([token_id, *file])
    return made if isinstance(made, str) else made.decode("ascii")


@contextmanager
def blanks() -> Iterator[list[File]]:
    """Inside, what is drawn has blanks in the place of tickets: for these files."""
    files: list[File] = []
    g.mastodon_blanks = files
    try:
        yield files
    finally:
        del g.mastodon_blanks


@dataclass(frozen=True, slots=True)
class Form:
    """A text that was drawn with blanks; it is complete for one token when they are filled in."""

    parts: tuple[str, ...]  # text, number of a file, text ...
    files: tuple[File, ...]

    @classmethod
    def of(cls, text: str, files: list[File]) -> Form:
        """Take the text apart at its blanks."""
        return cls(tuple(_BLANK.split(text)) if files else (text,), tuple(files))

    def filled(self, token_id: int) -> str:
        """The text with the tickets of this token."""
        if not self.files:
            return self.parts[0]
        made = [ticket_of(token_id, file) for file in self.files]
        return "".join(
            made[int(part)] if number % 2 else part for number, part in enumerate(self.parts)
        )
