"""What may still be settled of an announcement that is out."""

from __future__ import annotations

import datetime as dt
import io
import json

import time_machine
from sqlalchemy import select

from intranet.announcements.models import AnnouncementReminder
from intranet.db import db
from intranet.evidence.models import EvidenceEntry
from intranet.evidence.verify import examine
from intranet.media.models import MediaAttachment
from intranet.pages.models import PageRole
from tests.announcements.newsroom import Newsroom

DAY = dt.timedelta(days=1)


def day(number: int) -> str:
    return (dt.datetime.now(dt.UTC) + number * DAY).date().isoformat()


def settle(room: Newsroom, id_: int, status: int = 303, **form: str) -> str:
    answer = room.client(room.hr).post(f"/announcements/{id_}/terms", data=form)
    assert answer.status_code == status, answer.text
    return answer.text


def channels(room: Newsroom, id_: int) -> list[str]:
    where = AnnouncementReminder.announcement_id == id_
    return [row.channel for row in room.rows(AnnouncementReminder, where)]


def test_another_deadline_is_kept_in_the_evidence_and_brings_its_reminders(room: Newsroom) -> None:
    id_ = room.published(requires="1", acknowledge_by=day(10), reminds="1")
    settle(room, id_, acknowledge_by=day(20), reminds="1", pinned="1")
    assert room.ledger(id_)[-1] == "deadline"
    with room.app.app_context():
        entry = db.session.scalars(
            select(EvidenceEntry).where(EvidenceEntry.kind == "deadline")
        ).one()
        said = json.loads(entry.payload)
    assert said["by"] == str(room.hr.id)
    assert (said["before"][:10], said["after"][:10]) == (day(10), day(20))
    made = room.client(room.hr).post(f"/announcements/{id_}/report/exports/json")
    assert examine(json.loads(made.text)).problems == []
    # The same again changes nothing that has to be kept.
    before = len(room.ledger(id_))
    settle(room, id_, acknowledge_by=day(20), pinned="1", reminds="1")
    assert room.ledger(id_)[before:] == []
    assert len(room.announcement(id_).reminders) == 3
    with time_machine.travel(dt.datetime.now(dt.UTC) + 9 * DAY):
        room.sweep()
        assert channels(room, id_) == [], "the old deadline reminds nobody any more"
    with time_machine.travel(dt.datetime.now(dt.UTC) + 18 * DAY):
        room.sweep()
        assert channels(room, id_) == ["feed"]


def test_expiry_and_pin_change_and_nonsense_is_refused_beside_its_field(room: Newsroom) -> None:
    id_ = room.published(requires="1", acknowledge_by=day(10), reminds="1")
    settle(room, id_, acknowledge_by=day(10), expires_at=day(30))
    assert room.announcement(id_).reminders == []
    kept = room.announcement(id_)
    assert kept.expires_at is not None
    assert (kept.expires_at.date().isoformat(), kept.pinned) == (day(30), False)
    assert "deadline" not in room.ledger(id_)
    for form in (
        {"acknowledge_by": day(-1)}, {"acknowledge_by": day(10), "expires_at": day(5)},
        {"expires_at": day(-3)}, {"acknowledge_by": "soon"}, {"reminds": "1"},
    ):  # fmt: skip
        assert 'aria-invalid="true"' in settle(room, id_, 422, **form)
    assert room.announcement(id_).acknowledge_by == kept.acknowledge_by
    draft = room.draft()
    assert room.client(room.hr).get(f"/announcements/{draft}/terms").status_code == 409
    settle(room, draft, 409)


def test_only_who_may_publish_settles_it(room: Newsroom) -> None:
    room.page(bob=PageRole.EDITOR, ann=PageRole.ANALYST)
    id_ = room.published(requires="1", acknowledge_by=day(10))
    path = f"/announcements/{id_}/terms"
    assert room.client(room.ann).get(f"/announcements/{id_}").status_code == 200
    for who in (room.ann, room.bob):
        assert room.client(who).get(path).status_code == 403
        assert room.client(who).post(path, data={"acknowledge_by": day(20)}).status_code == 403
    hidden = room.draft()
    assert room.client(room.ann).get(f"/announcements/{hidden}").status_code == 404
    assert room.client(room.ann).get(f"/announcements/{hidden}/terms").status_code == 404
    assert "/terms" in room.read(room.hr, id_)
    assert "/terms" not in room.read(room.ann, id_)


def test_a_copy_has_files_of_its_own(room: Newsroom) -> None:
    id_ = room.published(files=(io.BytesIO(b"What is new, in detail."), "detail.txt"))
    room.post(room.other_hr, id_, "copies")
    first, second = room.rows(MediaAttachment)
    assert (first.announcement_id, second.file_name) == (id_, "detail.txt")
    assert second.announcement_id not in (None, id_)
    assert second.owner_id == room.other_hr.id
    assert second.key != first.key
    path = f"/media/{second.key}/original"
    assert room.client(room.other_hr).get(path).data == b"What is new, in detail."
    # The copy is a draft: its reader may read the first file and not the second.
    assert room.client(room.ann).get(f"/media/{first.key}/original").status_code == 200
    assert room.client(room.ann).get(path).status_code == 404
    room.post(room.other_hr, second.announcement_id, "delete")
    room.work()
    assert room.client(room.ann).get(f"/media/{first.key}/original").status_code == 200
