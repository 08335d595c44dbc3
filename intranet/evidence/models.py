"""The ledger: what was published, to whom, and who acknowledged it. Rows are only ever added."""

import datetime as dt

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.db import Base, IdPk


class EvidenceEntry(Base):
    """One fact in the chain of one subject. `hash` is over `previous_hash` and the other columns
    in the canonical form that the verifier rebuilds. The database refuses changes (triggers)."""

    __tablename__ = "evidence_entry"
    id: Mapped[IdPk]
    # The announcement. No foreign key: the ledger outlives what it tells of.
    subject_id: Mapped[int] = mapped_column(BigInteger)
    sequence: Mapped[int]  # 1, 2, 3 ... within the subject
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(BigInteger)  # whom it is about, if anybody
    payload: Mapped[str] = mapped_column(Text)  # canonical JSON
    previous_hash: Mapped[str] = mapped_column(String(64))  # 64 zeros for the first
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]

    __table_args__ = (Index(None, "subject_id", "sequence", unique=True),)
