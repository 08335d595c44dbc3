"""A viewer whose id is a parameter.

Building a large statement costs SQLAlchemy many times what running it costs the database. The hot
reads therefore build theirs once for each kind of viewer, from policies that are given a Reader in
the viewer's place, and pass the viewer's id with each execution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BigInteger, Select, bindparam, exists, literal_column, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.together import ForEach, Together

READER_ID = bindparam("reader_id", type_=BigInteger)
HOME_FROM = bindparam("home_from", type_=BigInteger)


@dataclass(frozen=True, slots=True)
class Reader:
    """Stands for every viewer of a kind, in one kind of database. A policy that asks for more
    than this fails loudly."""

    is_guest: bool
    moderates: bool
    dialect: str

    @property
    def id(self) -> Any:
        """The parameter that holds the viewer's id: `reader_id` when the statement is executed."""
        return READER_ID

    @property
    def home_from(self) -> Any:
        """Where the viewer's home begins: the parameter `home_from`."""
        return HOME_FROM

    @property
    def as_viewer(self) -> Account:
        """The same, for policies, which are written for accounts."""
        return cast(Account, self)


def reader_of(viewer: Account) -> Reader:
    """The kind of reader a viewer is."""
    return Reader(viewer.is_guest, viewer.moderates, db.session.get_bind().dialect.name)


_EACH = Account.__table__.alias("each_reader")
_EACH_IDS = bindparam("each_ids", type_=BigInteger, expanding=True)
# A bare name, which no part of a rule can take for a table of its own: it is found around it.
_EACH_ID = literal_column("each_reader.id", BigInteger)
_EACH_HOME_FROM = literal_column("each_reader.home_from", BigInteger)


class EachReader(Reader):
    """Stands for every one of several viewers of a kind, of whom one statement asks: see
    `for_each`."""

    __slots__ = ()

    @property
    def id(self) -> Any:
        """The id of the viewer whose turn it is."""
        return _EACH_ID

    @property
    def home_from(self) -> Any:
        """Where the home of that viewer begins."""
        return _EACH_HOME_FROM


def kinds_of(viewers: Iterable[Account]) -> dict[EachReader, list[Account]]:
    """The viewers by their kinds, of which there are a few."""
    dialect = db.session.get_bind().dialect.name
    found: dict[EachReader, list[Account]] = {}
    for viewer in viewers:
        kind = EachReader(viewer.is_guest, viewer.moderates, dialect)
        found.setdefault(kind, []).append(viewer)
    return found


def for_each(reads: Together) -> ForEach:
    """The reads, built for an EachReader, for the viewers `each_ids`: every rule is asked anew for
    each viewer, by the database."""
    return reads.for_each(_EACH, _EACH_IDS)


def those_for_whom(statement: Select[Any]) -> Select[int]:
    """The ids of those of the viewers `each_ids` to whom the statement, built for an EachReader,
    gives anything: it is asked anew for each of them, by the database."""
    gives = exists(statement.subquery().select())
    return select(_EACH.c.id).where(_EACH.c.id.in_(_EACH_IDS), gives)
