"""What a text becomes on the page."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel.text import (
    Hashtag,
    absolute_links,
    escaped,
    hashtags,
    mention_paths,
    mentioned_handles,
    normalise,
    plain_text,
    plain_text_from_html,
    render,
)

REL = 'rel="nofollow noopener noreferrer"'
ANN = mention_paths({"Ann", "jean_paul", "j.-p"})


def html_of(source: str) -> str:
    return render(source, link_mention=ANN)


def link(href: str, text: str | None = None) -> str:
    return f'<a href="{href}" {REL}>{text or href}</a>'


ANN_LINK = f'<a href="/@ann" class="mention" {REL}>@ann</a>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        (" \n \n", ""),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("**b** *i* _i_ ~~s~~", "<p><strong>b</strong> <em>i</em> <em>i</em> <del>s</del></p>"),
        ("a_b_c 2*3*4", "<p>a_b_c 2<em>3</em>4</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("```py\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>"),
        ("> q", "<blockquote>\n<p>q</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("# A\n### B", "<h3>A</h3>\n<h4>B</h4>"),
        ("text\n---\ntext", "<p>text<br>\n---<br>\ntext</p>"),
        ("    indented", "<p>indented</p>"),
        ("[a]: http://b.example", f"<p>[a]: {link('http://b.example')}</p>"),
        ("1 < 2 && 3 > 2", "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2</p>"),
        ("&copy; &#64;ann", "<p>&amp;copy; &amp;#64;ann</p>"),
        ("<b>x</b> <!-- y -->", "<p>&lt;b&gt;x&lt;/b&gt; &lt;!-- y --&gt;</p>"),
        ("![alt](http://x.example/i.png)", f"<p>!{link('http://x.example/i.png', 'alt')}</p>"),
    ],
)
def test_the_subset_and_nothing_else(source: str, html: str) -> None:
    assert html_of(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("see http://intranet/page.", f"see {link('http://intranet/page')}."),
        ("https://wiki.corp.local:8080/x?y=1#z", link("https://wiki.corp.local:8080/x?y=1#z")),
        ("(https://a.example/b)", f"({link('https://a.example/b')})"),
        ("<https://a.example>", link("https://a.example")),
        ("HTTPS://a.example/x_y_z", link("HTTPS://a.example/x_y_z")),
        ("ann@corp.fr", link("mailto:ann@corp.fr", "ann@corp.fr")),
        ("[t](https://a.example 'title')", link("https://a.example", "t")),
        ("README.md and main.py", "README.md and main.py"),
        ("ftp://a.example //a.example", "ftp://a.example //a.example"),
        ("[x](//logout.example)", "[x](//logout.example)"),
        ("[x](//evil.example)", "[x](//evil.example)"),
        ("[](https://a.example)", link("https://a.example")),
        ("[\u200b](https://a.example)", link("https://a.example", "\u200bhttps://a.example")),
        ("http://a.example/%E2%80%AEx", link("http://a.example/%E2%80%AEx")),
    ],
)
def test_links_lead_to_the_web_or_to_mail(source: str, html: str) -> None:
    assert html_of(source) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[bank.example](http://evil.example/x)", "bank.example</a> (evil.example)"),
        ("[https://bank.example](http://evil.example)", "https://bank.example</a> (evil.example)"),
        ("[boss@corp.fr](mailto:me@evil.example)", "boss@corp.fr</a> (evil.example)"),
        ("[www.bank.example](https://bank.example:8443/a)", "www.bank.example</a></p>"),
        ("[the bank](http://evil.example)", "the bank</a></p>"),
    ],
)
def test_a_link_cannot_pretend_to_lead_elsewhere(source: str, shown: str) -> None:
    assert shown in html_of(source)


def test_an_address_with_a_user_name_is_no_link() -> None:
    assert "<a" not in html_of("https://bank.example@evil.example/ [x](http://a:b@evil.example)")


def test_mentions_link_to_known_accounts_only_and_show_the_handle() -> None:
    assert html_of("Hi @Ann and @bob!") == f"<p>Hi {ANN_LINK} and @bob!</p>"
    assert mentioned_handles("Hi @Ann, @bob and @ANN!") == ["ann", "bob"]


@pytest.mark.parametrize(
    "source",
    ["@ann", "(@ann)", "@ann.", "@ann...", "@ann-", "@ann's", "**@ann**", "~~@ann~~", "> @ann",
     "- @ann", "cc:@ann", "“@ann”", "@ann,@ann", "# @ann", "line\n@ann", "@ann\u200f", "@ann!",
     "`x` @ann"],
)  # fmt: skip
def test_a_mention_may_stand_here(source: str) -> None:
    assert mentioned_handles(source) == ["ann"]
    assert ANN_LINK in html_of(source)


@pytest.mark.parametrize(
    "source",
    ["me@ann", "me@ann.fr", "\\@ann", "`@ann`", "```\n@ann\n```", "[@ann](http://x.example)",
     "http://x.example/@ann", "intranet/@ann", "@ann@corp.fr", "@année", "@ann\u0308", "@@ann",
     "@ann\u200bx", "@ann\u200d", "é@ann", "<http://x.example/@ann>", "+@ann", "@ann_", "@an n",
     "@" + "a" * 65, "@ann.é", "＠ann"],
)  # fmt: skip
def test_no_mention_of_ann_stands_here(source: str) -> None:
    assert "ann" not in mentioned_handles(source)
    assert 'class="mention"' not in html_of(source)


@pytest.mark.parametrize("handle", ["jean_paul", "j.-p"])
def test_handles_hold_dots_dashes_and_underscores(handle: str) -> None:
    assert mentioned_handles(f"_@{handle}, and so on_") == [handle]
    assert f'href="/@{handle}"' in html_of(f"@{handle}")


def test_hashtags_link_to_their_canonical_page_and_keep_their_spelling() -> None:
    assert html_of("#Été") == (
        f'<p><a href="/tags/%C3%A9t%C3%A9" class="mention hashtag" {REL}>#Été</a></p>'
    )
    assert hashtags("#Été #ÉTÉ #e\u0301te\u0301 #plan_B") == [
        Hashtag("été", "Été"),
        Hashtag("plan_b", "plan_B"),
    ]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("#हिन्दी #日本語 #Straße", ["हिन्दी", "日本語", "strasse"]),
        ("#2024 #___ # #2024plan", ["2024plan"]),
        ("a#b /page#c ##d #e#f #c++", ["c"]),
        ("`#a` [#b](http://x.example) http://x.example/#c \\#d", []),
        ("#one,#two;#three.", ["one", "two", "three"]),
        ("#" + "a" * 101, []),
    ],
)
def test_hashtags_are_words_of_any_script(source: str, names: list[str]) -> None:
    assert [tag.name for tag in hashtags(source)] == names
    assert html_of(source).count('class="mention hashtag"') == len(names)


def test_nothing_written_is_lost_in_deep_nesting() -> None:
    for source in (">" * 200 + " deep", "- " * 200 + "deep", "*a " * 100 + "deep" + " b*" * 100):
        html = html_of(source)
        assert "deep" in html
        assert html.count("<blockquote>") + html.count("<ul>") + html.count("<em>") < 20


def test_a_text_beyond_the_budget_keeps_its_words_and_mentions() -> None:
    source = "**word** @ann #tag\n" * 4_000
    html = html_of(source)
    assert mentioned_handles(source) == ["ann"]
    assert html.count(ANN_LINK) == html.count("**word**") == 4_000


def test_a_long_page_of_many_links_keeps_its_markup() -> None:
    source = "A **paragraph** with [a link](http://a.example) and http://b.example/x_y_z\n\n" * 600
    html = html_of(source)
    assert html.count("<strong>") == 600
    assert html.count("<a ") == 1_200


def test_links_of_a_rendering_can_be_made_absolute() -> None:
    html = absolute_links(html_of('@ann <a href="/x"> http://b.example/'), "https://intranet.corp/")
    assert 'href="https://intranet.corp/@ann"' in html
    assert "&lt;a href=&quot;/x&quot;&gt;" in html
    assert 'href="http://b.example/"' in html


def test_plain_text_is_one_line_cut_between_words() -> None:
    source = "# Hello **world**\n\n- one\n- two `code`\n\n[link](http://x.example) @ann #tag <b>"
    assert plain_text(source) == "Hello world one two code link @ann #tag <b>"
    assert plain_text(source, 14) == "Hello world…"
    assert plain_text("a" * 50, 10) == "a" * 9 + "…"
    assert plain_text("") == ""
    assert plain_text_from_html("<p>a &lt;b&gt;<br>c</p><p>d</p>") == "a <b> c d"


# Texts made of what means something in Markdown, next to anything at all.
PIECES = st.sampled_from(
    ["@ann", "@Bob", "#tag", "#Été", "*", "**", "_", "~~", "`", "```\n", "> ", "- ", "1. ", "# ",
     "[", "](", ")", "(http://x.example", "<", ">", "<b>", "&amp;", "\\", "\n", "\n\n", " ", "a",
     "é", "\u0301", "\u200b", "\u202e", "\x00", "http://intranet/", "www.", "a@b.fr", "://", "!",
     "|", "javascript:", '"', "'", "=", "&#x40;"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)
ALLOWED: dict[str, set[str]] = {"a": {"href", "class", "rel"}, "ol": {"start"}}
PLAIN_TAGS = "blockquote br code del em h3 h4 li p pre strong ul"


class Page(HTMLParser):
    """Reads a rendering as a browser would begin to, and refuses what must not be there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.mentions: list[str] = []
        self.hashtags = 0
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag in ALLOWED or tag in PLAIN_TAGS.split()
        assert set(given) <= ALLOWED.get(tag, set())
        if tag == "a":
            href, kind = given.get("href"), given.get("class")
            assert given["rel"] == "nofollow noopener noreferrer"
            # Only foreign HTML can hold a link without an address; it leads nowhere.
            assert href is None or href.startswith(
                ("http://", "https://", "mailto:") if kind is None else "/"
            )
            self.hashtags += kind == "mention hashtag"
            if href is not None:
                assert not href.startswith(("//", "/\\"))
                self.mentions += [href.removeprefix("/@")] if kind == "mention" else []
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@given(TEXTS)
def test_whatever_is_written_only_allowed_html_comes_out(source: str) -> None:
    Page(html_of(source)).close()
    assert html_of(normalise(source)) == html_of(source)


@given(TEXTS)
def test_the_links_drawn_are_the_mentions_and_hashtags_found(source: str) -> None:
    page = Page(render(source, link_mention=lambda handle: f"/@{handle}"))
    assert list(dict.fromkeys(page.mentions)) == mentioned_handles(source)
    assert (page.hashtags > 0) == bool(hashtags(source))


@given(TEXTS)
def test_the_excerpt_reads_as_the_page_does(source: str) -> None:
    assert plain_text_from_html(render(source)) == plain_text(source)


@given(TEXTS, st.integers(1, 40))
def test_an_excerpt_keeps_its_limit(source: str, limit: int) -> None:
    assert len(plain_text(source, limit)) <= limit


def test_links_may_lead_to_paths_of_this_site_and_to_nothing_that_looks_like_one() -> None:
    assert '<a href="/events/12"' in render("[**Open day**](/events/12)")
    for elsewhere in ("//evil.example/x", "\\\\evil.example"):
        assert "<a " not in render(f"[x]({elsewhere})")


def test_escaped_words_are_shown_letter_by_letter() -> None:
    words = r"[*a*](x) _b_ `c` #d <e> @ann ~~f~~ \g"
    assert plain_text(escaped(words)) == words
    assert "<a " not in render(escaped(words), link_mention=lambda name: f"/@{name}")
