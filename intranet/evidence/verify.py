#!/usr/bin/env python3
"""Checks an exported ledger: `python verify.py FILE [--head FINGERPRINT] [--earlier HASH]`.

One file on the standard library, so that anybody can read it and run it without the product. The
form in which a fact is hashed stands here too, and the product uses it from here.

Canonical JSON: UTF-8, keys sorted, no spaces, nothing escaped that need not be; strings, integers,
true, false, null, lists and objects only. An integer that other readers of JSON would round
(2^53 and more, RFC 7493) is written as a string, so that every language can check the hashes.
"""

import argparse
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "parvis-evidence/1"
FIRST = "0" * 64  # the previous hash of the first entry
_EXACT = 1 << 53
_PARTS = {"format", "announcement", "texts", "people", "entries", "totals", "head", "seal"}
_ENTRY = {"sequence", "kind", "account", "at", "payload", "previous", "hash"}
_MOST_PROBLEMS = 50


def plain(value: Any) -> Any:
    """The value as it stands in canonical JSON. TypeError for what has no one form: floats,
    times, sets and the like."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str(value)  # a word of an enumeration becomes its text
    if isinstance(value, int):
        return value if -_EXACT < value < _EXACT else str(value)
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("keys are strings")
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """Canonical JSON of a value."""
    return json.dumps(
        plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 text, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def iso(moment: dt.datetime) -> str:
    """A time in the one form that is hashed: UTC, microseconds, Z."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(
    previous: str,
    sequence: int,
    subject: int | str,
    kind: str,
    account: int | str | None,
    at: str,
    payload: str,
) -> str:
    """The hash of one entry. `payload` is canonical JSON already, `at` is of the form of `iso`;
    ids count as text."""
    who = None if account is None else str(account)
    return sha256(canonical([previous, sequence, str(subject), kind, who, at, payload]))


def recipients_digest(ids: Iterable[int | str]) -> str:
    """SHA-256 over the ids of the recipients, ascending, in decimal, joined by commas."""
    return sha256(",".join(str(id_) for id_ in sorted(map(int, ids))))


def seal_of(document: Mapping[str, Any]) -> str:
    """The fingerprint of an export: over everything in it but the seal itself."""
    return sha256(canonical({name: part for name, part in document.items() if name != "seal"}))


def totals_of(entries: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What the entries of a ledger come to; entries that cannot be are passed over."""
    replay = _Replay()
    replay.all(entries)
    return replay.totals()


@dataclass
class Verdict:
    """What was found. No problem: the file is what the product exported, as far as it can tell
    of itself; that nobody rewrote it as a whole only the printed fingerprint tells."""

    problems: list[str] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    seal: str = ""

    def add(self, problem: str) -> None:
        """One more problem; after the fiftieth they are only counted by their being there."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)

    def __bool__(self) -> bool:
        return not self.problems


class _Replay:
    """Goes through the facts in order, as they happened, and complains of what cannot be."""

    def __init__(self) -> None:
        self.revision = 0
        self.texts: dict[tuple[str, int], tuple[int, str]] = {}  # language, version -> what it was
        self.recipients: dict[str, None] = {}
        self.digest: tuple[int, str] | None = None
        self.confirmed: dict[str, int] = {}  # account -> the newest revision it confirmed
        self.exempted: set[str] = set()
        self.reminders = 0
        self.published = False

    def all(self, entries: Iterable[Mapping[str, Any]]) -> list[str]:
        """Every fact in order; gives what cannot be."""
        problems = []
        for entry in entries:
            try:
                self.step(entry["kind"], entry["account"], entry["payload"])
            except (KeyError, TypeError, ValueError) as error:
                problems.append(f"entry {entry['sequence']}: {error}")
        if self.digest is not None:
            count, digest = self.digest
            first = list(self.recipients)[:count]
            if len(first) != count or recipients_digest(first) != digest:
                problems.append("the recipients are not those it was published to")
        return problems

    def step(self, kind: str, account: str | None, payload: Mapping[str, Any]) -> None:
        if kind == "published":
            if self.published:
                raise ValueError("was published twice")
            self.published, self.revision = True, int(payload["revision"])
            self.digest = (int(payload["recipients"]), str(payload["recipients_digest"]))
            for text in payload["texts"]:
                self._text(text)
        elif kind == "text":
            self._text(payload)
            revision = int(payload["revision"])
            # A change of substance in two languages is two entries, and one new revision.
            if revision not in (self.revision, self.revision + bool(payload["material"])):
                raise ValueError("the text belongs to a revision that cannot follow")
            self.revision = revision
        elif kind == "recipient":
            for one in payload["ids"]:
                if str(one) in self.recipients:
                    raise ValueError(f"{one} became a recipient twice")
                self.recipients[str(one)] = None
        elif kind == "acknowledged":
            self._confirm(str(account), payload)
        elif kind in ("exempted", "exemption_withdrawn"):
            if str(account) not in self.recipients:
                raise ValueError(f"{account} was not a recipient")
            if (kind == "exempted") == (str(account) in self.exempted):
                raise ValueError(f"the exemption of {account} does not fit the one before")
            self.exempted ^= {str(account)}
        elif kind == "reminded":
            self.reminders += int(payload["count"])

    def _text(self, text: Mapping[str, Any]) -> None:
        key = (str(text["language"]), int(text["version"]))
        if key in self.texts:
            raise ValueError(f"version {key[1]} in {key[0]} was written twice")
        self.texts[key] = (int(text["revision"]), str(text["content_hash"]))

    def _confirm(self, account: str, payload: Mapping[str, Any]) -> None:
        revision = int(payload["revision"])
        known = self.texts.get((payload["language"], payload["version"]))
        if account not in self.recipients:
            raise ValueError(f"{account} was not a recipient")
        if revision != self.revision:
            raise ValueError(f"{account} confirmed revision {revision}, not {self.revision}")
        if known is None or known[1] != payload["content_hash"] or known[0] != revision:
            raise ValueError(f"{account} confirmed a text that was not published in that revision")
        if self.confirmed.get(account, 0) >= revision:
            raise ValueError(f"{account} confirmed revision {revision} twice")
        self.confirmed[account] = revision

    def totals(self) -> dict[str, int]:
        return {
            "revision": self.revision,
            "recipients": len(self.recipients),
            "acknowledged": sum(1 for one in self.confirmed.values() if one == self.revision),
            "to_confirm_anew": sum(
                1
                for account, one in self.confirmed.items()
                if one < self.revision and account not in self.exempted
            ),
            "exempted": len(self.exempted),
            "reminders": self.reminders,
        }


def read(text: str) -> dict[str, Any]:
    """The exported document; ValueError when it is not JSON of one meaning (a key twice in one
    object, a fraction)."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    def refuse(number: str) -> Any:
        raise ValueError(f"{number} is not a whole number")

    document = json.loads(text, object_pairs_hook=once, parse_float=refuse, parse_constant=refuse)
    if not isinstance(document, dict):
        raise ValueError("it is not an object")
    return document


def examine(
    document: Mapping[str, Any], head: str | None = None, earlier: str | None = None
) -> Verdict:
    """Check an export in itself; with `head`, against the fingerprint that was printed with it;
    with `earlier`, that the last hash printed on an older one still stands in its chain."""
    verdict = Verdict()
    try:
        _examine(document, verdict, head, earlier)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        verdict.add(f"the file does not have the form of an export ({error})")
    return verdict


def _examine(
    document: Mapping[str, Any], verdict: Verdict, head: str | None, earlier: str | None
) -> None:
    if set(document) != _PARTS or document["format"] != FORMAT:
        verdict.add("the file does not have the parts of an export")
        return
    verdict.seal = seal_of(document)
    if document["seal"] != verdict.seal:
        verdict.add("the seal does not fit what is in the file")
    if head is not None and head.strip().lower() != verdict.seal:
        verdict.add("the fingerprint is not the one that was printed")
    entries = document["entries"]
    verdict.entries = len(entries)
    last = _chain(str(document["announcement"]["id"]), entries, verdict)
    if document["head"] != {"sequence": len(entries), "hash": last}:
        verdict.add("entries are missing at the end, or were added")
    if earlier is not None and earlier.strip().lower() not in {one["hash"] for one in entries}:
        verdict.add("the earlier hash is not in the chain: its past was rewritten")
    replay = _Replay()
    for problem in replay.all(entries):
        verdict.add(problem)
    verdict.totals = replay.totals()
    if document["totals"] != verdict.totals:
        verdict.add("the totals are not what the entries come to")
    _texts(document["texts"], replay, verdict)
    if sorted(document["people"]) != sorted(replay.recipients):
        verdict.add("the people are not the recipients")


def _chain(subject: str, entries: list[Mapping[str, Any]], verdict: Verdict) -> str:
    previous = FIRST
    for number, entry in enumerate(entries, 1):
        if set(entry) != _ENTRY:
            verdict.add(f"entry {number} does not have the parts of an entry")
            continue
        if entry["sequence"] != number:
            verdict.add(f"entry {number} says that it is number {entry['sequence']}")
        if entry["previous"] != previous:
            verdict.add(f"entry {number} does not follow the one before it")
        expected = entry_hash(
            entry["previous"], entry["sequence"], subject, entry["kind"],
            entry["account"], entry["at"], canonical(entry["payload"]),
        )  # fmt: skip
        if entry["hash"] != expected:
            verdict.add(f"entry {number} was changed")
        previous = entry["hash"]
    return previous


def _texts(texts: list[Mapping[str, Any]], replay: _Replay, verdict: Verdict) -> None:
    found = {}
    for text in texts:
        key = (text["language"], text["version"])
        found[key] = (text["revision"], text["content_hash"])
        if sha256(canonical(text["content"])) != text["content_hash"]:
            verdict.add(f"the text in {key[0]}, version {key[1]}, is not the one that was hashed")
    if found != replay.texts or len(found) != len(texts):
        verdict.add("the texts are not those that were published")


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 when the file holds, 1 when it does not, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(description="Checks an exported ledger of an announcement.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--head", help="the fingerprint printed on the PDF or in the CSV")
    parser.add_argument("--earlier", help="the last hash printed on an older export")
    given = parser.parse_args(arguments)
    try:
        document = read(given.file.read_bytes().decode("utf-8"))
    except OSError as error:
        _say(f"{given.file}: cannot be read: {error.strerror}")
        return 2
    except (ValueError, RecursionError) as error:
        _say(f"{given.file}: NOT an export: {error}")
        return 1
    verdict = examine(document, given.head, given.earlier)
    _say(*told(verdict, checked=given.head is not None))
    return 0 if verdict else 1


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def told(verdict: Verdict, *, checked: bool) -> list[str]:
    """The verdict in lines; `checked`: a printed fingerprint was given."""
    if not verdict:
        return [
            "ALTERED. This is not what was exported:",
            *(f"- {one}" for one in verdict.problems),
        ]
    lines = [f"The chain holds: {verdict.entries} entries."]
    lines += [f"  {name.replace('_', ' ')}: {count}" for name, count in verdict.totals.items()]
    lines.append(f"  fingerprint: {verdict.seal}")
    if not checked:
        lines.append(
            "Compare this fingerprint with the printed one, or pass it as --head: only so can a"
            " file be told from one that was rewritten as a whole."
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
