"""Nobody but whom it is for learns of an announcement, on any of its addresses."""

from __future__ import annotations

import io

import pytest

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement
from intranet.media.models import MediaAttachment
from intranet.pages.models import PageRole
from tests.announcements.newsroom import Newsroom

_MISSING = 7_000_000_000_000_000_001


def _routes(room: Newsroom) -> list[tuple[str, str]]:
    """Every address of one announcement, reports left to their own tests."""
    found = []
    for rule in room.app.url_map.iter_rules():
        if rule.endpoint.startswith("announcements.") and "announcement_id" in rule.arguments:
            path = rule.rule.replace("<language>", "en")
            for method in (rule.methods or set()) & {"GET", "POST"}:
                found.append((method, path))
    return found


def _kept(room: Newsroom) -> list[tuple[object, ...]]:
    rows = room.rows(Announcement)
    columns = Announcement.__table__.columns.keys()
    return [tuple(getattr(row, name) for name in columns) for row in rows]


def _ask(room: Newsroom, who: Account, method: str, path: str, id_: int) -> tuple[int, str]:
    client = room.client(who)
    address = path.replace("<int:announcement_id>", str(id_))
    answer = client.open(address, method=method, headers={"HX-Request": "true"})
    return answer.status_code, answer.text


@pytest.mark.parametrize("who", ["bob", "guest", "analyst"])
def test_an_outsider_gets_the_answer_of_what_does_not_exist(room: Newsroom, who: str) -> None:
    room.analyst = room.make.account("analyst", site="Lyon")  # type: ignore[attr-defined]
    page = room.page(analyst=PageRole.ANALYST)
    outsider = getattr(room, who)
    ids = [
        room.published(audience="rule", site=["Nantes"], page=str(page.id), requires="1"),
        room.draft(),
    ]
    assert who not in room.recipients(ids[0])
    assert "ann" in room.recipients(ids[0])
    before = _kept(room)
    routes = _routes(room)
    assert len(routes) >= 18
    for method, path in routes:
        missing = _ask(room, outsider, method, path, _MISSING)
        assert missing[0] == 404
        for id_ in ids:
            assert _ask(room, outsider, method, path, id_) == missing, (method, path)
    assert _kept(room) == before, "an outsider changed something"
    said = "".join(
        room.client(outsider).get(path).text
        for path in ("/", "/announcements", "/announcements?show=sent", "/notifications")
    )
    assert "Two days at home" not in said


def test_a_reader_may_not_do_what_authors_do(room: Newsroom) -> None:
    id_ = room.published(requires="1")
    assert "Authors only" not in room.read(room.ann, id_)
    for method, path in _routes(room):
        if path.endswith((
            "/read", "/acknowledgement", "/dismissal", "/versions", "/state", "announcement_id>",
        )):  # fmt: skip
            continue
        assert _ask(room, room.ann, method, path, id_)[0] == 403, (method, path)
    for path in ("new", "audiences", "reach"):
        assert room.client(room.ann).get(f"/announcements/{path}").status_code == 403
    assert room.client(room.ann).get("/admin/people/bob").status_code == 403
    assert room.client(room.hr).get("/admin/people/bob").status_code == 200


def test_its_files_are_for_its_readers(room: Newsroom) -> None:
    id_ = room.draft(
        audience="rule", site=["Nantes"], files=(io.BytesIO(b"%PDF-1.4 the deal"), "deal.pdf")
    )
    media = room.rows(MediaAttachment)[0]
    assert media.announcement_id == id_
    path = f"/media/{media.key}/original"
    assert room.client(room.ann).get(path).status_code == 404, "not out yet"
    room.post(room.hr, id_, "publication", when="now")
    assert room.client(room.ann).get(path).status_code == 200
    assert room.client(room.bob).get(path).status_code == 404
    room.post(room.hr, id_, "withdrawal")
    assert room.client(room.ann).get(path).status_code == 404


def test_what_an_author_no_longer_may_is_refused(room: Newsroom) -> None:
    page = room.page(bob=PageRole.EDITOR)
    id_ = room.draft(room.bob, page=str(page.id))
    with room.app.app_context():
        from_page = room.rows(Announcement)[0]
        assert from_page.page_id == page.id
    other = room.make.account("other", role="hr")
    copy = room.post(other, id_, "copies")
    assert copy.headers["Location"].rsplit("/", 1)[1] != str(id_)
    room.post(other, id_, "delete")
    assert room.client(room.bob).get(f"/announcements/{id_}").status_code == 404
