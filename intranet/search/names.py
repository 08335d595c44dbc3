"""Names that were typed nearly right: by the trigrams that they share, in plain tables, so that
no extension of a database is needed. Few names are typed, and each holds few trigrams."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Select, delete, func, insert, select

from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.events import NameChanged, PlaceChanged
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.chips import GroupChip, chip_of
from intranet.groups.events import GroupNamed
from intranet.groups.models import Group
from intranet.kernel.text import fold
from intranet.search import analysis
from intranet.search.models import AccountGram, GroupGram
from intranet.tasks.actions import enqueue

INDEX_NAMES = "search.index_names"
_AT_ONCE = 2_000
_SHARED = 0.35  # of what was typed; afterwards the names themselves are compared
_ALIKE = 0.7
_LOOKED_AT = 60
_SHORTEST = 3


def account_changed(event: NameChanged | PlaceChanged) -> None:
    """Somebody new, or with another name."""
    index_accounts([event.account_id])


def group_changed(event: GroupNamed) -> None:
    """A new group, or one with another name."""
    index_groups([event.group_id])


def grams_of(*names: str) -> set[str]:
    """The trigrams of every word, its beginning and its end told apart from its middle."""
    words = (analysis.stem(word, analysis.PLAIN) for one in names for word in _words(one))
    return {
        padded[place : place + 3]
        for padded in (f" {word} " for word in words)
        for place in range(len(padded) - 2)
    }


def index_accounts(ids: Collection[int]) -> None:
    """Bring the trigrams of these accounts in step."""
    rows = db.session.execute(
        select(Account.id, Account.display_name, Account.handle).where(Account.id.in_(ids))
    ).all()
    _replace(AccountGram, "account_id", ids, rows)


def index_groups(ids: Collection[int]) -> None:
    """Bring the trigrams of these groups in step."""
    rows = db.session.execute(select(Group.id, Group.name).where(Group.id.in_(ids))).all()
    _replace(GroupGram, "group_id", ids, rows)


def _replace(model: Any, key: str, ids: Collection[int], rows: Iterable[Any]) -> None:
    db.session.execute(
        delete(model)
        .where(getattr(model, key).in_(ids))
        .execution_options(synchronize_session=False)
    )
    made = [
        {"gram": gram, key: row.id} for row in rows for gram in sorted(grams_of(*map(str, row[1:])))
    ]
    if made:
        db.session.execute(insert(model), made)


def index_rest(payload: dict[str, Any]) -> None:
    """A task: the names of some accounts, and with the last of them those of all groups."""
    after = index_after(int(payload.get("after", 0)))
    if after is not None:
        enqueue(INDEX_NAMES, {"after": str(after)})


def index_after(after: int) -> int | None:
    """Index the names of the next accounts; gives the id to go on from, None at the end, where
    the groups are done as well."""
    ids = db.session.scalars(
        select(Account.id).where(Account.id > after).order_by(Account.id).limit(_AT_ONCE)
    ).all()
    if ids:
        index_accounts(ids)
    if len(ids) == _AT_ONCE:
        return ids[-1]
    groups = db.session.scalars(select(Group.id)).all()
    for start in range(0, len(groups), _AT_ONCE):
        index_groups(groups[start : start + _AT_ONCE])
    return None


def similar_accounts(
    viewer: Account, words: str, limit: int = 4, *, pages: bool = True
) -> tuple[AccountChip, ...]:
    """People, and `pages`, the viewer may see whose name is nearly this one, or whose initials
    these are: one statement."""
    kinds = list(AccountKind) if pages else [AccountKind.PERSON]
    seen = select_chips().where(
        account_policies.visible_to(viewer),
        Account.deactivated_at.is_(None),
        Account.kind.in_(kinds),
    )
    if letters := _initials_in(words):
        return _with_initials(seen, letters)[:limit]
    grams = _asked(words)
    if not grams:
        return ()
    close = _close(AccountGram.account_id, AccountGram.gram, grams)
    rows = db.session.execute(
        seen.join(close, close.c.id == Account.id)
        .order_by(close.c.shared.desc(), Account.id)
        .limit(_LOOKED_AT)
    ).all()
    found = [chip_from(row) for row in rows]
    alike = [(_likeness(words, f"{one.display_name} {one.handle}"), one) for one in found]
    return tuple(one for likeness, one in _best(alike) if likeness >= _ALIKE)[:limit]


def _initials_in(words: str) -> str:
    """Two letters, or three in capitals, as people sign with."""
    typed = words.strip()
    letters = typed.isalpha() and (len(typed) == 2 or (len(typed) == 3 and typed.isupper()))
    return fold(typed) if letters else ""


def _with_initials(seen: Select[Any], letters: str) -> tuple[AccountChip, ...]:
    """By name. Of a name of more parts the first and the last will do."""
    rows = db.session.execute(
        seen.where(
            Account.sort_name.startswith(letters[0], autoescape=True),
            Account.sort_name.contains(f" {letters[-1]}", autoescape=True),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(_LOOKED_AT)
    ).all()
    found = []
    for chip in map(chip_from, rows):
        firsts = "".join(fold(part)[:1] for part in re.findall(r"[^\W_]+", chip.display_name))
        if letters in (firsts, firsts[:1] + firsts[-1:]):
            found.append(chip)
    return tuple(found)


def similar_groups(viewer: Account, words: str, limit: int = 4) -> tuple[GroupChip, ...]:
    """The same of groups."""
    grams = _asked(words)
    if not grams:
        return ()
    close = _close(GroupGram.group_id, GroupGram.gram, grams)
    found = db.session.scalars(
        select(Group)
        .join(close, close.c.id == Group.id)
        .where(group_policies.visible_to(viewer))
        .order_by(close.c.shared.desc(), Group.id)
        .limit(_LOOKED_AT)
    )
    alike = [(_likeness(words, one.name), chip_of(one)) for one in found]
    return tuple(one for likeness, one in _best(alike) if likeness >= _ALIKE)[:limit]


def _asked(words: str) -> list[str]:
    if len(words.strip()) < _SHORTEST:
        return []
    return sorted(grams_of(words))[:40]


def _close(id_: Any, gram: Any, grams: list[str]) -> Any:
    shared = func.count()
    enough = max(2, round(len(grams) * _SHARED))
    return (
        select(id_.label("id"), shared.label("shared"))
        .where(gram.in_(grams))
        .group_by(id_)
        .having(shared >= enough)
        .subquery()
    )


def _best(alike: list[tuple[float, Any]]) -> list[tuple[float, Any]]:
    return sorted(alike, key=lambda one: -one[0])


def _likeness(typed: str, name: str) -> float:
    """How much every word that was typed is like some word of the name, the least of them."""
    theirs = [fold(word) for word in _words(name)]
    mine = [fold(word) for word in _words(typed)]
    if not theirs or not mine:
        return 0.0
    return min(
        max(SequenceMatcher(None, word, other, autojunk=False).ratio() for other in theirs)
        for word in mine
    )


def _words(name: str) -> list[str]:
    return analysis.words_of(name.replace(".", " ").replace("_", " "))[:12]
