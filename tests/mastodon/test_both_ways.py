"""Lists of people, hashtags and saved posts are read downwards and back up by their links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller


def _page(caller: Caller, path: str) -> tuple[list[str], dict[str, str]]:
    answer = caller.open("GET", path)
    assert answer.status_code == 200, answer.text
    links = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("Link", ""))
    assert [name for _address, name in links] in ([], ["next", "prev"], ["prev"], ["next"])
    parts = {name: urlsplit(address) for address, name in links}
    names = [row.get("acct") or row.get("name") or row["content"] for row in answer.json]
    return names, {name: f"{one.path}?{one.query}" for name, one in parts.items()}


def _walk_both_ways(caller: Caller, path: str, count: int) -> None:
    whole, _links = _page(caller, f"{path}?limit=40")
    assert len(whole) == count
    pages = []
    names, links = _page(caller, f"{path}?limit=2")
    while True:
        pages.append(names)
        if "next" not in links:
            break
        names, links = _page(caller, links["next"])
    assert [name for page in pages for name in page] == whole
    assert [len(page) for page in pages] == [2] * (count // 2) + [1] * (count % 2)
    back: list[str] = []
    while names:
        back = names + back if names is not pages[-1] else names
        above, links = _page(caller, links["prev"])
        if not above:
            assert "prev" not in links
            break
        names = above
    assert back == whole


LISTS = [
    "/api/v1/accounts/{ann}/followers",
    "/api/v1/accounts/{ann}/following",
    "/api/v1/accounts/{group}/followers",
    "/api/v1/lists/{group}/accounts",
    "/api/v1/lists/{list}/accounts",
    "/api/v1/blocks",
    "/api/v1/mutes",
    "/api/v1/followed_tags",
    "/api/v1/bookmarks",
    "/api/v1/statuses/{post}/favourited_by",
    "/api/v1/statuses/{post}/reblogged_by",
]


@pytest.mark.parametrize("path", LISTS)
def test_the_links_lead_down_and_up_again(make: Factory, call: Call, path: str) -> None:
    ann = make.account("ann")
    hers = call(ann)
    others = make.accounts("bob", "cem", "dia", "eva", "fay")
    group = make.group("board", owner=ann, members=others)
    list_id = hers.post("/api/v1/lists", title="Close")["id"]
    post = hers.post("/api/v1/statuses", status="The depot is open")["id"]
    far = path in ("/api/v1/blocks",)
    for number, other in enumerate(others):
        theirs = call(other)
        if far:
            hers.post(f"/api/v1/accounts/{other.id}/block")
            continue
        theirs.post(f"/api/v1/accounts/{ann.id}/follow")
        hers.post(f"/api/v1/accounts/{other.id}/follow")
        theirs.post(f"/api/v1/statuses/{post}/favourite")
        theirs.post(f"/api/v1/statuses/{post}/reblog")
        hers.post(f"/api/v1/lists/{list_id}/accounts", **{"account_ids[]": other.id})
        hers.post(f"/api/v1/accounts/{other.id}/mute")
        hers.post(f"/api/v1/tags/tag{number}/follow")
        own = hers.post("/api/v1/statuses", status=f"Number {number}")["id"]
        hers.post(f"/api/v1/statuses/{own}/bookmark")
    path = path.format(ann=ann.id, group=group.id, list=list_id, post=post)
    of_group = str(group.id) in path
    _walk_both_ways(hers, path, 6 if of_group else 5)


def test_since_id_gives_the_newest_and_min_id_those_directly_above(
    make: Factory, call: Call
) -> None:
    ann = make.account("ann")
    hers = call(ann)
    for other in make.accounts("bob", "cem", "dia", "eva"):
        call(other).post(f"/api/v1/accounts/{ann.id}/follow")
    path = f"/api/v1/accounts/{ann.id}/followers"
    assert _page(hers, path)[0] == ["eva", "dia", "cem", "bob"]
    _names, links = _page(hers, f"{path}?limit=3")
    oldest = re.search(r"max_id=(\d+)", links["next"])[1]
    assert _page(hers, f"{path}?limit=1&since_id={oldest}")[0] == ["eva"]
    assert _page(hers, f"{path}?limit=1&min_id={oldest}")[0] == ["dia"]


def test_older_programs_search_with_hashtags_as_names(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    post = hers.post("/api/v1/statuses", status="The #depot is open")["id"]
    found = hers.get("/api/v1/search", q="depot")
    assert [one["id"] for one in found["statuses"]] == [post]
    assert found["hashtags"] == ["depot"]
    assert hers.get("/api/v1/search", q="depot", type="hashtags")["statuses"] == []
