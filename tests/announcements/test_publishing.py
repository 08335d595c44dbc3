"""From a draft to its recipients: once, to the audience of that moment, and to who joins it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from intranet.accounts.models import Account, Role
from intranet.announcements import publication
from intranet.announcements.models import Announcement, AnnouncementStatus, RecipientOrigin
from intranet.db import db
from intranet.mail.models import OutboxMessage
from intranet.pages.models import PageRole
from intranet.posts.models import Post, Visibility
from intranet.unit_of_work import unit_of_work
from tests.announcements.newsroom import Newsroom


def test_it_goes_to_the_audience_of_that_moment_with_where_they_stood(room: Newsroom) -> None:
    id_ = room.published(audience="rule", site=["Nantes"])
    found = room.recipients(id_)
    assert set(found) == {"hr", "ann"}
    ann = found["ann"]
    assert (ann.department, ann.site, ann.manager_id) == ("Works", "Nantes", room.hr.id)
    assert ann.origin is RecipientOrigin.SNAPSHOT
    assert room.heard(room.ann, id_) == ["announcement"]
    assert room.heard(room.hr, id_) == []
    assert room.ledger(id_) == ["published", "recipient"]
    room.client(room.hr).post(
        "/admin/people/bob", data={"site": "Nantes", "department": "Works", "manager": "ann"}
    )
    room.sweep()
    assert set(room.recipients(id_)) == {"hr", "ann"}, "no joiners were asked for"


def test_publishing_twice_is_publishing_once(room: Newsroom) -> None:
    id_ = room.published(by_email="1")
    again = room.client(room.hr).post(f"/announcements/{id_}/publication", data={"when": "now"})
    assert again.status_code == 409
    with room.app.app_context(), unit_of_work():
        assert publication.publish(db.session.get_one(Announcement, id_)) is False
    room.work()
    room.work()
    assert room.ledger(id_) == ["published", "recipient"]
    assert len(room.rows(OutboxMessage)) == len(room.recipients(id_)) == 4
    posts = room.rows(Post)
    assert [post.visibility for post in posts] == [Visibility.AUDIENCE]
    assert f"/announcements/{id_}" in posts[0].source


def test_joiners_come_in_by_what_happens_to_them_and_by_the_sweep(room: Newsroom) -> None:
    id_ = room.published(audience="rule", site=["Nantes"], joiner_days="5")
    moved = room.client(room.hr).post(
        "/admin/people/bob", data={"site": "Nantes", "department": "Works"}
    )
    assert moved.status_code == 303
    assert room.recipients(id_)["bob"].origin is RecipientOrigin.JOINER
    assert room.heard(room.bob, id_) == ["announcement"]
    room.make.account("cleo", site="Nantes")
    room.sweep()
    assert set(room.recipients(id_)) == {"hr", "ann", "bob", "cleo"}
    assert room.ledger(id_) == ["published", "recipient", "recipient", "recipient"]
    room.make.account("dan", site="Nantes")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=6)):
        room.sweep()
    assert "dan" not in room.recipients(id_)


def test_a_group_takes_its_new_members_and_its_guests_along(room: Newsroom) -> None:
    board = room.make.group("board", owner=room.hr, members=[room.guest])
    id_ = room.published(audience="rule", group=[str(board.id)], joiner_days="5")
    assert set(room.recipients(id_)) == {"hr", "guest"}
    assert "Two days at home" in room.read(room.guest, id_)
    room.client(room.bob).post("/groups/board/join")
    assert set(room.recipients(id_)) == {"hr", "guest", "bob"}


def test_it_goes_out_at_its_time_unless_it_was_taken_back(room: Newsroom) -> None:
    start = dt.datetime.now(dt.UTC)
    at = start + dt.timedelta(days=2)
    kept, recalled = room.draft(), room.draft()
    for id_ in (kept, recalled):
        # The form speaks of the author's zone, which is Paris.
        local = at.astimezone(dt.timezone(dt.timedelta(hours=1))).strftime("%Y-%m-%dT%H:%M")
        room.post(room.hr, id_, "publication", when="later", publish_at=local)
    room.work()
    assert room.announcement(kept).status is AnnouncementStatus.SCHEDULED
    assert room.client(room.ann).get(f"/announcements/{kept}").status_code == 404
    room.post(room.hr, recalled, "recall")
    with time_machine.travel(at + dt.timedelta(hours=2)):
        room.work()
    assert room.announcement(kept).status is AnnouncementStatus.PUBLISHED
    assert room.announcement(recalled).status is AnnouncementStatus.DRAFT
    assert "ann" in room.recipients(kept)


def test_it_goes_out_without_questions_when_its_author_became_a_guest(room: Newsroom) -> None:
    id_ = room.draft()
    at = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    local = at.astimezone(dt.timezone(dt.timedelta(hours=1))).strftime("%Y-%m-%dT%H:%M")
    room.post(room.hr, id_, "publication", when="later", publish_at=local)
    with room.app.app_context(), unit_of_work():
        db.session.get_one(Account, room.hr.id).role = Role.GUEST
    with time_machine.travel(at + dt.timedelta(hours=2)):
        room.work()
    assert room.announcement(id_).status is AnnouncementStatus.PUBLISHED
    assert room.announcement(id_).post_id is None
    assert "ann" in room.recipients(id_)


def test_a_page_speaks_through_its_writers(room: Newsroom) -> None:
    page = room.page(bob=PageRole.EDITOR, ann=PageRole.ANALYST)
    refused = room.client(room.bob).post("/announcements", data={"in": "en", "title": "Mine"})
    assert refused.status_code == 403
    id_ = room.published(room.bob, page=str(page.id))
    assert "<b>Works</b>" in room.read(room.ann, id_)
    post = room.rows(Post)[0]
    assert (post.author_id, post.written_by_id) == (page.id, room.bob.id)


@pytest.mark.settings(announcement_approval=True)
def test_with_four_eyes_somebody_else_lets_it_out(room: Newsroom) -> None:
    id_ = room.published()
    assert room.announcement(id_).status is AnnouncementStatus.IN_APPROVAL
    assert room.heard(room.other_hr, id_) == ["approval_request"]
    for who, status in ((room.hr, 403), (room.ann, 404)):
        answer = room.client(who).post(f"/announcements/{id_}/approval")
        assert answer.status_code == status
    assert (
        room.client(room.other_hr)
        .post(f"/announcements/{id_}/return", data={"note": ""})
        .status_code
        == 422
    )
    room.post(room.other_hr, id_, "return", note="Say from when")
    assert room.heard(room.hr, id_) == ["approval_answer"]
    assert "Say from when" in room.read(room.hr, id_)
    room.post(room.hr, id_, "publication", when="now")
    assert "?show=approval" in room.client(room.other_hr).get("/announcements").text
    room.post(room.other_hr, id_, "approval")
    out = room.announcement(id_)
    assert (out.status, out.approved_by_id) == (AnnouncementStatus.PUBLISHED, room.other_hr.id)
    assert "approved by Otherhr" in room.read(room.hr, id_)


@pytest.mark.settings(announcement_approval=True)
def test_who_edited_the_text_last_does_not_approve_it(room: Newsroom) -> None:
    id_ = room.draft()
    room.post(room.other_hr, id_, "texts/en", title="Better", source="Better words")
    answer = room.client(room.hr).post(f"/announcements/{id_}/publication", data={"when": "now"})
    assert answer.status_code == 409, "nobody is left to approve it"
    admin = room.make.account("root", role=Account.role.type.python_type("administrator"))
    room.post(room.hr, id_, "publication", when="now")
    assert room.client(room.other_hr).post(f"/announcements/{id_}/approval").status_code == 403
    room.post(admin, id_, "approval")
    path = f"/announcements/{id_}/texts/en"
    change = {"title": "T", "source": "Other words", "kind": "material", "note": "All"}
    assert room.client(room.hr).post(path, data=change).status_code == 403
    assert room.client(admin).post(path, data=change).status_code == 303


def test_reach_is_said_before_sending_and_a_choice_can_be_kept(room: Newsroom) -> None:
    client = room.client(room.hr)
    said = client.get("/announcements/reach?audience=rule&site=Nantes&site=Lyon").text
    assert "Reaches 4 people: Lyon 2, Nantes 2." in said
    secret = room.make.group("plan", owner=room.bob, privacy="secret")
    assert "Plan" not in client.get("/announcements/new").text
    closed = client.get(f"/announcements/reach?audience=rule&group={secret.id}").text
    missing = client.get("/announcements/reach?audience=rule&group=1").text
    assert "data-problem" in closed
    assert closed == missing
    assert "Plan" in room.client(room.bob).get("/groups").text, "it is there, for its members"
    refused = client.post("/announcements", data={
        "in": "en", "title": "T", "audience": "rule", "group": str(secret.id), "joiner_days": "0",
    })  # fmt: skip
    assert refused.status_code == 422
    first = room.draft(audience="rule", site=["Lyon"], save_as="Lyon people")
    saved = room.announcement(first).audience_id
    second = room.draft(audience=f"saved:{saved}")
    assert room.announcement(second).audience_id == saved
    assert client.post(f"/announcements/audiences/{saved}/delete").status_code == 409
    client.post(f"/announcements/audiences/{saved}/name", data={"name": "All of Lyon"})
    assert "All of Lyon" in client.get("/announcements/audiences").text
    stranger = room.client(room.other_hr)
    assert stranger.post(f"/announcements/audiences/{saved}/delete").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Give it a title."),
        ("acknowledge_by", "2001-01-01", "That is over already."),
        ("acknowledge_by", "tomorrow", "Give a day such as"),
        ("acknowledge_by", "9999-12-31", "Give a day such as"),
        ("joiner_days", "-1", "Between 0 and 366 days."),
        ("audience", "rule", "Tick at least one thing"),
        ("audience", "saved:7", "This audience is not there any more."),
        ("in", "xx", "There is no such language here."),
        ("question-0", "Alone?", "Give at least two different answers."),
        ("source", "x" * 20_001, "20,000 characters at most"),
        ("media_id", "12345", "One of the files is no longer there."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(
    room: Newsroom, field: str, value: str, sentence: str
) -> None:
    form = {"in": "en", "title": "Kept title", "requires": "1", "joiner_days": "0"}
    answer = room.client(room.hr).post("/announcements", data=form | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    if field != "title":
        assert "Kept title" in answer.text


def test_what_is_not_ready_does_not_go_out(room: Newsroom) -> None:
    empty = room.draft(source="")
    nobody = room.draft(audience="rule", site=["Nowhere"])
    for id_, sentence in ((empty, "Write what is to be announced."), (nobody, "Nobody is in")):
        answer = room.client(room.hr).post(
            f"/announcements/{id_}/publication", data={"when": "now"}
        )
        assert answer.status_code == 422
        assert sentence in answer.text


def test_who_writes_for_the_page_answers_questions_of_those_it_addresses(room: Newsroom) -> None:
    page = room.page(bob=PageRole.EDITOR)
    id_ = room.published(room.bob, page=str(page.id), audience="rule", site=["Nantes"])
    assert "bob" not in room.recipients(id_)
    post = room.rows(Post)[0]
    for who, status in ((room.ann, 303), (room.bob, 303), (room.other_hr, 404)):
        answer = room.client(who).post(f"/posts/{post.id}/replies", data={"source": "And I?"})
        assert answer.status_code == status
    assert "And I?" in room.read(room.bob, id_)
    # Human resources reads along, without being one of those who ask and answer there.
    assert "And I?" in room.read(room.other_hr, id_)
    assert f"/posts/{post.id}/replies" not in room.read(room.other_hr, id_)
