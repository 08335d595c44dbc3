"""A viewer whose id is a parameter.

Building a large statement costs SQLAlchemy many times what running it costs the database. The hot
reads therefore build theirs once for each kind of viewer, from policies that are given a Reader in
the viewer's place, and pass the viewer's id with each execution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BigInteger, bindparam

from intranet.accounts.models import Account
from intranet.db import db

READER_ID = bindparam("reader_id", type_=BigInteger)


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
    def as_viewer(self) -> Account:
        """The same, for policies, which are written for accounts."""
        return cast(Account, self)


def reader_of(viewer: Account) -> Reader:
    """The kind of reader a viewer is."""
    return Reader(viewer.is_guest, viewer.moderates, db.session.get_bind().dialect.name)
