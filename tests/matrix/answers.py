"""Answers made comparable: what may differ between two requests is taken out, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.matrix.expectations import Ask
from tests.matrix.world import MISSING_ID, MISSING_KEY, MISSING_SLUG, SLUG, WORD, World

_NONCE = re.compile(r"nonce[-=]\"?[\w-]+\"?")
_TOKEN = re.compile(
    r"""((?:csrf_token|csrf-token|csrf)["']?\s*(?:value=|content=|:)\s*)["'][^"']+["']"""
)
_KEY = re.compile(r'(name="idempotency_key" value=)"[^"]+"')
# Of every answer: when it was made, and what the session cookie is.
_OWN_HEADERS = {"date", "set-cookie", "content-length", "etag", "server", "vary"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def said(self) -> str:
        return f"{self.headers} {self.body}"


def answer(response: TestResponse) -> Answer:
    """The answer without nonces, form tokens and the idempotency keys of fresh forms."""
    headers = tuple(
        (name, _NONCE.sub("nonce", value))
        for name, value in sorted(response.headers.items())
        if name.lower() not in _OWN_HEADERS
    )
    body = _NONCE.sub("nonce", response.get_data().decode("utf-8", "replace"))
    body = _KEY.sub(r"\1", _TOKEN.sub(r"\1", body))
    return Answer(response.status_code, headers, body)


def ask_for(client: FlaskClient, ask: Ask, *, twin: bool = False, fragment: bool = False) -> Answer:
    """Send the request, or its twin for what does not exist."""
    return answer(
        client.open(
            ask.twin if twin else ask.path,
            method=ask.method,
            data=(ask.twin_form if twin else ask.form) or None,
            headers={"HX-Request": "true"} if fragment else {},
        )
    )


def renamed(found: Answer, world: World) -> Answer:
    """The answer with what the request itself named called as in the twin's request."""
    pairs = [(SLUG, MISSING_SLUG), ("krakentag", "missingtag"), (WORD, "missing")]
    pairs += [(key, MISSING_KEY) for _id, key in world.media.values()]
    pairs += [(str(id_), str(MISSING_ID)) for id_ in world.posts.values()]
    pairs += [(str(id_), str(MISSING_ID)) for id_, _key in world.media.values()]
    others = (
        world.group_id, world.invitation_id, world.request_id, world.occurrence_id, world.draft_id,
        world.scheduled_id,
    )  # fmt: skip
    pairs += [(str(id_), str(MISSING_ID)) for id_ in others if id_]

    def rename(text: str) -> str:
        for real, missing in pairs:
            text = text.replace(real, missing)
        return text

    headers = tuple((name, rename(value)) for name, value in found.headers)
    return Answer(found.status, headers, rename(found.body))


def marks_in(found: Answer, world: World) -> list[str]:
    """The marks of the secret group that the answer gives away."""
    said = found.said.casefold()
    return [mark for mark in world.markers if mark in said]
