"""Every template parses, says what it takes, and obeys the content security policy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from tests.house.files import ROOT, name, under

pytestmark = pytest.mark.house

TEMPLATES = under("templates", suffix=".html")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
_HANDLER = re.compile(r"<[a-z][^>]*?\son[a-z]+\s*=", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
_FAR = re.compile(r"""(src|href|action|srcset)\s*=\s*["']?(https?:)?//""", re.IGNORECASE)


def said(path: Path) -> str:
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_every_template_parses_and_finds_what_it_includes(app: Flask) -> None:
    missing = []
    for path in TEMPLATES:
        own = str(path.relative_to(ROOT / "templates"))
        app.jinja_env.get_template(own)
        parsed = app.jinja_env.parse(path.read_text(encoding="utf-8"), own)
        kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        for node in parsed.find_all(kinds):
            target = getattr(node, "template", None)
            wanted = target.value if isinstance(target, nodes.Const) else None
            if isinstance(wanted, str) and not (ROOT / "templates" / wanted).is_file():
                missing.append(f"{name(path)} wants {wanted}")
    assert missing == []


def test_the_first_line_says_what_the_template_takes() -> None:
    silent = [
        name(path)
        for path in TEMPLATES
        if not path.read_text(encoding="utf-8").lstrip().startswith(("{#", "{#-"))
    ]
    assert silent == []


def test_no_style_and_no_handler_stands_in_a_template() -> None:
    found = []
    for path in TEMPLATES:
        markup = _CODE.sub("", said(path))
        # Mail programs know no style sheets, and no policy of ours reaches them.
        letter = name(path).startswith("templates/email/")
        if (_STYLE.search(markup) and not letter) or _HANDLER.search(markup):
            found.append(name(path))
    assert found == []


def test_scripts_carry_the_nonce_or_are_data() -> None:
    loose = []
    for path in TEMPLATES:
        for attributes, _content in _SCRIPT.findall(said(path)):
            data = re.search(r'type="(application/(ld\+)?json|speculationrules)"', attributes)
            if not data and "csp_nonce()" not in attributes:
                loose.append(f"{name(path)}: <script{attributes}>")
    assert loose == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert [name(path) for path in TEMPLATES if _FAR.search(said(path))] == []


def test_every_form_that_writes_carries_the_token() -> None:
    bare = []
    for path in TEMPLATES:
        for attributes, content in _FORM.findall(said(path)):
            writes = re.search(r"""method\s*=\s*["']?post""", attributes, re.IGNORECASE)
            if writes and "csrf" not in content:
                bare.append(f"{name(path)}: <form{attributes[:80]}>")
    assert bare == []


def test_no_text_for_people_stands_outside_the_catalogue() -> None:
    """Words between tags are marked for translation; names, numbers and signs need not be."""
    bare = []
    for path in TEMPLATES:
        rest = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", "", said(path), flags=re.DOTALL)
        rest = re.sub(r"<(script|svg|style)\b.*?</\1>", "", rest, flags=re.DOTALL)
        rest = _CODE.sub("", rest)
        for words in re.findall(r">([^<>{}]*[A-Za-z]{3,}[^<>{}]*)<", rest):
            if not re.fullmatch(r"[\s\W\d]*(Parvis|parvis|Ctrl|Esc|Markdown)?[\s\W\d]*", words):
                bare.append(f"{name(path)}: {words.strip()[:60]}")
    assert bare == []


def test_no_colon_is_put_behind_a_sentence() -> None:
    """French has a space before it: the colon belongs to the sentence."""
    letters = under("templates/email", suffix=".txt")
    assert letters
    bare = re.compile(r"\)\s*\}\}:\s*$", re.MULTILINE)
    found = [name(path) for path in [*TEMPLATES, *letters] if bare.search(said(path))]
    assert not found, found


def test_every_sheet_that_a_template_links_is_built() -> None:
    # The build makes a sheet of its own of each one that no other imports (tools/frontend).
    sheets = {
        path.name: path.read_text(encoding="utf-8") for path in under("static/css", suffix=".css")
    }
    imported = {one for text in sheets.values() for one in re.findall(r'@import "\./(.+?)"', text)}
    linked = {
        one for path in TEMPLATES for one in re.findall(r"asset_url\('css/(.+?)'\)", said(path))
    }
    assert linked, "the pattern finds none"
    assert sheets.keys() - imported == linked, "each is linked somewhere, and each is there"
    manifest = ROOT / "static/dist/manifest.json"
    if manifest.is_file():
        built = json.loads(manifest.read_text(encoding="utf-8"))
        assert [one for one in sorted(linked) if f"css/{one}" not in built] == []
