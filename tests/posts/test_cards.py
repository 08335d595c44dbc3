from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.media.models import MediaAttachment, MediaKind
from intranet.posts import policies
from intranet.posts.models import PinnedPost, Post, Reaction, Visibility
from intranet.posts.queries import cards, thread_cards
from intranet.relationships.models import Block
from tests.factories import Factory


def test_twenty_cards_cost_what_one_costs(make: Factory, app: Flask, statements: list[str]) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", owner=ann, members=[bob])
    ids = []
    for number in range(20):
        post = make.post(ann, f"Post {number}", group=group if number % 2 else None)
        make.post(bob, "Answer", reply_to=post)
        boost = Post(
            author_id=bob.id,
            boost_of_id=post.id,
            visibility=post.visibility,
            group_id=post.group_id,
        )
        make._save(
            boost,
            Reaction(post_id=post.id, account_id=bob.id, emoji="👍"),
            MediaAttachment(
                key=f"key-{number}",
                owner_id=ann.id,
                post_id=post.id,
                kind=MediaKind.FILE,
                file_name="a.pdf",
                content_type="application/pdf",
                size=1,
            ),
        )
        if number % 2:
            make._save(PinnedPost(post_id=post.id, group_id=group.id, pinned_by_id=ann.id))
        ids += [post.id, boost.id]
    costs = []
    for wanted in (ids[:2], ids):
        with app.app_context():
            viewer = db.session.get_one(Account, bob.id)
            statements.clear()
            drawn = cards(viewer, wanted)
            costs.append(len(statements))
        assert [card.entry_id for card in drawn] == wanted
    assert costs == [3, 3]
    assert all(card.latest_replies for card in drawn)
    assert all(card.reactions[0].mine and card.media for card in drawn)
    assert [bool(card.boosted_by) for card in drawn] == [False, True] * 20
    assert drawn[2].pinned_by is not None


def test_cards_leave_out_what_is_deleted_or_not_for_the_viewer(make: Factory, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    secret = make.group("secret", GroupPrivacy.SECRET, owner=ann)
    seen = make.post(ann, "All")
    hidden = make.post(ann, "Few", group=secret)
    boost = Post(
        author_id=ann.id, boost_of_id=hidden.id, visibility=Visibility.ORGANISATION
    )  # as no action would make it
    make._save(boost)
    with app.app_context():
        drawn = cards(db.session.get_one(Account, bob.id), [hidden.id, boost.id, seen.id, 42])
    assert [card.id for card in drawn] == [seen.id]


def test_both_sides_of_the_rule_of_audiences_agree(make: Factory, app: Flask) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    guest, other_guest = make.account("gus", Role.GUEST), make.account("gil", Role.GUEST)
    admin = make.account("root-like", Role.ADMINISTRATOR)
    everybody = [ann, bob, cam, guest, other_guest, admin]
    make.follow(bob, ann)
    make.follow(guest, ann)
    make.follow(cam, bob)
    posts = [
        make.post(ann),
        make.post(ann, visibility=Visibility.FOLLOWERS),
        make.post(bob, visibility=Visibility.FOLLOWERS),
    ]
    for privacy in GroupPrivacy:
        group = make.group(privacy.value, privacy, owner=ann, members=[guest])
        posts.append(make.post(ann, group=group))
    posts.append(make.direct(ann, [guest]))
    posts += [make.post(bob, reply_to=post) for post in list(posts)]
    for post in posts:
        with app.app_context():
            may_read = policies.readers_of(post)
            readers = set(db.session.scalars(select(Account.handle).where(may_read)))
            seeing = {
                viewer.handle
                for viewer in everybody
                if db.session.scalar(
                    select(Post.id).where(Post.id == post.id, policies.visible_to(viewer))
                )
            }
        assert readers == seeing, (post.visibility, post.root_id)


def test_a_withheld_post_says_nothing_and_the_newest_reply_is_one_that_may_be_read(
    make: Factory, app: Flask
) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    root = make.post(cem, "Question")
    shown = make.post(cem, "Answer", reply_to=root)
    hidden = make.post(bob, "Hush", reply_to=root, spoiler_text="The end", sensitive=True)

    def drawn() -> tuple[int, str, bool]:
        with app.app_context():
            viewer = db.session.get_one(Account, ann.id)
            newest = cards(viewer, [root.id])[0].latest_replies[0].id
            card = thread_cards(viewer, [hidden.id])[hidden.id]
            return newest, card.spoiler_text, card.sensitive

    assert drawn() == (hidden.id, "The end", True)
    make._save(Block(blocker_id=ann.id, blocked_id=bob.id))
    assert drawn() == (shown.id, "", False)
