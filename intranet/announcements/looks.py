"""Who has looked at the names, and who has taken them away: a chain of its own in the ledger.

It stands beside the announcement's chain (under the negative of its id), so that looking does not
change what is looked at: the same state gives the same export. Opening the list is told once a
person and day, so that the chain grows with people and days, not with clicks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, select

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement
from intranet.db import db
from intranet.evidence import ledger
from intranet.evidence.models import EvidenceEntry
from intranet.kernel.clock import utc_now

_DAY = dt.timedelta(days=1)


def chain_of(announcement: Announcement) -> int:
    """The subject of the chain of looks."""
    return -announcement.id


def is_look_due(viewer: Account, announcement: Announcement) -> bool:
    """Whether the viewer's look at the names is not told of today yet: worth a transaction."""
    return not db.session.scalar(
        select(
            exists().where(
                EvidenceEntry.subject_id == chain_of(announcement),
                EvidenceEntry.kind == "report_opened",
                EvidenceEntry.account_id == viewer.id,
                EvidenceEntry.at > utc_now() - _DAY,
            )
        )
    )


def opened(viewer: Account, announcement: Announcement) -> None:
    """The viewer has opened the list of names."""
    if is_look_due(viewer, announcement):
        ledger.append(chain_of(announcement), "report_opened", account_id=viewer.id, payload={})


def exported(viewer: Account, announcement: Announcement, form: str, seal: str) -> None:
    """The viewer has taken the names away, in this form (csv, pdf, json), under this seal."""
    ledger.append(
        chain_of(announcement),
        "exported",
        account_id=viewer.id,
        payload={"form": form, "seal": seal},
    )
