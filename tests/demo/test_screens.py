"""The screens of the demo company, with everything that months leave behind, can be drawn."""

import pytest
import time_machine
from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.demo import seed
from tests.browse import Browser
from tests.demo.conftest import NOW

SCREENS = (
    "/", "/?tab=groups", "/people", "/groups", "/groups/tramway-t4", "/groups/tramway-t4/members",
    "/notifications", "/@ines", "/@maddalena", "/search?q=freinage", "/tags/essais", "/settings",
    "/pages", "/pages/rh", "/pages/merival/about",
    "/announcements", "/announcements?show=archive",
)  # fmt: skip


@pytest.mark.house  # each screen has its own tests on both databases
@pytest.mark.timeout(600)
def test_every_screen_of_the_demo_can_be_drawn_for_whoever_signs_in(company_app: Flask) -> None:
    handles = [handle for handle, _ in seed.SIGN_INS]
    with company_app.app_context():
        people = db.session.scalars(
            db.select(Account).where(Account.handle.in_([*handles, "maddalena"]))
        ).all()
        db.session.expunge_all()
    assert len(people) == 4
    browse = Browser(company_app)
    with time_machine.travel(NOW):
        for person in people:
            client = browse(person)
            for screen in SCREENS:
                status = client.get(screen).status_code
                # Others than the employee may lack the right; nothing may fail.
                allowed = (200,) if person.handle == handles[0] else (200, 403, 404)
                assert status in allowed, (person.handle, screen)
