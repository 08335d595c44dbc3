"""Reading, confirming, changing what was confirmed: the first time counts, bound to its words."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine

from intranet.accounts.models import Account
from intranet.announcements import acknowledging, queries
from intranet.announcements.models import Door
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.unit_of_work import unit_of_work
from tests.announcements.newsroom import QUESTION, Newsroom


def test_reading_is_not_confirming_and_looking_is_not_reading(room: Newsroom) -> None:
    id_ = room.published(requires="1")
    text_id = room.shown(room.ann, id_)
    assert room.recipients(id_)["ann"].read_at is None
    room.post(room.ann, id_, "read", text_id=text_id)
    row = room.recipients(id_)["ann"]
    assert row.read_at is not None
    assert row.read_text_id == text_id
    assert row.acknowledged_at is None
    room.post(room.ann, id_, "read", text_id=text_id)
    assert room.recipients(id_)["ann"].read_at == row.read_at, "the first time is kept"
    assert (
        room.client(room.bob).post(f"/announcements/{id_}/read", data={"text_id": "12"}).status_code
        == 404
    )


def test_confirming_is_recorded_once_with_the_words_that_were_shown(room: Newsroom) -> None:
    id_ = room.published(requires="1")
    without_box = room.client(room.ann).post(f"/announcements/{id_}/acknowledgement", data={})
    assert without_box.status_code == 422
    assert room.acknowledgements(id_) == []
    assert room.confirm(room.ann, id_).status_code == 303
    first = room.acknowledgements(id_)[0]
    text = room.texts(id_)[0]
    assert (first.content_hash, first.language, first.revision) == (text.content_hash, "en", 1)
    assert first.door is Door.WEB
    assert "Reading confirmed" in room.read(room.ann, id_)
    with time_machine.travel(utc_now() + dt.timedelta(hours=1)):
        assert room.confirm(room.ann, id_, text_id=text.id).status_code == 303
    assert [one.created_at for one in room.acknowledgements(id_)] == [first.created_at]
    row = room.recipients(id_)["ann"]
    assert row.acknowledged_at == first.created_at
    assert row.read_at == first.created_at
    assert room.ledger(id_) == ["published", "recipient", "acknowledged"]


def test_who_confirms_in_several_windows_at_once_confirms_once(room: Newsroom) -> None:
    id_ = room.published(requires="1")
    text_id = room.shown(room.ann, id_)
    times = []
    start = threading.Barrier(4)

    def confirm(who: Account) -> None:
        with room.app.app_context():
            actor = db.session.get_one(Account, who.id)
            start.wait()
            with unit_of_work():
                announcement = queries.get_visible(actor, id_)
                times.append(
                    (who.id, acknowledging.acknowledge(actor, announcement, text_id=text_id))
                )

    threads = [
        threading.Thread(target=confirm, args=(who,))
        for who in (room.ann, room.ann, room.ann, room.bob)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 4
    assert len({time for who, time in times if who == room.ann.id}) == 1
    assert len(room.acknowledgements(id_)) == 2
    assert room.ledger(id_).count("acknowledged") == 2


def test_a_wrong_answer_records_nothing(room: Newsroom) -> None:
    id_ = room.published(requires="1", **QUESTION)
    page = room.read(room.ann, id_)
    assert "How many days?" in page
    for answers in ({}, {"answer-0": "0"}, {"answer-0": "nonsense"}):
        refused = room.confirm(room.ann, id_, **answers)
        assert refused.status_code == 422
        assert "Not yet: read it again" in refused.text
    assert room.acknowledgements(id_) == []
    fragment = room.client(room.ann).post(
        f"/announcements/{id_}/acknowledgement",
        data={"confirmed": "1", "text_id": room.shown(room.ann, id_), "answer-0": "1"},
        headers={"HX-Request": "true"},
    )
    assert fragment.status_code == 200
    assert 'data-state="done"' in fragment.text
    assert len(room.acknowledgements(id_)) == 1


def test_a_change_of_substance_asks_again_and_a_small_one_does_not(room: Newsroom) -> None:
    id_ = room.published(requires="1")
    room.confirm(room.ann, id_)
    old = room.shown(room.bob, id_)
    room.post(room.hr, id_, "texts/en", title="Two days at home", source="Two days you choose.",
              kind="minor")  # fmt: skip
    assert "Reading confirmed" in room.read(room.ann, id_)
    assert room.confirm(room.bob, id_, text_id=old).status_code == 303, "the same substance"
    without_note = room.client(room.hr).post(
        f"/announcements/{id_}/texts/en",
        data={"title": "Three days", "source": "Three days.", "kind": "material"},
    )
    assert without_note.status_code == 422
    late = room.shown(room.hr, id_)
    room.post(room.hr, id_, "texts/en", title="Three days", source="Three days.", kind="material",
              note="Three, not two")  # fmt: skip
    assert room.announcement(id_).revision == 2
    assert room.heard(room.ann, id_)[-1] == "announcement_reopened"
    page = room.read(room.ann, id_)
    assert "Confirm again: it has changed" in page
    assert "Three, not two" in page
    conflict = room.confirm(room.hr, id_, text_id=late)
    assert conflict.status_code == 409
    assert "It has changed since you opened it." in conflict.text
    assert len(room.acknowledgements(id_)) == 2
    assert room.confirm(room.ann, id_).status_code == 303
    assert [one.revision for one in room.acknowledgements(id_)] == [1, 1, 2]
    assert room.ledger(id_) == [
        "published", "recipient", "acknowledged", "text", "acknowledged", "text", "acknowledged",
    ]  # fmt: skip
    history = room.read(room.ann, id_, "/versions")
    assert "<del>Two</del>" in history
    assert "<ins>Three</ins>" in history


def test_languages_are_kept_in_step_and_say_when_they_are_behind(room: Newsroom) -> None:
    id_ = room.draft(requires="1", **QUESTION)
    french = {
        "title": "Deux jours", "source": "Deux jours au choix.", "question-0": "Combien ?",
        "option-0": ["Un", "Deux"], "answer-0": "1",
    }  # fmt: skip
    missing = french | {"question-0": "", "option-0": []}
    room.post(room.hr, id_, "texts/fr", in_step="1", **missing)
    send = room.client(room.hr).post(f"/announcements/{id_}/publication", data={"when": "now"})
    assert "the same number of questions" in send.text
    room.post(room.hr, id_, "texts/fr", in_step="1", **french)
    room.post(room.hr, id_, "texts/en", title="Two days", source="Two days, chosen.", **QUESTION)
    assert "This translation is behind" in room.read(room.hr, id_, "?language=fr")
    room.post(room.hr, id_, "texts/fr", in_step="1", **french)
    assert "This translation is behind" not in room.read(room.hr, id_, "?language=fr")
    room.post(room.hr, id_, "publication", when="now")
    assert "Deux jours" in room.read(room.ann, id_, "?language=fr")

    room.post(room.hr, id_, "texts/en", title="Two days", source="Two days, as chosen.",
              kind="minor", in_step="1", **QUESTION)  # fmt: skip
    assert "This translation is behind" not in room.read(room.ann, id_, "?language=fr")
    french_id = room.shown(room.ann, id_, "?language=fr")
    room.post(room.hr, id_, "texts/en", title="Two days", source="Two days only.", kind="material",
              note="Only", **QUESTION)  # fmt: skip
    behind = room.read(room.ann, id_, "?language=fr")
    assert "Confirm in the first language" in behind
    answers = {"answer-0": "1", "text_id": french_id}
    assert room.confirm(room.ann, id_, **answers).status_code == 409
    refused = room.client(room.hr).post(
        f"/announcements/{id_}/texts/fr", data=french | {"kind": "material", "note": "Seul"}
    )
    assert refused.status_code == 409, "the first language first"
    room.post(room.hr, id_, "texts/fr", kind="minor", **french)
    assert room.confirm(
        room.ann, id_, text_id=room.shown(room.ann, id_, "?language=fr"), **{"answer-0": "1"}
    ).status_code == 303  # fmt: skip
    assert room.acknowledgements(id_)[0].language == "fr"


def test_it_stays_above_the_feed_until_it_is_confirmed_or_read(room: Newsroom) -> None:
    plain = room.published(title="The canteen moves")
    must = room.published(title="Safety first", requires="1")
    client = room.client(room.ann)
    home = client.get("/").text
    assert home.index("Safety first") < home.index("The canteen moves")
    assert 'data-waiting="1"' in home
    assert client.post(f"/announcements/{must}/dismissal").status_code == 409
    room.post(room.ann, plain, "dismissal")
    room.post(room.ann, must, "read", text_id=room.shown(room.ann, must))
    band = client.get("/announcements/waiting").text
    assert "The canteen moves" not in band
    assert "Safety first" in band
    room.confirm(room.ann, must)
    assert "must__item" not in client.get("/announcements/waiting").text
    for number in range(5):
        room.published(title=f"Rule {number}", requires="1")
    assert "and 2 more" in client.get("/").text
    lists = client.get("/announcements").text
    assert "Rule 4" in lists
    assert "Safety first" in client.get("/announcements?show=archive").text


def test_the_band_costs_one_statement_and_pages_do_not_grow(
    room: Newsroom, statements: list[str]
) -> None:
    client = room.client(room.ann)

    def cost(path: str) -> int:
        client.get(path)
        statements.clear()
        assert client.get(path).status_code == 200
        return len(statements)

    empty_home = cost("/")
    first = room.published(requires="1", takes_questions="")
    page, index = cost(f"/announcements/{first}"), cost("/announcements?show=confirm")
    for number in range(4):
        room.published(title=f"Rule {number}", requires="1", takes_questions="")
        room.make.account(f"more{number}")
    assert cost("/") == empty_home
    of_home = [one for one in statements if "FROM announcement_recipient JOIN" in one]
    assert len(of_home) == 1, "the band, with the counts in the menu"
    assert cost(f"/announcements/{first}") == page
    assert cost("/announcements?show=confirm") == index


def test_a_withdrawn_one_leaves_a_line_and_an_expired_one_is_in_the_archive(
    room: Newsroom,
) -> None:
    gone = room.published(title="A mistake", source="Secret figures", requires="1")
    over = room.published(
        title="Last week",
        requires="1",
        expires_at=(utc_now() + dt.timedelta(days=1)).date().isoformat(),
    )
    room.post(room.hr, gone, "withdrawal")
    assert room.ledger(gone)[-1] == "withdrawn"
    page = room.read(room.ann, gone)
    assert "withdrew this announcement" in page
    assert "Secret figures" not in page
    assert room.client(room.ann).get(f"/announcements/{gone}/versions").status_code == 404
    assert room.heard(room.ann, gone) == []
    assert room.confirm(room.ann, gone, text_id=room.texts(gone)[0].id).status_code == 409
    with time_machine.travel(utc_now() + dt.timedelta(days=3)):
        room.clients.clear()  # their sessions have ended
        archive = room.client(room.ann).get("/announcements?show=archive").text
        assert "Last week" in archive
        assert "A mistake" in archive
        assert "Nothing to confirm any more" in room.read(room.ann, over)
        answer = room.confirm(room.ann, over, text_id=room.texts(over)[0].id)
        assert answer.status_code == 409
        assert 'data-waiting="0"' in room.client(room.ann).get("/").text


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_the_pages_speak_the_readers_language(room: Newsroom, locale: str) -> None:
    id_ = room.published(requires="1", **QUESTION)
    reader = room.make.account("reader", locale=locale)
    writer = room.make.account("writer", role="hr", locale=locale)
    words = {"en": ("Confirm my reading", "Reach"), "fr": ("Confirmer ma lecture", "Portée")}
    late = room.published(requires="1")
    assert words[locale][0] in room.read(reader, late)
    assert words[locale][1] in room.read(writer, id_)
