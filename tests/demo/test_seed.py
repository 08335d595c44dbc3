"""Both scales leave a database as if people had filled it: counters, homes and rights agree."""

import datetime as dt
import hashlib
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from intranet.accounts import passwords
from intranet.accounts.models import Account, AccountKind, Role
from intranet.calendar.models import Event, Occurrence
from intranet.db import db
from intranet.demo import seed
from intranet.demo.company import read_company
from intranet.demo.written import write_company
from intranet.groups.models import Group, GroupPrivacy, Membership
from intranet.kernel.errors import Conflict
from intranet.media.models import MediaAttachment, MediaKind
from intranet.media.storage import Storage
from intranet.notifications.models import Notification
from intranet.posts.models import Mention, Post, PostHashtag, PostRevision, Reaction, Visibility
from intranet.relationships.models import Follow
from intranet.settings import Settings
from intranet.timelines.models import HomeEntry
from tests.demo.conftest import NOW, SEED, fresh, without_pictures
from tests.factories import Factory

pytestmark = pytest.mark.timeout(600)  # pictures and many rows, on whatever machine


def _silent(_label: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def _digest() -> str:
    """Everything people would see, whatever the ids are."""
    author, actor = aliased(Account), aliased(Account)
    lines = [
        *db.session.execute(
            select(Account.handle, Account.display_name, Account.title, Account.followers_count)
        ),
        *db.session.execute(
            select(author.handle, Post.source, Post.created_at, Post.replies_count)
            .join(author, author.id == Post.author_id)
        ),
        *db.session.execute(
            select(Post.source, Post.created_at, actor.handle, Reaction.emoji, Reaction.created_at)
            .join(Post, Post.id == Reaction.post_id)
            .join(actor, actor.id == Reaction.account_id)
        ),
        *db.session.execute(
            select(author.handle, actor.handle)
            .select_from(Follow)
            .join(author, author.id == Follow.follower_id)
            .join(actor, actor.id == Follow.followee_id)
        ),
        *db.session.execute(
            select(Group.name, actor.handle, Membership.role)
            .select_from(Membership)
            .join(Group, Group.id == Membership.group_id)
            .join(actor, actor.id == Membership.account_id)
        ),
        *db.session.execute(
            select(Event.title, Event.starts_at, Event.rrule, Occurrence.starts_at,
                   Occurrence.going_count, Occurrence.waiting_count)
            .join(Occurrence, Occurrence.event_id == Event.id)
        ),
    ]  # fmt: skip
    said = (re.sub(r"/(events|announcements)/\d+", r"/\1/ID", repr(tuple(line))) for line in lines)
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def _wrong_counters() -> list[tuple[str, int]]:
    """Counters that a recount contradicts."""
    reply, boost = aliased(Post), aliased(Post)
    in_thread = select(func.count()).where(reply.root_id == Post.id)
    direct = select(func.count()).where(reply.in_reply_to_id == Post.id)
    boosts = select(func.count()).where(boost.boost_of_id == Post.id)
    followers = select(func.count()).where(Follow.followee_id == Account.id)
    following = select(func.count()).where(Follow.follower_id == Account.id)
    members = select(func.count()).where(Membership.group_id == Group.id)
    guest = aliased(Account)
    guests = members.where(
        Membership.account_id.in_(
            select(guest.id).where(guest.role == Role.GUEST, guest.kind == AccountKind.PERSON)
        )
    )
    own, in_group = aliased(Post), aliased(Post)
    last_own = select(func.max(own.id)).where(
        own.author_id == Account.id,
        own.group_id.is_(None),
        own.root_id.is_(None),
        own.visibility != Visibility.DIRECT,
    )
    last_in_group = select(func.max(in_group.id)).where(
        in_group.group_id == Group.id, in_group.root_id.is_(None)
    )
    claims = {
        "replies of threads": (Post, Post.replies_count, in_thread, Post.root_id.is_(None)),
        "replies of replies": (Post, Post.replies_count, direct, Post.root_id.is_not(None)),
        "boosts": (Post, Post.boosts_count, boosts, Post.id > 0),
        "followers": (Account, Account.followers_count, followers, Account.id > 0),
        "following": (Account, Account.following_count, following, Account.id > 0),
        "members": (Group, Group.members_count, members, Group.id > 0),
        "guests": (Group, Group.guests_count, guests, Group.id > 0),
        "last post": (Account, Account.last_post_id, last_own, Account.id > 0),
        "last in group": (Group, Group.last_post_id, last_in_group, Group.id > 0),
    }
    wrong = []
    for name, (model, column, truth, where) in claims.items():
        recount = truth.correlate(model).scalar_subquery()
        statement = select(func.count()).select_from(model)
        off = db.session.scalar(statement.where(where, column.is_distinct_from(recount))) or 0
        wrong += [(name, off)] if off else []
    return wrong


def _out_of_place() -> dict[str, int]:
    """Posts by strangers, answers before their questions, wider boosts: none, one hopes."""
    parent, root, original = aliased(Post), aliased(Post), aliased(Post)
    belongs = select(Membership.id).where(
        Membership.group_id == Post.group_id, Membership.account_id == Post.author_id
    )
    count = select(func.count()).select_from(Post)
    return {
        "strangers": db.session.scalar(
            count.where(Post.group_id.is_not(None), ~belongs.exists())
        ) or 0,
        "guests outside": db.session.scalar(
            count.join(Account, Account.id == Post.author_id).where(
                Account.role == Role.GUEST, Post.group_id.is_(None)
            )
        ) or 0,
        "answers first": db.session.scalar(
            count.join(parent, parent.id == Post.in_reply_to_id).where(parent.id > Post.id)
        ) or 0,
        "other audience": db.session.scalar(
            count.join(root, root.id == Post.root_id).where(
                (root.visibility != Post.visibility)
                | root.group_id.is_distinct_from(Post.group_id)
            )
        ) or 0,
        "wider boosts": db.session.scalar(
            count.join(original, original.id == Post.boost_of_id).where(
                (original.visibility != Post.visibility)
                | original.group_id.is_distinct_from(Post.group_id)
            )
        ) or 0,
    }  # fmt: skip


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Flask:
    """The small company: on SQLite the one that all tests look at; on PostgreSQL its words."""
    if request.config.getoption("--database") == "sqlite":
        found: Flask = request.getfixturevalue("company_app")
        return found
    app: Flask = request.getfixturevalue("app")
    settings: Settings = request.getfixturevalue("settings")
    with app.app_context():
        write_company(
            without_pictures(read_company(NOW)),
            SEED,
            _silent,
            settings=settings,
            now=NOW,
            password=passwords.prepare(seed.PASSWORD),
        )
        db.session.rollback()
    return app


@pytest.mark.usefixtures("template")
def test_the_small_company_is_as_if_people_had_made_it(written: Flask) -> None:
    with written.app_context():
        assert _wrong_counters() == []
        assert not any(_out_of_place().values()), _out_of_place()
        assert db.session.scalar(select(func.count()).select_from(Post)) > 400
        assert db.session.scalar(select(func.max(Post.created_at))) < NOW
        for model in (Mention, PostHashtag, PostRevision, HomeEntry):
            assert db.session.scalar(select(func.count()).select_from(model)) > 0, model
        people = {label: handle for handle, label in seed.SIGN_INS}
        found = db.session.execute(select(Account.handle, Account.role))
        roles = {row.handle: row.role for row in found}
        assert roles[people["administrator"]] is Role.ADMINISTRATOR
        assert roles[people["hr"]] is Role.HR
        camille = db.session.scalars(select(Account).where(Account.handle == "camille")).one()
        assert passwords.verify(camille.password_hash, seed.PASSWORD).right
        mine = Notification.recipient_id == camille.id
        unread = db.session.scalars(
            select(Notification.created_at).where(mine, Notification.read_at.is_(None))
        ).all()
        assert 2 <= len(unread) <= 6
        assert min(unread) > NOW - dt.timedelta(days=5)
        assert db.session.scalar(select(func.count()).where(mine)) > 30
        secret = select(Group.id).where(Group.privacy == GroupPrivacy.SECRET)
        inside = Notification.group_id.in_(secret)
        assert db.session.scalar(select(func.count()).where(mine, inside)) == 0


@pytest.mark.house  # files, not rows
def test_every_picture_of_the_small_company_is_there(
    company_app: Flask, company_settings: Settings
) -> None:
    storage = Storage(company_settings.data / "media")
    with company_app.app_context():
        media = db.session.scalars(select(MediaAttachment)).all()
        assert len(media) >= 35
        for one in media:
            assert one.post_id or one.announcement_id
            assert storage.path(one.key, "original").stat().st_size == one.size
            if one.kind is MediaKind.IMAGE:
                assert one.alt_text
                assert one.blurhash
                assert storage.path(one.key, "small").read_bytes()[8:12] == b"WEBP"
        avatars = db.session.scalars(
            select(Account.avatar_key).where(Account.avatar_key != "")
        ).all()
        assert avatars
        assert all(storage.path(key or "", "small").is_file() for key in avatars)


class _Enough(Exception):
    """What was to be seen has been seen."""


@pytest.mark.house  # random numbers, not rows
def test_the_same_seed_writes_the_same_small_company(
    company_app: Flask, settings: Settings, tmp_path: Path, empty: Path
) -> None:
    """Twice whole; another seed shows by who follows whom, before the first word is said."""
    with company_app.app_context():
        expected = _digest()
    company = without_pictures(read_company(NOW))
    given = {"now": NOW, "password": passwords.prepare(seed.PASSWORD)}
    beginnings: dict[int, str] = {}
    for chance in (SEED, SEED + 1):
        path = tmp_path / f"{chance}.db"
        own = settings.model_copy(update={"database_url": f"sqlite:///{path}"})

        def look(label: str, _done: int, _total: int, chance: int = chance) -> None:
            if label == "posts" and chance not in beginnings:
                beginnings[chance] = _digest()
                if chance != SEED:
                    raise _Enough

        with fresh(own, empty).app_context():
            with nullcontext() if chance == SEED else pytest.raises(_Enough):
                write_company(company, chance, look, settings=own, **given)
            if chance == SEED:
                assert _digest() == expected
            db.session.remove()
            db.engine.dispose()
    assert beginnings[SEED] != beginnings[SEED + 1]


def test_a_crowd_is_as_if_people_had_made_it(app: Flask, settings: Settings) -> None:
    with app.app_context():
        seed.build(6000, settings=settings.model_copy(update={"wide_stream": 20}), now=NOW)
        assert _wrong_counters() == []
        assert not any(_out_of_place().values()), _out_of_place()
        assert db.session.scalar(select(func.count()).select_from(Post)) == 6000
        assert db.session.scalar(select(func.count()).select_from(Account)) == 60
        followee = aliased(Account)
        assert (
            db.session.scalar(
                select(func.count())
                .select_from(Follow)
                .join(followee, followee.id == Follow.followee_id)
                .where(Follow.wide != followee.wide)
            )
            == 0
        )
        for wide in (True, False):
            people = select(func.count()).where(Account.wide.is_(wide))
            assert db.session.scalar(people), "both kinds of streams are there"
        # Whoever follows the author of a home entry, belongs to its group, or wrote it.
        stranger = (
            select(func.count())
            .select_from(HomeEntry)
            .outerjoin(
                Follow,
                (Follow.follower_id == HomeEntry.account_id)
                & (Follow.followee_id == HomeEntry.author_id),
            )
            .outerjoin(
                Membership,
                (Membership.account_id == HomeEntry.account_id)
                & (Membership.group_id == HomeEntry.group_id),
            )
            .where(
                HomeEntry.author_id != HomeEntry.account_id,
                ((HomeEntry.group_id.is_(None)) & Follow.id.is_(None))
                | ((HomeEntry.group_id.is_not(None)) & Membership.id.is_(None)),
            )
        )
        assert db.session.scalar(stranger) == 0
        cut = select(func.count()).select_from(HomeEntry).join(
            Account, Account.id == HomeEntry.account_id
        )  # fmt: skip
        assert db.session.scalar(cut.where(HomeEntry.post_id < Account.home_from)) == 0
        reader = db.session.scalars(select(Account).where(Account.handle == "camille")).one()
        followed = select(Follow.followee_id).where(
            Follow.follower_id == reader.id, Follow.wide.is_(False)
        )
        due = select(Post.id).where(
            Post.author_id.in_(followed),
            Post.group_id.is_(None),
            Post.root_id.is_(None),
            Post.visibility != Visibility.GROUP,
            Post.id >= reader.home_from,
        )
        kept = select(HomeEntry.post_id).where(HomeEntry.account_id == reader.id)
        assert set(db.session.scalars(due)) <= set(db.session.scalars(kept))


@pytest.mark.house  # random numbers, not rows
def test_the_same_seed_generates_the_same_crowd(
    app: Flask, settings: Settings, tmp_path: Path, empty: Path
) -> None:
    digests = []
    for number, chance in enumerate((1, 1, 2)):
        path = tmp_path / f"{number}.db"
        own = settings.model_copy(update={"database_url": f"sqlite:///{path}"})
        with fresh(own, empty).app_context():
            seed.build(1500, chance, settings=own, now=NOW)
            digests.append(_digest())
            db.session.remove()
            db.engine.dispose()
    assert digests[0] == digests[1]
    assert digests[1] != digests[2]


def test_a_database_that_is_in_use_is_left_alone(
    app: Flask, settings: Settings, make: Factory
) -> None:
    make.account("ann")
    with app.app_context(), pytest.raises(Conflict):
        seed.build(100, settings=settings)


def test_the_planner_finds_root_posts_by_their_stream_once_it_has_statistics(
    app: Flask, settings: Settings
) -> None:
    if not settings.on_sqlite:
        pytest.skip("PostgreSQL knows how many posts have no root")
    with app.app_context():
        seed.build(6000, settings=settings.model_copy(update={"wide_stream": 20}), now=NOW)
        for column in ("author_id", "group_id"):
            plan = db.session.execute(
                db.text(
                    "EXPLAIN QUERY PLAN SELECT id FROM post"
                    f" WHERE {column} = 1 AND root_id IS NULL AND id < 9 ORDER BY id DESC LIMIT 20"
                )
            ).all()
            assert f"({column}=?" in str(plan), plan
