"""The worker of browsers shows what is pushed, in a real one. Its maker's push service is out of
reach here: the browser is handed the message as that service would."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Opener, Site

SECOND = 1000  # ms
_SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.map((one) => [one.title, one.body, one.data.url]);
}"""


def _registered(session: CDPSession, page: Page) -> str:
    """The number by which the browser knows our worker."""
    seen: list[Any] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated", lambda said: seen.extend(said["registrations"])
    )
    session.send("ServiceWorker.enable")
    for _try in range(100):
        if seen:
            return str(seen[-1]["registrationId"])
        page.wait_for_timeout(50)
    raise AssertionError("there is no worker")


def test_what_is_pushed_is_shown(site: Site, open_page: Opener) -> None:
    page = open_page("/settings/notifications")
    page.context.grant_permissions(["notifications"], origin=site.base)
    page.reload()
    switch = page.locator("[data-push]")
    expect(switch.get_by_role("button")).to_have_attribute("aria-pressed", "false")
    page.evaluate("async () => { await navigator.serviceWorker.register('/sw.js');"
                  " await navigator.serviceWorker.ready; }")  # fmt: skip
    session = page.context.new_cdp_session(page)
    said = {"title": "Ann mentioned you", "body": "Hello", "url": f"{site.base}/notifications"}
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": site.base,
            "registrationId": _registered(session, page),
            "data": json.dumps(said),
        },
    )
    for _try in range(100):
        shown = page.evaluate(_SHOWN)
        if shown:
            break
        page.wait_for_timeout(50)
    assert shown == [["Ann mentioned you", "Hello", f"{site.base}/notifications"]]


def test_a_browser_that_reaches_no_service_says_so(site: Site, open_page: Opener) -> None:
    page = open_page("/settings/notifications", expected=("Push API",))
    page.context.grant_permissions(["notifications"], origin=site.base)
    page.reload()
    switch = page.locator("[data-push]")
    switch.get_by_role("button").click()
    expect(switch.locator("[data-push-state]")).to_have_attribute(
        "data-push-state", "failed", timeout=20 * SECOND
    )
    expect(switch.get_by_role("button")).to_have_attribute("aria-pressed", "false")
