"""Letters as a mail program sorts them: what was said in one conversation stands together, also
with the answers that people send, and nothing else does."""

from __future__ import annotations

import email.policy
import re
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions.models import InterruptionDefault, Pace
from intranet.mail.delivery import Deliverer
from intranet.mailbox.intake import Outcome, receive
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink

pytestmark = pytest.mark.settings(mail_listen="127.0.0.1:2525")
_ID = re.compile(r"<[^<>\s]+>")
_AGAIN = re.compile(r"^(?:re|fwd?|tr) ?: *", re.IGNORECASE)


@pytest.fixture(autouse=True)
def letters_at_once(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(InterruptionDefault(id=1, hours=[], pace=Pace.AT_ONCE))


def read_anew(message: EmailMessage) -> EmailMessage:
    """The message from its bytes, as another program has it."""
    parsed = BytesParser(policy=email.policy.default).parsebytes(message.as_bytes())
    assert isinstance(parsed, EmailMessage)
    assert parsed.defects == []
    return parsed


def own_id(message: EmailMessage) -> str:
    (found,) = _ID.findall(str(message["Message-ID"]))
    return found


def threads(messages: list[EmailMessage]) -> list[set[str]]:
    """Message-IDs that stand together: those that name each other, or a letter in common, whether
    that was received or not (the algorithm of J. Zawinski, and RFC 5256)."""
    together: list[set[str]] = []
    for message in messages:
        names = {own_id(message)}
        for header in ("References", "In-Reply-To"):
            names |= set(_ID.findall(str(message.get(header, ""))))
        touched = [one for one in together if one & names]
        together = [one for one in together if not one & names]
        together.append(names.union(*touched))
    known = {own_id(one) for one in messages}
    return [one & known for one in together]


def base_subject(message: EmailMessage) -> str:
    return _AGAIN.sub("", str(message["Subject"]))


def answer_to(notice: EmailMessage, sender: Account, text: str) -> EmailMessage:
    """As a mail program answers: RFC 5322, 3.6.4."""
    made = EmailMessage()
    made["From"], made["To"] = str(sender.email), str(notice["Reply-To"])
    made["Subject"] = f"Re: {base_subject(notice)}"
    made["Message-ID"] = f"<{abs(hash(text))}@example.test>"
    made["In-Reply-To"] = own_id(notice)
    made["References"] = f"{notice['References']} {own_id(notice)}"
    made.set_content(text)
    return made


def test_five_letters_and_an_answer_are_one_thread_and_another_post_is_not(
    app: Flask, make: Factory, browse: Browser, smtp: Deliverer, sink: Sink
) -> None:
    ann, bob, cam = make.account("ann", locale="fr"), make.account("bob"), make.account("cam")
    root = make.post(ann, "Who has the **key** of the shed?\n\nIt is raining.")
    other = make.post(ann, "Lunch at noon?")
    sent: list[EmailMessage] = []
    for number, author in enumerate((bob, cam, bob, cam)):
        browse(author).post(f"/posts/{root.id}/replies", data={"source": f"Answer {number}"})
        smtp.drain()  # each letter goes alone, in its own time
    browse(bob).post(f"/posts/{other.id}/replies", data={"source": "Yes"})
    smtp.drain()
    received = [read_anew(one) for one in sink.taken if "ann@example.test" in str(one["To"])]
    assert len(received) == 5
    answer = answer_to(received[1], ann, "Thank you both")
    sent.append(answer)
    assert receive(app, answer.as_bytes()) is Outcome.TAKEN
    # Somebody answers what Ann has sent by mail.
    page = browse(bob).get(f"/posts/{root.id}").text
    reply_id = re.findall(r'id="post-(\d+)"', page)[-1]
    browse(bob).post(f"/posts/{reply_id}/replies", data={"source": "You are welcome"})
    smtp.drain()
    received = [read_anew(one) for one in sink.taken if "ann@example.test" in str(one["To"])]
    assert len(received) == 6
    shed = [one for one in received if "shed" in str(one["Subject"])]
    lunch = [one for one in received if "Lunch" in str(one["Subject"])]
    assert (len(shed), len(lunch)) == (5, 1)
    assert len({own_id(one) for one in received}) == 6
    found = threads([*received, *sent])
    assert sorted(map(len, found)) == [1, 6]
    assert {own_id(one) for one in [*shed, *sent]} in found
    # Programs that also look at the subject find one of them.
    (subject,) = {base_subject(one) for one in [*shed, *sent]}
    assert subject.startswith("Who has the key of the shed?")
    # A program that sorts by References alone never takes one letter for another's parent.
    for one in received:
        assert own_id(one) not in str(one["References"])


def test_a_private_conversation_is_a_thread_whose_subject_says_nothing(
    make: Factory, browse: Browser, smtp: Deliverer, sink: Sink
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    first = make.direct(bob, [ann], "The salary list")
    second = make.direct(cam, [ann], "Another secret")
    for author, root in ((bob, first), (bob, first), (cam, second)):
        browse(author).post(f"/posts/{root.id}/replies", data={"source": "Look at it"})
    smtp.drain()
    received = [read_anew(one) for one in sink.taken]
    assert {str(one["To"]) for one in received} == {"Ann <ann@example.test>"}  # nobody else's
    assert sorted(map(len, threads(received))) == [1, 2]
    for one in received:
        headers = "\n".join(f"{name}: {value}" for name, value in one.items())
        assert "salary" not in headers
        assert "secret" not in headers


def test_two_readers_of_a_thread_have_letters_of_their_own(
    make: Factory, browse: Browser, smtp: Deliverer, sink: Sink
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    root = make.post(ann, "A question")
    browse(bob).post(f"/posts/{root.id}/replies", data={"source": "Hm"})
    browse(cam).post(f"/posts/{root.id}/replies", data={"source": "Hm too, @bob"})
    smtp.drain()
    received = [read_anew(one) for one in sink.taken]
    assert all(len(str(one["To"]).split(",")) == 1 for one in received)
    assert all(one["Cc"] is None and one["Bcc"] is None for one in received)
    addresses = [str(one["Reply-To"]) for one in received]
    assert len(set(addresses)) == len(addresses) == 3  # signed for one reader each
