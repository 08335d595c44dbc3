"""What people of the demo company keep to themselves."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.composer.models import Draft
from intranet.db import db
from intranet.demo.desk import write_desks
from intranet.groups.models import Group
from intranet.posts.drafts import limits_of
from intranet.posts.models import Bookmark, Post
from intranet.saved.models import SavedFolder
from intranet.scheduled.models import ScheduledPost
from intranet.search.models import SavedSearch
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory

NOW = dt.datetime(2026, 11, 24, 8, 43, tzinfo=dt.UTC)
GROUPS = ("tramway-t4", "nantes-metropole", "veille-hydrogene")


def test_desks_are_full_and_their_times_are_to_come(app: Flask, make: Factory) -> None:
    camille, _helene = make.accounts("camille", "helene")
    for slug in GROUPS:
        make.group(slug, owner=camille)
    posts = {name: make.post(camille, name) for name in
             ("gabarit", "freinage", "tramway", "accueil", "sortie")}  # fmt: skip
    settings = app.extensions["intranet.settings"]
    with app.app_context(), unit_of_work():
        accounts = {one.handle: one for one in db.session.scalars(select(Account))}
        groups = {one.slug: one for one in db.session.scalars(select(Group))}
        made = {name: db.session.get_one(Post, post.id) for name, post in posts.items()}
        write_desks(accounts, groups, made, NOW, limits_of(settings), settings)
    with app.app_context():
        for model, most in (
            (SavedFolder, 3), (Bookmark, 6), (SavedSearch, 3), (ScheduledPost, 4), (Draft, 4),
        ):  # fmt: skip
            assert db.session.scalar(select(func.count()).select_from(model)) == most, model
        assert all(at > NOW for at in db.session.scalars(select(ScheduledPost.publish_at)))
        assert f"quote:{posts['gabarit'].id}" in set(db.session.scalars(select(Draft.place)))
