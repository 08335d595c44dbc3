"""A handful of people, groups and posts: every kind of thing that a screen can show, once."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import select

from intranet.accounts import passwords
from intranet.accounts.models import Role
from intranet.db import db, record
from intranet.groups.models import GroupPrivacy, GroupRole, JoinRequest, NotifyLevel
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.events import PostPublished
from intranet.posts.models import PinnedPost, Post, Reaction, Visibility
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory

PASSWORD = "une phrase de passe"
PEOPLE = {
    "camille": ("Camille Renaud", "Responsable projet", Role.MEMBER),
    "ines": ("Inès Kaddour", "Ingénieure essais", Role.MEMBER),
    "tom": ("Tom Verhaegen", "Brake systems engineer", Role.MEMBER),
    "grace": ("Grace Okafor", "Support lead", Role.HR),
    "leo": ("Léo Marchand", "Moyens généraux", Role.ADMINISTRATOR),
    "maddalena": ("Maddalena Ricci", "Mobility directorate, Nantes Métropole", Role.GUEST),
}
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def fill(app: Flask) -> None:
    """Everything below is written to the empty database of `app`."""
    make = Factory(app)
    hashed = passwords.prepare(PASSWORD)
    people = {
        handle: make.account(
            handle,
            role,
            display_name=name,
            title=title,
            password_hash=hashed,
            department="Rolling stock",
            site="Nantes",
            joined_on=dt.date(2024, 3, 4),
            about_source="Trams.",
            about_html="<p>Trams.</p>",
        )
        for handle, (name, title, role) in PEOPLE.items()
    }
    camille, ines, tom, leo = (people[name] for name in ("camille", "ines", "tom", "leo"))
    tram = make.group("tramway-t4", owner=ines, members=[camille, tom, people["maddalena"]])
    make.group("canteen", owner=leo, members=[ines])
    make.group("prices", GroupPrivacy.CLOSED, owner=leo, members=[tom])
    board = make.group("board", GroupPrivacy.SECRET, owner=leo)
    make.join(board, camille, GroupRole.MODERATOR, NotifyLevel.EVERYTHING)
    for name in ("ines", "leo"):
        make.follow(camille, people[name])
    make.follow(tom, camille)

    make._save(JoinRequest(group_id=board.id, account_id=tom.id, message="May I?"))
    pinned = make.post(ines, "Week 48. Four things decide whether we hand over.", group=tram)
    make._save(PinnedPost(post_id=pinned.id, group_id=tram.id, pinned_by_id=ines.id))
    for number in range(24):
        author = (ines, tom, leo)[number % 3]
        make.post(author, f"Note {number}: braking distance {40 + number} m on dry track.")
    make.post(ines, f"A very long word: {LONG_WORD}", group=tram)
    asked = make.post(camille, "Who has the keys of the depot?", group=tram, replies_count=2)
    answer = make.post(tom, "I have, until noon.", reply_to=asked)
    make.post(ines, "Then I come at eleven.", reply_to=asked)
    make._save(
        Reaction(post_id=asked.id, account_id=tom.id, emoji="👏"),
        Reaction(post_id=asked.id, account_id=ines.id, emoji="👏"),
        Notification(
            recipient_id=camille.id,
            actor_id=tom.id,
            kind=NotificationKind.REPLY,
            post_id=answer.id,
            thread_id=asked.id,
            group_id=tram.id,
        ),
        Notification(recipient_id=camille.id, actor_id=tom.id, kind=NotificationKind.FOLLOW),
    )
    with app.app_context(), unit_of_work():
        # The rows above are bare: their readers' homes hear of them here.
        for post in db.session.scalars(
            select(Post).where(Post.root_id.is_(None)).order_by(Post.id)
        ):
            record(
                PostPublished(
                    post_id=post.id,
                    author_id=post.author_id,
                    group_id=post.group_id,
                    root_id=None,
                    organisation_wide=post.visibility is Visibility.ORGANISATION,
                )
            )
