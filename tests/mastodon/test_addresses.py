"""What an address may name: a number that no row can have names nothing, whatever is done to it."""

from __future__ import annotations

import pytest

from intranet.kernel.ids import MAX_ID
from tests.factories import Factory

NUMBERED = [
    ("GET", "/api/v1/statuses/{}"),
    ("PUT", "/api/v1/statuses/{}"),
    ("DELETE", "/api/v1/statuses/{}"),
    ("PUT", "/api/v1/media/{}"),
    ("DELETE", "/api/v1/lists/{}"),
    ("PUT", "/api/v1/scheduled_statuses/{}"),
    ("PUT", "/api/v2/filters/keywords/{}"),
    ("DELETE", "/api/v1/announcements/{}/reactions/x"),
    ("POST", "/api/v1/statuses/{}/favourite"),
]


@pytest.mark.parametrize(("method", "path"), NUMBERED)
@pytest.mark.parametrize("number", ["1", str(MAX_ID), str(MAX_ID + 1), "9" * 19, "9" * 300])
def test_a_number_of_nothing_is_not_found_however_long(
    make: Factory, call, method: str, path: str, number: str
) -> None:
    caller = call(make.account("ann"))
    answer = caller.open(method, path.format(number))
    assert (answer.status_code, answer.json) == (404, {"error": "Record not found"})


def test_another_method_on_what_could_be_is_still_refused_as_that(make: Factory, call) -> None:
    answer = call(make.account("ann")).open("POST", f"/api/v1/statuses/{MAX_ID}")
    assert answer.status_code == 405
