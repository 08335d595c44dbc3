"""What of a span may interest the reader: a bounded number of posts, and the facts about each that
the order is made of. Everything is read for all posts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.catchup.affinity import Skills, exchanges
from intranet.catchup.spans import Span
from intranet.db import UTCDateTime, db
from intranet.groups.models import Group, Membership, NotifyLevel
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import Cursor
from intranet.polls.models import Poll, PollVoter
from intranet.posts.models import Hashtag, Post, PostHashtag, Reaction, ThreadMute
from intranet.posts.policies import visible_to
from intranet.relationships.models import Follow
from intranet.relationships.policies import muted_by
from intranet.tags.models import TagFollow
from intranet.timelines import statements

HOME_READ = 200  # of the newest posts of the home
WIDE_READ = 60  # of the newest posts for the whole organisation

_IDS = bindparam("ids", type_=BigInteger, expanding=True)
_NOW = bindparam("now", type_=UTCDateTime)
_MANAGER = bindparam("manager_id", type_=BigInteger)
_ENTRY = aliased(Post, name="entry")
_booster = aliased(Account, name="booster")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the order depends on. `entry_id` is of the boost, where the home has one."""

    entry_id: int
    post_id: int
    thread_id: int
    author_id: int
    author: str
    in_home: bool
    followed: bool
    passed_on_by: str = ""
    group: str = ""  # a group of the reader's, unless it is silenced
    team: bool = False
    tag: str = ""
    skill: str = ""
    near: int = 0
    reactions: int = 0
    replies: int = 0
    poll: bool = False
    exchanges: int = 0


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is known of each post; `home_more` of them came to the home than are read."""

    facts: tuple[Facts, ...]
    home_more: bool


def candidates(viewer: Account, span: Span) -> Candidates:
    """The newest of the home and of what is for everybody, each post once: eight statements."""
    home = _home_ids(viewer, span)
    entries = home[:HOME_READ]
    ids = dict.fromkeys([*entries, *_wide_ids(viewer, span)])
    if not ids:
        return Candidates((), False)
    rows = db.session.execute(
        _facts(reader_of(viewer)),
        {
            "reader_id": viewer.id,
            "manager_id": viewer.manager_id or 0,
            "ids": list(ids),
            "now": utc_now(),
        },
    ).all()
    at_home = set(entries)
    # The home's own entry goes before the same post among those for everybody.
    ordered = sorted(rows, key=lambda row: (row.entry_id not in at_home, -row.entry_id))
    once: dict[int, Any] = {}
    for row in ordered:
        once.setdefault(row.post_id, row)
    known = _Known(viewer, span, list(once.values()))
    return Candidates(
        tuple(known.facts(row, row.entry_id in at_home) for row in once.values()),
        len(home) > HOME_READ,
    )


def _home_ids(viewer: Account, span: Span) -> list[int]:
    """The newest of the home, one more than is read; from the streams where it is not kept."""
    reader, given = reader_of(viewer), _page(viewer, span, HOME_READ + 1)
    found = list(db.session.scalars(statements.home(reader), given))
    if len(found) <= HOME_READ and span.since < viewer.home_from:
        found = list(db.session.scalars(statements.home_from_streams(reader), given))
    return found


def _wide_ids(viewer: Account, span: Span) -> list[int]:
    if viewer.is_guest:
        return []
    given = _page(viewer, span, WIDE_READ)
    return list(db.session.scalars(statements.organisation(reader_of(viewer)), given))


def _page(viewer: Account, span: Span, most: int) -> dict[str, Any]:
    cursor = Cursor(before=span.until + 1, after=span.since, limit=most)
    return statements.parameters(viewer, cursor)


class _Known:
    """What is read for all posts at once."""

    def __init__(self, viewer: Account, span: Span, rows: Sequence[Any]) -> None:
        self._viewer = viewer
        ids = [row.post_id for row in rows]
        given = {"reader_id": viewer.id, "ids": ids, "now": utc_now()}
        self._reactions = {
            row.post_id: (row.near, row.everybody)
            for row in db.session.execute(
                _reactions(), {**given, "manager_id": viewer.manager_id or 0}
            )
        }
        self._tags: dict[int, list[tuple[str, str, bool]]] = {}
        for row in db.session.execute(_tags(), given):
            found = self._tags.setdefault(row.post_id, [])
            found.append((row.name, row.display, row.follower is not None))
        self._polls = set(db.session.scalars(_open_polls(), given))
        self._skills = Skills(viewer)
        self._exchanges = exchanges(viewer, span, {row.author_id for row in rows})

    def facts(self, row: Any, in_home: bool) -> Facts:
        """Everything about one post."""
        near, everybody = self._reactions.get(row.post_id, (0, 0))
        tags = self._tags.get(row.post_id, [])
        followed = [display for _name, display, mine in tags if mine]
        return Facts(
            entry_id=row.entry_id,
            post_id=row.post_id,
            thread_id=row.root_id or row.post_id,
            author_id=row.author_id,
            author=row.author,
            in_home=in_home,
            followed=row.follower is not None,
            passed_on_by=row.booster or "" if in_home else "",
            group=row.group_name or "" if row.notify_level not in (None, _SILENT) else "",
            team=bool(row.team),
            tag=min(followed, default=""),
            skill=self._skills.named_in(row.search_text, [name for name, _display, _mine in tags]),
            near=near,
            reactions=everybody,
            replies=row.replies_count,
            poll=row.post_id in self._polls,
            exchanges=self._exchanges.get(row.author_id, 0),
        )


_SILENT = NotifyLevel.NOTHING


@cache
def _facts(reader: Reader) -> Any:
    """One row for each entry that the reader may see, without the reader's own posts, what they
    have answered or reacted to already, muted threads and silenced groups."""
    mute = aliased(ThreadMute)
    muted = exists(
        select(mute.thread_id).where(
            mute.account_id == reader.id, mute.thread_id == func.coalesce(Post.root_id, Post.id)
        )
    )
    answer, reaction = aliased(Post), aliased(Reaction)
    answered = exists(
        select(answer.id).where(
            answer.in_reply_to_id == Post.id,
            answer.author_id == reader.id,
            answer.deleted_at.is_(None),
        )
    )
    reacted = exists(
        select(reaction.post_id).where(
            reaction.post_id == Post.id, reaction.account_id == reader.id
        )
    )
    team = or_(
        and_(Account.manager_id.is_not(None), Account.manager_id == _MANAGER),
        Account.manager_id == reader.id,
    )
    return (
        select(
            _ENTRY.id.label("entry_id"),
            Post.id.label("post_id"),
            Post.root_id,
            Post.author_id,
            Post.search_text,
            Post.replies_count,
            Account.display_name.label("author"),
            _booster.display_name.label("booster"),
            Group.name.label("group_name"),
            Membership.notify_level,
            Follow.follower_id.label("follower"),
            case((team, 1), else_=0).label("team"),
        )
        .select_from(_ENTRY)
        .join(Post, Post.id == func.coalesce(_ENTRY.boost_of_id, _ENTRY.id))
        .join(Account, Account.id == Post.author_id)
        .outerjoin(_booster, and_(_booster.id == _ENTRY.author_id, _ENTRY.boost_of_id.is_not(None)))
        .outerjoin(Group, Group.id == Post.group_id)
        .outerjoin(
            Membership,
            and_(Membership.group_id == Post.group_id, Membership.account_id == reader.id),
        )
        .outerjoin(
            Follow, and_(Follow.follower_id == reader.id, Follow.followee_id == Post.author_id)
        )
        .where(
            _ENTRY.id.in_(_IDS),
            Post.author_id != reader.id,
            _ENTRY.author_id != reader.id,
            Post.author_id.not_in(muted_by(reader.id, _NOW)),
            ~muted,
            ~answered,
            ~reacted,
            or_(Membership.notify_level.is_(None), Membership.notify_level != _SILENT),
            visible_to(reader.as_viewer),
        )
    )


def _near(reader_id: Any) -> ColumnElement[bool]:
    """The reactor is followed by the reader, or works with them, and is not muted."""
    follow, colleague = aliased(Follow), aliased(Account)
    return and_(
        Reaction.account_id.not_in(muted_by(reader_id, _NOW)),
        or_(
            exists(
                select(follow.id).where(
                    follow.follower_id == reader_id, follow.followee_id == Reaction.account_id
                )
            ),
            exists(
                select(colleague.id).where(
                    colleague.id == Reaction.account_id,
                    or_(
                        colleague.manager_id == _MANAGER,
                        colleague.manager_id == reader_id,
                        colleague.id == _MANAGER,
                    ),
                )
            ),
        ),
    )


@cache
def _reactions() -> Any:
    """Of each post how many people reacted, and how many of them are near."""
    reader_id = bindparam("reader_id", type_=BigInteger)
    person = case((_near(reader_id), Reaction.account_id))
    return (
        select(
            Reaction.post_id,
            func.count(person.distinct()).label("near"),
            func.count(Reaction.account_id.distinct()).label("everybody"),
        )
        .where(Reaction.post_id.in_(_IDS), Reaction.account_id != reader_id)
        .group_by(Reaction.post_id)
    )


@cache
def _tags() -> Any:
    reader_id = bindparam("reader_id", type_=BigInteger)
    return (
        select(
            PostHashtag.post_id,
            Hashtag.name,
            Hashtag.display,
            TagFollow.account_id.label("follower"),
        )
        .join(Hashtag, Hashtag.id == PostHashtag.hashtag_id)
        .outerjoin(
            TagFollow,
            and_(TagFollow.hashtag_id == Hashtag.id, TagFollow.account_id == reader_id),
        )
        .where(PostHashtag.post_id.in_(_IDS))
    )


@cache
def _open_polls() -> Select[int]:
    """Those of the posts with a poll that the reader can still vote in."""
    reader_id = bindparam("reader_id", type_=BigInteger)
    voted = exists(
        select(PollVoter.post_id).where(
            PollVoter.post_id == Poll.post_id, PollVoter.account_id == reader_id
        )
    )
    return select(Poll.post_id).where(
        Poll.post_id.in_(_IDS), Poll.expires_at > _NOW, Poll.closed_at.is_(None), ~voted
    )
