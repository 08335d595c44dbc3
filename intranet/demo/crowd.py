"""A company for measurements: thousands of accounts, up to a million posts, in bulk.

What the ordinary actions would have left behind is written directly: counters, wide marks, home
entries. Homes hold the newest `KEPT` entries and say so (`home_from`); older pages are read from
the streams. Left out: mentions, attachments, notifications, edits.
"""

from __future__ import annotations

import datetime as dt
import json
from array import array
from collections.abc import Iterator
from math import log
from random import Random
from typing import Any

from intranet.accounts.models import Account, Role, sort_name_of
from intranet.accounts.passwords import PasswordHash
from intranet.accounts.words import search_text_of
from intranet.demo.bulk import Loader, Progress, loading
from intranet.demo.conversations import (
    BOOST,
    DAYS,
    FOLLOWERS,
    GROUP,
    REPLY,
    ROOT,
    Talk,
    converse,
    newest_of_homes,
)
from intranet.demo.population import CrowdMember, Population, hired_on, populate
from intranet.demo.vocabulary import Piece, Vocabulary, read_vocabulary
from intranet.groups.models import Group, GroupRole, Membership
from intranet.kernel import text
from intranet.kernel.ids import id_at
from intranet.posts.models import Bookmark, Hashtag, Post, PostHashtag, Reaction, Visibility
from intranet.relationships.models import Follow
from intranet.timelines.models import HomeEntry

KEPT = 60
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_VISIBILITIES = (Visibility.ORGANISATION, Visibility.FOLLOWERS, Visibility.GROUP)
_EMOJI = ("⭐", "👍", "👏", "😄", "❤️", "🎉", "💡", "🙏", "👀", "🚋")
_EMOJI_WEIGHTS = (18, 24, 14, 12, 9, 7, 5, 4, 4, 3)
_REACTED_SHARE, _TAGGED_SHARE, _SAVED_SHARE = 0.35, 0.15, 0.02


class Crowd:
    """One company, laid before `now`; the same seed gives the same rows."""

    def __init__(
        self,
        posts: int,
        *,
        seed: int,
        now: dt.datetime,
        password: PasswordHash,
        sign_ins: list[tuple[str, str]],
        wide_stream: int,
    ) -> None:
        self._dice = Random(f"crowd {seed}")  # noqa: S311  (a demo, not a secret)
        self._now, self._password, self._wide = now, password, wide_stream
        self._words: Vocabulary = read_vocabulary(self._dice)
        count = min(10_000, max(60, posts // 100))
        self._population: Population = populate(count, self._words, self._dice, text.fold)
        self._name_sign_ins(sign_ins)
        self._talk: Talk = converse(posts, self._population, now, self._dice)
        beginning = id_at(_EPOCH)
        self._post_ids = array(
            "q", [(ms << 22) + beginning + i for i, ms in enumerate(self._talk.milliseconds)]
        )
        self._homes = list(
            newest_of_homes(
                self._talk, self._population, wide_stream, KEPT, max(40_000, posts // 20)
            )
        )
        self._founded = now - dt.timedelta(days=DAYS + 30)

    def save(self, progress: Progress) -> None:
        """Write it all, in one transaction."""
        with loading(progress) as loader:
            self._save_people(loader)
            self._save_posts(loader)
            self._save_reactions(loader)
            self._save_homes(loader)

    def _name_sign_ins(self, sign_ins: list[tuple[str, str]]) -> None:
        """Those who sign in follow some and are followed by some: neither stars nor guests."""
        people = self._population.people
        usual = (person for person in people[len(people) // 50 + 1 :] if not person.is_guest)
        for (handle, _), person in zip(sign_ins, usual, strict=False):
            person.handle = handle
            person.name = f"{handle.title()} {person.name.split()[-1]}"
        self._roles = {handle: _role(label) for handle, label in sign_ins}

    # --- ids and times ---------------------------------------------------------------------

    def _founding_id(self, sequence: int) -> int:
        return id_at(self._founded, sequence)

    def _account_id(self, index: int) -> int:
        return self._founding_id(index)

    def _group_id(self, index: int) -> int:
        return self._founding_id(2_000_000 + index)

    def _post_id(self, index: int) -> int:
        return self._post_ids[index]

    # --- who -------------------------------------------------------------------------------

    def _save_people(self, loader: Loader) -> None:
        people, groups = self._population.people, self._population.groups
        newest_root = _newest(self._talk, by_group=False)
        complete_from = {person: edge for person, _, edge in self._homes}
        since = _sql_time(self._founded)
        loader.load(
            Account,
            ("id", "handle", "email", "display_name", "sort_name", "role", "password_hash",
             "created_at", "title", "department", "site", "languages", "joined_on", "locale",
             "followers_count", "following_count", "last_post_id", "wide", "home_from",
             "search_text"),
            (
                (
                    self._account_id(index), person.handle, f"{person.handle}@merival.example",
                    person.name, sort_name_of(person.name), self._role(person).value,
                    self._password, since, person.title, person.department, person.site,
                    json.dumps(["fr", "en"] if person.tongue == 0 else ["en"]),
                    hired_on(person, self._now.date()).isoformat(),
                    self._words.tongues[person.tongue].code,
                    len(person.followers), len(person.follows),
                    self._post_id(newest_root[index]) if index in newest_root else None,
                    len(person.followers) > self._wide,
                    self._post_id(complete_from[index]) if complete_from[index] else 0,
                    _search_text(person),
                )
                for index, person in enumerate(people)
            ),
            label="people", total=len(people),
        )  # fmt: skip
        loader.load(
            Follow,
            ("follower_id", "followee_id", "id", "wide", "created_at"),
            (
                (self._account_id(follower), self._account_id(followee),
                 self._founding_id(follower * 401 + number),
                 len(people[followee].followers) > self._wide, since)
                for follower, person in enumerate(people)
                for number, followee in enumerate(person.follows)
            ),
            label="follows", total=sum(len(person.follows) for person in people),
        )  # fmt: skip
        newest_in_group = _newest(self._talk, by_group=True)
        loader.load(
            Group,
            ("id", "slug", "name", "purpose", "privacy", "created_by_id", "created_at",
             "members_count", "guests_count", "last_post_id", "wide", "search_text"),
            (
                (
                    self._group_id(index), group.slug, group.name, "", group.privacy,
                    self._account_id(group.members[0]), since, len(group.members),
                    sum(people[member].is_guest for member in group.members),
                    self._post_id(newest_in_group[index]) if index in newest_in_group else None,
                    len(group.members) > self._wide, text.fold(group.name),
                )
                for index, group in enumerate(groups)
            ),
            label="groups", total=len(groups),
        )  # fmt: skip
        loader.load(
            Membership,
            ("group_id", "account_id", "id", "role", "last_read_post_id", "wide", "created_at"),
            (
                (
                    self._group_id(index), self._account_id(member),
                    self._founding_id(index * 997 + number),
                    (GroupRole.MEMBER if number else GroupRole.OWNER).value,
                    self._post_id(newest_in_group[index])
                    if index in newest_in_group and number % 3 else None,
                    len(group.members) > self._wide, since,
                )
                for index, group in enumerate(groups)
                for number, member in enumerate(group.members)
            ),
            label="memberships", total=sum(len(group.members) for group in groups),
        )  # fmt: skip

    def _role(self, person: CrowdMember) -> Role:
        if person.is_guest:
            return Role.GUEST
        return self._roles.get(person.handle, Role.MEMBER)

    # --- what they say ---------------------------------------------------------------------

    def _save_posts(self, loader: Loader) -> None:
        tagged: list[tuple[int, int]] = []
        loader.load(
            Post,
            ("id", "author_id", "group_id", "visibility", "source", "html", "language",
             "in_reply_to_id", "root_id", "boost_of_id", "replies_count", "boosts_count",
             "search_text", "created_at"),
            self._posts(tagged),
            label="posts", total=len(self._talk),
        )  # fmt: skip
        loader.load(
            Hashtag,
            ("id", "name", "display"),
            (
                (self._founding_id(3_000_000 + index), text.canonical_hashtag(name), name)
                for index, (name, _) in enumerate(self._words.hashtags)
            ),
            label="hashtags",
            total=len(self._words.hashtags),
        )
        loader.load(
            PostHashtag,
            ("hashtag_id", "post_id"),
            ((self._founding_id(3_000_000 + tag), post) for tag, post in sorted(tagged)),
            label="hashtags of posts",
            total=len(tagged),
        )

    def _posts(self, tagged: list[tuple[int, int]]) -> Iterator[tuple[Any, ...]]:
        talk, people, random = self._talk, self._population.people, self._dice.random
        tongues, hashtags = self._words.tongues, self._words.hashtags
        group_ids = [self._group_id(index) for index in range(len(self._population.groups))]
        account_ids = [self._account_id(index) for index in range(len(people))]
        visibilities = [visibility.value for visibility in _VISIBILITIES]
        post_id, day = self._post_id, _Days()
        for index in range(len(talk)):
            author, kind, group = talk.author[index], talk.kind[index], talk.group[index]
            tongue = tongues[people[author].tongue]
            id_ = post_id(index)
            source = html = folded = ""
            if kind != BOOST:
                pieces = _pick_reply(tongue.replies, random) if kind == REPLY else [
                    _pick(tongue.openings, random), _pick(tongue.details, random),
                    _pick(tongue.closings, random),
                ]  # fmt: skip
                if random() < _TAGGED_SHARE:
                    tag = int(random() * len(hashtags))
                    pieces.append(hashtags[tag][1])
                    tagged.append((tag, id_))
                source = " ".join([piece.source for piece in pieces])
                html = f"<p>{' '.join([piece.html for piece in pieces])}</p>"
                folded = " ".join([piece.folded for piece in pieces])
            yield (
                id_,
                account_ids[author],
                group_ids[group] if group >= 0 else None,
                visibilities[talk.audience[index]],
                source,
                html,
                tongue.code,
                post_id(talk.parent[index]) if kind == REPLY else None,
                post_id(talk.root[index]) if kind == REPLY else None,
                post_id(talk.parent[index]) if kind == BOOST else None,
                talk.thread_replies[index] if kind == ROOT else talk.direct_replies[index],
                talk.boosts[index],
                folded,
                day.text(talk.milliseconds[index]),
            )

    def _save_reactions(self, loader: Loader) -> None:
        count = len(self._talk)
        loader.load(
            Reaction,
            ("post_id", "account_id", "emoji", "created_at"),
            self._reactions(),
            label="reactions",
            total=round(count * _REACTED_SHARE * 2.2),
        )
        loader.load(
            Bookmark,
            ("account_id", "post_id", "id", "created_at"),
            self._bookmarks(),
            label="bookmarks",
            total=round(count * _SAVED_SHARE),
        )

    def _reactions(self) -> Iterator[tuple[Any, ...]]:
        talk, dice, day = self._talk, self._dice, _Days()
        random = dice.random
        everybody = [
            index for index, person in enumerate(self._population.people) if not person.is_guest
        ]
        emoji = dice.choices(_EMOJI, _EMOJI_WEIGHTS, k=10_000)
        for index in range(len(talk)):
            if talk.kind[index] == BOOST or random() > _REACTED_SHARE:
                continue
            audience = self._audience(index, everybody)
            wanted = min(12, 1 + int(-1.8 * log(1 - random())))
            people = {audience[int(random() * len(audience))] for _ in range(wanted)}
            people.discard(talk.author[index])
            post, when = self._post_id(index), day.text(talk.milliseconds[index] + 300_000)
            for person in sorted(people):
                yield post, self._account_id(person), emoji[int(random() * 10_000)], when

    def _bookmarks(self) -> Iterator[tuple[Any, ...]]:
        talk, random, day = self._talk, self._dice.random, _Days()
        everybody = [
            index for index, person in enumerate(self._population.people) if not person.is_guest
        ]
        for index in range(len(talk)):
            if talk.kind[index] != BOOST and random() < _SAVED_SHARE:
                audience = self._audience(index, everybody)
                reader = audience[int(random() * len(audience))]
                post = self._post_id(index)
                yield self._account_id(reader), post, post, day.text(talk.milliseconds[index])

    def _audience(self, index: int, everybody: list[int]) -> list[int]:
        """Who may see the post; never empty."""
        if self._talk.audience[index] == GROUP:
            return self._population.groups[self._talk.group[index]].members
        if self._talk.audience[index] == FOLLOWERS:
            root = self._talk.root[index] if self._talk.kind[index] == REPLY else index
            author = self._talk.author[root]
            return self._population.people[author].followers or [author]
        return everybody

    # --- what they find when they come home ------------------------------------------------

    def _save_homes(self, loader: Loader) -> None:
        talk, people = self._talk, self._population.people
        loader.load(
            HomeEntry,
            ("account_id", "post_id", "author_id", "group_id"),
            (
                (
                    self._account_id(person),
                    self._post_id(index),
                    self._account_id(talk.author[index]),
                    self._group_id(talk.group[index]) if talk.group[index] >= 0 else None,
                )
                for person, home, _ in self._homes
                for index in reversed(home)
            ),
            label="home entries",
            total=len(people) * KEPT,
        )


class _Days:
    """Times as SQL text; the day of the last one is remembered."""

    def __init__(self) -> None:
        self._day, self._date = -1, ""

    def text(self, milliseconds: int) -> str:
        day, rest = divmod(milliseconds, 86_400_000)
        if day != self._day:
            self._day = day
            self._date = (_EPOCH + dt.timedelta(days=day)).strftime("%Y-%m-%d")
        seconds, thousandths = divmod(rest, 1000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return f"{self._date} {hour:02d}:{minute:02d}:{second:02d}.{thousandths:03d}000"


def _sql_time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _pick(pieces: tuple[Piece, ...], random: Any) -> Piece:
    return pieces[int(random() * len(pieces))]


def _pick_reply(pieces: tuple[Piece, ...], random: Any) -> list[Piece]:
    """One sentence, or two."""
    return [_pick(pieces, random) for _ in range(1 if random() < 0.7 else 2)]


def _newest(talk: Talk, *, by_group: bool) -> dict[int, int]:
    """The newest root post or boost of each author's, or group's, stream."""
    newest: dict[int, int] = {}
    for index in range(len(talk)):
        if talk.kind[index] != REPLY and (talk.group[index] >= 0) is by_group:
            newest[talk.group[index] if by_group else talk.author[index]] = index
    return newest


def _search_text(person: CrowdMember) -> str:
    return search_text_of(
        Account(
            handle=person.handle,
            display_name=person.name,
            title=person.title,
            department=person.department,
            site=person.site,
        )
    )


def _role(label: str) -> Role:
    return {"hr": Role.HR, "administrator": Role.ADMINISTRATOR}.get(label, Role.MEMBER)
