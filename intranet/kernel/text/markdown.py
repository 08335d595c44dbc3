"""The Markdown that people may write, and its one token stream.

A subset for short texts: no raw HTML, images, tables, rules, reference definitions or
indented code; headings are small; a line end is a line break. Anything else is shown as
typed. Nothing a person writes is ever swallowed, and no text takes long, however it is made.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, linkify
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from intranet.kernel.text.characters import normalise
from intranet.kernel.text.references import Hashtag, find_references, hashtag_path
from intranet.kernel.text.sanitiser import sanitise

# Beyond these, a text keeps its paragraphs, mentions and hashtags but no other markup.
# Looking for links is the one part of the parser whose time grows with the square of a
# paragraph: each of these marks may have it look through all that follows.
RENDER_BUDGET = 50_000
_LINK_MARKS = ("[", "://")
_LINK_BUDGET = 5_000_000
_DEEPEST_BLOCK = 8
_DEEPEST_EMPHASIS = 6

_LEFT_OUT = [
    "code", "hr", "html_block", "lheading", "reference", "table",
    "entity", "html_inline", "image",
]  # fmt: skip
# No user name before the host: https://bank.example@elsewhere.example leads elsewhere. A path of
# this site leads nowhere else either: /events/1, but not //elsewhere.example.
_ADDRESS = re.compile(
    r"https?://[^/?#@\s]+(?:[/?#]\S*)?|mailto:[^\s?@]+@[^\s?@]+(?:\?\S*)?|/(?![/\\])[^\s\\]*",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://|mailto:[^@]*@)(\[[^\]]*\]|[^/?#:]+)", re.IGNORECASE)
_CLAIMED_HOST = re.compile(
    r"\s*(?:https?://)?(?:[\w.+-]{1,64}@)?([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_MARKS = re.compile(r"([\\*_`\[\]#<>~@])")
_EMPHASIS = frozenset({"em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"})

LinkMention = Callable[[str], str | None]
LinkHashtag = Callable[[str], str]


def escaped(text: str) -> str:
    """The text as Markdown that shows it letter by letter: for titles in posts that we write."""
    return _MARKS.sub(r"\\\1", text)


def render(
    source: str,
    *,
    link_mention: LinkMention = lambda handle: None,
    link_hashtag: LinkHashtag = hashtag_path,
) -> str:
    """Safe HTML of a text. `link_mention` gives the address of a handle (lower case), or
    None to leave it as text; `link_hashtag` that of a canonical hashtag name."""
    env = {"link_mention": link_mention, "link_hashtag": link_hashtag}
    html = _renderer.render(tokens_of(source), _markdown.options, env)
    return sanitise(html).strip()


def mentioned_handles(source: str) -> list[str]:
    """The handles mentioned, lower case, each once, in order; they may belong to nobody."""
    names = (token.meta["name"] for token in _inline(source) if token.type == "mention")
    return list(dict.fromkeys(names))


def hashtags(source: str) -> list[Hashtag]:
    """The hashtags of a text, in order, each canonical name once, spelled as it came first."""
    found: dict[str, Hashtag] = {}
    for token in _inline(source):
        if token.type == "hashtag":
            name: str = token.meta["name"]
            found.setdefault(name, Hashtag(name, token.content))
    return list(found.values())


def tokens_of(source: str) -> Sequence[Token]:
    """The token stream from which everything about a text is read. Not to be changed."""
    return _parse(normalise(source))


@lru_cache(maxsize=16)  # one publication asks for HTML, mentions, hashtags and an excerpt
def _parse(text: str) -> Sequence[Token]:
    link_work = sum(
        len(paragraph) * sum(paragraph.count(mark) for mark in _LINK_MARKS)
        for paragraph in text.split("\n\n")
    )
    affordable = len(text) <= RENDER_BUDGET and link_work <= _LINK_BUDGET
    return (_markdown if affordable else _paragraphs).parse(text)


def _inline(source: str) -> Iterator[Token]:
    for block in tokens_of(source):
        yield from block.children or []


class _Renderer(RendererHTML):
    """Draws the two tokens that Markdown does not have. Called by token type."""

    def mention(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        name: str = tokens[idx].meta["name"]
        href: str | None = env["link_mention"](name)
        if href is None:
            return escapeHtml(f"@{tokens[idx].content}")
        return f'<a href="{escapeHtml(href)}" class="mention">@{escapeHtml(name)}</a>'

    def hashtag(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        href = escapeHtml(env["link_hashtag"](tokens[idx].meta["name"]))
        text = escapeHtml(tokens[idx].content)
        return f'<a href="{href}" class="mention hashtag">#{text}</a>'

    def s_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "<del>"

    def s_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</del>"


class _Parser(MarkdownIt):
    """Markdown with our idea of a link."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  (their name)
        return _ADDRESS.fullmatch(url) is not None

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802  (their name)
        """As typed: decoding would turn %E2%80%AE into an override, xn--… into a lookalike."""
        return link


def _not_too_deep(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """The rule, refusing below a depth: its marks are then text. The parser's own limit
    (maxNesting) would drop what lies deeper."""

    def shallow(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < _DEEPEST_BLOCK and rule(state, start, end, silent)

    return shallow


def _web_address(state: StateInline, silent: bool) -> bool:
    """The parser's rule for addresses, asked only where one of the web can stand: it looks
    back through all the text before every ://."""
    around = state.src[max(state.pos - 4, 0) : state.pos + 3].lower()
    return around in ("http://", "ttps://") and linkify(state, silent)


def _shrink_headings(state: StateCore) -> None:
    """A post stands inside a page whose h1 and h2 are the page's own."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"


def _refine(state: StateCore) -> None:
    """Every inline rule of ours, before escapes are joined with the text around them."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = _refer(_honest(_shallow(token.children or [])))


def _shallow(children: list[Token]) -> list[Token]:
    """Emphasis only so deep, its marks being text below: HTML parsers slow down there."""
    depth = 0
    for token in children:
        if token.type in _EMPHASIS:
            level = depth + (token.nesting > 0)
            depth += token.nesting
            if level > _DEEPEST_EMPHASIS:
                token.type, token.tag, token.nesting = "text", "", 0
                token.content = token.markup
    return children


def _honest(children: list[Token]) -> list[Token]:
    """Links say where they lead: one without visible text shows its address, and one whose
    text is the name of another host is followed by the name of the real one."""
    honest: list[Token] = []
    opened: Token | None = None
    text = ""
    for token in children:
        if token.type == "link_open" and token.info != "auto":
            opened, text = token, ""
        elif token.type == "link_close" and opened:
            href = str(opened.attrs["href"])
            if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
                honest.append(_text(href))
            honest.append(token)
            if lie := _other_host(text, href):
                honest.append(_text(f" ({lie})"))
            opened = None
            continue
        elif opened:
            text += token.content
        honest.append(token)
    return honest


def _other_host(text: str, href: str) -> str | None:
    """The host of `href`, if `text` reads as the address of a different one."""
    claimed, real = _CLAIMED_HOST.match(text), _HOST.match(href)
    if not claimed or not real:
        return None
    same = claimed[1].lower().removeprefix("www.") == real[1].lower().removeprefix("www.")
    return None if same else real[1]


def _refer(children: list[Token]) -> list[Token]:
    """Cut mentions and hashtags out of the plain text, outside links."""
    referred: list[Token] = []
    in_link = False
    for index, token in enumerate(children):
        if token.type in ("link_open", "link_close"):
            in_link = token.type == "link_open"
        if token.type != "text" or in_link:
            referred.append(token)
            continue
        end = 0
        before = _content(children, index - 1)[-1:]
        after = _content(children, index + 1)[:1]
        for found in find_references(token.content, before, after):
            referred.append(_text(token.content[end : found.start]))
            referred.append(
                Token(found.kind, "", 0, content=found.display, meta={"name": found.name})
            )
            end = found.end
        referred.append(_text(token.content[end:]))
    return referred


def _content(children: Sequence[Token], index: int) -> str:
    """The text of a neighbour, if text is what it is."""
    if 0 <= index < len(children) and children[index].type in ("text", "text_special"):
        return children[index].content
    return ""


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _full_parser() -> MarkdownIt:
    parser = _Parser(
        "js-default", {"html": False, "breaks": True, "linkify": True}, renderer_cls=_Renderer
    )
    parser.disable(_LEFT_OUT)
    # Guessed addresses would turn README.md and main.py into links to Moldova and Paraguay;
    # http://intranet/page, on the other hand, is one though no top-level domain ends it.
    parser.linkify = LinkifyIt(options={"fuzzy_link": False})
    parser.block.ruler.at(
        "blockquote",
        _not_too_deep(blockquote),
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    parser.block.ruler.at(
        "list", _not_too_deep(list_block), {"alt": ["paragraph", "reference", "blockquote"]}
    )
    parser.inline.ruler.at("linkify", _web_address)
    parser.core.ruler.before("text_join", "shrink_headings", _shrink_headings)
    parser.core.ruler.before("text_join", "refine", _refine)
    return parser


def _paragraph_parser() -> MarkdownIt:
    parser = _Parser("zero", {"html": False, "breaks": True})
    parser.enable("newline")
    parser.core.ruler.before("text_join", "refine", _refine)
    return parser


# A parser keeps no state between texts, so that threads may share it.
_markdown = _full_parser()
_paragraphs = _paragraph_parser()
_renderer = _Renderer(_markdown)
