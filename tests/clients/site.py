"""A server for the programs of others, and the person who lets them in with a browser."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

PASSWORD = "une phrase de passe"


@dataclass(frozen=True)
class Site:
    """A running server with Ann and Ben, who follow each other and share the group `makers`."""

    base: str

    def allow(self, address: str, handle: str = "ann") -> str:
        """Sign in as this person, agree to what the program asks at `address`, and give the code
        that the page then shows."""
        browser = requests.Session()
        page = browser.get(address, timeout=20)
        page = self._send(browser, page, handle=handle, password=PASSWORD)
        page = self._send(browser, page)
        shown = BeautifulSoup(page.text, "html.parser").find("input", id="f-code")
        assert isinstance(shown, Tag), page.text
        return str(shown["value"])

    def _send(
        self, browser: requests.Session, page: requests.Response, **typed: str
    ) -> requests.Response:
        form = BeautifulSoup(page.text, "html.parser").find("form", class_="door")
        assert isinstance(form, Tag), page.text
        fields = {
            str(field["name"]): str(field.get("value", ""))
            for field in form.find_all("input")
            if isinstance(field, Tag) and field.get("name")
        }
        button = form.find("button", attrs={"name": True})
        if isinstance(button, Tag):
            fields[str(button["name"])] = str(button.get("value", ""))
        address = urljoin(page.url, str(form.get("action") or ""))
        sent = browser.post(address, data=fields | typed, headers={"Referer": page.url}, timeout=20)
        assert sent.status_code == 200, (sent.status_code, sent.text)
        return sent
