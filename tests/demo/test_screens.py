"""The screens of the demo company, with everything that months leave behind, can be drawn."""

import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.accounts.passwords import PasswordHash
from intranet.db import db
from intranet.demo import seed
from intranet.demo.company import read_company
from intranet.demo.written import write_company
from intranet.kernel.clock import utc_now
from intranet.settings import Settings
from tests.browse import Browser

SCREENS = (
    "/", "/?tab=groups", "/people", "/groups", "/groups/tramway-t4", "/groups/tramway-t4/members",
    "/notifications", "/@ines", "/@maddalena", "/search?q=freinage", "/tags/essais", "/settings",
    "/pages", "/pages/rh", "/pages/merival/about",
    "/announcements", "/announcements?show=archive",
)  # fmt: skip


@pytest.mark.house  # each screen has its own tests on both databases
@pytest.mark.timeout(600)
def test_every_screen_of_the_demo_can_be_drawn_for_whoever_signs_in(
    app: Flask, settings: Settings, browse: Browser
) -> None:
    now = utc_now()
    company = read_company(now)
    company = replace(
        company,
        people=tuple(replace(person, portrait=None) for person in company.people),
        posts=tuple(
            replace(post, images=(), files=())
            for post in company.posts
            if post.at > now - dt.timedelta(days=21)
        ),
    )
    with app.app_context():
        write_company(
            company, 1, lambda *_: None, settings=settings, now=now, password=PasswordHash("")
        )
        handles = [handle for handle, _ in seed.SIGN_INS]
        people = db.session.scalars(
            db.select(Account).where(Account.handle.in_([*handles, "maddalena"]))
        ).all()
        db.session.expunge_all()
    assert len(people) == 4
    for person in people:
        client = browse(person)
        for screen in SCREENS:
            status = client.get(screen).status_code
            # Others than the employee may lack the right; nothing may fail.
            allowed = (200,) if person.handle == handles[0] else (200, 403, 404)
            assert status in allowed, (person.handle, screen)
