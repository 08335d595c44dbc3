"""Reads that travel in one statement give what each would give alone."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Interval, bindparam, func, literal, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, Role
from intranet.accounts.policies import visible_to
from intranet.accounts.readers import reader_of
from intranet.db import db
from intranet.db.together import Together
from intranet.media.models import MediaAttachment, MediaKind
from intranet.polls.models import Poll
from intranet.posts.models import Post
from tests.factories import Factory

AWKWARD = 'Quote " back \\ slash, é, 🦀, \u2028 and\nnewline'
IDS = bindparam("ids", type_=BigInteger, expanding=True)


def test_every_type_comes_back_as_it_is_read_alone(
    make: Factory, app: Flask, statements: list[str]
) -> None:
    ann = make.account(
        "ann",
        Role.GUEST,
        display_name=AWKWARD,
        facts=[{"name": AWKWARD, "value": "null"}],
        joined_on=dt.date(2020, 2, 29),
        deactivated_at=dt.datetime(2026, 3, 1, 23, 59, 59, 120000, tzinfo=dt.UTC),
    )
    bob = make.account("bob", languages=["fr", "en"])
    post = make.post(bob, id=(1 << 62) + 1)
    make._save(
        Poll(post_id=post.id, expires_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC), multiple=True),
        MediaAttachment(
            key="k", owner_id=bob.id, post_id=post.id, kind=MediaKind.FILE, file_name="a",
            content_type="a/b", size=1, focus_x=-0.25, focus_y=1.0,
        ),
    )  # fmt: skip
    reads = {
        "accounts": select(
            Account.id,
            Account.role,
            Account.display_name,
            Account.facts,
            Account.languages,
            Account.joined_on,
            Account.created_at,
            Account.deactivated_at,
            Account.verified,
            Account.avatar_key,
        ).where(Account.id.in_(IDS)),
        "polls": select(Poll.post_id.label("id"), Poll.multiple, Poll.expires_at, Poll.closed_at),
        "files": select(
            MediaAttachment.id, MediaAttachment.kind, MediaAttachment.focus_x,
            MediaAttachment.focus_y, MediaAttachment.width,
        ),
        "counted": select(
            Post.author_id.label("id"), func.count().label("n"), func.min(Post.created_at)
        ).group_by(Post.author_id),
        "none": select(Post.id).where(Post.id == 1),
    }  # fmt: skip
    with app.app_context():
        together = Together(reads)
        statements.clear()
        found = together.run({"ids": [ann.id, bob.id]})
        assert len(statements) == 1
        for name, read in reads.items():
            alone = db.session.execute(read, {"ids": [ann.id, bob.id]}).all()
            rows = sorted(found[name], key=attrgetter("id"))
            assert rows == sorted(alone, key=attrgetter("id")), name
            assert [list(map(type, row)) for row in rows] == [
                list(map(type, row)) for row in sorted(alone, key=attrgetter("id"))
            ], name
        assert any(row._mapping["facts"] for row in found["accounts"])
        assert found["none"] == []
        assert together.run({"ids": []})["accounts"] == []


def test_a_rule_built_for_every_reader_keeps_out_who_is_outside(make: Factory, app: Flask) -> None:
    ann, out = make.account("ann"), make.account("out", Role.GUEST)
    with app.app_context():
        seen = []
        for viewer in (ann, out):
            other = aliased(Account)
            rule = Together(
                {
                    "whom": select(Account.id).where(visible_to(reader_of(viewer).as_viewer)),
                    "all": select(other.id),
                }
            )
            found = rule.run({"reader_id": viewer.id})
            seen.append((len(found["whom"]), len(found["all"])))
    assert seen == [(2, 2), (1, 2)]


def test_it_reads_what_the_session_has_not_written_yet(make: Factory, app: Flask) -> None:
    ann = make.account("ann")
    together = Together({"names": select(Account.display_name).where(Account.id == ann.id)})
    with app.app_context():
        db.session.get_one(Account, ann.id).display_name = "New"
        assert [row.display_name for row in together.run({})["names"]] == ["New"]
        db.session.rollback()


def test_a_type_that_it_cannot_give_back_is_refused() -> None:
    with pytest.raises(TypeError):
        Together({"span": select(literal(dt.timedelta(1), Interval).label("span"))})
