"""An exported ledger that was altered in any way is found out."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from intranet.announcements import exemptions
from intranet.announcements.evidence import Evidence, evidence_of
from intranet.evidence import verify
from intranet.evidence.verify import canonical, entry_hash, examine, read, seal_of
from tests.evidence.company import Office, open_office
from tests.factories import Factory

Document = dict[str, Any]


@pytest.fixture
def office(app: Flask, make: Factory) -> Office:
    office = open_office(app, make)
    office.confirm("boss", "nantes0", "nantes1", "lyon0")
    office.do(lambda found: exemptions.exempt(office["hr"], found, office["lyon1"].id, "On leave"))
    office.revise("Two days a week, chosen each month.", material=True)
    office.confirm("boss", "nantes0")
    office.do(lambda found: exemptions.withdraw(office["hr"], found, office["lyon1"].id))
    return office


@pytest.fixture
def exported(office: Office) -> Evidence:
    return office.read(evidence_of)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a document, lists and objects too."""
    if path:
        yield path
    for key, part in (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    ):  # fmt: skip
        yield from places(part, (*path, key))


def at(document: Document, path: tuple[Any, ...]) -> Any:
    found: Any = document
    for key in path:
        found = found[key]
    return found


def others(value: Any) -> Iterator[Any]:
    """What might stand in the place of a value."""
    yield from (None, [], {}, "", 7, True, "x")
    if isinstance(value, str) and value:
        yield from (value + "x", value[:-1], value[::-1], value.swapcase())
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (value + 1, -value - 1, str(value), 1 << 60)
    if isinstance(value, list):
        yield from (value[:-1], [*value, *value[-1:]], value[::-1], value[1:])
    if isinstance(value, dict):
        yield from ({**value, "more": 1}, dict(list(value.items())[1:]))


def mutants(document: Document) -> Iterator[Document]:
    """Every value replaced, every part removed, entries swapped and doubled: each changes what the
    file means."""
    meant = canonical(document)
    for path in places(document):
        for other in others(at(document, path)):
            mutant = copy.deepcopy(document)
            at(mutant, path[:-1])[path[-1]] = other
            if canonical(mutant) != meant:
                yield mutant
        mutant = copy.deepcopy(document)
        del at(mutant, path[:-1])[path[-1]]
        yield mutant
    entries = document["entries"]
    for number in range(len(entries)):
        for further in range(number + 1, len(entries)):
            mutant = copy.deepcopy(document)
            swapped = mutant["entries"]
            swapped[number], swapped[further] = swapped[further], swapped[number]
            yield mutant
        mutant = copy.deepcopy(document)
        mutant["entries"].insert(number, copy.deepcopy(entries[number]))
        yield mutant


def rehashed(document: Document) -> Document:
    """What a forger makes of it: every hash and total worked out anew."""
    previous = verify.FIRST
    for number, entry in enumerate(document["entries"], 1):
        entry["sequence"], entry["previous"] = number, previous
        entry["hash"] = previous = entry_hash(
            previous, number, document["announcement"]["id"], entry["kind"], entry["account"],
            entry["at"], canonical(entry["payload"]),
        )  # fmt: skip
    document["head"] = {"sequence": len(document["entries"]), "hash": previous}
    document["totals"] = verify.totals_of(document["entries"])
    document["seal"] = seal_of(document)
    return document


def test_what_was_exported_holds_and_comes_out_the_same_again(
    office: Office, exported: Evidence
) -> None:
    text = exported.as_json()
    verdict = examine(
        read(text), head=exported.seal, earlier=exported.document["entries"][3]["hash"]
    )
    assert verdict.problems == []
    assert verdict.totals == {
        "revision": 2, "recipients": 7, "acknowledged": 2, "to_confirm_anew": 2,
        "exempted": 0, "reminders": 0,
    }  # fmt: skip
    assert office.read(evidence_of).as_json() == text


def test_every_mutation_is_found(exported: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    document = read(exported.as_json())
    count, missed = 0, []
    for mutant in mutants(document):
        count += 1
        if examine(mutant):
            missed.append(canonical(mutant)[:400])
    with capsys.disabled():
        sys.stdout.write(f"\n{count - len(missed)} of {count} altered ledgers found\n")
    assert count > 2000
    assert missed == []


def test_a_mutation_with_the_seal_made_anew_is_found_by_the_chain(exported: Evidence) -> None:
    """Without the printed fingerprint the entries, the texts and the totals still hold together."""
    document = read(exported.as_json())
    for mutant in mutants(document):
        if mutant.keys() != document.keys() or mutant["entries"] == document["entries"]:
            continue
        try:
            mutant["seal"] = seal_of(mutant)
        except TypeError:
            continue
        assert not examine(mutant)


def test_any_changed_byte_is_found(exported: Evidence) -> None:
    raw = exported.as_json().encode()
    dice = random.Random(7)
    meant = canonical(read(raw.decode()))
    found = tried = 0
    for _ in range(1500):
        place = dice.randrange(len(raw))
        changed = raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(7)]) + raw[place + 1 :]
        try:
            document = read(changed.decode())
        except ValueError:
            continue  # refused before anything is checked
        if canonical(document) == meant:
            continue  # white space
        tried += 1
        found += not examine(document)
    assert found == tried > 300


@pytest.mark.parametrize("kept", [1, 3, 9])
def test_entries_dropped_at_the_end_are_found_by_the_printed_fingerprint(
    exported: Evidence, kept: int
) -> None:
    forged = copy.deepcopy(exported.document)
    forged["entries"] = forged["entries"][:kept]
    assert not examine(rehashed(forged), head=exported.seal)


FORGERIES: dict[str, Callable[[Document], Any]] = {
    "another time": lambda d: d["entries"][3].update(at="2020-01-01T00:00:00.000000Z"),
    "another person": lambda d: d["entries"][3].update(account=d["entries"][4]["account"]),
    "another name": lambda d: next(iter(d["people"].values())).update(name="Somebody Else"),
    "another voice": lambda d: d["announcement"].update(voice="Somebody Else"),
    "one confirmation less": lambda d: d["entries"].pop(3),
    "another reason": lambda d: d["entries"][6]["payload"].update(reason="None"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forger_who_rewrites_every_hash_is_caught_by_the_printed_fingerprint(
    exported: Evidence, forgery: str
) -> None:
    forged = read(exported.as_json())
    FORGERIES[forgery](forged)
    rehashed(forged)
    assert not examine(forged, head=exported.seal)
    assert examine(read(exported.as_json()), head=exported.seal)


def test_an_older_export_is_the_beginning_of_a_newer_one(office: Office) -> None:
    older = office.read(evidence_of)
    office.confirm("lyon0")
    newer = office.read(evidence_of)
    assert examine(newer.document, earlier=older.head)
    forged = copy.deepcopy(newer.document)
    forged["entries"][0]["payload"]["approved_by"] = 1
    assert not examine(rehashed(forged), earlier=older.head)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"a":1,"a":2}', '{"a":1.5}', "[" * 5000, '{"format":NaN}', "null"]
)
def test_nonsense_is_refused_and_breaks_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(text)
    assert verify.main([str(tmp_path / "file.json")]) == 1


def test_the_verifier_runs_alone_and_as_our_command(exported: Evidence, tmp_path: Path) -> None:
    alone = tmp_path / "verify.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(exported.as_json(), encoding="utf-8")
    altered = json.loads(exported.as_json())
    altered["entries"][2]["payload"] = {}
    bad.write_text(json.dumps(altered), encoding="utf-8")
    for command in (
        [sys.executable, "-I", str(alone)],
        [sys.executable, "-m", "intranet.cli.main", "evidence", "verify"],
    ):
        answer = subprocess.run(
            [*command, str(good), "--head", exported.seal], capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert "The chain holds" in answer.stdout
        refused = subprocess.run([*command, str(bad)], capture_output=True, text=True)
        assert refused.returncode == 1
        assert "entry 3 was changed" in refused.stdout
