from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.ids import id_at
from intranet.kernel.pagination import Cursor
from intranet.media.models import MediaAttachment, MediaKind
from intranet.polls.models import Poll, PollOption
from intranet.posts.models import Post, PostKind, Visibility
from intranet.search import highlights, parsing, queries
from intranet.search.indexing import index
from intranet.search.resolving import resolve
from intranet.search.showing import Place, explain
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory


def _file(app: Flask, post: Post, name: str, alt: str, kind: str = "image/png") -> None:
    with app.app_context(), unit_of_work():
        db.session.add(
            MediaAttachment(
                key=name[:8] + str(post.id),
                owner_id=post.author_id,
                post_id=post.id,
                kind=MediaKind.IMAGE if kind.startswith("image") else MediaKind.FILE,
                file_name=name,
                content_type=kind,
                size=10,
                alt_text=alt,
            )
        )
        db.session.flush()
        index([post.id])


def test_questions_and_praise_are_kinds_of_posts(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    plain = make.post(ann, "tram")
    asked = make.post(ann, "tram why", kind=PostKind.QUESTION)
    praised = make.post(ann, "tram thanks", kind=PostKind.PRAISE)
    for query, wanted in {
        "type:question": {asked},
        "tram type:praise": {praised},
        "tram type:félicitations": {praised},
        "tram -type:question": {plain, praised},
        "type:post": {plain, asked, praised},
    }.items():
        with app.app_context():
            found = queries.posts(ann, query, Cursor(limit=50)).items
        assert {card.id for card in found} == {post.id for post in wanted}, query
    with app.app_context():
        page = queries.first_page(ann, resolve(ann, "tram"), queries.Order.BEST, 20)
    assert dict(page.facets.types) == {"post": 3, "question": 1, "praise": 1}


def test_every_operator_narrows_in_both_languages(app: Flask, make: Factory) -> None:
    ann, ben = make.accounts("ann", "ben")
    tram = make.group("tram", owner=ann)
    plain = make.post(ann, "tram depot", language="en")
    reply = make.post(ben, "tram answer", reply_to=plain, language="fr")
    there = make.post(ben, "tram inside", group=tram)
    linked = make.post(ann, "tram link", html='<p><a href="https://x.example">x</a></p>')
    pictured = make.post(ann, "tram picture")
    _file(app, pictured, "Plan_Atelier-2026.png", "Un wagon devant les ateliers")
    filed = make.post(ben, "tram file")
    _file(app, filed, "Budget 2027.pdf", "", "application/pdf")
    asked = make.post(ben, "tram poll")
    with app.app_context(), unit_of_work():
        db.session.add(Poll(post_id=asked.id, expires_at=dt.datetime.now(dt.UTC)))
        db.session.flush()
        db.session.add(PollOption(post_id=asked.id, position=0, title="Marguerite"))
        db.session.flush()
        index([asked.id])
    old = make.post(ann, "tram of long ago", id=id_at(dt.datetime(2020, 5, 31, 12, tzinfo=dt.UTC)))
    everything = {plain, reply, there, linked, pictured, filed, asked, old}
    mine = {plain, linked, pictured, old}
    for query, wanted in {
        "tram": everything,
        "tram from:ann": mine,
        "tram de:@ann": mine,
        "from:me": mine,
        "par:moi tram": mine,
        "tram -from:ann": everything - mine,
        "tram from:ann from:ben": everything,
        "in:tram": {there},
        "tram dans:tram": {there},
        "tram -in:tram": everything - {there},
        "has:image": {pictured},
        "avec:photos": {pictured},
        "has:file tram": {filed},
        "has:link": {linked},
        "has:lien": {linked},
        "has:poll": {asked},
        "avec:sondage": {asked},
        "has:image has:link": set(),
        "tram -has:image": everything - {pictured},
        "type:reply": {reply},
        "type:réponse": {reply},
        "tram type:post": everything - {reply},
        "lang:fr": {reply},
        "langue:en tram": {plain},
        "before:2020-06-01": {old},
        "avant:2020-06": {old},
        "before:2020-05": set(),
        "after:2020-05-30 before:01/06/2020": {old},
        "after:2020-05-31 tram": everything - {old},
        "après:2020 tram": everything - {old},
        "depuis:2019 avant:2021": {old},
        "marguerite": {asked},
        "ateliers wagon": {pictured},
        "budget 2027": {filed},
        '"plan atelier"': {pictured},
        '"picture plan"': set(),  # the text ends before the file's name begins
    }.items():
        with app.app_context():
            search = resolve(ann, query)
            assert not search.problems, query
            found = queries.posts(ann, query, Cursor(limit=50)).items
            assert {card.id for card in found} == {post.id for post in wanted}, query


def test_what_is_in_a_post_is_asked_for_and_counted(app: Flask, make: Factory) -> None:
    ann, ben = make.accounts("ann", "ben")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann)
    make.post(ann, "tram")
    kinds = {
        "image": ("plan.png", "image/png"),
        "video": ("Ride.MOV", "application/octet-stream"),
        "audio": ("note.mp3", "audio/mpeg"),
        "file": ("budget.pdf", "application/pdf"),
    }
    posts = {}
    for kind, (name, content_type) in kinds.items():
        posts[kind] = make.post(ann, f"tram {kind}")
        _file(app, posts[kind], name, "", content_type)
    hidden = make.post(ann, "tram hidden", group=group)
    _file(app, hidden, "secret.webm", "", "video/webm")
    posts["event"] = make.post(
        ann, "tram /events/5", html='<p><a href="/events/5" rel="nofollow">Ride</a></p>'
    )
    posts["link"] = make.post(ann, "tram", html='<p><a href="https://x.example">x</a></p>')
    french = {"video": "vidéos", "audio": "son", "event": "événement", "file": "fichiers"}
    with app.app_context():
        for kind, post in posts.items():
            for query in (f"has:{kind}", f"tram avec:{french.get(kind, kind)}"):
                found = {card.id for card in queries.posts(ben, query, Cursor(limit=50)).items}
                assert found == {post.id}, query
        for viewer, videos in ((ben, 1), (ann, 2)):  # the outsider counts nothing of the group
            page = queries.first_page(viewer, resolve(viewer, "tram"), queries.Order.BEST, 20)
            assert dict(page.facets.contents) == dict.fromkeys(posts, 1) | {"video": videos}
        sound = queries.files(ann, resolve(ann, "note"), Cursor())
        assert [one.media.file_name for one in sound.files] == ["note.mp3"]


@pytest.mark.parametrize(
    "query",
    ["has:cat", "type:x", "before:yesterday", "after:2026-13", "before:31/02/2026", "lang:klingon1",
     "from:nobodyhere", "in:nowhere", "from:", "-before:2026", "before:99999"],
)  # fmt: skip
def test_what_cannot_be_used_is_told_and_the_rest_is_looked_for(
    app: Flask, make: Factory, query: str
) -> None:
    ann = make.account("ann")
    post = make.post(ann, "tram")
    with app.app_context():
        search = resolve(ann, f"{query} tram")
        (problem,) = search.problems
        assert problem.part == query
        assert "%(part)s" in problem.message
        assert search.question.text == f"{query} tram"
        assert [card.id for card in queries.posts(ann, f"{query} tram", Cursor()).items] == [
            post.id
        ]


def test_words_with_a_colon_are_words() -> None:
    question = parsing.read('note:freinage https://x.example "a b:c" 10:30')
    assert not question.problems
    assert not question.narrows
    assert [one.words for one in question.wanted] == [
        ("note", "freinage"), ("https", "x", "example"), ("a", "b", "c"), ("10", "30"),
    ]  # fmt: skip


def test_a_long_question_is_cut_where_it_says_so() -> None:
    question = parsing.read(" ".join(f"w{number}" for number in range(40)))
    assert len(question.wanted) == 24
    assert len(question.problems) == 1
    assert len(parsing.read("x" * 5000).text) == parsing.LONGEST
    (left_out,) = parsing.read("x" * parsing.LONGEST + " -training").problems
    assert left_out.part == "-training"
    assert parsing.read(" " * 300 + "tram").problems == ()


def test_files_are_found_by_name_and_description(app: Flask, make: Factory) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann)
    post = make.post(ann, "voici", group=board)
    _file(app, post, "budget.pdf", "", "application/pdf")
    _file(app, post, "autre.png", "un tramway")
    other = make.post(ann, "le budget est là", group=board)
    _file(app, other, "rien.pdf", "", "application/pdf")
    with app.app_context():
        search = resolve(ann, "budgets")
        (found,) = queries.files(ann, search, Cursor()).files
        assert (found.media.file_name, found.post.id) == ("budget.pdf", post.id)
        assert [piece.text for piece in found.name if piece.found] == ["budget"]
        assert len(queries.files(ann, resolve(ann, "has:file"), Cursor()).files) == 3
        assert queries.files(ben, resolve(ben, "budgets"), Cursor()).files == ()


def test_it_is_told_why_a_post_was_found(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Nous freinons <b>fort</b>", language="fr")
    _file(app, post, "freins.pdf", "", "application/pdf")
    hidden = make.post(ann, "les freins", spoiler_text="Attention", language="fr")
    with app.app_context():
        search = resolve(ann, "frein")
        by_id = {
            card.id: explain(search.question, card)
            for card in queries.posts(ann, "frein", Cursor()).items
        }
    assert [one.place for one in by_id[post.id].why] == [Place.FILE_NAME]
    assert [one.place for one in by_id[hidden.id].why] == [Place.BEHIND_WARNING]
    assert "".join(piece.text for piece in by_id[hidden.id].snippet) == "Attention"


def test_a_highlight_stands_in_the_middle_of_its_text() -> None:
    wanted = highlights.sought(parsing.read("aiguille"))
    text = "foin " * 200 + "aiguilles " + "paille " * 200
    pieces = highlights.pieces(text, wanted, 100)
    assert [piece.text for piece in pieces if piece.found] == ["aiguilles"]
    whole = "".join(piece.text for piece in pieces)
    assert len(whole) < 110
    assert whole.startswith("…")
    assert whole.endswith("…")


def test_direct_posts_boosts_and_tombstones_are_not_in_the_index(app: Flask, make: Factory) -> None:
    ann, ben = make.accounts("ann", "ben")
    make.direct(ann, [ben], "secretword here")
    post = make.post(ann, "secretword there")
    make.post(ben, "", boost_of_id=post.id)
    now = dt.datetime.now(dt.UTC)
    make.post(ann, "secretword gone", deleted_at=now)
    make.post(ben, "secretword followers", visibility=Visibility.FOLLOWERS)
    with app.app_context():
        assert [card.id for card in queries.posts(ann, "secretword", Cursor()).items] == [post.id]
