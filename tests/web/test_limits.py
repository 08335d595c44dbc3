"""Throttles: guessing is slow, colleagues are not locked out, reading is free."""

from __future__ import annotations

import pytest

from intranet.accounts import passwords
from tests.browse import Browser
from tests.factories import Factory

PASSWORD = "une phrase de passe"
HASHED = passwords.prepare(PASSWORD)


def attempt(browse: Browser, handle: str, password: str, address: str = "192.0.2.1") -> int:
    return (
        browse(None)
        .post(
            "/login",
            data={"handle": handle, "password": password},
            environ_overrides={"REMOTE_ADDR": address},
        )
        .status_code
    )


@pytest.mark.settings(rate_limits=True)
def test_guessing_is_throttled_by_account_and_address(browse: Browser, make: Factory) -> None:
    make.account("ann", password_hash=HASHED)
    make.account("bob", password_hash=HASHED)
    assert [attempt(browse, "ann", "wrong") for _ in range(10)] == [422] * 10
    # Known or not, right or wrong: all the same from here, however it is spelled.
    assert attempt(browse, "ann", PASSWORD) == 429
    assert attempt(browse, " @ANN", PASSWORD) == 429
    assert attempt(browse, "bob", PASSWORD) == 303
    assert attempt(browse, "ann", PASSWORD, "198.51.100.7") == 303


@pytest.mark.settings(rate_limits=True)
def test_an_ipv6_customer_counts_once(browse: Browser, make: Factory) -> None:
    make.account("ann", password_hash=HASHED)
    tries = [attempt(browse, "ann", "wrong", f"2001:db8::{n:x}") for n in range(11)]
    assert tries == [422] * 10 + [429]
    assert attempt(browse, "ann", PASSWORD, "2001:db8:0:1::1") == 303


@pytest.mark.settings(rate_limits=True)
def test_writing_is_throttled_by_account_and_reading_is_not(browse: Browser, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    answers = {
        client.post("/settings/theme", data={"theme": "dark"}).status_code for _ in range(120)
    }
    assert answers == {303}
    refused = client.post("/settings/theme", data={"theme": "dark"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/settings").status_code == 200
    assert browse(bob).post("/settings/theme", data={"theme": "dark"}).status_code == 303
