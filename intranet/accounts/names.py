"""Which handles, e-mail addresses and names an account may have."""

from __future__ import annotations

import re
import unicodedata

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import UnsuitableName, clean_name, is_handle

_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*\.)*[a-z0-9-]*[a-z0-9]")

_MAX_RAW = 1000  # characters looked at, whatever was sent

_MAX_NAME = 120  # code points, what the column holds

# Nobody may pass for the product or for everyone.
_RESERVED = """
admin administrator all anonymous api channel everyone group groups guest here hr intranet login
me moderator nobody nouveau null parvis postmaster root support system team tous undefined user
www
"""
RESERVED = frozenset(_RESERVED.split())


def handle(raw: str, *, field: str = "handle") -> str:
    """The handle in its one form, lower case; Invalid under `field` when it cannot be one."""
    text = raw.strip().removeprefix("@").lower()
    if not is_handle(text) or text[0] in "_.-":
        raise Invalid(
            fields={
                field: N_(
                    "Use 2 to 64 of: letters without accents, digits, dot, hyphen, underscore. "
                    "Begin with a letter or digit."
                )
            }
        )
    if text in RESERVED:
        raise Invalid(fields={field: N_("That handle is kept for the system.")})
    return text


def email(raw: str, *, field: str = "email") -> str:
    """The address in lower case; Invalid under `field` when it does not look like one."""
    text = unicodedata.normalize("NFC", raw).strip().lower()
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise Invalid(fields={field: N_("Give an e-mail address such as ann@company.example.")})
    return text


def display_name(raw: str, *, field: str = "display_name") -> str:
    """The name people read; Invalid under `field` when it is empty, endless or imitates."""
    try:
        name = clean_name(raw[:_MAX_RAW], limit=100)
    except UnsuitableName as problem:
        raise Invalid(fields={field: str(problem)}) from None
    if len(name) > _MAX_NAME:
        raise Invalid(fields={field: N_("The name is too long.")})
    return name


def line(raw: str, *, field: str, most: int, required: bool = False) -> str:
    """One line of plain text: NFC, no control or invisible formatting characters, spaces single.
    Invalid under `field` when it is longer than `most`, or empty though required."""
    text = unicodedata.normalize("NFC", raw[: most * 8])
    text = "".join(
        " " if mark.isspace() else mark
        for mark in text
        if mark.isspace() or unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    text = " ".join(text.split())
    if required and not text:
        raise Invalid(fields={field: N_("This cannot be empty.")})
    if len(text) > most:
        raise Invalid(fields={field: N_("That is too long.")})
    return text
