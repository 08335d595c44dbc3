"""The questions below an announcement, for its audience and for those who run it."""

from __future__ import annotations

from intranet.posts.models import Post
from tests.announcements.newsroom import Newsroom

ASKED = "Does the Thursday count?"


def test_who_runs_it_reads_the_questions_without_becoming_its_audience(room: Newsroom) -> None:
    id_ = room.published(audience="rule", site=["Nantes"])
    root = room.announcement(id_).post_id
    asked = room.client(room.ann).post(f"/posts/{root}/replies", data={"source": ASKED})
    assert asked.status_code == 303
    reply = room.rows(Post, Post.root_id == root)[0]
    # The other of human resources sits in Lyon: outside the audience, but may manage it.
    outside = room.client(room.other_hr)
    assert "otherhr" not in room.recipients(id_)
    shown = room.read(room.other_hr, id_)
    assert ASKED in shown
    assert "/replies" not in shown, "to be read, not answered"
    for path in (f"/posts/{root}", f"/posts/{reply.id}"):
        assert outside.get(path).status_code == 404
        assert room.client(room.bob).get(path).status_code == 404
    for path in ("/", "/timelines/organisation", "/search?q=Thursday", "/notifications"):
        answer = outside.get(path)
        assert answer.status_code == 200
        assert ASKED not in answer.text
    assert outside.post(f"/posts/{reply.id}/reactions", data={"emoji": "👍"}).status_code == 404
    assert outside.post(f"/posts/{root}/replies", data={"source": "No"}).status_code == 404
    # Bob is in Lyon and runs nothing.
    assert room.client(room.bob).get(f"/announcements/{id_}").status_code == 404
    # The audience reads the thread itself.
    assert f"/posts/{root}/replies" in room.read(room.ann, id_)
    assert room.client(room.ann).post(f"/posts/{reply.id}/delete").status_code == 303
    assert ASKED not in room.read(room.other_hr, id_)
