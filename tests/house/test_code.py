"""Rules of the house that a linter does not know."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.house.files import ROOT, name, tracked, under

pytestmark = pytest.mark.house

PYTHON = under("intranet", "tests", "tools", "bench", suffix=".py")
PRODUCT = under("intranet", suffix=".py")
LONGEST, LONGEST_TEST = 400, 500
# Written by a program from the models, and never touched again.
_LONG_ON_PURPOSE = ("intranet/db/migrations/versions/",)
_SHAPELESS = {"utils", "util", "helpers", "helper", "common", "misc", "extensions", "lib"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_no_import_stands_inside_a_function() -> None:
    found = [
        f"{name(path)}:{inner.lineno}"
        for path in PYTHON
        for outer in ast.walk(tree(path))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_no_file_grows_beyond_what_one_can_read() -> None:
    too_long = {}
    for path in [*PYTHON, *under("templates", "static", suffix="")]:
        if name(path).startswith(_LONG_ON_PURPOSE) or path.suffix not in {
            ".py", ".html", ".css", ".js",
        }:  # fmt: skip
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        limit = LONGEST_TEST if name(path).startswith("tests/") else LONGEST
        if lines > limit:
            too_long[name(path)] = lines
    assert too_long == {}


def test_every_module_is_named_for_its_subject() -> None:
    shapeless = [
        name(path)
        for path in tracked()
        if path.suffix in {".py", ".html", ".css", ".js"}
        and {path.stem.strip("_"), path.parent.name} & _SHAPELESS
    ]
    assert shapeless == []


def test_every_module_of_the_product_says_what_it_is() -> None:
    silent = [
        name(path)
        for path in PRODUCT
        if path.stat().st_size
        and "migrations/" not in name(path)
        and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_public_function_of_the_product_states_its_contract() -> None:
    silent = []
    for path in PRODUCT:
        # A migration has two known functions; a picture is called what it shows.
        if "migrations/" in name(path) or "demo/pictures/" in name(path):
            continue
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                silent.append(f"{name(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_every_view_states_its_contract(app: Flask) -> None:
    silent = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not (view.__doc__ or "").strip()
    ]
    assert silent == []


def test_writes_are_posts_on_nouns(app: Flask) -> None:
    """No route both reads and writes under one function, and none switches on `action`."""
    both = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and {"GET", "POST"} <= (rule.methods or set())
    ]
    assert both == []
    switch = re.compile(r"""(form|args)(\.get\(|\[)["']action["']""")
    assert [name(path) for path in PRODUCT if switch.search(path.read_text())] == []


def test_only_one_module_commits_and_one_emits() -> None:
    commits, emits = [], []
    for path in PRODUCT:
        said = path.read_text(encoding="utf-8")
        if re.search(r"session\.commit\(\)", said):
            commits.append(name(path))
        if re.search(r"socketio\.(emit|send)\(", said):
            emits.append(name(path))
    assert emits == ["intranet/live/publisher.py"]
    # The engine ends what was only read, before a slow part of the request.
    assert set(commits) <= {"intranet/unit_of_work.py", "intranet/db/engine.py"}


def test_only_the_kernel_sanitises() -> None:
    importers = [
        name(path)
        for path in PRODUCT
        if re.search(r"^(import|from) bleach", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importers
    assert all(importer.startswith("intranet/kernel/text/") for importer in importers)


def test_no_query_names_html_safe_without_a_reason() -> None:
    """`|safe` and `Markup(variable)` are where scripts come in: the places are counted."""
    allowed = re.compile(r"(\.html|_html|html)\s*\|\s*safe")
    loose = []
    for path in under("templates", suffix=".html"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\|\s*safe\b", line) and not allowed.search(line):
                loose.append(f"{name(path)}:{number}")
    assert loose == []


def test_the_tests_for_the_house_see_the_house() -> None:
    assert ROOT / "wsgi.py" in tracked()
    assert len(PRODUCT) > 80
