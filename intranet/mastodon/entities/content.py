"""Our HTML as Mastodon's: the same safe text, with whole addresses and the classes by which apps
know a mention or a hashtag."""

from __future__ import annotations

import re
from html import unescape

from intranet.mastodon.answers import absolute

# Our own output, never anything that somebody wrote: see intranet/kernel/text.
_MENTION = re.compile(r'<a href="(/@[^"]+)" class="mention"[^>]*>@([^<]+)</a>')
_HASHTAG = re.compile(r'<a href="(/tags/[^"]+)" class="mention hashtag"[^>]*>#([^<]+)</a>')
_LINK = re.compile(r'<a href="([^"]+)" rel="nofollow noopener noreferrer">')


def content_of(html: str) -> str:
    """The HTML for an app; empty stays empty."""
    html = _MENTION.sub(_mention, html)
    html = _HASHTAG.sub(_hashtag, html)
    html = _LINK.sub(_link, html)
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
    return f'<a href="{href}" rel="nofollow noopener" target="_blank">'
