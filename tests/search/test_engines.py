"""Two engines, one answer; and how SQLite reads its index: a plan that looks at all posts is only
slow when there are many."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.pagination import Cursor
from intranet.posts.models import Post
from intranet.search import engines, queries
from intranet.search.queries import Order
from intranet.search.resolving import resolve
from tests.factories import Factory

CORPUS = (
    ("fr", "Les réunions de sécurité sont déplacées à mardi"),
    ("fr", "La réunion du comité : l’ordre du jour est prêt"),
    ("fr", "Essais de freinage de nuit, sécurité d’abord"),
    ("fr", "Les essais nocturnes ont été répétés"),
    ("fr", "L’atelier répète l’essai des freins"),
    ("en", "The safety meetings are moved to Tuesday"),
    ("en", "The committee meets: the agenda is ready"),
    ("en", "Night brake tests, safety first"),
    ("en", "The tests were repeated at night, brake after brake"),
    ("en", "The workshop repeats the brake test"),
    (None, "freinage braking"),
    (None, "Le plan est prêt pour les équipes"),
    (None, "The plan is ready for the teams"),
    ("de", "Der Plan ist fertig"),
    ("fr", "C'est l'été ; œuvre d'art, naïveté & cœur"),
    ("en", 'quo\'te \\ back & | ! ( ) <-> : * "x"'),
)
# What each question finds, by its place in the corpus: written once, for both databases.
ANSWERS = {
    "réunion": {0, 1},
    "reunions": {0, 1},
    "meeting": {5, 6},
    "meetings safety": {5},
    "sécurité": {0, 2},
    "essai": {2, 3, 4},
    "répéter": {3, 4},
    "repeat": {8, 9},
    "test brake": {7, 8, 9},
    '"brake test"': {7, 9},
    '"tests brakes"': set(),
    "brake -workshop": {7, 8, 10},
    'brake -"brake test"': {8, 10},
    "plan": {11, 12, 13},
    "plan lang:de": {13},
    "plan -lang:de": {11, 12},
    "équipe": {11},
    "team plan": {12},
    "freinage": {2, 10},
    "frein": {4},
    "oeuvre": {14},
    "NAIVETE coeur": {14},
    "été": {3, 14},
    "quo'te": {15},
    "quo'te back": {15},
    "\\ back": {15},
    "x !": {15},
    "-plan -the -les -la": {2, 4, 7, 10, 14, 15},
    "comité OR committee": set(),
}


def test_both_engines_find_the_same(app: Flask, make: Factory) -> None:
    """Run on SQLite and on PostgreSQL: the answers stand here once."""
    ann = make.account("ann")
    posts = [make.post(ann, said, language=language) for language, said in CORPUS]
    places = {post.id: place for place, post in enumerate(posts)}
    with app.app_context():
        found = {query: {places[id_] for id_ in _ids(ann, query)} for query in ANSWERS}
        assert {query: places for query, places in found.items() if places != ANSWERS[query]} == {}
        ranked = queries.first_page(ann, resolve(ann, "brake"), Order.BEST, 20)
        assert places[ranked.cards[0].id] == 8  # it says so twice


def _ids(viewer: Account, query: str) -> list[int]:
    return list(queries.newest_ids(viewer, resolve(viewer, query), Cursor(limit=50)))


@pytest.mark.parametrize(
    "query", ["plan", "plan from:me", "-plan", '"a b" has:image', "after:2020"]
)
def test_the_index_leads_and_each_hit_is_looked_up(app: Flask, make: Factory, query: str) -> None:
    ann = make.account("ann")
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("says how SQLite plans")
        viewer = db.session.get_one(Account, ann.id)
        statement = queries.hits(viewer, resolve(viewer, query), before=5, after=1)
        statement = statement.add_columns(Post.id).limit(20)
        compiled = statement.compile(dialect=db.engine.dialect)
        values = compiled.construct_params()
        connection = db.session.connection().connection.driver_connection
        assert connection is not None
        plan = [
            str(row[3])
            for row in connection.execute(
                f"EXPLAIN QUERY PLAN {compiled}",
                tuple(values[name] for name in compiled.positiontup or []),
            )
        ]
    assert plan[0].startswith("SCAN post_match VIRTUAL TABLE INDEX"), plan
    assert "SEARCH post USING INDEX sqlite_autoindex_post_1 (id=?)" in plan, plan
    assert not [line for line in plan if "ORDER BY" in line], plan
    assert not [line for line in plan if line.startswith("SCAN post ")], plan


def test_postgresql_reads_its_index(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("says how PostgreSQL plans")
        # With next to no rows every way is as good: those that real tables rule out are taken away.
        for way in ("seqscan", "indexscan", "nestloop", "mergejoin"):
            db.session.execute(text(f"SET LOCAL enable_{way} = off"))
        found = engines.found_by([engines.term_of(["plan"])]).add_columns(Post.id)
        compiled = found.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = "\n".join(db.session.scalars(text(f"EXPLAIN {compiled}".replace(":", "\\:"))).all())
    assert "ix_post_words_words" in plan
    assert ann


def test_a_page_costs_the_same_however_much_it_finds(
    app: Flask, make: Factory, statements: list[str]
) -> None:
    ann, ben = make.accounts("ann", "ben")
    group = make.group("tram", GroupPrivacy.CLOSED, owner=ann)
    counted = []
    for _round in range(3):
        for author in (ann, ben):
            make.post(author, "plan de tram")
        make.post(ann, "plan du groupe", group=group)
        with app.app_context():
            viewer = db.session.get_one(Account, ann.id)
            statements.clear()
            page = queries.first_page(viewer, resolve(viewer, "plan in:tram"), Order.BEST, 20)
            page = queries.first_page(viewer, resolve(viewer, "plan from:ben"), Order.BEST, 20)
            assert page.cards
            counted.append(len(statements))
    assert len(set(counted)) == 1, counted


# What would end a literal, a statement or a parameter if it were not written as it must be.
HOSTILE = (
    "'", "''", "\\", "\\'", "a'b", "a\\", "\\\\'--", "'; DROP TABLE post; --", "%", "%s", "%(a)s",
    "%%", ":a", "::text", "$$", "$a$", "$1", "?", "a:*", "a & !b", "a <-> b", "(", "|", "{a}",
    "__[POSTCOMPILE_a]", "\N{GRINNING FACE}" * 50, "\u202e", "\ufffe", "e" * 2_000, "\\x41",
    "\n", "\\n",
)  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE)
def test_a_word_is_a_word_to_the_database_whatever_it_is(
    app: Flask, make: Factory, word: str
) -> None:
    """Below the reading of questions, which lets none of these through: the engine itself."""
    ann = make.account("ann")
    plain, hostile = make.post(ann, "plain words"), make.post(ann, "others")
    with app.app_context():
        exact = db.engine.dialect.name == "postgresql"
        if exact:  # SQLite's index takes signs for spaces: it has none of these as a word
            words = engines.stored([word], [engines.EVERYTHING])
            db.session.execute(
                text("UPDATE post_words SET words = CAST(:words AS tsvector) WHERE post_id = :id"),
                {"words": words, "id": hostile.id},
            )

        def found(*terms: engines.Term) -> list[int]:
            statement = engines.found_by(terms).add_columns(Post.id).order_by(Post.id)
            return list(db.session.scalars(statement))

        assert found(engines.Term(((word,),))) == ([hostile.id] if exact else [])
        assert found(engines.Term(((word, word),))) == []
        both = [plain.id, hostile.id]
        left = [plain.id] if exact else both
        assert found(engines.Term(((word,),), excluded=True)) == left
        assert found(engines.Term((("plain",),)), engines.Term(((word,),), excluded=True)) == [
            plain.id
        ]
        # As somebody types it, at any length: an answer, and nothing of it is a command.
        for typed in (
            word,
            f'"{word}"',
            f"-{word}",
            f"from:{word}",
            f"in:{word} before:{word * 3}",
        ):
            queries.first_page(ann, resolve(ann, typed), Order.BEST, 20)
        assert db.session.scalar(text("SELECT count(*) FROM post")) == len(both)
