"""Making and closing campaigns and short links, and counting who follows them."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from intranet.accounts.models import Account
from intranet.campaigns import policies
from intranet.campaigns.models import Campaign, LinkDay, TrackedLink
from intranet.campaigns.queries import MOST_LINKS
from intranet.campaigns.targets import clean_target, subject_of
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_

# Read aloud and typed from paper: nothing that looks like something else.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_CODE_LENGTH = 7
_TRIES = 20
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """A link as it was asked for; `label` says where it will be put."""

    target: str
    label: str = ""


def create(actor: Account, page_id: int | None, name: str) -> Campaign:
    """A new campaign of a page, or of the organisation (None)."""
    policies.require_may_run(actor, page_id)
    campaign = Campaign(page_id=page_id, name=_clean("name", name), created_by_id=actor.id)
    db.session.add(campaign)
    db.session.flush()
    return campaign


def add_link(actor: Account, campaign: Campaign, draft: LinkDraft, *, origin: str) -> TrackedLink:
    """A new short link; `origin` is this site's own address. Conflict in a closed campaign."""
    policies.require_may_run(actor, campaign.page_id)
    if campaign.closed_at is not None:
        raise Conflict(N_("This campaign is closed."))
    target = clean_target(draft.target, origin)
    label = _clean("label", draft.label) if draft.label.strip() else ""
    own = select(func.count()).where(TrackedLink.campaign_id == campaign.id)
    if (db.session.scalar(own) or 0) >= MOST_LINKS:
        raise Conflict(N_("This campaign has as many links as one can hold."))
    subject = subject_of(target)
    for _ in range(_TRIES):
        link_id, code = new_id(), _fresh_code()
        if insert_once(
            TrackedLink,
            id=link_id,
            campaign_id=campaign.id,
            code=code,
            target=target,
            label=label,
            announcement_id=subject.announcement_id,
            event_id=subject.event_id,
            post_id=subject.post_id,
            created_by_id=actor.id,
            created_at=utc_now(),
        ):
            return db.session.get_one(TrackedLink, link_id)
    raise RuntimeError("no free code was found")


def close(actor: Account, campaign: Campaign) -> None:
    """The campaign's links lead nowhere from now on; what was counted stays."""
    policies.require_may_run(actor, campaign.page_id)
    campaign.closed_at = campaign.closed_at or utc_now()


def close_link(actor: Account, campaign: Campaign, link: TrackedLink) -> None:
    """One link leads nowhere from now on."""
    policies.require_may_run(actor, campaign.page_id)
    link.closed_at = link.closed_at or utc_now()


def count_click(link_id: int, day: dt.date, clicks: int = 1) -> None:
    """One more, or several, on that day; of two at once none is lost, on both databases."""
    insert = (
        postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    row = insert(LinkDay).values(link_id=link_id, day=day, clicks=clicks)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[LinkDay.link_id, LinkDay.day],
            set_={"clicks": LinkDay.clicks + row.excluded.clicks},
        )
    )


def _fresh_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def _clean(field: str, raw: str) -> str:
    try:
        clean = text.clean_name(raw, limit=_LONGEST_NAME)
    except text.UnsuitableName as error:
        raise Invalid(fields={field: str(error)}) from None
    if len(clean) > _LONGEST_NAME:
        raise Invalid(fields={field: N_("The name is too long.")})
    return clean
