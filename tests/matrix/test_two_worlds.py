"""Counters, orders and suggestions as oracles: for those outside, the company with a secret group
is byte for byte the company without it."""

from __future__ import annotations

import datetime as dt

import time_machine

from tests.matrix.answers import Answer, answer, ask_for
from tests.matrix.cases import Kind
from tests.matrix.expectations import requests
from tests.matrix.world import World, add_secret

# Those whom the secret never touched. Somebody whose request it swallowed, or who was a member
# once, has a history of their own with it: test_routes looks at them.
UNTOUCHED = ("outsider", "guest", "hr", "organisation_moderator", "administrator")
PLACES = (
    "/groups/canteen", "/groups/canteen/members", "/groups/canteen/about", "/groups/audit/about",
    *(f"/@{who}{part}" for who in ("owner", "member", "moderator", "innerguest")
      for part in ("", "/followers", "/following")),
)  # fmt: skip


def _everything(
    world: World, moment: dt.datetime, readers: tuple[str, ...] = UNTOUCHED
) -> dict[str, Answer]:
    """All that the untouched can read, at one and the same moment."""
    found = {}
    with time_machine.travel(moment, tick=False):
        for who in readers:
            client = world.client(who)
            for name in ("organisation", "followers", "open", "closed"):
                for ask in requests(world, ("GET",), post=name):
                    # What names the secret has its own test; what names nothing is asked once.
                    if ask.case.kind is Kind.POST or (not ask.has_twin and name == "open"):
                        found[f"{who} {ask.path}"] = ask_for(client, ask)
            for path in PLACES:
                found[f"{who} {path}"] = answer(client.get(path))
    return found


def test_nothing_changes_for_outsiders_when_a_secret_group_comes_to_life(company: World) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    before = _everything(company, moment)
    assert len(before) > 150
    add_secret(company)
    after = _everything(company, moment)
    # Addresses that can be made only of the secret's own ids are test_routes' affair.
    assert after.keys() <= before.keys()
    assert len(after) > 150
    assert [place for place, found in after.items() if before[place] != found] == []


def test_the_comparison_would_notice_an_open_group(company: World) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    before = _everything(company, moment, ("outsider",))
    company.send("owner", "/groups", name="No secret", privacy="open")
    company.send("owner", "/groups/no-secret/posts", source="Hear, hear #depot")
    after = _everything(company, moment, ("outsider",))
    assert [place for place, found in before.items() if after[place] != found]
