"""A pinned announcement leaves the top of who has confirmed it."""

from __future__ import annotations

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement
from intranet.announcements.pins import on_top
from intranet.db import db
from intranet.pages.models import PageRole
from intranet.posts.models import PinnedPost
from intranet.unit_of_work import unit_of_work
from tests.announcements.newsroom import Newsroom


def test_a_confirmed_announcement_is_pinned_no_longer_for_who_confirmed_it(room: Newsroom) -> None:
    page = room.page(hr=PageRole.OWNER)
    id_ = room.published(requires="1")
    post_id = room.announcement(id_).post_id
    assert post_id
    with room.app.app_context(), unit_of_work():
        db.session.add(PinnedPost(post_id=post_id, page_id=page.id))

    def seen(who: Account) -> list[int]:
        with room.app.app_context():
            return on_top(db.session.get_one(Account, who.id), [post_id])

    assert seen(room.ann) == seen(room.bob) == [post_id]
    assert room.confirm(room.ann, id_).status_code == 303
    assert (seen(room.ann), seen(room.bob)) == ([], [post_id])
    with room.app.app_context(), unit_of_work():
        db.session.get_one(Announcement, id_).revision += 1  # changed in substance
    assert seen(room.ann) == [post_id]
