"""Adds facts to the ledger: one chain of hashes a subject, in the caller's transaction.

Nothing is ever changed or taken out; triggers in the database refuse it. Whoever appends to a
chain waits for the one who did before until that transaction has ended, so that a chain never
forks: on SQLite there is one writer anyhow, on PostgreSQL an advisory lock of the subject holds
the others back. (A row lock on the subject would meet the shared locks of its foreign keys, and
two who acknowledge at once would wait for each other.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text

from intranet.db import db
from intranet.evidence.models import EvidenceEntry
from intranet.evidence.verify import FIRST, canonical, entry_hash, iso, recipients_digest
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id

__all__ = ["KINDS", "Head", "append", "head", "recipients_digest"]

# What may stand in the ledger of an announcement.
KINDS = frozenset(
    {
        "published",
        "recipient",
        "text",
        "acknowledged",
        "exempted",
        "exemption_withdrawn",
        "deadline",  # another one than before
        "reminded",
        "withdrawn",
        "report_opened",
        "exported",
    }
)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many entries it has and the hash of the last one."""

    sequence: int
    hash: str


def head(subject_id: int) -> Head:
    """Where the chain of the subject ends now; of no entry: sequence 0 and 64 zeros."""
    row = db.session.execute(
        select(EvidenceEntry.sequence, EvidenceEntry.hash)
        .where(EvidenceEntry.subject_id == subject_id)
        .order_by(EvidenceEntry.sequence.desc())
        .limit(1)
    ).first()
    return Head(row.sequence, row.hash) if row else Head(0, FIRST)


def append(
    subject_id: int,
    kind: str,
    *,
    account_id: int | None = None,
    payload: Mapping[str, Any],
    at: dt.datetime | None = None,
) -> None:
    """Add one fact to the chain of the subject. `payload` holds strings, integers, booleans and
    lists and mappings of them (TypeError for anything else, ValueError for an unknown kind). It is
    there only if the caller's transaction commits, and keeps others off the chain until then."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of evidence: {kind}")
    _wait_for_turn(subject_id)
    last = head(subject_id)
    moment = (at or utc_now()).astimezone(dt.UTC)
    words = canonical(payload)
    sequence = last.sequence + 1
    db.session.execute(
        insert(EvidenceEntry).values(
            id=new_id(),
            subject_id=subject_id,
            sequence=sequence,
            kind=kind,
            account_id=account_id,
            payload=words,
            previous_hash=last.hash,
            hash=entry_hash(last.hash, sequence, subject_id, kind, account_id, iso(moment), words),
            at=moment,
        )
    )


def _wait_for_turn(subject_id: int) -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:subject)"), {"subject": subject_id})
