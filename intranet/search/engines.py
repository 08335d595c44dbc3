"""One question, two engines: FTS5 of SQLite and tsvector of PostgreSQL.

Both hold the same words (see `analysis`), and marks: words that nobody can type, since they begin
with a sign that no word has. A mark says who wrote a post, where, and what is in it, so that an
operator is answered by the index as a word is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    table,
)
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import TSQUERY

from intranet.db import db
from intranet.posts.models import Post
from intranet.search import analysis
from intranet.search.models import PostWords

SIGN = "·"  # outside ASCII: FTS5's tokeniser `ascii` takes it for a letter
EVERYTHING = f"{SIGN}all"  # stands in every post
BORDER = SIGN  # parts what is not one text: no phrase reaches across
FILE = f"{SIGN}f"  # before each word of the files of a post

_FEW = 2_500  # posts; PostgreSQL reads the permission of so many in some ten milliseconds

_match = table("post_match", column("rowid", BigInteger), column("words"))


def mark(kind: str, value: object) -> str:
    """The mark for what an operator asks: `mark("author", 5)`."""
    return f"{SIGN}{kind}={value}"


@dataclass(frozen=True, slots=True)
class Term:
    """One of these rows of words stands in the post: (("frein",), ("freinag",)), or with more
    than one word in a row, these one after another."""

    rows: tuple[tuple[str, ...], ...]
    excluded: bool = False


def term_of(
    words: Sequence[str], *, joined: str = "", excluded: bool = False, in_files: bool = False
) -> Term:
    """A word or a phrase as either language may have it; `joined` is how else it is written."""
    start = FILE if in_files else ""
    single = words[0] if len(words) == 1 else joined
    rows: list[tuple[str, ...]] = []
    if len(words) > 1:
        rows += [
            tuple(start + analysis.stem(word, manner) for word in words)
            for manner in analysis.MANNERS
        ]
    if single:
        rows += [(start + form,) for form in analysis.asked_as(single)]
    return Term(tuple(dict.fromkeys(rows)), excluded)


def marked(marks: Iterable[str], *, excluded: bool = False) -> Term:
    """One of these marks is on the post."""
    return Term(tuple((one,) for one in marks), excluded)


def found_by(terms: Sequence[Term]) -> Select[Any]:
    """A statement over posts that have all of this, to be given columns, a permission and an
    order. On SQLite the index leads: its hits come by falling id, each post is looked up."""
    if db.engine.dialect.name == "postgresql":
        return _found_in_postgresql(terms)
    return (
        sql_select()
        .select_from(_match)
        .join(Post, Post.id == _match.c.rowid)
        .where(literal_column("post_match").op("MATCH")(_for_sqlite(terms)))
    )


def _found_in_postgresql(terms: Sequence[Term]) -> Select[Any]:
    """What few posts have is taken from the index first. For the rest PostgreSQL walks the newest
    posts until it has enough, which it would also do, to the very end, for words that it believes
    to be more frequent together than they are: so it is asked first, with one more statement."""
    # A literal, written by the library: the plan has to know the words. One that is made for any
    # words, as PostgreSQL does for a parameter after some turns, takes the frequent for rare.
    words = bindparam(None, _for_postgresql(terms), String, unique=True, literal_execute=True)
    asked = cast(words, TSQUERY)
    matching = sql_select(PostWords.post_id).where(PostWords.words.op("@@")(asked))
    some = matching.limit(_FEW).subquery()
    if (db.session.scalar(sql_select(func.count()).select_from(some)) or 0) < _FEW:
        found = matching.cte("found").prefix_with("MATERIALIZED")
        return sql_select().select_from(found).join(Post, Post.id == found.c.post_id)
    return (
        sql_select()
        .select_from(PostWords)
        .join(Post, Post.id == PostWords.post_id)
        .where(PostWords.words.op("@@")(asked))
    )


def hit_id() -> Any:
    """The id by which hits are ordered and limited: the index's own, so that no sorting is
    needed."""
    return Post.id if db.engine.dialect.name == "postgresql" else _match.c.rowid


def has_mark(one: str) -> Any:
    """Whether a row of PostWords carries the mark: of posts that were found already. No mark may
    begin as another one does."""
    if db.engine.dialect.name == "postgresql":
        asked = cast(bindparam(None, _lexeme(one), unique=True), TSQUERY)
        return PostWords.words.op("@@")(asked)
    return func.instr(PostWords.words, one) > 0


def one_of(post_ids: Sequence[int]) -> ColumnElement[bool]:
    """Rows of PostWords of these posts; to PostgreSQL they go as one value, not as a thousand."""
    if db.engine.dialect.name == "postgresql":
        return PostWords.post_id == any_(literal(list(post_ids), ARRAY(BigInteger)))
    return PostWords.post_id.in_(post_ids)


def _for_sqlite(terms: Sequence[Term]) -> str:
    """https://www.sqlite.org/fts5.html, section 3. Words have no quotation marks in them."""

    def one(term: Term) -> str:
        return f"({' OR '.join(_quoted(' '.join(row)) for row in term.rows)})"

    kept = [one(term) for term in terms if not term.excluded] or [_quoted(EVERYTHING)]
    asked = " AND ".join(kept)
    for term in terms:
        if term.excluded:
            asked = f"({asked}) NOT {one(term)}"
    return asked


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _for_postgresql(terms: Sequence[Term]) -> str:
    """https://www.postgresql.org/docs/current/datatype-textsearch.html, the text of a tsquery."""

    def one(term: Term) -> str:
        rows = ("(" + " <-> ".join(_lexeme(word) for word in row) + ")" for row in term.rows)
        return f"({' | '.join(rows)})"

    asked = [one(term) for term in terms if not term.excluded] or [_lexeme(EVERYTHING)]
    return " & ".join(asked + ["!" + one(term) for term in terms if term.excluded])


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def stored(words: Sequence[str], marks: Iterable[str]) -> str:
    """What is written into `post_words.words`: the words in their order, then the marks."""
    if db.engine.dialect.name != "postgresql":
        return " ".join((*words, BORDER, *marks))
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(place)
    for one in marks:
        places.setdefault(one, [])
    return " ".join(
        _lexeme(word) + (":" + ",".join(str(place) for place in found[:255]) if found else "")
        for word, found in places.items()
    )
