"""A page with somebody in every role, and somebody in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.notifications.models import Notification, NotificationKind
from intranet.pages.models import PageEditor, PageRole
from intranet.posts.models import Post
from tests.browse import Browser
from tests.factories import Factory

SPEAKERS = ("olga", "ed", "rita")  # may write; rita and olga also review


@dataclass
class Newsroom:
    app: Flask
    browse: Browser
    page: Account
    people: dict[str, Account]

    def client(self, who: str) -> FlaskClient:
        return self.browse(self.people[who])

    def send(self, who: str, path: str, **form: Any) -> int:
        """The status of the answer to a form of the page."""
        return self.client(who).post(f"/pages/newsroom{path}", data=form).status_code

    def all(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.scalars(statement).all())

    def posts(self) -> list[Post]:
        """What the page has said, the newest first."""
        return self.all(select(Post).where(Post.author_id == self.page.id).order_by(Post.id.desc()))

    def publish(self, who: str = "ed", source: str = "The wire", **form: Any) -> Post:
        assert self.send(who, "/posts", source=source, **form) == 303
        return self.posts()[0]

    def role_of(self, who: str) -> PageRole | None:
        mine = PageEditor.account_id == self.people[who].id
        found = self.all(select(PageEditor.role).where(mine))
        return found[0] if found else None

    def told(self, who: str) -> list[tuple[NotificationKind, int | None]]:
        mine = Notification.recipient_id == self.people[who].id
        return [
            (one.kind, one.page_id)
            for one in self.all(select(Notification).where(mine).order_by(Notification.id))
        ]


def newsroom(app: Flask, make: Factory, browse: Browser, **values: Any) -> Newsroom:
    """olga owns the page, ed writes, rita reviews, ana only counts; out stands outside, adam
    administers, guy is a guest."""
    people = {name: make.account(name) for name in ("olga", "ed", "rita", "ana", "out")}
    people["adam"] = make.account("adam", Role.ADMINISTRATOR)
    people["guy"] = make.account("guy", Role.GUEST)
    page = make.page(
        owner=people["olga"],
        editors={
            PageRole.EDITOR: [people["ed"]],
            PageRole.REVIEWER: [people["rita"]],
            PageRole.ANALYST: [people["ana"]],
        },
        **values,
    )
    return Newsroom(app, browse, page, people)
