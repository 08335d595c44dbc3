"""What an announcement says, in each language: checked, hashed, kept in step, compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from intranet.announcements.models import Announcement, AnnouncementText
from intranet.db import db
from intranet.evidence.verify import canonical, sha256
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.text import (
    Segment,
    normalise,
    plain_text,
    visible_length,
    word_diff,
)

LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pl", "pt")
TITLE_LENGTH = 160
BODY_LENGTH = 20_000
MOST_FACTS = 6
MOST_QUESTIONS = 3
MOST_OPTIONS = 4
_FACT_LENGTHS = (40, 120)  # value, label
_QUESTION_LENGTH = 300
_OPTION_LENGTH = 200
_WORDS_A_MINUTE = 200


@dataclass(frozen=True, slots=True)
class Question:
    """One check question; `answer` is the place of the right option."""

    text: str
    options: tuple[str, ...]
    answer: int


@dataclass(slots=True)
class TextDraft:
    """What a form says in one language; cleaned and checked here. A draft may still be incomplete:
    `require_complete` asks for what readers need."""

    title: str = ""
    source: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # (value, label)
    questions: tuple[Question, ...] = ()
    problems: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.title = self._line(self.title, TITLE_LENGTH, "title")
        if not self.title:
            self.problems.setdefault("title", N_("Give it a title."))
        self.source = normalise(self.source[: 10 * BODY_LENGTH])
        if visible_length(self.source) > BODY_LENGTH:
            self.problems["source"] = N_("This is too long: 20,000 characters at most.")
        facts = []
        for value, label in self.facts[: 2 * MOST_FACTS]:
            value = self._line(value, _FACT_LENGTHS[0], "facts")
            label = self._line(label, _FACT_LENGTHS[1], "facts")
            if bool(value) is not bool(label):
                self.problems.setdefault("facts", N_("A fact needs its value and its words."))
            if value and label:
                facts.append((value, label))
        if len(facts) > MOST_FACTS:
            self.problems["facts"] = N_("Six facts at most.")
        self.facts = tuple(facts)
        self.questions = tuple(self._questions())
        if self.problems:
            raise Invalid(fields=self.problems)

    def _questions(self) -> Iterable[Question]:
        for number, asked in enumerate(self.questions[:MOST_QUESTIONS]):
            name = f"question-{number}"
            text = self._line(asked.text, _QUESTION_LENGTH, name)
            given = [self._line(one, _OPTION_LENGTH, name) for one in asked.options[:MOST_OPTIONS]]
            if not text and not any(given):
                continue
            right = given[asked.answer] if 0 <= asked.answer < len(given) else ""
            options = [one for one in given if one]
            if not text:
                self.problems.setdefault(name, N_("Write the question."))
            elif len(options) < 2 or len(set(options)) < len(options):
                self.problems.setdefault(name, N_("Give at least two different answers."))
            elif not right:
                self.problems.setdefault(name, N_("Say which answer is right."))
            else:
                yield Question(text, tuple(options), options.index(right))

    def _line(self, raw: str, most: int, name: str) -> str:
        line = " ".join(normalise(raw[: 10 * most]).split())
        if len(line) > most:
            self.problems.setdefault(name, N_("This is too long."))
        return line

    @property
    def values(self) -> dict[str, Any]:
        """The columns of a text that the draft gives."""
        return {
            "title": self.title,
            "source": self.source,
            "facts": [{"value": value, "label": label} for value, label in self.facts],
            "questions": [
                {"text": one.text, "options": list(one.options), "answer": one.answer}
                for one in self.questions
            ],
        }


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the text in a language; `segments` lead to it from the one before."""

    number: int
    version: int
    revision: int
    title: str
    written_at: dt.datetime
    change_note: str
    segments: tuple[Segment, ...]


def content_of(language: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """All that the hash of a text is over."""
    return {
        "language": language,
        "title": values["title"],
        "source": values["source"],
        "facts": values["facts"],
        "questions": values["questions"],
    }


def hash_of(language: str, values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content."""
    return sha256(canonical(content_of(language, values)))


def content_of_text(text: AnnouncementText) -> dict[str, Any]:
    """The content of a stored text, as it was hashed."""
    return content_of(
        text.language,
        {
            "title": text.title,
            "source": text.source,
            "facts": text.facts,
            "questions": text.questions,
        },
    )


def current(announcement_id: int) -> dict[str, AnnouncementText]:
    """The newest text of each language: one statement."""
    newest = aliased(AnnouncementText)
    top = (
        select(newest.language, func.max(newest.version).label("version"))
        .where(newest.announcement_id == announcement_id)
        .group_by(newest.language)
        .subquery()
    )
    rows = db.session.scalars(
        select(AnnouncementText)
        .join(
            top,
            and_(
                AnnouncementText.language == top.c.language,
                AnnouncementText.version == top.c.version,
            ),
        )
        .where(AnnouncementText.announcement_id == announcement_id)
        .order_by(AnnouncementText.id)
    )
    return {row.language: row for row in rows}


def is_stale(text: AnnouncementText, default: AnnouncementText | None) -> bool:
    """Whether the default language has moved on since this one was written after it."""
    if default is None or text.language == default.language:
        return False
    return (text.based_on or 0) < default.version


def get(announcement: Announcement, text_id: int) -> AnnouncementText:
    """A text of this announcement; NotFound otherwise."""
    found = db.session.scalar(
        select(AnnouncementText).where(
            AnnouncementText.id == text_id, AnnouncementText.announcement_id == announcement.id
        )
    )
    if found is None:
        raise NotFound()
    return found


def id_of_words(announcement: Announcement, content_hash: str) -> int:
    """The newest text of this announcement that says exactly that; Conflict when none does."""
    found = db.session.scalar(
        select(AnnouncementText.id)
        .where(
            AnnouncementText.announcement_id == announcement.id,
            AnnouncementText.content_hash == content_hash,
        )
        .order_by(AnnouncementText.id.desc())
        .limit(1)
    )
    if found is None:
        raise Conflict(
            N_("It has changed since you opened it. Please read it again before you confirm.")
        )
    return found


def versions(announcement: Announcement, language: str) -> tuple[Version, ...]:
    """All states in a language, the newest first, each with what it changed (40 at most).
    NotFound for a language that it is not in."""
    rows = db.session.scalars(
        select(AnnouncementText)
        .where(
            AnnouncementText.announcement_id == announcement.id,
            AnnouncementText.language == language,
        )
        .order_by(AnnouncementText.version.desc())
        .limit(40)
    ).all()
    if not rows:
        raise NotFound()
    told = []
    before: AnnouncementText | None = None
    for number, row in enumerate(reversed(rows), 1):
        segments = (
            word_diff(_whole(before), _whole(row))
            if before is not None
            else [Segment("same", _whole(row))]
        )
        told.append(
            Version(
                number,
                row.version,
                row.revision,
                row.title,
                row.created_at,
                row.change_note,
                tuple(segments),
            )
        )
        before = row
    return tuple(reversed(told))


def reading_minutes(source: str) -> int:
    """How long an ordinary reader needs, at least a minute."""
    return max(1, round(len(source.split()) / _WORDS_A_MINUTE))


def lead_of(source: str, most: int = 240) -> str:
    """The first paragraph as plain text."""
    first = source.strip().split("\n\n", 1)[0]
    return plain_text(first, most)


def _whole(text: AnnouncementText) -> str:
    """Everything that a reader sees of a text, as plain lines."""
    facts = "\n".join(f"{fact['value']} · {fact['label']}" for fact in text.facts)
    asked = "\n".join(f"{one['text']} {' / '.join(one['options'])}" for one in text.questions)
    return "\n\n".join(part for part in (text.title, facts, text.source, asked) if part)
