"""The HTML of a status is what apps know: lines of code, and addresses that they can shorten."""

from __future__ import annotations

import re
from html import unescape

from tests.factories import Factory
from tests.mastodon.conftest import Call


def test_lines_of_code_stay_lines(make: Factory, call: Call) -> None:
    text = "See:\n```\ndef a():\n    return 1\n```\nThat is it"
    made = call(make.account("ann")).post("/api/v1/statuses", status=text)
    assert made["content"] == (
        "<p>See:</p><pre><code>def a():<br />    return 1</code></pre><p>That is it</p>"
    )


def test_an_address_is_whole_and_can_be_shortened(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    address = "https://www.example.org/a/very/long/path/that/goes/on?x=1&y=2"
    content = hers.post("/api/v1/statuses", status=f"Read {address}")["content"]
    assert content == (
        '<p>Read <a href="https://www.example.org/a/very/long/path/that/goes/on?x=1&amp;y=2"'
        ' rel="nofollow noopener" target="_blank"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.org/a/very/long/path/t</span>'
        '<span class="invisible">hat/goes/on?x=1&amp;y=2</span></a></p>'
    )
    assert unescape(re.sub("<[^>]+>", "", content)) == f"Read {address}"
    short = hers.post("/api/v1/statuses", status="https://example.org/x")["content"]
    assert '<span class="">example.org/x</span><span class="invisible"></span>' in short


def test_a_link_with_words_of_its_own_keeps_them(make: Factory, call: Call) -> None:
    text = "[the plan](https://example.org/plan) and [**bold**](https://example.org/b)"
    content = call(make.account("ann")).post("/api/v1/statuses", status=text)["content"]
    assert ">the plan</a>" in content
    assert "><strong>bold</strong></a>" in content
    assert "invisible" not in content
