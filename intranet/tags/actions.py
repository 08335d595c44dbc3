"""Following hashtags and showing them on one's profile. Doing it twice changes nothing."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.text import Hashtag as Found
from intranet.kernel.text import canonical_hashtag, hashtags, normalise
from intranet.posts.models import Hashtag
from intranet.tags.models import FeaturedTag, TagFollow

MAX_FOLLOWED = 100  # of one person: the home reads each of them
MAX_FEATURED = 10
_LENGTH = 100


def canonical(raw: str) -> str:
    """The one name of a hashtag, written with or without its sign. Invalid under `name` for what
    is none."""
    return _read(raw).name


def _read(raw: str) -> Found:
    # As long as it was sent: what is cut would be another hashtag.
    text = normalise(raw.strip().removeprefix("#"))
    found = hashtags(f"#{text}") if len(text) <= _LENGTH else []
    name = canonical_hashtag(text)
    if len(found) != 1 or found[0].name != name or len(name) > _LENGTH:
        raise Invalid(
            fields={"name": N_("A hashtag is one word of letters and digits, such as #safety.")}
        )
    return found[0]


def follow(actor: Account, raw: str) -> None:
    """What is for everybody and carries the hashtag comes to the actor's home from now on, the
    older posts too. Invalid for what is no hashtag, and when there are too many."""
    found = _read(raw)
    if _count(TagFollow, actor) >= MAX_FOLLOWED and not _follows(actor, found.name):
        message = N_("You follow %(most)s hashtags, which is as many as one can.")
        raise Invalid(message, fields={"name": message}, most=MAX_FOLLOWED)
    insert_once(TagFollow, account_id=actor.id, hashtag_id=_row_of(found))


def unfollow(actor: Account, raw: str) -> None:
    """No longer."""
    hashtag = select(Hashtag.id).where(Hashtag.name == canonical(raw)).scalar_subquery()
    db.session.execute(
        delete(TagFollow)
        .where(TagFollow.account_id == actor.id, TagFollow.hashtag_id == hashtag)
        .execution_options(synchronize_session=False)
    )


def feature(actor: Account, raw: str) -> int:
    """Show the hashtag on the actor's profile; gives the id of the row. Invalid for what is no
    hashtag, and when there is no room."""
    found = _read(raw)
    # Two windows at once must not both find the last place free.
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    hashtag_id = _row_of(found)
    mine = (FeaturedTag.account_id == actor.id, FeaturedTag.hashtag_id == hashtag_id)
    there = db.session.scalar(select(FeaturedTag.id).where(*mine))
    if there is not None:
        return there
    if _count(FeaturedTag, actor) >= MAX_FEATURED:
        message = N_("A profile shows %(most)s hashtags at most.")
        raise Invalid(message, fields={"name": message}, most=MAX_FEATURED)
    insert_once(FeaturedTag, account_id=actor.id, hashtag_id=hashtag_id)
    return db.session.scalars(select(FeaturedTag.id).where(*mine)).one()


def unfeature(actor: Account, featured_id: int) -> None:
    """Show it no longer. NotFound for what the actor does not show."""
    gone = db.session.execute(
        delete(FeaturedTag)
        .where(FeaturedTag.id == featured_id, FeaturedTag.account_id == actor.id)
        .returning(FeaturedTag.id)
    ).first()
    if gone is None:
        raise NotFound


def _row_of(found: Found) -> int:
    """The id of the hashtag, which is made if nobody has written it yet."""
    insert_once(Hashtag, name=found.name, display=found.display)
    return db.session.scalars(select(Hashtag.id).where(Hashtag.name == found.name)).one()


def _follows(actor: Account, name: str) -> bool:
    return (
        db.session.scalar(
            select(TagFollow.id)
            .join(Hashtag, Hashtag.id == TagFollow.hashtag_id)
            .where(TagFollow.account_id == actor.id, Hashtag.name == name)
        )
        is not None
    )


def _count(model: type[TagFollow | FeaturedTag], actor: Account) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(model).where(model.account_id == actor.id)
        )
        or 0
    )
