"""A status that tells of an event carries a preview card of it, for who may see the event."""

from __future__ import annotations

from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.web.test_event_cards import announced


def test_a_status_about_an_event_has_its_card(make: Factory, browse: Browser, call: Call) -> None:
    ann = make.account("ann", display_name="Ann")
    ben = make.account("ben", locale="fr", time_zone="America/Toronto")
    date_id = announced(browse, ann, title="Tram night", place="Erdre")
    browse(ann).post("/posts", data={"source": "Plain"})
    plain, told = call(ben).get("/api/v1/timelines/public", local="true")
    assert plain["card"] is None
    card = told["card"]
    assert card["title"] == "Tram night"
    assert card["type"] == "link"
    assert card["url"].endswith(f"/events/{date_id}")
    assert card["author_name"] == "Ann"
    assert "Erdre" in card["description"]
    assert "04:00" in card["description"] or "05:00" in card["description"], "Toronto's clock"
    assert call(ben).get(f"/api/v1/statuses/{told['id']}")["card"] == card


def test_there_is_no_card_of_what_its_reader_may_not_see(
    make: Factory, browse: Browser, call: Call
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    make.group("board", "secret", owner=ann, members=[ben])
    date_id = announced(browse, ann, organiser="group:board", title="Kraken")
    assert browse(out).get(f"/events/{date_id}").status_code == 404
    browse(ben).post("/posts", data={"source": f"[**x**](/events/{date_id})"})
    (status,) = call(out).get("/api/v1/timelines/public", local="true")
    assert status["card"] is None
    assert "Kraken" not in str(status)
