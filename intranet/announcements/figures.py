"""How far an announcement got, for who manages it."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from intranet.announcements.cards import ReachFigures
from intranet.announcements.models import Announcement, AnnouncementRecipient, RecipientOrigin
from intranet.db import db

# A site with fewer recipients than this is not shown: figures must not point at people.
SMALLEST_GROUP = 5
_SITES = 5
_row = AnnouncementRecipient


def figures_of(announcement: Announcement) -> ReachFigures:
    """Recipients, readers and who has done what is asked; exempted people left out: two
    statements."""
    counts = (_row.announcement_id == announcement.id, _row.exempted_at.is_(None))
    done = (
        and_(
            _row.acknowledged_revision.is_not(None),
            _row.acknowledged_revision >= announcement.revision,
        )
        if announcement.requires_acknowledgement
        else _row.read_at.is_not(None)
    )
    number = func.count(_row.account_id)
    total = db.session.execute(
        select(
            number,
            number.filter(_row.read_at.is_not(None)),
            number.filter(done),
            number.filter(_row.origin == RecipientOrigin.JOINER),
        ).where(*counts)
    ).one()
    sites = db.session.execute(
        select(_row.site, number, number.filter(done))
        .where(*counts, _row.site != "")
        .group_by(_row.site)
        .having(number >= SMALLEST_GROUP)
        .order_by(number.desc(), _row.site)
        .limit(_SITES)
    ).all()
    return ReachFigures(
        recipients=total[0],
        read=total[1],
        acknowledged=total[2],
        joiners=total[3],
        by_site=tuple((site, people, ready) for site, people, ready in sites),
    )
