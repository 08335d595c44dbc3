"""What a program answered to a command becomes a post of its bot, or the asker is told that there
is no answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

import orjson

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import DomainError
from intranet.kernel.messages import N_
from intranet.kernel.text import escaped
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post, Visibility
from intranet.webhooks import calling, slack
from intranet.webhooks.models import CommandCall, SlashCommand, WebhookDelivery
from intranet.webhooks.queue import Claimed, Outcome

log = logging.getLogger(__name__)

FOR_ALL = "in_channel"  # Slack's word for an answer that everybody there may read
Translate = Callable[[Account, str], str]
_Answer = tuple[str, bool]  # our Markdown, and whether it is for all


def take(held: Claimed, outcome: Outcome, limits: PostLimits, translate: Translate) -> None:
    """Publish the answer, once for each delivery, however often it is told. An answer is text, or
    JSON as Slack's commands give it: `text` or `blocks`, and `response_type`; an empty one says
    nothing. What cannot be published, and no answer at all, is said to the asker alone; whoever
    may not be told any more, as behind a block, is told nothing."""
    delivery = db.session.get(WebhookDelivery, held.id)
    call = db.session.get(CommandCall, delivery.subject_id) if delivery is not None else None
    if call is None:
        return
    actor = db.session.get_one(Account, call.actor_id)
    command = db.session.get_one(SlashCommand, call.command_id)
    if not outcome.is_success:
        sentence = N_("The program did not answer. Nothing was published; try again later.")
        _excuse(actor, command, call, translate(actor, sentence), f"none {held.id}", limits)
        return
    try:
        answer = read(outcome.said)
        if answer is None:
            return
        with db.session.begin_nested():
            _publish(actor, command, call, answer, held.id, limits)
    except DomainError as error:
        log.info("the answer to command call %s is refused: %s", call.id, error)
        sentence = N_("The program answered, but its answer cannot be published here.")
        _excuse(actor, command, call, translate(actor, sentence), f"unfit {held.id}", limits)


def read(said: str) -> _Answer | None:
    """The text of an answer, and whether it is for all; None for an empty one. Invalid for JSON
    that is none of Slack's messages."""
    if not said.strip():
        return None
    try:
        payload = orjson.loads(said)
    except orjson.JSONDecodeError:
        return said.strip(), False
    if not isinstance(payload, dict):
        return said.strip(), False
    if not payload:
        return None
    return slack.read(payload).source, payload.get("response_type") == FOR_ALL


def _publish(
    actor: Account,
    command: SlashCommand,
    call: CommandCall,
    answer: _Answer,
    delivery_id: int,
    limits: PostLimits,
) -> None:
    source, for_all = answer
    key = f"answer {delivery_id}"
    if not for_all:
        _tell(actor, command, call, source, key, limits)
        return
    bot = db.session.get_one(Account, command.bot_id)
    if call.group_id is not None:
        line = f"/{command.name} {call.arguments}".rstrip()
        source = f"@{actor.handle} {escaped(line)}\n\n{source}"
    draft = PostDraft(
        source=source,
        visibility=Visibility.GROUP if call.group_id is not None else Visibility.DIRECT,
        group_id=call.group_id,
        # Where the answered post is gone, the answer stands for itself in the group.
        in_reply_to_id=call.reply_to_id if call.group_id is not None else call.asked_id,
        idempotency_key=key,
    )
    posts.publish(bot, draft, limits)


def _excuse(
    actor: Account,
    command: SlashCommand,
    call: CommandCall,
    sentence: str,
    key: str,
    limits: PostLimits,
) -> None:
    try:
        with db.session.begin_nested():
            _tell(actor, command, call, sentence, key, limits)
    except DomainError as error:  # the delivery is over all the same
        log.info("nobody is told of command call %s: %s", call.id, error)


def _tell(
    actor: Account,
    command: SlashCommand,
    call: CommandCall,
    source: str,
    key: str,
    limits: PostLimits,
) -> None:
    """Say it to the asker alone: below what was typed when only the two are there, else in their
    own conversation."""
    about = calling.usage_of(command)
    asked = db.session.get_one(Post, call.asked_id)
    own_id = calling.conversation_with(actor, command, about, limits)
    parent_id = asked.id if (asked.root_id or asked.id) == own_id else own_id
    bot = db.session.get_one(Account, command.bot_id)
    draft = PostDraft(
        source=source,
        visibility=Visibility.DIRECT,
        in_reply_to_id=parent_id,
        idempotency_key=key,
    )
    posts.publish(bot, draft, limits)
