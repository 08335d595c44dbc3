"""The index says what the posts say, whatever happens to them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

from intranet import background
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.pagination import Cursor
from intranet.posts.models import Post
from intranet.search import indexing, names, queries
from intranet.search.models import AccountGram, PostWords
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


def count(app: Flask, viewer: Account, query: str) -> int:
    with app.app_context():
        return len(queries.posts(viewer, query, Cursor(limit=50)).items)


def test_publishing_editing_and_deleting_through_the_door(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    client = browse(ann)
    assert client.post("/posts", data={"source": "Les freins grincent"}).status_code in (200, 303)
    assert count(app, ann, "frein") == 1
    with app.app_context():
        post_id = db.session.scalar(select(Post.id))
    client.post(f"/posts/{post_id}/edit", data={"source": "Les portes grincent"})
    assert (count(app, ann, "frein"), count(app, ann, "porte")) == (0, 1)
    make.post(ann, "une réponse", reply_to=_post(app, post_id))
    client.post(f"/posts/{post_id}/delete")
    assert count(app, ann, "porte") == 0
    with app.app_context():
        assert db.session.scalar(select(Post.id).where(Post.id == post_id)) == post_id
        left = db.session.scalar(select(func.count()).select_from(PostWords))
    assert left == 1  # the answer


def _post(app: Flask, post_id: int) -> Post:
    with app.app_context():
        return db.session.get_one(Post, post_id)


def test_the_database_takes_the_words_away_with_the_post(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    group = make.group("tram", owner=ann)
    make.post(ann, "freinage", group=group)
    assert count(app, ann, "freinage") == 1
    with app.app_context(), unit_of_work():
        db.session.execute(delete(Post))
    assert count(app, ann, "freinage") == 0
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            hits = text("SELECT count(*) FROM post_match WHERE post_match MATCH 'freinag'")
            assert db.session.scalar(hits) == 0
            check = text("INSERT INTO post_match(post_match, rank) VALUES ('integrity-check', 1)")
            db.session.execute(check)  # raises when index and rows differ


def test_reindexing_reads_everything_in_pieces(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 10)
    monkeypatch.setattr(names, "_AT_ONCE", 2)
    ann, *_others = make.accounts("ann", "ben", "cat", "dan", "eve")
    for number in range(25):
        make.post(ann, f"tram {number}")
    with app.app_context(), unit_of_work():
        db.session.execute(delete(PostWords))
        db.session.execute(delete(AccountGram))
    assert count(app, ann, "tram") == 0
    with app.app_context():
        assert background.reindex() == 25
    assert count(app, ann, "tram") == 25
    with app.app_context():
        with unit_of_work():
            db.session.execute(delete(PostWords))
        # What the migration leaves to the worker.
        with unit_of_work():
            indexing.enqueue(indexing.INDEX_REST, {})
        background.runner(app).drain()
    assert count(app, ann, "tram") == 25


def test_names_typed_nearly_right_are_offered(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    make.account("camille.durand", display_name="Camille Durand", search_text="camille durand")
    make.account("helene.faure", display_name="Hélène Faure", search_text="helene faure")
    make.group("tramway-de-nuit", owner=ann, name="Tramway de nuit", search_text="tramway de nuit")
    with app.app_context():
        for typed, wanted in {
            "Kamille": "camille.durand", "Camile Durant": "camille.durand",
            "Cmaille": "camille.durand", "Elene": "helene.faure", "hélenne faur": "helene.faure",
        }.items():  # fmt: skip
            assert [one.handle for one in names.similar_accounts(ann, typed)] == [wanted], typed
        for typed in ("zzz", "x", "", "tout autre", "\0"):
            assert names.similar_accounts(ann, typed) == ()
        assert [one.slug for one in names.similar_groups(ann, "tramwey nuit")] == [
            "tramway-de-nuit"
        ]
    html = browse(ann).get("/search?q=Kamille").text
    assert "/@camille.durand" in html
    assert "Did you mean?" in html


def test_a_new_name_is_known_at_once(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    answer = browse(ann).post(
        "/groups", data={"name": "Sécurité ferroviaire", "privacy": "open", "purpose": ""}
    )
    assert answer.status_code == 303
    with app.app_context():
        (found,) = names.similar_groups(ann, "securitte ferroviere")
        assert re.match("securite", found.slug)


def test_names_of_secret_groups_are_offered_to_nobody_outside(app: Flask, make: Factory) -> None:
    ann, ben = make.accounts("ann", "ben")
    make.group("merger", GroupPrivacy.SECRET, owner=ann, name="Merger committee")
    with app.app_context():
        assert [one.slug for one in names.similar_groups(ann, "mergre comittee")] == ["merger"]
        assert names.similar_groups(ben, "mergre comittee") == ()
