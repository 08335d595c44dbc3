"""The people and groups of a company for measurements, and who subscribes to what.

A hundredth of the people are followed by thousands, so that there are wide streams; a few follow
two thousand colleagues and a few follow ten. Everybody is an index here; ids come from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from intranet.demo.vocabulary import Vocabulary

_STAR_SHARE = 0.01  # of the people
_STAR_ATTENTION = 0.14  # of all follows
_USUAL_FOLLOWS = 180
_MANY_FOLLOWS, _MANY_SHARE = 2000, 0.008
_FEW_FOLLOWS, _FEW_SHARE = 10, 0.02
_GUEST_SHARE = 0.01


@dataclass(slots=True)
class CrowdMember:
    name: str
    handle: str
    title: str
    department: str
    site: str
    is_guest: bool
    tongue: int  # index into the vocabulary's languages
    hired_days_ago: int
    groups: list[int] = field(default_factory=list)
    follows: list[int] = field(default_factory=list)
    followers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class CrowdGroup:
    name: str
    slug: str
    privacy: str
    members: list[int]  # the owner first


@dataclass(slots=True)
class Population:
    people: list[CrowdMember]
    groups: list[CrowdGroup]


def populate(count: int, words: Vocabulary, dice: Random, fold: Callable[[str], str]) -> Population:
    """`count` people in groups, following one another."""
    people = _people(count, words, dice, fold)
    _follow(people, dice)
    return Population(people, _groups(people, words, dice, fold))


def _people(
    count: int, words: Vocabulary, dice: Random, fold: Callable[[str], str]
) -> list[CrowdMember]:
    taken: dict[str, int] = {}
    people = []
    for _ in range(count):
        first, last = dice.choice(words.first_names), dice.choice(words.last_names)
        stem = fold(f"{first}.{last}").replace("'", "").replace(" ", "-")
        taken[stem] = taken.get(stem, 0) + 1
        site = dice.choice(words.sites)
        people.append(
            CrowdMember(
                name=f"{first} {last}",
                handle=stem if taken[stem] == 1 else f"{stem}{taken[stem]}",
                title=dice.choice(words.titles),
                department=dice.choice(words.departments),
                site=site,
                is_guest=dice.random() < _GUEST_SHARE,
                tongue=1 if site in ("Leeds", "Rotterdam") else 0,
                hired_days_ago=dice.randrange(600, 4000),
            )
        )
    return people


def _follow(people: list[CrowdMember], dice: Random) -> None:
    staff = [index for index, person in enumerate(people) if not person.is_guest]
    stars = max(1, round(len(staff) * _STAR_SHARE))
    usual_weight = (1 - _STAR_ATTENTION) / max(1, len(staff) - stars)
    weights = [_STAR_ATTENTION / stars] * stars + [
        usual_weight * dice.uniform(0.3, 1.7) for _ in staff[stars:]
    ]
    cumulative = list(accumulate(weights))
    for index in staff:
        chance = dice.random()
        if chance < _MANY_SHARE:
            wanted = _MANY_FOLLOWS
        elif chance < _MANY_SHARE + _FEW_SHARE:
            wanted = _FEW_FOLLOWS
        else:
            wanted = round(_USUAL_FOLLOWS * dice.lognormvariate(-0.08, 0.4))
        wanted = min(wanted, len(staff) // 3)
        chosen: set[int] = set()
        while len(chosen) < wanted:
            chosen.update(dice.choices(staff, cum_weights=cumulative, k=wanted - len(chosen)))
            chosen.discard(index)
        people[index].follows = sorted(chosen)
        for followee in people[index].follows:
            people[followee].followers.append(index)


def _groups(
    people: list[CrowdMember], words: Vocabulary, dice: Random, fold: Callable[[str], str]
) -> list[CrowdGroup]:
    staff = [index for index, person in enumerate(people) if not person.is_guest]
    guests = [index for index, person in enumerate(people) if person.is_guest]
    count = max(15, len(people) // 30)
    groups = []
    for number in range(count):
        if number == 0:
            size = len(staff)
        elif number <= count // 60:
            size = len(staff) // 8
        else:
            size = max(5, round(30 * dice.paretovariate(1.6)))
        members = dice.sample(staff, min(size, len(staff), 2000 if number else size))
        privacy = (
            "open" if number == 0 else dice.choices(("open", "closed", "secret"), (60, 30, 10))[0]
        )
        if guests and privacy == "closed" and dice.random() < 0.3:
            members += dice.sample(guests, min(3, len(guests)))
        name = words.group_names[number % len(words.group_names)]
        if number >= len(words.group_names):
            name = f"{name} {number // len(words.group_names) + 1}"
        slug = fold(name).replace(" ", "-")
        groups.append(CrowdGroup(name, slug, privacy, members))
        for member in members:
            people[member].groups.append(number)
    return groups


def hired_on(person: CrowdMember, today: dt.date) -> dt.date:
    """The day the person joined the company."""
    return today - dt.timedelta(days=person.hired_days_ago)
