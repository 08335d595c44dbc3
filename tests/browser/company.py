"""A handful of people, groups and posts: every kind of thing that a screen can show, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask
from sqlalchemy import update

from intranet.accounts import passwords
from intranet.accounts.models import Account, Role
from intranet.calendar import actions as calendar
from intranet.calendar import rsvp
from intranet.calendar.drafts import EventDraft, Question
from intranet.calendar.models import Answer, Occurrence
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy, GroupRole, JoinRequest, NotifyLevel
from intranet.kernel.clock import utc_now
from intranet.posts import actions, marks
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import PinnedPost, Post, Visibility
from intranet.unit_of_work import unit_of_work
from tests.browser.screens import EVENT_ID
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
LIMITS = PostLimits(5000, 8)
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

    def publish(author: Account, source: str, **fields: Any) -> int:
        """Through the action: homes are filled and notifications written."""
        with app.app_context(), unit_of_work():
            actor = db.session.get_one(Account, author.id)
            return actions.publish(actor, PostDraft(source=source, **fields), LIMITS).id

    def in_group(group: Group) -> dict[str, Any]:
        return {"visibility": Visibility.GROUP, "group_id": group.id}

    pinned = publish(ines, "**Week 48.** Four things decide.", **in_group(tram))
    make._save(PinnedPost(post_id=pinned, group_id=tram.id, pinned_by_id=ines.id))
    for number in range(24):
        author = (ines, tom, leo)[number % 3]
        publish(author, f"Note {number}: braking distance {40 + number} m on dry track.")
    publish(ines, f"A very long word: {LONG_WORD}, and #brakes.", **in_group(tram))
    arrange(app, camille, tram)
    asked = publish(camille, "Who has the keys of the depot?", **in_group(tram))
    publish(tom, "I have, until noon. @ines knows the rest.", in_reply_to_id=asked)
    publish(
        ines, "Then I come at eleven:\n\n- first\n- second\n\n> quoted `code`", in_reply_to_id=asked
    )
    publish(leo, "The kitchen is closed on Friday.", visibility=Visibility.FOLLOWERS)
    with app.app_context(), unit_of_work():
        for fan in (tom, ines):
            marks.react(db.session.get_one(Account, fan.id), db.session.get_one(Post, asked), "👏")


def arrange(app: Flask, actor: Account, group: Group) -> None:
    """A series with everything that its pages can show, under an address that screens.py knows."""
    day = utc_now().date() + dt.timedelta(days=5)
    starts = dt.datetime.combine(day, dt.time(9))
    with app.app_context(), unit_of_work():
        camille = db.session.get_one(Account, actor.id)
        draft = EventDraft(
            title=f"Weekly review {LONG_WORD}",
            starts=starts,
            ends=starts + dt.timedelta(hours=1),
            time_zone="America/Toronto",
            rrule="FREQ=WEEKLY",
            group_id=group.id,
            source="Bring **one** risk.",
            place="Nantes",
            online_url="https://meet.example.test/t4",
            capacity=3,
            guests_allowed=2,
            questions=(Question("Diet?", required=True),),
        )
        event, first = calendar.create(camille, draft)
        db.session.execute(
            update(Occurrence)
            .where(Occurrence.id == first.id)
            .values(id=EVENT_ID)
            .execution_options(synchronize_session=False)
        )
        db.session.expunge(first)
        date = db.session.get_one(Occurrence, EVENT_ID)
        rsvp.answer(camille, event, date, Answer.GOING, 1, ["None"])
