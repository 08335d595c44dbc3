"""What Slack's programs send, read into our own text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel.text import render
from intranet.webhooks.mrkdwn import to_markdown
from intranet.webhooks.slack import InvalidPayload, NoText, read


@pytest.mark.parametrize(
    ("slack", "ours"),
    [
        ("*bold* and _it_ and ~gone~", "**bold** and _it_ and ~~gone~~"),
        ("2 * 3 * 4 and **already**", "2 * 3 * 4 and **already**"),
        ("<https://a.example/x|the build>", "[the build](https://a.example/x)"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<mailto:a@b.example|write>", "[write](mailto:a@b.example)"),
        ("<javascript:alert(1)|here>", "here"),
        ("<!here> and <!date^1392734382^{date}|18 February>", "\\@here and 18 February"),
        ("<#C024|general> <@ann>", "general @ann"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("`*not bold*`", "`*not bold*`"),
        ("• one\n• two", "- one\n- two"),
    ],
)
def test_the_markup_of_slack_becomes_ours(slack: str, ours: str) -> None:
    assert to_markdown(slack) == ours


def test_code_keeps_its_asterisks_and_stands_by_itself() -> None:
    assert to_markdown("see ```x = *y*``` there") == "see \n```\nx = *y*\n```\n there"


def test_a_link_whose_label_closes_brackets_stays_one_link() -> None:
    html = render(to_markdown("<https://a.example/|x](https://evil.example)>"))
    assert html.count("<a ") == 1
    assert 'href="https://a.example/"' in html


def test_blocks_are_drawn_in_their_order() -> None:
    payload = {
        "text": "only for old programs",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Build *42*"}},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "It is *green*"},
                "fields": [{"type": "mrkdwn", "text": "*Took* 3 min"}],
                "accessory": {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Open"},
                    "url": "https://ci.example/42",
                },
            },
            {"type": "divider"},
            {"type": "context", "elements": [{"type": "plain_text", "text": "by ann"}]},
            {"type": "image", "image_url": "https://ci.example/a.png", "alt_text": "chart"},
            {"type": "actions", "elements": [{"type": "button", "value": "no address"}]},
            {"type": "something new"},
        ],
    }
    assert read(payload).source == (
        "### Build \\*42\\*\n\nIt is **green**\n**Took** 3 min\n[Open](https://ci.example/42)\n\n"
        "———\n\nby ann\n\n[chart](https://ci.example/a.png)"
    )


def test_attachments_follow_the_text() -> None:
    payload = {
        "text": "Alert",
        "attachments": [
            {
                "fallback": "not shown",
                "color": "danger",
                "title": "Disk full",
                "title_link": "https://m.example/1",
                "text": "node *7*",
                "fields": [{"title": "Free", "value": "0 %", "short": True}],
            },
            {"fallback": "only this"},
        ],
    }
    assert read(payload).source == (
        "Alert\n\n**[Disk full](https://m.example/1)**\nnode **7**\n**Free** 0 %\n\nonly this"
    )


def test_a_name_is_a_label_and_the_thread_is_a_post() -> None:
    message = read({"text": "x", "username": "Jenkins *", "thread_ts": "123"})
    assert (message.source, message.thread_id) == ("**Jenkins \\***\nx", 123)


@pytest.mark.parametrize(
    "payload",
    [
        None, [], "text", 3, {"text": []}, {"text": True}, {"blocks": {}}, {"blocks": ["x"]},
        {"blocks": [{"type": "section", "text": "no object"}]}, {"blocks": [{}] * 101},
        {"attachments": "x"}, {"text": "x", "thread_ts": "12.5"}, {"text": "x", "thread_ts": {}},
        {"text": "x", "username": "y" * 81}, {"text": "x", "thread_ts": "9" * 40},
    ],
)  # fmt: skip
def test_the_wrong_shape_is_refused(payload: object) -> None:
    with pytest.raises(InvalidPayload):
        read(payload)


@pytest.mark.parametrize("payload", [{}, {"text": "  "}, {"blocks": []}, {"attachments": [{}]}])
def test_nothing_to_say_is_refused(payload: object) -> None:
    with pytest.raises(NoText):
        read(payload)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["text", "type", "blocks", "attachments", "fields", "elements", "title", "url"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_json)
def test_whatever_comes_is_read_or_refused(payload: Any) -> None:
    try:
        message = read(payload)
    except (InvalidPayload, NoText):
        return
    assert message.source.strip()


@given(st.text(alphabet="*_~`<>|@#!& \nab:/•", max_size=400))
def test_whatever_is_marked_up_becomes_safe_html(text: str) -> None:
    assert "<script" not in render(to_markdown(text))
