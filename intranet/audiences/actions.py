"""Writes on audiences: storing a rule, and keeping it under a name."""

from __future__ import annotations

from sqlalchemy import delete as sql_delete
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from intranet.accounts.models import Account
from intranet.audiences import queries
from intranet.audiences.models import Audience, AudienceField, AudienceTerm
from intranet.audiences.rules import AudienceRule
from intranet.db import db
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import UnsuitableName, clean_name

NAME_LENGTH = 120
_MOST_TERMS = 200


def store(rule: AudienceRule, owner: Account, name: str | None = None) -> Audience:
    """Keep a rule, under a name if it is to be used again. Invalid under `groups` when it names a
    group whose members the owner may not see."""
    values = [(field, value) for field, chosen in rule.terms() for value in dict.fromkeys(chosen)]
    if len(values) > _MOST_TERMS:
        raise Invalid(fields={"audience": N_("That is too much to choose from at once.")})
    wanted = {value for field, value in values if field is AudienceField.GROUP}
    if wanted - queries.readable_groups(owner, wanted):
        raise Invalid(fields={"audience": N_("One of the groups is not there any more.")})
    audience = Audience(
        id=new_id(), name=_clean(name) if name is not None else None, owner_id=owner.id
    )
    db.session.add(audience)
    db.session.flush()
    rows = [
        {
            "id": new_id(),
            "audience_id": audience.id,
            "field": field,
            "value": "" if field is AudienceField.GROUP else value,
            "group_id": value if field is AudienceField.GROUP else None,
        }
        for field, value in values
    ]
    if rows:
        db.session.execute(insert(AudienceTerm), rows)
    return audience


def rename(owner: Account, audience_id: int, name: str) -> None:
    """Give a saved rule another name. NotFound unless it is the owner's."""
    queries.get_saved(owner, audience_id).name = _clean(name)
    db.session.flush()


def delete(owner: Account, audience_id: int) -> None:
    """Forget a saved rule. Conflict when something was made for it. NotFound unless it is the
    owner's."""
    audience = queries.get_saved(owner, audience_id)
    try:
        with db.session.begin_nested():
            db.session.delete(audience)
    except IntegrityError:
        raise Conflict(N_("This audience is in use, so it has to stay.")) from None


def forget_unused(audience_id: int) -> None:
    """Remove a rule that was made for one thing only, unless something else is for it too."""
    try:
        with db.session.begin_nested():
            db.session.execute(
                sql_delete(Audience)
                .where(Audience.id == audience_id, Audience.name.is_(None))
                .execution_options(synchronize_session=False)
            )
    except IntegrityError:
        return


def _clean(name: str) -> str:
    if len(name) > 10 * NAME_LENGTH:
        raise Invalid(fields={"save_as": N_("The name is too long.")})
    try:
        return clean_name(name, limit=NAME_LENGTH)
    except UnsuitableName as reason:
        raise Invalid(fields={"save_as": str(reason)}) from None
