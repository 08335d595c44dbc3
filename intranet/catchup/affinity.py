"""What the reader knows of, and with whom they exchange."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, AccountSkill, Skill
from intranet.catchup.spans import Span
from intranet.db import db
from intranet.kernel.text import fold
from intranet.posts.models import Post, Reaction

_CLOSENESS = (90 * 24 * 60 * 60 * 1000) << 22  # how far back exchanges count: 90 days, in ids
_FROM = bindparam("close_from", type_=BigInteger)


class Skills:
    """The viewer's skills by name: one statement, then none."""

    def __init__(self, viewer: Account) -> None:
        rows = db.session.execute(
            select(Skill.name, Skill.folded)
            .join(AccountSkill, AccountSkill.skill_id == Skill.id)
            .where(AccountSkill.account_id == viewer.id)
            .order_by(Skill.name)
        )
        self._skills = [
            (row.name, re.sub(r"\W", "", row.folded), _as_words(row.folded))
            for row in rows
            if len(row.folded) > 2
        ]

    def named_in(self, folded_text: str, tags: Iterable[str]) -> str:
        """The first skill that a post names, in words or as a hashtag; "" when it names none."""
        folded = {fold(tag) for tag in tags}
        for name, as_tag, words in self._skills:
            if as_tag in folded or words.search(folded_text):
                return str(name)
        return ""


def _as_words(folded: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(folded)}s?(?!\w)")


def exchanges(viewer: Account, span: Span, authors: Iterable[int]) -> dict[int, int]:
    """How often the viewer has answered each author or reacted to them before the span."""
    rows = db.session.execute(
        _exchanged(),
        {
            "reader_id": viewer.id,
            "authors": sorted(authors),
            "close_from": max(0, span.since - _CLOSENESS),
            "since": span.since,
        },
    )
    return {row.author_id: row.often for row in rows}


@cache
def _exchanged() -> Any:
    reader_id = bindparam("reader_id", type_=BigInteger)
    authors = bindparam("authors", type_=BigInteger, expanding=True)
    since = bindparam("since", type_=BigInteger)
    answer, answered, liked = aliased(Post), aliased(Post), aliased(Post)
    answers = (
        select(answered.author_id.label("author_id"), literal(2).label("times"))
        .select_from(answer)
        .join(answered, answered.id == answer.in_reply_to_id)
        .where(
            answer.author_id == reader_id,
            answer.id > _FROM,
            answer.id <= since,
            answered.author_id.in_(authors),
        )
    )
    reactions = (
        select(liked.author_id.label("author_id"), literal(1).label("times"))
        .select_from(Reaction)
        .join(liked, liked.id == Reaction.post_id)
        .where(
            Reaction.account_id == reader_id,
            Reaction.post_id > _FROM,
            Reaction.post_id <= since,
            # A sum, so that no database begins with everything that these authors wrote.
            (liked.author_id + 0).in_(authors),
        )
    )
    both = union_all(answers, reactions).subquery()
    return select(both.c.author_id, func.sum(both.c.times).label("often")).group_by(
        both.c.author_id
    )
