"""Our HTML as Mastodon's: the same safe text, with whole addresses and the classes by which apps
know a mention or a hashtag."""

from __future__ import annotations

import re
from html import escape, unescape

from intranet.mastodon.answers import absolute

# Our own output, never anything that somebody wrote: see intranet/kernel/text.
_MENTION = re.compile(r'<a href="(/@[^"]+)" class="mention"[^>]*>@([^<]+)</a>')
_HASHTAG = re.compile(r'<a href="(/tags/[^"]+)" class="mention hashtag"[^>]*>#([^<]+)</a>')
_LINK = re.compile(r'<a href="([^"]+)" rel="nofollow noopener noreferrer">(?:([^<]*)</a>)?')
_CODE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_SCHEME = re.compile(r"https?://(?:www\.)?")
_SHOWN = 30  # characters of an address that apps show before they cut it off


def content_of(html: str) -> str:
    """The HTML for an app; empty stays empty."""
    html = _MENTION.sub(_mention, html)
    html = _HASHTAG.sub(_hashtag, html)
    html = _LINK.sub(_link, html)
    html = _CODE.sub(_code, html)
    return html.replace("<br>\n", "<br />").replace("<br>", "<br />").replace("\n", "").strip()


def tag_url(name: str) -> str:
    """The page of a hashtag."""
    return absolute(f"/tags/{name}")


def _mention(match: re.Match[str]) -> str:
    return (
        '<span class="h-card" translate="no">'
        f'<a href="{absolute(match[1])}" class="u-url mention">@<span>{match[2]}</span></a></span>'
    )


def _hashtag(match: re.Match[str]) -> str:
    return (
        f'<a href="{absolute(match[1])}" class="mention hashtag" rel="tag">'
        f"#<span>{match[2]}</span></a>"
    )


def _link(match: re.Match[str]) -> str:
    href = absolute(match[1]) if unescape(match[1]).startswith("/") else match[1]
    start = f'<a href="{href}" rel="nofollow noopener" target="_blank">'
    if match[2] is None:
        return start
    return f"{start}{_shortened(match[2]) if match[2] == match[1] else match[2]}</a>"


def _shortened(address: str) -> str:
    """An address that stands for itself, with the parts marked that apps leave out."""
    whole = unescape(address)
    found = _SCHEME.match(whole)
    begun = found.end() if found else 0
    shown, rest = whole[begun : begun + _SHOWN], whole[begun + _SHOWN :]
    return (
        f'<span class="invisible">{escape(whole[:begun])}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(rest)}</span>'
    )


def _code(match: re.Match[str]) -> str:
    """Lines of code stay lines: everywhere else a line end is only how our HTML is written."""
    lines = match[1].replace("\n</code>", "</code>")
    return f"<pre>{lines}</pre>".replace("\n", "<br />")
