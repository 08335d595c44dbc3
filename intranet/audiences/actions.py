"""Stores rules as audiences."""

from __future__ import annotations

from intranet.accounts.models import Account
from intranet.audiences.models import Audience, AudienceField, AudienceTerm
from intranet.audiences.rules import AudienceRule
from intranet.db import db


def store(rule: AudienceRule, owner: Account, name: str | None = None) -> Audience:
    """A new audience with this rule; with a name its owner finds it again."""
    audience = Audience(name=name, owner_id=owner.id)
    db.session.add(audience)
    db.session.flush()
    for field, values in rule.terms():
        for value in values:
            is_group = field is AudienceField.GROUP
            db.session.add(
                AudienceTerm(
                    audience_id=audience.id,
                    field=field,
                    value="" if is_group else str(value),
                    group_id=value if is_group else None,
                )
            )
    db.session.flush()
    return audience
