"""Texts written to break in, or to keep the server busy."""

import gc
import threading
import time
from collections.abc import Iterator

import pytest

from intranet.kernel.text import (
    clean_name,
    hashtags,
    mention_paths,
    mentioned_handles,
    normalise,
    plain_text,
    render,
    sanitise,
    visible_length,
    word_diff,
)
from tests.kernel.test_text_markdown import Page


@pytest.fixture(autouse=True)
def what_others_left_is_not_swept() -> Iterator[None]:
    """The applications of hundreds of earlier tests would be looked through each time this one
    has made some objects: what is timed here is the text."""
    gc.freeze()
    yield
    gc.unfreeze()


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href=http://a.example onclick=alert(1) style='position:fixed' target=_top>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=/logout method=post><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<base href=http://evil.example/><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>@import'//evil.example'</style>",
    "<p style=background:url(//evil.example)>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<SCRIPT\x00>alert(1)</SCRIPT>",
    # Mutation: harmless to one parser, a tag to the next.
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style>"
    "<img src onerror=alert(1)>'>",
    "<math><p></p><style><!--</style><img src/onerror=alert(1)>--></style>",
    "<textarea><p title='</textarea><img src onerror=alert(1)>'>",
    "<xmp><a title='</xmp><img src onerror=alert(1)>'>",
    "<noembed><img title='</noembed><img src onerror=alert(1)>'>",
    "<template><s><template><s><img src=x onerror=alert(1)></s></template></s></template>",
    "<p id='--><img src=x onerror=alert(1)>'><!--",
    "<select><style></select><img src=x onerror=alert(1)></style></select>",
    "<a><table><a href='javascript:alert(1)'>x",
    # The same by way of Markdown.
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](vbscript:x) [x](file:///etc/passwd) [x](blob:x) [x](about:blank)",
    "[x](http://a.example/\" onmouseover=\"alert(1))",
    "[x](<http://a.example/\"onmouseover=\"alert(1)>)",
    "[x](http://a.example '\" onmouseover=alert(1) x=\"')",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1)) ![\"onerror=\"alert(1)](http://x.example)",
    "http://a.example/\"onmouseover=alert(1)",
    "http://a.example/<script>alert(1)</script>",
    "```\"><script>alert(1)</script>\nx\n```",
    "`<script>`</code><script>alert(1)</script>",
    "[a]: javascript:alert(1)\n\n[a]",
    "@<script>alert(1)</script> #<img src=x onerror=alert(1)>",
    "@ann\"onmouseover=alert(1) #a\"onmouseover=alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives_rendering_or_sanitising(attack: str) -> None:
    for html in (
        render(attack, link_mention=lambda handle: f"/@{handle}"),
        render(f"**x** {attack}\n\n> {attack}\n\n- {attack}"),
        sanitise(attack),
        sanitise(sanitise(attack)),
    ):
        Page(html)


def test_rendering_shows_an_attack_as_the_text_it_is() -> None:
    assert plain_text(ATTACKS[0]) == ATTACKS[0]
    assert render(ATTACKS[0]) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_a_careless_link_maker_opens_no_hole() -> None:
    Page(render("#tag", link_hashtag=lambda name: '/tags/"><script>alert(1)</script>'))
    html = render("@ann #tag", link_mention=lambda _: "javascript:x", link_hashtag=lambda _: "//x")
    assert "href" not in html


@pytest.mark.parametrize(
    "unit",
    ["[", "]", "![", "[[a]](", "[a](", "[](<", "*", "_", "**a*", "*a _b ", "~~", "~~*", "`", "`a",
     "``` ", "```\n", "> ", ">", "> - ", "- ", "-\n", "=\n", "a\n=\n", "1. ", "  - a\n", "# ", "<",
     "<a ", "<!--", "</", "<![CDATA[", "&", "&amp;", "\\", "\\\n", "|a|b|\n", "://", "http://",
     "http://a", "http://[", "http://a@", "http://a/(", "www.", "//", "mailto:", "mailto:a@b ",
     "a@", "a.", "a@b.co ", "@", "@a", "@ab ", "@ab.", "@ab@", "#", "#a", "#a ", "[a]: b\n", " ",
     "\t", "\n", " \n", "\x00", "\u202e", "\u200b", "\u0301", "e\u0301", "\ud800", "👨‍👩‍👧",
     "\ufdfa"],
)  # fmt: skip
def test_no_text_keeps_the_server_busy(unit: str) -> None:
    half = (unit * 2_500)[:2_500]
    known = mention_paths({"ab"})
    for source in (half + half, "[" + half + half[::-1], half + "x" + "]" * 2_499):
        begun = time.thread_time()
        Page(render(source, link_mention=known))
        assert time.thread_time() - begun < 1
        begun = time.thread_time()
        mentioned_handles(source)
        hashtags(source)
        plain_text(source, 100)
        visible_length(source)
        assert time.thread_time() - begun < 1


@pytest.mark.parametrize("unit", ["[", "://", "http://a", "![", "@ab ", " ", "*a"])
def test_a_text_of_any_length_stays_affordable(unit: str) -> None:
    source = (unit * 20_000)[:20_000]
    begun = time.thread_time()
    render(source)
    assert time.thread_time() - begun < 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 5_000, "b a " * 5_000),
        ("a\n" * 5_000, "b\na\n" * 5_000),
        (" ".join(f"x{i} u{i}" for i in range(490)), " ".join(f"x{i} v{i}" for i in range(490))),
        (" ".join(f"w{i}" for i in range(990)), " ".join(f"w{i}" for i in range(990, 0, -1))),
        (" ".join(f"x{i} u{i}" for i in range(430)) + " a" * 130,
         " ".join(f"x{i} v{i}" for i in range(430)) + " a" * 131 + " c"),
    ],
)  # fmt: skip
def test_no_edit_keeps_the_server_busy(old: str, new: str) -> None:
    begun = time.thread_time()
    word_diff(old, new)
    assert time.thread_time() - begun < 2


def test_threads_may_render_at_once() -> None:
    source = "**@ann** [x](http://x.example) #tag `code`\n\n- a\n- b\n" * 5
    expected = render(source)
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.extend(render(source) for _ in range(5)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 20


def test_stored_texts_and_names_hold_nothing_invisible_that_reorders() -> None:
    assert normalise("a\u202egpj.exe\u2069\x00\x1b[2J\ud800\ufeff") == "agpj.exe[2J"
    with pytest.raises(ValueError, match="cannot be seen"):
        clean_name("Ann\u202e")
