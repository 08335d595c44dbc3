"""The documentation is true: what it names exists, and nothing of a machine slips in."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from flask import Flask

from intranet.cli.main import intranet
from intranet.live.socket import socketio
from tests.house.files import ROOT, name, text, tracked, under

pytestmark = pytest.mark.house

DOCUMENTS = [*under("docs", suffix=".md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
_SPAN = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"^(intranet|templates|static|tests|docs|bench|tools|deploy|\.ci)/[\w./@-]*$|^[\w-]+\.(toml|ini)$"
)
# Made by set-up or while running: named in the documents, absent from the repository.
_BUILT = ("static/dist",)
# Words that stand in the place of a name.
_PLACEHOLDER = re.compile(r"NAME|<|\*|…|\.\.\.|FEATURE|feature")


def words_of_code() -> list[tuple[str, str]]:
    """(document, piece of code) for every span and every line of a block."""
    found = []
    for path in DOCUMENTS:
        said = path.read_text(encoding="utf-8")
        for block in _BLOCK.findall(said):
            found += [(name(path), line.strip()) for line in block.splitlines() if line.strip()]
        found += [(name(path), span) for span in _SPAN.findall(_BLOCK.sub("", said))]
    return found


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in DOCUMENTS:
        for target in _LINK.findall(path.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            file = target.partition("#")[0]
            if file and not (path.parent / file).exists():
                broken.append(f"{name(path)}: {target}")
    assert broken == []


def test_every_file_that_is_named_exists() -> None:
    missing = [
        f"{document}: {code}"
        for document, code in words_of_code()
        if _PATH.match(code)
        and not _PLACEHOLDER.search(code)
        and not code.startswith(_BUILT)
        and not (ROOT / code).exists()
    ]
    assert missing == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (document, target)
        for document, code in words_of_code()
        for target in re.findall(r"\bmake ([a-z]+)", code)
    }
    assert named
    assert {(document, target) for document, target in named if target not in targets} == set()


def test_every_command_that_is_named_exists() -> None:
    runner = CliRunner()
    wrong = []
    for document, code in words_of_code():
        match = re.match(r"(?:\.venv/bin/)?intranet ((?:[a-z]+ ?)+)(.*)", code)
        if match is None:
            continue
        command = match[1].split()
        answer = runner.invoke(intranet, [*command, "--help"])
        options = re.findall(r"--[a-z-]+", match[2])
        lacking = [option for option in options if option not in answer.output]
        if answer.exit_code != 0 or lacking:
            wrong.append(f"{document}: {code} {lacking}")
    assert wrong == []


def test_the_api_document_names_every_address_and_no_other(app: Flask) -> None:
    said = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]+)(?:, (POST))? \| `([^`]+)` \|", said, re.MULTILINE)
    named = [(verb, path) for one, two, path in rows for verb in (one, two) if verb]
    documented = set(named)
    assert sorted(row for row in documented if named.count(row) > 1) == []
    real = {
        (verb, re.sub(r"<(?:\w+:)?(\w+)>", lambda found: found[1].upper(), rule.rule))
        for rule in app.url_map.iter_rules()
        for verb in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    assert sorted(real - documented) == []
    assert sorted(documented - real) == []


def test_the_api_document_names_every_live_message(app: Flask) -> None:
    said = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    publisher = (ROOT / "intranet" / "live" / "publisher.py").read_text(encoding="utf-8")
    sent = set(re.findall(r'_emit\(\s*"([a-z.]+)"', publisher))
    heard = {handler[0] for handler in socketio.handlers} - {"connect", "disconnect"}
    assert sent
    assert heard
    assert {word for word in sent | heard if f"`{word}`" not in said} == set()


def test_nothing_of_one_machine_stands_in_the_project() -> None:
    """No package index of a workplace, no path of a developer's disk, no private address."""
    forbidden = re.compile(
        r"(?<![\w./])/(?:work|home|root|Users)/[\w.-]+"
        r"|(?<![\w./])/tmp/\w+/"
        r"|(?:index-url|registry)\s*=\s*\S*//"
        r"|https?://[\w.-]*(?:artifactory|nexus|devpi|pypi-mirror|npm-mirror)[\w.-]*"
        r"|\b(?:10\.\d+|192\.168)\.\d+\.\d+\b(?!/)"
    )
    found = []
    for path in tracked():
        if path == ROOT / "tests" / "house" / "test_documents.py":
            continue
        for number, line in enumerate((text(path) or "").splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{name(path)}:{number}: {line.strip()[:80]}")
    assert found == []
