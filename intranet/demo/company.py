"""Reads the demo company from `content/*.toml` and lays its months before a given moment.

Days of the week and working hours stay what the files say, in the zone of the author's site;
nothing lies in the future.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intranet.demo.typography import typeset

_CONTENT = Path(__file__).with_name("content")
_ZONES = {
    "Leeds": "Europe/London",
    "Rotterdam": "Europe/Amsterdam",
    "Montréal": "America/Toronto",
}
_HOME_ZONE = "Europe/Paris"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DELAY = re.compile(r"(\d+)([dhm])")
_REACTION = re.compile(r"(.*?)(\d+)")
_MARGIN = dt.timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """An account to be. `portrait` describes a face for `pictures.portrait`; None: initials."""

    handle: str
    name: str
    title: str
    department: str
    site: str
    role: str
    manager: str | None
    sponsor: str | None  # of a guest: the member who answers for it
    pronouns: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    phone: str
    about: str
    portrait: str | None
    joined_at: dt.datetime
    time_zone: str

    @property
    def language(self) -> str:
        """The interface language: French, or English for everybody else."""
        return "fr" if self.languages[0] == "fr" else "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupPlan:
    slug: str
    name: str
    purpose: str
    about: str
    privacy: str
    owner: str
    moderators: tuple[str, ...]
    members: tuple[str, ...]  # owner and moderators left out
    requests: tuple[str, ...]
    created_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PostPlan:
    """A post, or a reply when it stands in another's `replies`."""

    author: str
    text: str
    language: str
    at: dt.datetime
    reactions: tuple[tuple[str, int], ...]  # (emoji, how many people)
    group: str | None = None
    followers_only: bool = False
    pinned: bool = False
    earlier_text: str | None = None  # what it said before an edit
    images: tuple[tuple[str, str], ...] = ()  # (kind of picture, alternative text)
    files: tuple[tuple[str, str], ...] = ()  # (name, content for papers.paper)
    boosted_by: tuple[str, ...] = ()
    saved_by: tuple[str, ...] = ()
    replies: tuple[PostPlan, ...] = ()
    page: str | None = None  # in whose name it is written
    public: bool = False
    answers: int | None = None  # of a reply: the index of the reply it answers; None: the post


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePlan:
    """An official page to be. `waiting` are posts that nobody but their author has read."""

    handle: str
    name: str
    category: str
    tagline: str
    about: str
    email: str
    phone: str
    url: str
    department: str
    site: str
    attribution: str
    review: bool
    public: bool
    verified: bool
    owner: str
    editors: tuple[tuple[str, str], ...]  # (handle, role)
    followers: float  # the share of colleagues who follow it
    waiting: tuple[PostPlan, ...]
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Company:
    people: tuple[Person, ...]
    groups: tuple[GroupPlan, ...]
    posts: tuple[PostPlan, ...]  # oldest first
    pages: tuple[PagePlan, ...] = ()


def read_company(now: dt.datetime) -> Company:
    """The demo company as of `now` (aware)."""
    people = tuple(_person(row, now) for row in _rows("people.toml", "person"))
    by_handle = {person.handle: person for person in people}
    groups = tuple(_group(row, people, now) for row in _rows("groups.toml", "group"))
    posts = [
        _post(row, by_handle, now, group=None if path.stem == "organisation" else path.stem)
        for path in sorted((_CONTENT / "posts").glob("*.toml"))
        for row in _rows(f"posts/{path.name}", "post")
    ]
    pages = []
    for row in _rows("pages.toml", "page"):
        posts += [_post(one, by_handle, now, group=None, page=row["handle"]) for one in row["post"]]
        pages.append(_page(row, by_handle, now))
    posts.sort(key=lambda post: (post.at, post.author))
    return Company(people, groups, tuple(posts), tuple(pages))


def _rows(name: str, kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((_CONTENT / name).read_text("utf-8"))[kind]
    return rows


def _person(row: dict[str, Any], now: dt.datetime) -> Person:
    site = row.get("site", "")
    zone = _ZONES.get(site, _HOME_ZONE)
    day = (now - dt.timedelta(days=row["joined"])).astimezone(ZoneInfo(zone))
    languages = tuple(row["languages"])
    return Person(
        handle=row["handle"],
        name=row["name"],
        title=row["title"],
        department=row["department"],
        site=site,
        role=row.get("role", "member"),
        manager=row.get("manager"),
        sponsor=row.get("sponsor"),
        pronouns=row.get("pronouns", ""),
        languages=languages,
        skills=tuple(row.get("skills", ())),
        phone=row.get("phone", ""),
        about=typeset(row["about"].strip(), languages[0]),
        portrait=row.get("portrait"),
        joined_at=min(now - _MARGIN, day.replace(hour=9, minute=0, second=0, microsecond=0)),
        time_zone=zone,
    )


def _group(row: dict[str, Any], people: Iterable[Person], now: dt.datetime) -> GroupPlan:
    chosen = [row["owner"], *row["moderators"]]
    sites = {member[1:] for member in row["members"] if member.startswith("@")}
    wanted = {member for member in row["members"] if not member.startswith("@")}
    members = tuple(
        person.handle
        for person in people
        if person.handle not in chosen and (person.handle in wanted or person.site in sites)
    )
    return GroupPlan(
        slug=row["slug"],
        name=row["name"],
        purpose=row["purpose"],
        about=typeset(row["about"].strip(), "fr"),
        privacy=row["privacy"],
        owner=row["owner"],
        moderators=tuple(row["moderators"]),
        members=members,
        requests=tuple(row.get("requests", ())),
        created_at=now - dt.timedelta(days=row["since"]),
    )


def _page(row: dict[str, Any], people: dict[str, Person], now: dt.datetime) -> PagePlan:
    handle = row["handle"]
    return PagePlan(
        handle=handle,
        name=row["name"],
        category=row["category"],
        tagline=typeset(row["tagline"], "fr"),
        about=typeset(row["about"].strip(), "fr"),
        email=row.get("email", ""),
        phone=row.get("phone", ""),
        url=row.get("url", ""),
        department=row.get("department", ""),
        site=row.get("site", ""),
        attribution=row.get("attribution", "author"),
        review=row.get("review", False),
        public=row.get("public", False),
        verified=row.get("verified", False),
        owner=row["owner"],
        editors=tuple(row["editors"].items()),
        followers=row["followers"],
        waiting=tuple(
            _post(one, people, now, group=None, page=handle) for one in row.get("waiting", [])
        ),
        created_at=now - dt.timedelta(days=row["since"]),
    )


def _post(
    row: dict[str, Any],
    people: dict[str, Person],
    now: dt.datetime,
    *,
    group: str | None,
    page: str | None = None,
) -> PostPlan:
    author = people[row["by"]]
    at = now - _delay(row["ago"]) if "ago" in row else _at(row["at"], author.time_zone, now)
    language = row.get("lang", author.language)
    rows = row.get("reply", [])
    delays = [_delay(reply["after"]) for reply in rows]
    room, longest = now - at - _MARGIN, max(delays, default=dt.timedelta())
    if longest > room:
        delays = [delay * (room / longest) for delay in delays]
    replies = tuple(
        PostPlan(
            author=reply["by"],
            text=typeset(reply["text"], reply.get("lang", people[reply["by"]].language)),
            language=reply.get("lang", people[reply["by"]].language),
            at=at + delay,
            reactions=_reactions(reply.get("react", "")),
            answers=reply.get("to"),
            page=page if reply.get("as_page") else None,
        )
        for reply, delay in zip(rows, delays, strict=True)
    )
    return PostPlan(
        author=author.handle,
        text=typeset(row["text"].strip(), language),
        language=language,
        at=at,
        reactions=_reactions(row.get("react", "")),
        group=group,
        followers_only=row.get("audience") == "followers",
        pinned=row.get("pinned", False),
        earlier_text=typeset(row["was"].strip(), language) if "was" in row else None,
        images=tuple((kind, typeset(alt, language)) for kind, alt in row.get("image", [])),
        files=tuple((name, content) for name, content in row.get("file", [])),
        boosted_by=tuple(row.get("boost", [])),
        saved_by=tuple(row.get("save", [])),
        replies=replies,
        page=page,
        public=row.get("public", False),
    )


def _at(when: str, zone: str, now: dt.datetime) -> dt.datetime:
    """ "2 tue 08:31": the last Tuesday 08:31 of that zone before `now`, and two weeks earlier."""
    weeks, weekday, clock = when.split()
    hour, minute = map(int, clock.split(":"))
    local = (now - _MARGIN).astimezone(ZoneInfo(zone))
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    moment -= dt.timedelta(days=(local.weekday() - _WEEKDAYS.index(weekday)) % 7)
    if moment > local:
        moment -= dt.timedelta(days=7)
    return (moment - dt.timedelta(weeks=int(weeks))).astimezone(dt.UTC)


def _delay(text: str) -> dt.timedelta:
    units = {"d": "days", "h": "hours", "m": "minutes"}
    return dt.timedelta(**{units[unit]: int(amount) for amount, unit in _DELAY.findall(text)})


def _reactions(text: str) -> tuple[tuple[str, int], ...]:
    """ "👏18 🚋9" as pairs."""
    found = [_REACTION.fullmatch(word) for word in text.split()]
    return tuple((match[1], int(match[2])) for match in found if match)
