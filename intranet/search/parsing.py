"""Reads what somebody typed into the box: words, "phrases", -exclusions and operators.

The language is described in docs/search.md. Reading never fails: what cannot be used becomes a
problem in words, and the rest is looked for.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise
from intranet.search import analysis

LONGEST = 200  # characters of a question
_MOST_PARTS = 24
_SHOWN = 40  # characters of what is left out, in the sentence that says so
_TOO_MANY = N_("Only the first parts are looked for, not “%(part)s”.")

_PART = re.compile(
    r"""(?P<minus>-)?(?:(?P<name>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))"""
)
# What only leads to a word or follows it: l’usine, d’Orléans, jusqu’ici, driver’s.
_ELIDED = re.compile(
    r"(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’ʼ](?=\w{2})|(?<=\w)['’ʼ]s(?!\w)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What each operator is called, folded: English first, then French.
_NAMES = {
    "from": "from", "de": "from", "par": "from",
    "in": "in", "dans": "in",
    "has": "has", "avec": "has",
    "before": "before", "avant": "before",
    "after": "after", "apres": "after", "depuis": "after",
    "type": "type",
    "lang": "lang", "langue": "lang",
}  # fmt: skip
HAS = {
    "image": "image", "photo": "image", "picture": "image",
    "video": "video", "film": "video",
    "audio": "audio", "sound": "audio", "son": "audio",
    "file": "file", "fichier": "file",
    "link": "link", "lien": "link",
    "poll": "poll", "sondage": "poll",
    "event": "event", "evenement": "event",
}  # fmt: skip
TYPES = {
    "post": "post", "publication": "post",
    "reply": "reply", "reponse": "reply",
    "poll": "poll", "sondage": "poll",
    "question": "question",
    "praise": "praise", "felicitation": "praise",
}  # fmt: skip
_LANGUAGE = re.compile("[a-z]{2,3}")
_FORMS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})-(\d{1,2})"), (1, 2, 0)),
    (re.compile(r"(\d{4})"), (1, 0, 0)),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the question that was left out: a marked sentence with its %(part)s."""

    message: str
    part: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that every post found has, or, with `excluded`, has not. `words` are one word, or
    several that follow one another; `joined` is how else somebody may write them (week-end:
    weekend)."""

    words: tuple[str, ...]
    excluded: bool = False
    joined: str = ""

    @property
    def is_small(self) -> bool:
        """One word that nearly every post has: it tells nothing beside others."""
        return len(self.words) == 1 and not self.excluded and analysis.is_small(self.words[0])


@dataclass(frozen=True, slots=True)
class Choice:
    """An operator that stays as it was typed until somebody knows whom it names."""

    value: str
    part: str  # as it was typed
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. Days are those of the viewer's own zone: posts of `since` or later, and
    earlier than `until`."""

    text: str = ""
    wanted: tuple[Wanted, ...] = ()
    said: tuple[str, ...] = ()  # what was typed of it, also the small words
    authors: tuple[Choice, ...] = ()
    groups: tuple[Choice, ...] = ()
    has: tuple[Choice, ...] = ()
    types: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    problems: tuple[Problem, ...] = ()
    operators: tuple[str, ...] = ()  # as they were typed, those that could be read

    @property
    def words(self) -> str:
        """The words alone, in their order, addresses for e-mail whole: what people, groups and
        hashtags are found by."""
        return " ".join(self.said)

    @property
    def narrows(self) -> bool:
        """An operator is in it, so that only posts can be meant."""
        named = (self.authors, self.groups, self.has, self.types, self.languages)
        return any(named) or self.since is not None or self.until is not None

    def __bool__(self) -> bool:
        return bool(self.wanted) or self.narrows


def read(text: str) -> Question:
    """The question; of a longer text the first LONGEST characters, and what is left out as a
    problem."""
    whole = normalise(text).strip()
    kept = whole[:LONGEST].strip()
    reader = _Reader()
    for number, part in enumerate(_PART.finditer(kept)):
        if number == _MOST_PARTS:
            reader.refuse(_TOO_MANY, part[0])
            break
        reader.take(part)
    if len(whole) > LONGEST:
        rest = whole[LONGEST:].strip()
        reader.refuse(_TOO_MANY, rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]}…")
    return Question(
        kept,
        _telling(reader.wanted),
        tuple(reader.said),
        **{name: tuple(choices) for name, choices in reader.choices.items()},
        since=reader.since,
        until=reader.until,
        problems=tuple(reader.problems),
        operators=tuple(reader.operators),
    )


def _telling(wanted: list[Wanted]) -> tuple[Wanted, ...]:
    """Without its small words: `le plan de la rame` is meant for posts of plans and trains. Where
    there is nothing else they are what is looked for."""
    telling = [one for one in wanted if not one.is_small]
    return tuple(telling if any(not one.excluded for one in telling) else wanted)


class _Reader:
    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.said: list[str] = []
        self.choices: dict[str, list[Choice]] = {
            name: [] for name in ("authors", "groups", "has", "types", "languages")
        }
        self.since: dt.date | None = None
        self.until: dt.date | None = None
        self.problems: list[Problem] = []
        self.operators: list[str] = []

    def refuse(self, message: str, part: str) -> None:
        self.problems.append(Problem(message, part))

    def take(self, part: re.Match[str]) -> None:
        operator = _NAMES.get(fold(part["name"] or ""))
        value = part["bare"] if part["quoted"] is None else part["quoted"]
        excluded = part["minus"] is not None
        if operator is None and value.endswith(":") and fold(value[:-1]) in _NAMES:
            self.refuse(N_("“%(part)s” needs something after it."), part[0])
            return
        if operator is None:
            self._words(f"{part['name'] or ''} {value}".strip(), excluded, part["quoted"] is None)
            return
        refused = len(self.problems)
        getattr(self, f"_{operator}")(value.strip(), part[0], excluded)
        if len(self.problems) == refused:
            self.operators.append(part[0])

    def _words(self, said: str, excluded: bool, bare: bool) -> None:
        meant = _ELIDED.sub("", said) if bare else said
        words = tuple(analysis.words_of(meant))
        if not words:
            return
        pieces = analysis.in_one_piece(meant) if bare and len(words) > 1 else []
        joined = pieces[0] if pieces == ["".join(words)] else ""
        self.wanted.append(Wanted(words, excluded, joined))
        if not excluded:
            self.said.append(said if bare and _EMAIL.fullmatch(said) else " ".join(words))

    def _from(self, value: str, part: str, excluded: bool) -> None:
        self._name("authors", value.removeprefix("@"), part, excluded)

    def _in(self, value: str, part: str, excluded: bool) -> None:
        self._name("groups", value.removeprefix("@").removeprefix("!"), part, excluded)

    def _name(self, kind: str, value: str, part: str, excluded: bool) -> None:
        if not value:
            self.refuse(N_("“%(part)s” names nobody."), part)
            return
        self.choices[kind].append(Choice(value.lower(), part, excluded))

    def _has(self, value: str, part: str, excluded: bool) -> None:
        self._one_of("has", HAS, value, part, excluded)

    def _type(self, value: str, part: str, excluded: bool) -> None:
        self._one_of("types", TYPES, value, part, excluded)

    def _one_of(
        self, kind: str, known: dict[str, str], value: str, part: str, excluded: bool
    ) -> None:
        folded = fold(value)
        meant = known.get(folded) or known.get(folded.removesuffix("s"))
        if meant is None:
            message = (
                N_(
                    "“%(part)s” is not known."
                    " It can be image, video, audio, file, link, poll or event."
                )
                if kind == "has"
                else N_("“%(part)s” is not known. It can be post, reply, poll, question or praise.")
            )
            self.refuse(message, part)
            return
        self.choices[kind].append(Choice(meant, part, excluded))

    def _lang(self, value: str, part: str, excluded: bool) -> None:
        if not _LANGUAGE.fullmatch(value.lower()):
            self.refuse(N_("“%(part)s” is no language. Write its code, such as fr or en."), part)
            return
        self.choices["languages"].append(Choice(value.lower(), part, excluded))

    def _before(self, value: str, part: str, excluded: bool) -> None:
        if (days := self._days(value, part, excluded)) is not None:
            self.until = min(days[0], self.until or days[0])

    def _after(self, value: str, part: str, excluded: bool) -> None:
        if (days := self._days(value, part, excluded)) is not None:
            self.since = max(days[1], self.since or days[1])

    def _days(self, value: str, part: str, excluded: bool) -> tuple[dt.date, dt.date] | None:
        """The first day that is meant, and the first after it."""
        if excluded:
            self.refuse(N_("“%(part)s” cannot be excluded."), part)
            return None
        for form, places in _FORMS:
            found = form.fullmatch(value)
            if found is None:
                continue
            year, month, day = (int(found[place]) if place else 0 for place in places)
            try:
                first = dt.date(year, month or 1, day or 1)
                return first, _following(first, whole_year=not month, whole_month=not day)
            except (ValueError, OverflowError):
                break
        self.refuse(N_("“%(part)s” is no date: write 2026-11-28, 2026-11 or 2026."), part)
        return None


def _following(first: dt.date, *, whole_year: bool, whole_month: bool) -> dt.date:
    if whole_year:
        return dt.date(first.year + 1, 1, 1)
    if whole_month:
        return (first + dt.timedelta(days=31)).replace(day=1)
    return first + dt.timedelta(days=1)
