"""The evidence of an announcement as one document: what the verifier reads, and under whose seal
the CSV and the PDF stand. The same state gives the same document, byte for byte."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementText
from intranet.announcements.reports import PersonState, everybody
from intranet.announcements.texts import content_of_text
from intranet.db import db
from intranet.evidence.models import EvidenceEntry
from intranet.evidence.verify import FIRST, FORMAT, canonical, iso, seal_of, totals_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """The document and what is told of it in print. `people` is everybody it was for."""

    document: dict[str, Any]
    people: list[PersonState]

    @property
    def seal(self) -> str:
        """The fingerprint of the whole document."""
        return str(self.document["seal"])

    @property
    def head(self) -> str:
        """The hash of the last entry."""
        return str(self.document["head"]["hash"])

    @property
    def entries(self) -> int:
        """How many entries the chain has."""
        return int(self.document["head"]["sequence"])

    @property
    def totals(self) -> dict[str, int]:
        """What the entries come to, as the verifier counts them."""
        return dict(self.document["totals"])

    def as_json(self) -> str:
        """The file: canonical in its values, one entry a line, so that people can read it too."""
        parts = []
        for name, value in sorted(self.document.items()):
            if name in ("entries", "texts"):
                inner = ",\n".join(canonical(one) for one in value)
                parts.append(f"{json.dumps(name)}:[\n{inner}\n]")
            else:
                parts.append(f"{json.dumps(name)}:{canonical(value)}")
        return "{\n" + ",\n".join(parts) + "\n}\n"


def evidence_of(announcement: Announcement) -> Evidence:
    """Everything, in four statements. For whom `reportable.get_named` lets through."""
    entries = [
        {
            "sequence": row.sequence,
            "kind": row.kind,
            "account": None if row.account_id is None else str(row.account_id),
            "at": iso(row.at),
            "payload": json.loads(row.payload),
            "previous": row.previous_hash,
            "hash": row.hash,
        }
        for row in db.session.execute(
            select(*EvidenceEntry.__table__.columns)
            .where(EvidenceEntry.subject_id == announcement.id)
            .order_by(EvidenceEntry.sequence)
        )
    ]
    texts = db.session.scalars(
        select(AnnouncementText)
        .where(AnnouncementText.announcement_id == announcement.id)
        .order_by(AnnouncementText.language, AnnouncementText.version)
    ).all()
    people = everybody(announcement)
    told = _published(entries)
    document: dict[str, Any] = {
        "format": FORMAT,
        "announcement": {"id": str(announcement.id), "voice": _voice(announcement)},
        "texts": [
            {
                "language": text.language,
                "version": text.version,
                "revision": text.revision,
                "content_hash": text.content_hash,
                "content": content_of_text(text),
            }
            for text in texts
            if (text.language, text.version) in told
        ],
        "people": {
            str(one.account.id): {
                "name": one.account.display_name,
                "handle": one.account.handle,
                "department": one.department,
                "site": one.site,
            }
            for one in people
        },
        "entries": entries,
        "totals": totals_of(entries),
        "head": {"sequence": len(entries), "hash": entries[-1]["hash"] if entries else FIRST},
    }
    document["seal"] = seal_of(document)
    return Evidence(document, people)


def _published(entries: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """The texts that the ledger knows of: an announcement may have had drafts before."""
    told: set[tuple[str, int]] = set()
    for entry in entries:
        texts = entry["payload"]["texts"] if entry["kind"] == "published" else ()
        if entry["kind"] == "text":
            texts = (entry["payload"],)
        told.update((text["language"], text["version"]) for text in texts)
    return told


def _voice(announcement: Announcement) -> str:
    speaker = announcement.page_id or announcement.author_id
    return db.session.scalar(select(Account.display_name).where(Account.id == speaker)) or ""
