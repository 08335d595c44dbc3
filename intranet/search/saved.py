"""What somebody keeps of searches: the last ones by themselves, others by name, with an alert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import id_at
from intranet.kernel.messages import N_
from intranet.kernel.text import UnsuitableName, clean_name
from intranet.search import parsing
from intranet.search.models import Alert, RecentSearch, SavedSearch

RECENT = 10  # of one person
MOST = 30  # saved searches of one person
MOST_ALERTS = 10  # of them that tell by themselves
NAME_LIMIT = 60
INTERVALS = {
    Alert.AT_ONCE: dt.timedelta(minutes=1),
    Alert.DAILY: dt.timedelta(days=1),
    Alert.WEEKLY: dt.timedelta(days=7),
}


def remember(actor: Account, query: str) -> None:
    """Keep what was looked for as the newest of RECENT. Invalid for what asks for nothing and for
    what is too long."""
    question = parsing.read(query)
    if not question:
        raise Invalid(fields={"q": N_("Say what to look for.")})
    if len(query) > parsing.LONGEST:
        raise Invalid(fields={"q": N_("That is too long.")})
    text = question.text
    now = utc_now()
    kept = db.session.execute(
        update(RecentSearch)
        .where(RecentSearch.account_id == actor.id, RecentSearch.query == text)
        .values(searched_at=now)
        .returning(RecentSearch.id)
    ).all()
    if kept:
        return
    insert_once(RecentSearch, account_id=actor.id, query=text, searched_at=now)
    rest = (
        select(RecentSearch.id)
        .where(RecentSearch.account_id == actor.id)
        .order_by(RecentSearch.searched_at.desc(), RecentSearch.id.desc())
        .limit(1_000)
        .offset(RECENT)
    )
    db.session.execute(
        delete(RecentSearch)
        .where(RecentSearch.id.in_(rest))
        .execution_options(synchronize_session=False)
    )


def is_fresh(actor: Account, text: str) -> bool:
    """This is what the actor looked for last, so that nothing has to be remembered."""
    newest = recent(actor, 1)
    return bool(newest) and newest[0] == text


def recent(actor: Account, limit: int = RECENT) -> Sequence[str]:
    """What the actor looked for, newest first."""
    return db.session.scalars(
        select(RecentSearch.query)
        .where(RecentSearch.account_id == actor.id)
        .order_by(RecentSearch.searched_at.desc(), RecentSearch.id.desc())
        .limit(limit)
    ).all()


def forget_recent(actor: Account) -> None:
    """Nothing of it is kept."""
    db.session.execute(
        delete(RecentSearch)
        .where(RecentSearch.account_id == actor.id)
        .execution_options(synchronize_session=False)
    )


def list_saved(actor: Account) -> Sequence[SavedSearch]:
    """The actor's saved searches by name."""
    return db.session.scalars(
        select(SavedSearch)
        .where(SavedSearch.account_id == actor.id)
        .order_by(func.lower(SavedSearch.name), SavedSearch.id)
        .limit(MOST)
    ).all()


def get(actor: Account, saved_id: int) -> SavedSearch:
    """One of them; NotFound unless it is the actor's."""
    saved = db.session.scalar(
        select(SavedSearch).where(SavedSearch.id == saved_id, SavedSearch.account_id == actor.id)
    )
    if saved is None:
        raise NotFound
    return saved


def save(actor: Account, name: str, query: str, alert: str) -> SavedSearch:
    """Keep a question. Invalid for one without a name, one that asks for nothing, one that
    cannot be read whole, and beyond MOST. Only what is posted from now on makes an alert."""
    problems: dict[str, str] = {}
    text = " ".join(query.split())
    question = parsing.read(text)
    if not question:
        problems["query"] = N_("Say what to look for.")
    elif len(text) > parsing.LONGEST:
        problems["query"] = N_("That is too long.")
    elif question.problems:
        problems["query"] = N_("Part of this search cannot be read. Mend it before you save it.")
    if not name.strip():
        name = text[:NAME_LIMIT]
    kept = _name(name, problems)
    wanted = _alert(alert, problems)
    if problems:
        raise Invalid(fields=problems)
    _count(actor, wanted)
    now = utc_now()
    saved = SavedSearch(
        account_id=actor.id,
        name=kept,
        query=text,
        alert=wanted,
        seen_id=id_at(now),
        due_at=_due(wanted, now),
    )
    db.session.add(saved)
    db.session.flush()
    return saved


def change(actor: Account, saved: SavedSearch, name: str, alert: str) -> None:
    """Another name, or another alert. At another pace it goes on from where it has told: nothing
    is told twice or left out. A search that told nothing begins with what comes now."""
    problems: dict[str, str] = {}
    kept, wanted = _name(name, problems), _alert(alert, problems)
    if problems:
        raise Invalid(fields=problems)
    saved.name = kept
    if wanted is not saved.alert:
        now = utc_now()
        if saved.alert is Alert.NEVER:
            _count(actor, wanted, more=0)
            saved.seen_id = id_at(now)
        saved.alert, saved.due_at = wanted, _due(wanted, now)
    db.session.flush()


def remove(actor: Account, saved_id: int) -> None:
    """It is gone, with its alert; NotFound unless it is the actor's."""
    db.session.delete(get(actor, saved_id))
    db.session.flush()


def _due(alert: Alert, now: dt.datetime) -> dt.datetime | None:
    return now + INTERVALS[alert] if alert in INTERVALS else None


def _name(raw: str, problems: dict[str, str]) -> str:
    try:
        return clean_name(raw[:1000], limit=NAME_LIMIT)
    except UnsuitableName as error:
        problems["name"] = str(error)
        return ""


def _alert(raw: str, problems: dict[str, str]) -> Alert:
    try:
        return Alert(raw or Alert.NEVER)
    except ValueError:
        problems["alert"] = N_("Choose one of these.")
        return Alert.NEVER


def _count(actor: Account, wanted: Alert, more: int = 1) -> None:
    """Invalid when the actor has as many as there may be."""
    # One after another: of two that save at once both must count the other.
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    all_of_them, alerts = db.session.execute(
        select(func.count(), func.count(SavedSearch.due_at)).where(
            SavedSearch.account_id == actor.id
        )
    ).one()
    if all_of_them + more > MOST:
        raise Invalid(
            fields={"name": N_("You have %(limit)s saved searches. Remove one first.")}, limit=MOST
        )
    if wanted is not Alert.NEVER and alerts >= MOST_ALERTS:
        raise Invalid(
            fields={"alert": N_("%(limit)s of your searches tell you already. Silence one first.")},
            limit=MOST_ALERTS,
        )
