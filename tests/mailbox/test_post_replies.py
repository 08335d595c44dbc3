"""Answers by mail: published as who received the letter, with their rights now, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.background import deliverer
from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.interruptions.models import InterruptionDefault, Pace
from intranet.kernel.clock import utc_now
from intranet.mail import reply_addresses
from intranet.mail.delivery import Deliverer
from intranet.mail.models import MailedReply, OutboxMessage
from intranet.mailbox.intake import Outcome, receive
from intranet.media.models import MediaAttachment
from intranet.media.storage import Storage
from intranet.posts.models import Participant, Post, Visibility
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink
from tests.media.pictures import picture
from tests.media.test_active import REFUSED

pytestmark = pytest.mark.settings(mail_listen="127.0.0.1:2525")


def letter(to: str, text: str, sender: str = "ann@example.test", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ann <{sender}>", to, "Re: hello"
    headers.setdefault("Message-ID", f"<{abs(hash((to, text)))}@example.test>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@pytest.fixture
def address(settings: Settings) -> Callable[[int, Account], str]:
    def make(post_id: int, account: Account) -> str:
        token = reply_addresses.token_for(settings.secret_key, post_id, account.id, utc_now())
        return f"intranet+{token}@localhost"

    return make


def replies(app: Flask, post_id: int) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Post.author_id, Post.source)
            .where(Post.in_reply_to_id == post_id, Post.deleted_at.is_(None))
            .order_by(Post.id)
        )
        return [(row.author_id, row.source) for row in rows]


def given_back(app: Flask) -> list[str]:
    """The words of the letters that give an answer back, by recipient's plain text."""
    deliverer(app).drain()
    with app.app_context():
        settings: Settings = app.extensions["intranet.settings"]
        ids = db.session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.kind == "mail.mailed_reply")
        ).all()
    return [(settings.mail_folder / f"{id_}.eml").read_text() for id_ in ids]


def test_the_way_round_from_a_notice_to_a_published_reply(
    app: Flask, make: Factory, browse: Browser, smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    with app.app_context(), unit_of_work():
        db.session.add(InterruptionDefault(id=1, hours=[], pace=Pace.AT_ONCE))
    ann, bob = make.account("ann", locale="fr"), make.account("bob")
    root = make.post(ann, "Who has the key?")
    browse(bob).post(f"/posts/{root.id}/replies", data={"source": "I have it"})
    smtp.drain()
    (notice,) = sink.taken
    back = str(notice["Reply-To"].addresses[0].addr_spec)
    assert len(back.partition("@")[0]) <= 64
    quoted = (
        "Merci beaucoup !\n\nJe passe ce soir.\n\n"
        "Le mer. 2 déc. 2026 à 10:00, Parvis <intranet@localhost> a écrit :\n"
        "> I have it\n> Read it there\n"
    )
    message = letter(back, quoted)
    assert receive(app, message.as_bytes()) is Outcome.TAKEN
    # The mail server hands it over again: once is enough.
    assert receive(app, message.as_bytes()) is Outcome.TAKEN
    with app.app_context():
        reply = db.session.scalar(select(Post.id).where(Post.source == "I have it"))
    assert reply is not None
    assert replies(app, reply) == [(ann.id, "Merci beaucoup !\n\nJe passe ce soir.")]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Yes.\n\nOn Wed, 2 Dec 2026 at 10:00, Parvis <intranet@localhost> wrote:\n> Hi\n", "Yes."),
        ("Yes.\n\n-----Original Message-----\nFrom: Parvis\nSent: today\n\nHi\n", "Yes."),
        ("> Hi\nYes.\n", "Yes."),
        ("Oui.\n\nEnvoyé de mon iPhone\n", "Oui."),
        ("Two\n\nparagraphs, and 1 > 0\n-- \nAnn Lee\n+33 1 23", "Two\n\nparagraphs, and 1 > 0"),
    ],
)  # fmt: skip
def test_what_is_quoted_is_left_out(
    app: Flask, make: Factory, address: Callable[[int, Account], str], body: str, kept: str
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    assert receive(app, letter(address(post.id, ann), body).as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == [(ann.id, kept)]


def test_html_alone_is_read_without_its_quotation(
    app: Flask, make: Factory, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    message = letter(address(post.id, ann), "")
    message.set_content(
        "<html><style>p{}</style><p>Yes &amp; <b>no</b></p><p>Ann</p>"
        "<blockquote>Hi<blockquote>deeper</blockquote></blockquote></html>",
        subtype="html",
    )
    assert receive(app, message.as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == [(ann.id, "Yes & no\n\nAnn")]


def test_strangers_and_forgers_publish_nothing(
    app: Flask, make: Factory, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    good = address(post.id, ann)
    forged = good.replace("intranet+", "intranet+a")[:-11] + "a@localhost"
    two = letter(good, "Two senders")
    del two["From"]
    two["From"] = "ann@example.test, eve@example.test"
    for message in (
        letter(good, "From elsewhere", sender="eve@example.test"),
        letter(forged, "No token"),
        letter("intranet@localhost", "No token at all"),
        letter("intranet+%s@localhost" % ("a" * 60), "Noise"),
        two,
    ):
        assert receive(app, message.as_bytes()) is Outcome.NOBODY
    assert replies(app, post.id) == []
    # It was no fault of the address.
    assert receive(app, letter(good, "Mine").as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == [(ann.id, "Mine")]


@pytest.mark.settings(mail_authserv="mx.example.test", mail_listen="127.0.0.1:2525")
def test_with_a_server_that_vouches_its_word_is_needed(
    app: Flask, make: Factory, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    good = address(post.id, ann)
    for said in (
        {},
        {"Authentication_Results": "mx.example.test; dkim=fail; dmarc=fail"},
        {"Authentication_Results": "mx.evil.test; dkim=pass; dmarc=pass"},
    ):
        assert receive(app, letter(good, "Forged", **said).as_bytes()) is Outcome.NOBODY
    passed = {"Authentication_Results": "mx.example.test; dkim=pass header.d=example.test"}
    assert receive(app, letter(good, "Mine", **passed).as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == [(ann.id, "Mine")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"},
        {"Return_Path": "<>"}, {"List_Id": "<x.example.test>"},
    ],
)  # fmt: skip
def test_what_programs_write_is_taken_and_does_nothing(
    app: Flask, make: Factory, address: Callable[[int, Account], str], headers: dict[str, str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    message = letter(address(post.id, ann), "I am away until Monday", **headers)
    assert receive(app, message.as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == []
    assert given_back(app) == []


def test_lost_access_gives_the_text_back_and_says_nothing_more(
    app: Flask, make: Factory, browse: Browser, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.account("ann", locale="fr"), make.account("bob")
    group = make.group("secret", GroupPrivacy.SECRET, owner=bob, members=[ann])
    post = make.post(bob, "The plan", group=group)
    good = address(post.id, ann)
    assert browse(ann).get(f"/posts/{post.id}").status_code == 200
    with app.app_context(), unit_of_work():
        db.session.execute(
            Membership.__table__.delete().where(Membership.account_id == ann.id)  # type: ignore[attr-defined]
        )
    assert browse(ann).get(f"/posts/{post.id}").status_code == 404  # an outsider now
    assert receive(app, letter(good, "My long answer, kept").as_bytes()) is Outcome.TAKEN
    assert receive(app, letter(good, "My long answer, kept").as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == []
    (text,) = given_back(app)
    assert "To: Ann <ann@example.test>" in text
    assert "My long answer, kept" in text
    assert "The plan" not in text


def test_too_long_too_old_and_empty_answers_come_back(
    app: Flask, make: Factory, settings: Settings, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    good = address(post.id, ann)
    assert receive(app, letter(good, "x" * (settings.post_max_length + 1)).as_bytes()) is (
        Outcome.TAKEN
    )
    assert receive(app, letter(good, "> only quoted\n").as_bytes()) is Outcome.TAKEN
    with time_machine.travel(utc_now() + reply_addresses.GOOD_FOR + dt.timedelta(days=2)):
        assert receive(app, letter(good, "Much later").as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == []
    with app.app_context():
        reasons = db.session.scalars(select(MailedReply.reason)).all()
        letters = db.session.scalars(select(OutboxMessage.kind)).all()
    assert len(set(reasons)) == 3
    assert letters == ["mail.mailed_reply"] * 3


def test_a_private_answer_goes_to_the_conversation_and_nobody_else(
    app: Flask, make: Factory, browse: Browser, address: Callable[[int, Account], str]
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    first = make.direct(bob, [ann], "Between us")
    text = "Just for you, not for @eve"
    assert receive(app, letter(address(first.id, ann), text).as_bytes()) is Outcome.TAKEN
    with app.app_context():
        post = db.session.scalars(select(Post).where(Post.in_reply_to_id == first.id)).one()
        people = set(
            db.session.scalars(
                select(Participant.account_id).where(Participant.conversation_id == first.id)
            )
        )
    assert post.visibility is Visibility.DIRECT
    assert people == {ann.id, bob.id}
    assert browse(bob).get(f"/conversations/{first.id}").status_code == 200
    assert browse(eve).get(f"/posts/{post.id}").status_code == 404
    # Somebody who is not in it holds an address that is signed for them: still nothing.
    message = letter(address(first.id, eve), "Me too", sender="eve@example.test")
    assert receive(app, message.as_bytes()) is Outcome.TAKEN
    assert len(replies(app, first.id)) == 1


@pytest.mark.settings(upload_max_bytes=50_000, max_attachments=2, mail_listen="127.0.0.1:2525")
def test_files_within_the_limits_are_kept_and_the_others_named(
    app: Flask, make: Factory, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    message = letter(address(post.id, ann), "See here")
    message.add_attachment(picture().getvalue(), maintype="image", subtype="png", filename="a.png")
    message.add_attachment(b"x" * 60_000, maintype="application", subtype="zip", filename="big.zip")
    message.add_attachment(b"some notes", maintype="text", subtype="plain", filename="b.txt")
    message.add_attachment(b"one more", maintype="text", subtype="plain", filename="c.txt")
    assert receive(app, message.as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == [(ann.id, "See here")]
    with app.app_context():
        names = set(db.session.scalars(select(MediaAttachment.file_name)))
    assert names == {"a.png", "b.txt"}
    (text,) = given_back(app)
    assert "big.zip" in text
    assert "c.txt" in text


@pytest.mark.settings(upload_macros=True, mail_listen="127.0.0.1:2525")
def test_files_are_taken_as_elsewhere_and_leave_nothing_when_it_comes_back(
    app: Flask, make: Factory, settings: Settings, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    storage = Storage(settings.data / "media")
    for text, number in (("x" * (settings.post_max_length + 1), 0), ("See here", 1)):
        message = letter(address(post.id, ann), text, **{"Message-ID": f"<{number}@example.test>"})
        message.add_attachment(
            REFUSED["macros.docx"],
            maintype="application",
            subtype="octet-stream",
            filename="a.docx",
        )
        assert receive(app, message.as_bytes()) is Outcome.TAKEN
        assert len(list(storage.keys())) == number
    assert replies(app, post.id) == [(ann.id, "See here")]


def test_a_flood_is_stopped(
    app: Flask, make: Factory, address: Callable[[int, Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "Hi")
    with app.app_context(), unit_of_work():
        db.session.add_all(
            [MailedReply(account_id=ann.id, digest=str(n), post_id=n) for n in range(60)]
        )
    assert receive(app, letter(address(post.id, ann), "61st").as_bytes()) is Outcome.TAKEN
    assert replies(app, post.id) == []
    assert len(given_back(app)) == 1
