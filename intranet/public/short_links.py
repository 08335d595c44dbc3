"""Short links: they lead on to what was stored for them, and are counted, people unseen.

No cookie is set, and nothing of the visitor is kept: neither address, nor browser, nor where they
came from. Only stored targets are led to, so that nobody can borrow our name for another place.
"""

from __future__ import annotations

import logging
import re
from zoneinfo import ZoneInfo

from flask import Response, redirect, request
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as BaseResponse

from intranet.campaigns import actions, queries
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.public.door import bp, settings
from intranet.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|embedly|whatsapp|skypeuri|slack"
    r"|telegram|discord|curl/|wget/|python|java/|go-http|okhttp|libwww|headless|lighthouse"
    r"|monitor|scan|check|fetch|archiver|feed|proxy|validator",
    re.IGNORECASE,
)
_AHEAD = ("Purpose", "X-Purpose", "Sec-Purpose", "X-Moz")


def looks_like_a_person(method: str, headers: Headers) -> bool:
    """Whether a request is somebody following a link: not a program that looks what is behind it,
    nor a browser that loads it in case."""
    agent = headers.get("User-Agent", "")
    if method != "GET" or not agent or _ROBOTS.search(agent[:500]):
        return False
    said = " ".join(headers.get(name, "") for name in _AHEAD).lower()
    return "prefetch" not in said and "preview" not in said and "prerender" not in said


@bp.get("/l/<code>")
def follow(code: str) -> BaseResponse:
    """On to the target (302). Targets inside still ask for a session."""
    link = queries.find_open(code.lower()[:16])
    if link is None:
        raise NotFound
    link_id, target = link.id, link.target
    if looks_like_a_person(request.method, request.headers):
        day = utc_now().astimezone(ZoneInfo(settings().default_timezone)).date()
        try:
            with unit_of_work():
                actions.count_click(link_id, day)
        except OperationalError as error:
            # Being led on matters more than being counted.
            log.warning("a click was not counted: %s", error.orig)
    response = redirect(target, 302, Response)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
