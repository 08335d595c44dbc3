"""The worker of previews: takes an address that is due, asks it, keeps what it says of itself.

Nothing of the database is held while a server takes its time. Every address, that of each redirect
and of the picture too, passes the same gate (`kernel.outbound`). Pictures are decoded by the
program of `media`, and only what that wrote is ever served.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urljoin

from intranet.kernel import outbound
from intranet.kernel.errors import DomainError
from intranet.kernel.outbound import Page, Refused, Unreachable
from intranet.media.storage import Storage
from intranet.media.uploads import UploadLimits, take_picture
from intranet.previews import asking, reading
from intranet.previews.asking import Claimed, Outcome
from intranet.previews.reading import Found
from intranet.previews.rules import PreviewRules
from intranet.tasks.draining import drain_forever

log = logging.getLogger(__name__)

WORKERS = 2
TIMEOUT_SECONDS = 8.0  # of one address, with all that it leads on to
_HOPS = 3
_PAGE_BYTES = 512 * 1024
_PICTURE_BYTES = 5 * 1024 * 1024
_PICTURE_PIXELS = 25_000_000
_REDIRECTS = (301, 302, 303, 307, 308)
_HTML = ("text/html", "application/xhtml+xml")
_HEADERS = {"User-Agent": "Parvis link preview", "Accept-Language": "fr, en;q=0.8, *;q=0.5"}


class PreviewFetcher:
    """`settled` is told the id of a preview whose posts look different now, in the unit of work
    that wrote it."""

    def __init__(
        self,
        *,
        context: Callable[[], AbstractContextManager[Any]],
        unit_of_work: Callable[[], AbstractContextManager[None]],
        settled: Callable[[int], None],
        rules: PreviewRules,
        storage: Storage,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._context = context
        self._unit_of_work = unit_of_work
        self._settled = settled
        self._rules = rules
        self._storage = storage
        self._timeout = timeout

    def run_forever(self) -> None:
        """Ask until killed."""
        drain_forever(self.drain, asking.bell, _say)

    def drain(self) -> int:
        """Ask all that are due now; gives how many that were."""
        done = 0
        while self.ask_one():
            done += 1
            time.sleep(0)  # lets the requests of this process go first
        return done

    def ask_one(self) -> bool:
        """Ask one address that is due. False when there was none."""
        with self._context():
            if not asking.is_any_due():
                return False
        with self._context(), self._unit_of_work():
            held = asking.claim()
        if held is None:
            return False
        outcome = self._look(held)
        with self._context(), self._unit_of_work():
            unused = asking.settle(held, outcome)
            if not outcome.again:
                self._settled(held.id)
        if unused is not None:
            self._storage.delete(unused)
        return True

    def _look(self, held: Claimed) -> Outcome:
        deadline = time.monotonic() + self._timeout
        try:
            url, page = self._get(held.url, deadline, "text/html", _PAGE_BYTES)
            kind = page.headers.get("content-type", "")
            if page.status != 200 or kind.partition(";")[0].strip().lower() not in _HTML:
                return Outcome(again=page.status >= 500)
            found = self._read(page, kind, url)
        except Refused as error:
            log.info("preview %s refused: %s", held.id, error)
            return Outcome()
        except Unreachable as error:
            log.info("preview %s: %s", held.id, error)
            return Outcome(again=True)
        if not found.title:
            return Outcome()
        key, width, height = self._picture(found.image_url, deadline)
        return Outcome(found.title, found.description, found.site_name, key, width, height)

    def _read(self, page: Page, kind: str, url: str) -> Found:
        try:
            return reading.read(reading.decoded(page.body, kind), url)
        except Exception:  # a page that cannot be read must not end the worker
            log.exception("the page of a preview cannot be read")
            return Found()

    def _picture(self, url: str, deadline: float) -> tuple[str | None, int | None, int | None]:
        """The page's picture, decoded and kept; a preview can do without it."""
        if not url:
            return None, None, None
        try:
            _url, page = self._get(url, deadline, "image/*", _PICTURE_BYTES)
            if page.status != 200 or not page.is_whole:
                return None, None, None
            limits = UploadLimits(_PICTURE_BYTES, _PICTURE_PIXELS)
            return take_picture(io.BytesIO(page.body), storage=self._storage, limits=limits)
        except (Refused, Unreachable, DomainError) as error:
            log.info("picture of a preview: %s", error)
            return None, None, None

    def _get(self, url: str, deadline: float, accept: str, most: int) -> tuple[str, Page]:
        """What stands at the address in the end, and where that is."""
        for _hop in range(_HOPS + 1):
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unreachable("no answer in time")
            page = outbound.get(
                url,
                {**_HEADERS, "Accept": accept},
                timeout=left,
                most_bytes=most,
                allowed=self._rules.trusted,
            )
            if page.status not in _REDIRECTS:
                if page.headers.get("content-encoding", "identity").lower() != "identity":
                    raise Refused("an encoding that was not asked for")
                return url, page
            try:
                url = urljoin(url, page.headers.get("location", ""))
            except ValueError:
                raise Refused("not an address") from None
            if not self._rules.allows(url):
                raise Refused("a redirect to where we do not ask")
        raise Refused("too many redirects")


def _say(error: Exception) -> None:
    log.warning("the previews wait for the database: %s", error)
