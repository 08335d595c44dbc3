"""Whose timelines hold a post: asked for many viewers at once, when it is told to their programs.

It is the statement that makes a timeline's pages, narrowed to the one post, which the database asks
anew for each viewer: what a page would not show is not in it. (For homes it is `in_home`: those
that make the pages are deeper than SQLite reads within another.) Each is one statement for each
kind of viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, exists, literal_column, select

from intranet.accounts.models import Account
from intranet.accounts.readers import EachReader, kinds_of, those_for_whom
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.lists.models import PeopleList
from intranet.timelines import statements

_LIST = PeopleList.__table__.alias("each_list")
_LIST_IDS = bindparam("each_ids", type_=BigInteger, expanding=True)


class _ListOwner(EachReader):
    """Stands for whose list it is, for every one of several lists."""

    __slots__ = ()

    @property
    def id(self) -> Any:
        """The owner of the list whose turn it is."""
        return literal_column("each_list.owner_id", BigInteger)


def homes(viewers: Iterable[Account], post_id: int) -> set[int]:
    """Whose home holds the post."""
    return _asked(viewers, statements.in_home, post_id)


def organisation(viewers: Iterable[Account], post_id: int) -> set[int]:
    """To whom the organisation's timeline shows it."""
    return _asked(viewers, statements.organisation, post_id)


def hashtag(viewers: Iterable[Account], name: str, post_id: int) -> set[int]:
    """To whom the timeline of the hashtag of this canonical name shows it."""
    return _asked(viewers, statements.hashtag, post_id, name=name)


def group(viewers: Iterable[Account], group_id: int, post_id: int) -> set[int]:
    """To whom the group's timeline shows it."""
    return _asked(viewers, statements.group, post_id, subject=group_id)


def lists(
    viewers: Iterable[Account], list_ids: Collection[int], post_id: int
) -> set[tuple[int, int]]:
    """Which of these lists show it to their owners, as far as these are among the viewers: the
    owner's id and the list's."""
    found: set[tuple[int, int]] = set()
    for kind, some in kinds_of(viewers).items():
        mine = {"each_ids": list(list_ids), "owners": [viewer.id for viewer in some]}
        rows = db.session.execute(_of_lists(kind), _only(post_id) | mine)
        found |= {(row.owner_id, row.id) for row in rows}
    return found


def _asked(
    viewers: Iterable[Account],
    timeline: Callable[[EachReader], Select[int]],
    post_id: int,
    **subject: int | str,
) -> set[int]:
    found: set[int] = set()
    for kind, some in kinds_of(viewers).items():
        given = _only(post_id) | subject | {"each_ids": [viewer.id for viewer in some]}
        found |= set(db.session.scalars(_those(kind, timeline), given))
    return found


def _only(post_id: int) -> dict[str, Any]:
    return {"before": post_id + 1, "after": post_id - 1, "page_limit": 1, "now": utc_now()}


@cache
def _those(kind: EachReader, timeline: Callable[[EachReader], Select[int]]) -> Select[int]:
    """Built once for each kind of viewer."""
    return those_for_whom(timeline(kind))


@cache
def _of_lists(kind: EachReader) -> Select[int, int]:
    owner = _ListOwner(kind.is_guest, kind.moderates, kind.dialect)
    shown = statements.of_list(owner, literal_column("each_list.id", BigInteger))
    return select(_LIST.c.owner_id, _LIST.c.id).where(
        _LIST.c.id.in_(_LIST_IDS),
        _LIST.c.owner_id.in_(bindparam("owners", type_=BigInteger, expanding=True)),
        exists(shown.subquery().select()),
    )
