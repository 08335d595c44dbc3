"""After somebody typed a command: on to the conversation in which its bot answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intranet.web.wants import wants_fragment
from intranet.webhooks.calling import Said


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that was typed: the conversation with its bot, and the message there."""

    conversation_id: int
    post_id: int
    is_answered: bool

    @classmethod
    def of(cls, said: Said) -> Asked:
        """What there is to show of it once the transaction has ended."""
        return cls(said.post.root_id or said.post.id, said.post.id, said.is_answered)

    def page(self) -> ResponseReturnValue:
        """On to the conversation; for a part of a page the browser is told to go there."""
        if not self.is_answered:
            flash(gettext("The program is asked. What it answers to you alone comes here."))
        where = url_for(
            "conversations.show",
            conversation_id=self.conversation_id,
            _anchor=f"post-{self.post_id}",
        )
        if wants_fragment():
            return "", 204, {"HX-Redirect": where}
        return redirect(where, 303)


def str_of(sentence: str) -> str:
    """A marked sentence in the viewer's language."""
    return str(gettext(sentence))
