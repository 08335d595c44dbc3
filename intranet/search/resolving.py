"""Who and what a question names: handles and addresses of groups become ids, as far as the viewer
may know of them. What nobody is called and what is kept from the viewer look the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.models import Group
from intranet.kernel.ids import MAX_ID, id_at
from intranet.kernel.messages import N_
from intranet.search import engines, parsing
from intranet.search.engines import Term
from intranet.search.parsing import Choice, Problem, Question

FILE_KINDS = ("image", "video", "audio", "file")
_ME = ("me", "moi")
_EPOCH = dt.date(2018, 1, 1)  # nothing is older; ids of earlier days would be negative
_LAST = dt.date(2080, 1, 1)


@dataclass(frozen=True, slots=True)
class Search:
    """A question with everything settled that its engine needs. Post ids are in [since, until).
    `nowhere`: it asks for what cannot be."""

    question: Question
    terms: tuple[Term, ...]
    problems: tuple[Problem, ...] = ()
    since: int = 0
    until: int = MAX_ID

    @property
    def words(self) -> str:
        """The words alone."""
        return self.question.words

    def __bool__(self) -> bool:
        return bool(self.terms) or self.since > 0 or self.until < MAX_ID

    def by_author(self, account_id: int) -> Search:
        """The same, of this author only."""
        return replace(
            self, terms=(*self.terms, engines.marked([engines.mark("author", account_id)]))
        )

    def in_files(self) -> Search:
        """The same, with the words in names and descriptions of files."""
        words = tuple(
            engines.term_of(
                one.words, joined=one.joined, excluded=one.excluded, in_files=not one.excluded
            )
            for one in self.question.wanted
        )
        count = len(self.question.wanted)
        with_file = engines.marked(engines.mark("has", kind) for kind in FILE_KINDS)
        return replace(self, terms=(*words, with_file, *self.terms[count:]))


def resolve(viewer: Account, text: str) -> Search:
    """Read a question as this viewer means it: two statements at most."""
    question = parsing.read(text)
    problems = list(question.problems)
    terms = [
        engines.term_of(one.words, joined=one.joined, excluded=one.excluded)
        for one in question.wanted
    ]
    terms += _named(
        "author",
        question.authors,
        _people(viewer, question.authors),
        N_("“%(part)s” was left out: you can see nobody with that handle."),
        problems,
    )
    terms += _named(
        "group",
        question.groups,
        _groups(viewer, question.groups),
        N_("“%(part)s” was left out: you can see no group with that address."),
        problems,
    )
    for kind, choices in (
        ("has", question.has),
        ("type", question.types),
        ("lang", question.languages),
    ):
        terms += _marks(kind, [(choice, choice.value) for choice in choices])
    zone = ZoneInfo(viewer.time_zone)
    since = _first_id(question.since, zone) if question.since else 0
    until = _first_id(question.until, zone) if question.until else MAX_ID
    return Search(question, tuple(terms), tuple(problems), since, until)


def _named(
    kind: str,
    choices: Sequence[Choice],
    ids: dict[str, int],
    refusal: str,
    problems: list[Problem],
) -> list[Term]:
    problems += [Problem(refusal, one.part) for one in choices if one.value not in ids]
    return _marks(kind, [(one, ids[one.value]) for one in choices if one.value in ids])


def _marks(kind: str, chosen: Sequence[tuple[Choice, object]]) -> list[Term]:
    """What is asked for more than once may be one of them: `from:ann from:ben`. Only of what a
    post can have several of, all: `has:image has:link`."""
    wanted = [engines.mark(kind, value) for choice, value in chosen if not choice.excluded]
    terms = [
        engines.marked([engines.mark(kind, value)], excluded=True)
        for choice, value in chosen
        if choice.excluded
    ]
    if kind == "has":
        return [*(engines.marked([one]) for one in wanted), *terms]
    return [engines.marked(wanted), *terms] if wanted else terms


def _people(viewer: Account, choices: Iterable[Choice]) -> dict[str, int]:
    handles = {one.value for one in choices}
    found = dict.fromkeys(handles.intersection(_ME), viewer.id)
    return found | _ids(
        handles.difference(_ME),
        lambda wanted: select(Account.handle, Account.id).where(
            Account.handle.in_(wanted), account_policies.visible_to(viewer)
        ),
    )


def _groups(viewer: Account, choices: Iterable[Choice]) -> dict[str, int]:
    return _ids(
        {one.value for one in choices},
        lambda wanted: select(Group.slug, Group.id).where(
            Group.slug.in_(wanted), group_policies.visible_to(viewer)
        ),
    )


def _ids(names: set[str], statement: Callable[[list[str]], Select[str, int]]) -> dict[str, int]:
    wanted = sorted(name for name in names if "\0" not in name)
    if not wanted:
        return {}
    return dict(db.session.execute(statement(wanted)).all())


def _first_id(day: dt.date, zone: ZoneInfo) -> int:
    kept = min(max(day, _EPOCH), _LAST)
    return id_at(dt.datetime.combine(kept, dt.time(), zone))
