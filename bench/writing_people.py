"""People who write while the process they write to is killed: each saves drafts through the pages,
publishes, and begins anew, and tries again what had no answer, as the script of the pages does."""

from __future__ import annotations

import collections
import datetime as dt
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from intranet.accounts import sessions
from intranet.accounts.models import Account
from intranet.composer.models import Draft
from intranet.db import db
from intranet.posts.models import Post

_TOKEN = "0123456789abcdef0123456789abcdef01234567"
_PATIENCE = 60.0  # seconds for one answer
_LONGEST_FORM = 12  # saves before it is published


@dataclass
class Person:
    """Somebody who writes. `kept` is the last text of the open form that the server said it has,
    "" for none; `sent` every text of it that left; `published` what it said is published."""

    id: int
    name: str
    cookie: str
    form: int = 0
    kept: str = ""
    sent: list[str] = field(default_factory=list)
    publishing: str = ""
    published: list[str] = field(default_factory=list)
    saves: int = 0  # that were answered
    broken: int = 0  # requests that were on their way when the process was killed
    refused: collections.Counter[int] = field(default_factory=collections.Counter)
    draft: tuple[str, int] = ("", 0)  # id and version, as the form has them


def person_of(app: Flask, account: Account) -> Person:
    """The account with a session of its own."""
    session = sessions.open_session(
        account, lifetime=dt.timedelta(hours=1), user_agent="", ip_address=""
    )
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    signed = signer.dumps({"csrf_token": _TOKEN, "_user_id": session})
    return Person(account.id, account.handle, f"{app.config['SESSION_COOKIE_NAME']}={signed}")


class Writing:
    """All of them write at once, each in a thread, from `begin` to `end`."""

    def __init__(self, people: list[Person], port: int, secret: str) -> None:
        self.people = people
        self._port = port
        self._token = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(_TOKEN)
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(one,)) for one in people]
        self._given_up = False
        self.problems: list[str] = []

    def begin(self) -> None:
        """Let everybody write."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Each writes one more text of a new form, which the server has answered, and stops."""
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def give_up(self) -> None:
        """Stop at once, whatever has no answer."""
        self._enough.set()
        self._given_up = True
        for thread in self._threads:
            thread.join()

    def _write(self, person: Person) -> None:
        chance = random.Random(person.id)
        try:
            while not self._enough.is_set():
                for _ in range(chance.randint(2, _LONGEST_FORM)):
                    self._save(person)
                    time.sleep(chance.uniform(0, 0.2))
                self._publish(person)
            for _ in range(3):
                self._save(person)
        except Exception as error:
            self.problems.append(f"{person.name}: {error!r}")

    def _save(self, person: Person) -> None:
        text = f"{person.name}, form {person.form}, word {len(person.sent)}"
        person.sent.append(text)
        id_, version = person.draft
        form = {"source": text, "draft_id": id_, "draft_version": str(version)}
        answer = self._until_answered(person, "/drafts", form, 200)
        person.draft = (answer["id"] or "", answer["version"])
        person.kept = text
        person.saves += 1

    def _publish(self, person: Person) -> None:
        person.publishing = person.kept
        id_, version = person.draft
        form = {"source": person.kept, "draft_id": id_, "draft_version": str(version)}
        self._until_answered(person, "/posts", form, 303)
        person.published.append(person.publishing)
        person.kept, person.publishing, person.draft = "", "", ("", 0)
        person.sent = []
        person.form += 1

    def _until_answered(
        self, person: Person, path: str, form: dict[str, str], wanted: int
    ) -> dict[str, Any]:
        body = urlencode(
            form
            | {
                "csrf_token": self._token,
                "place": "home",
                "audience": "organisation",
                "idempotency_key": f"{person.name}-{person.form}",
            }
        )
        headers = {
            "Cookie": person.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        } | ({"HX-Request": "true"} if path == "/drafts" else {})
        while not self._given_up:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                said = answer.read()
            except ConnectionRefusedError:
                time.sleep(0.5)  # nobody is there yet
                continue
            except (OSError, http.client.HTTPException):
                person.broken += 1
                continue
            finally:
                connection.close()
            if answer.status == wanted:
                return json.loads(said) if wanted == 200 else {}
            person.refused[answer.status] += 1
            if answer.status not in (409, 503):
                raise AssertionError(f"{path} answered {answer.status}: {said[:200]!r}")
            time.sleep(0.1)
        raise InterruptedError(f"{path} had no answer")


def wrong_with(app: Flask, people: list[Person]) -> list[str]:
    """What is not as the server had told these people: nothing, if all is well. Nobody may be
    writing, and nothing be on its way."""
    with app.app_context():
        drafts: dict[int, list[str]] = collections.defaultdict(list)
        for row in db.session.execute(select(Draft.author_id, Draft.source)):
            drafts[row.author_id].append(row.source)
        posts: dict[int, list[str]] = collections.defaultdict(list)
        for row in db.session.execute(select(Post.author_id, Post.source)):
            posts[row.author_id].append(row.source)
    found = []
    for person in people:
        written, kept = posts[person.id], drafts[person.id]
        found += [f"twice published: {text}" for text in written if written.count(text) > 1]
        found += [f"published, not there: {text}" for text in person.published
                  if text not in written]  # fmt: skip
        if len(kept) > 1:
            found.append(f"{person.name} has {len(kept)} drafts: {kept}")
        if person.publishing and person.publishing in written:
            # It was committed, and the process killed before it could say so.
            found += [f"published, and still a draft: {text}" for text in kept]
        elif person.kept and not set(kept) & set(person.sent[person.sent.index(person.kept) :]):
            found.append(f"kept: {person.kept!r}, there: {kept}")
    return found
