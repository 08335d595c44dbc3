"""What somebody does about catching up: done, not yet, another weight."""

from __future__ import annotations

from collections.abc import Mapping

from intranet.accounts.models import Account
from intranet.catchup import spans
from intranet.catchup.models import CatchUp
from intranet.catchup.weights import checked
from intranet.db import db
from intranet.db.once import insert_once


def catch_up(actor: Account, until: int) -> None:
    """The actor is up to date with what has this id or a lower one. Again, or with an older id,
    changes nothing: a page that stayed open takes nothing back."""
    row = _row(actor)
    until = min(until, spans.now_id())
    if until > row.seen_until:
        row.before_that = spans.mark_of(actor, row)
        row.seen_until = until


def undo(actor: Account) -> None:
    """As before the last `catch_up`; once."""
    row = _row(actor)
    if row.before_that is not None:
        row.seen_until, row.before_that = row.before_that, None


def put_away(actor: Account) -> None:
    """Take the band off the home page until the next absence."""
    _row(actor).put_away_until = spans.now_id()


def weigh(actor: Account, wanted: Mapping[str, int]) -> None:
    """Let these features count so much for the actor; what is not named keeps its weight."""
    row = _row(actor)
    kept = {**row.weights, **wanted}
    row.weights = checked(kept)


def reset(actor: Account) -> None:
    """The usual weights again."""
    _row(actor).weights = {}


def _row(actor: Account) -> CatchUp:
    insert_once(CatchUp, account_id=actor.id, seen_until=0, put_away_until=0, weights={})
    return db.session.get_one(CatchUp, actor.id, with_for_update=True, populate_existing=True)
