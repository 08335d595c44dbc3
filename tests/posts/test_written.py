"""How much somebody has written, as far as each may read it: counted by sorts of posts."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.posts.authors import Written, written_by
from intranet.posts.models import Post, Visibility
from intranet.posts.policies import listed_to
from intranet.relationships.models import Block
from tests.factories import Factory


def one_by_one(viewer: Account, author_id: int) -> Written:
    ids = db.session.scalars(
        select(Post.id).where(
            Post.author_id == author_id,
            Post.root_id.is_(None),
            Post.boost_of_id.is_(None),
            listed_to(viewer),
        )
    ).all()
    return Written(len(ids), max(ids, default=None))


def test_counted_by_sorts_it_is_what_each_may_read_one_by_one(app: Flask, make: Factory) -> None:
    ann, follower, stranger, apart = make.accounts("ann", "follower", "stranger", "apart")
    boss = make.account("boss", Role.MODERATOR)
    guest = make.account("guest", Role.GUEST)
    make.follow(follower, ann)
    for one in (apart, boss):
        make._save(Block(blocker_id=ann.id, blocked_id=one.id))
    opened = make.group("reef", GroupPrivacy.OPEN, owner=ann, members=[guest])
    secret = make.group("kraken", GroupPrivacy.SECRET, owner=ann, members=[stranger])
    # Somebody who runs a group reads all in it, also of who is apart.
    run = make.group("crew", GroupPrivacy.SECRET, owner=apart, members=[ann])
    for number in range(3):
        root = make.post(ann, f"For everybody {number}")
        make.post(ann, "An answer", reply_to=root)
        make.post(ann, "", boost_of_id=root.id)
    make.post(ann, "Gone", deleted_at=root.created_at)
    for number, group in enumerate((opened, secret, run)):
        for _again in range(number + 1):
            make.post(ann, "In a group", group=group)
    for _again in range(5):
        make.post(ann, "For followers", visibility=Visibility.FOLLOWERS)
    make.post(ann, "For one", visibility=Visibility.DIRECT)
    with app.app_context():
        counts = {}
        for one in (ann, follower, stranger, apart, boss, guest):
            viewer = db.session.get_one(Account, one.id)
            found = written_by(viewer, [ann.id]).get(ann.id, Written())
            assert found == one_by_one(viewer, ann.id), one.handle
            counts[one.handle] = found.count
    assert counts == {
        "ann": 14, "follower": 9, "stranger": 6, "apart": 3, "boss": 4, "guest": 1,
    }  # fmt: skip
