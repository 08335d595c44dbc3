"""What the report on paper says, before it is drawn by web/evidence_pdf.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """All that the report says, in the reader's language. Bars are (name, share in words, people,
    done); `page`
    has places for page and pages."""

    kicker: str
    title: str
    voice: str
    facts: list[tuple[str, str]]
    figures: list[tuple[str, str]]
    percent: int
    states_title: str
    states: list[tuple[str, int]]
    sections: list[tuple[str, list[tuple[str, str, int, int]]]]
    versions_title: str
    versions: list[tuple[str, str]]
    list_title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    zone: str
    proof_title: str
    proof: str
    proofs: list[tuple[str, str]]
    page: str
    fingerprint: str
    language: str
    as_of: dt.datetime
