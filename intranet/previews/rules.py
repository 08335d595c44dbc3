"""Which links get a preview."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from intranet.kernel import outbound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.outbound import Refused
from intranet.kernel.text.links import links_in

_POST = re.compile(r"/(?:posts|@[A-Za-z0-9_.-]+)/(\d{1,19})/?")


@dataclass(frozen=True, slots=True)
class PreviewRules:
    """What the settings allow. `own` is our own address, `only` the hosts that are asked when
    not all are, each with what lies below it; `trusted` ones may be private."""

    on: bool = False
    own: str = ""
    only: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether this address is one that is asked."""
        try:
            outbound.check(url, self.trusted)
            host = (urlsplit(url).hostname or "").rstrip(".")
        except (Refused, ValueError):
            return False
        return self.on and (not self.only or _within(host, self.only))


def _within(host: str, only: Collection[str]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in only)


@dataclass(frozen=True, slots=True)
class FirstLink:
    """The first link of a text: the address to be asked, or the post of ours that it leads to."""

    url: str | None = None
    post_id: int | None = None


def first_link(html: str, rules: PreviewRules) -> FirstLink:
    """The first link of a post's HTML. What lies here is never asked; of it only a post is
    shown, by its own card, to those who may read it."""
    for href in links_in(html):
        parts = urlsplit(href)
        if f"{parts.scheme}://{parts.netloc}".lower() == rules.own:
            found = _POST.fullmatch(parts.path)
            post_id = int(found[1]) if found else None
            return FirstLink(post_id=post_id if post_id and post_id <= MAX_ID else None)
        url = urlunsplit(parts._replace(fragment=""))
        return FirstLink(url=url) if rules.allows(url) else FirstLink()
    return FirstLink()
