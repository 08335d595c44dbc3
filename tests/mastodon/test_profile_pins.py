"""Pinned statuses. https://docs.joinmastodon.org/methods/statuses/#pin"""

from __future__ import annotations

from typing import Any

from intranet.groups.models import GroupPrivacy
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller


def _pinned(program: Caller, account_id: int) -> list[str]:
    path = f"/api/v1/accounts/{account_id}/statuses"
    return [one["id"] for one in program.get(path, pinned="true")]


def _publish(program: Caller, text: str, **more: Any) -> str:
    found: str = program.post("/api/v1/statuses", status=text, **more)["id"]
    return found


def test_an_own_post_is_held_and_let_go(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    first, second = _publish(hers, "One"), _publish(hers, "Two")
    assert hers.get(f"/api/v1/statuses/{first}")["pinned"] is False
    for one in (second, first, second):
        assert hers.post(f"/api/v1/statuses/{one}/pin")["pinned"] is True
    assert _pinned(his, ann.id) == [first, second]
    assert "pinned" not in his.get(f"/api/v1/statuses/{first}")
    boost = his.post(f"/api/v1/statuses/{first}/reblog")
    assert "pinned" not in hers.get(f"/api/v1/statuses/{boost['id']}")
    for _ in range(2):
        assert hers.post(f"/api/v1/statuses/{first}/unpin")["pinned"] is False
    assert _pinned(his, ann.id) == [second]


def test_what_cannot_be_held(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    post = _publish(hers, "Mine")
    boost = his.post(f"/api/v1/statuses/{post}/reblog")["id"]
    message = _publish(hers, "@bob hush", visibility="direct")
    for program, id_ in ((his, post), (his, boost), (hers, message)):
        assert program.open("GET", f"/api/v1/statuses/{id_}").status_code == 200
        assert program.open("POST", f"/api/v1/statuses/{id_}/pin").status_code == 422
        assert program.open("POST", f"/api/v1/statuses/{id_}/unpin").status_code == 422
    most = hers.get("/api/v2/instance")["configuration"]["accounts"]["max_pinned_statuses"]
    for number in range(most):
        assert hers.post(f"/api/v1/statuses/{_publish(hers, f'No. {number}')}/pin")["pinned"]
    refused = hers.open("POST", f"/api/v1/statuses/{post}/pin")
    assert refused.status_code == 422
    assert str(most) in refused.json["error"]
    assert len(_pinned(his, ann.id)) == most


def test_groups_and_pages_show_theirs(make: Factory, call: Call) -> None:
    ann, bob, cat = make.accounts("ann", "bob", "cat")
    group = make.group("depot", owner=ann, members=[bob], privacy=GroupPrivacy.SECRET)
    post = make.post(ann, "Rules of the depot", group=group)
    other = make.post(ann, "Elsewhere")
    from_web = call(ann)
    assert from_web.post(f"/api/v1/statuses/{post.id}/pin")["pinned"]
    assert _pinned(call(bob), ann.id) == [str(post.id)]
    assert _pinned(call(bob), group.id) == []  # its own top is another
    assert _pinned(call(cat), ann.id) == []
    assert (
        call(cat).open("GET", f"/api/v1/accounts/{group.id}/statuses?pinned=true").status_code
        == 404
    )
    assert from_web.post(f"/api/v1/statuses/{other.id}/pin")["pinned"]
    assert _pinned(call(cat), ann.id) == [str(other.id)]


def test_what_its_author_can_no_longer_read_takes_no_place(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("depot", owner=bob, members=[ann], privacy=GroupPrivacy.SECRET)
    hers = call(ann)
    for number in range(5):
        post = make.post(ann, f"No. {number}", group=group)
        assert hers.post(f"/api/v1/statuses/{post.id}/pin")["pinned"]
    mine = _publish(hers, "Mine")
    assert hers.open("POST", f"/api/v1/statuses/{mine}/pin").status_code == 422
    assert hers.open("POST", f"/api/v1/accounts/{group.id}/unfollow").status_code == 200
    assert hers.open("POST", f"/api/v1/statuses/{post.id}/unpin").status_code == 404
    assert hers.post(f"/api/v1/statuses/{mine}/pin")["pinned"]
    assert _pinned(hers, ann.id) == [mine]
