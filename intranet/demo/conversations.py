"""Who posted, answered and boosted what, and when: the shape of a company's talk, without words.

A million entries: columns of numbers instead of objects.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from intranet.demo.population import Population

DAYS = 540
ROOT, REPLY, BOOST = 0, 1, 2
ORGANISATION, FOLLOWERS, GROUP = 0, 1, 2
_REPLY_SHARE, _BOOST_SHARE = 0.42, 0.04
_GROUP_SHARE, _FOLLOWERS_SHARE = 0.45, 0.08
_RECENT = 400  # roots that are still talked about
_HOURS = [0, 0, 0, 0, 0, 1, 3, 12, 22, 20, 18, 16, 9, 14, 18, 17, 14, 10, 5, 2, 1, 1, 1, 0]
_HOUR_MS = 3_600_000


@dataclass(slots=True)
class Talk:
    """One entry a post, oldest first. -1 stands for none in `parent`, `root` and `group`."""

    milliseconds: array[int]  # since the epoch of Unix
    author: array[int]
    kind: array[int]
    audience: array[int]
    group: array[int]
    parent: array[int]  # what a reply answers, what a boost boosts
    root: array[int]
    thread_replies: array[int]  # of a root: in its whole thread
    direct_replies: array[int]
    boosts: array[int]

    def __len__(self) -> int:
        return len(self.author)


def converse(count: int, population: Population, now: dt.datetime, dice: Random) -> Talk:
    """`count` posts over the last `DAYS` days."""
    people, groups = population.people, population.groups
    talk = Talk(*(array("q") for _ in range(10)))
    talk.milliseconds = _moments(count, now, dice)
    none = array("q", [-1]) * count
    zero = array("q", [0]) * count
    talk.author, talk.kind, talk.audience = zero[:], zero[:], zero[:]
    talk.group, talk.parent, talk.root = none[:], none[:], none[:]
    talk.thread_replies, talk.direct_replies, talk.boosts = zero[:], zero[:], zero[:]
    authors = _authors(count, population, dice)
    recent: list[int] = []
    last_reply: dict[int, int] = {}
    boosted: set[tuple[int, int]] = set()
    random = dice.random
    for index in range(count):
        author, chance = authors[index], random()
        if recent and chance < _REPLY_SHARE:
            root = recent[-1 - int(random() * random() * len(recent))]
            if talk.audience[root] == GROUP:
                members = groups[talk.group[root]].members
                author = members[int(random() * len(members))]
            elif talk.audience[root] == FOLLOWERS:
                readers = people[talk.author[root]].followers or [talk.author[root]]
                author = readers[int(random() * len(readers))]
            parent = last_reply.get(root, root) if random() < 0.3 else root
            last_reply[root] = index
            talk.kind[index], talk.parent[index], talk.root[index] = REPLY, parent, root
            talk.audience[index], talk.group[index] = talk.audience[root], talk.group[root]
            talk.thread_replies[root] += 1
            talk.direct_replies[parent] += 1
        elif recent and chance < _REPLY_SHARE + _BOOST_SHARE:
            original = recent[-1 - int(random() * len(recent))]
            if talk.audience[original] == ORGANISATION and (original, author) not in boosted:
                boosted.add((original, author))
                talk.kind[index], talk.parent[index] = BOOST, original
                talk.boosts[original] += 1
        if talk.kind[index] == ROOT:
            chance = random()
            mine = people[author].groups
            if mine and chance < _GROUP_SHARE:
                talk.audience[index] = GROUP
                talk.group[index] = mine[int(random() * len(mine))]
            elif chance > 1 - _FOLLOWERS_SHARE:
                talk.audience[index] = FOLLOWERS
            recent.append(index)
            if len(recent) > 2 * _RECENT:
                del recent[:_RECENT]
        talk.author[index] = author
    return talk


def _authors(count: int, population: Population, dice: Random) -> list[int]:
    """Some write much, most write little, guests only answer in their groups."""
    weights = [0.0 if person.is_guest else dice.paretovariate(1.3) for person in population.people]
    ceiling = 60 * sum(weights) / len(weights)
    cumulative = list(accumulate(min(weight, ceiling) for weight in weights))
    return dice.choices(range(len(weights)), cum_weights=cumulative, k=count)


def _moments(count: int, now: dt.datetime, dice: Random) -> array[int]:
    """Working days and hours mostly, none later than yesterday."""
    today = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - dt.timedelta(days=DAYS - day) for day in range(DAYS)]
    starts = [int(day.timestamp()) * 1000 for day in days]
    weights = list(accumulate(0.06 if day.weekday() > 4 else 1.0 for day in days))
    chosen = dice.choices(starts, cum_weights=weights, k=count)
    hours = dice.choices(range(24), weights=_HOURS, k=count)
    random = dice.random
    return array(
        "q",
        sorted(
            start + hour * _HOUR_MS + int(random() * _HOUR_MS)
            for start, hour in zip(chosen, hours, strict=True)
        ),
    )


def newest_of_homes(
    talk: Talk, population: Population, wide: int, kept: int, looked_at: int
) -> Iterator[tuple[int, list[int], int]]:
    """(person, the newest entries of that home, newest first; the oldest index from which it is
    complete), where streams with more than `wide` subscribers reach only their authors."""
    homes: list[list[int]] = [[] for _ in population.people]
    edge = max(0, len(talk) - looked_at)
    for index in range(len(talk) - 1, edge - 1, -1):
        if talk.kind[index] == REPLY:
            continue
        author, group = talk.author[index], talk.group[index]
        readers = (
            population.groups[group].members if group >= 0 else population.people[author].followers
        )
        if len(readers) <= wide:
            for reader in readers:
                home = homes[reader]
                if len(home) < kept and reader != author:
                    home.append(index)
        if len(homes[author]) < kept:
            homes[author].append(index)
    for person, home in enumerate(homes):
        yield person, home, home[-1] if len(home) == kept else edge
