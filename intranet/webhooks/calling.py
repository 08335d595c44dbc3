"""A text that begins with `/name`: it is no post, but asks a program.

What is typed becomes a private message to the bot of the command, so that every door answers with
a post as it does otherwise; the program is asked by the worker, never here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import escaped
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Participant, Post, Visibility
from intranet.posts.queries import get_visible_original
from intranet.webhooks import commands, recording
from intranet.webhooks.commands import HELP, CommandLine
from intranet.webhooks.models import CommandCall, SlashCommand, WebhookEvent

_TYPED = re.compile(r"/([A-Za-z][A-Za-z0-9_-]{0,31})(?:\s+(.*))?\s*", re.DOTALL)
# Apps begin an answer with the names of those in the conversation.
_NAMED = re.compile(r"(?:@[\w.-]+(?:@[\w.:-]+)?\s+)+")
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as somebody typed it."""

    name: str
    arguments: str

    @property
    def line(self) -> str:
        """What was typed, the name in its own spelling."""
        return f"/{self.name} {self.arguments}".rstrip()


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a text: a post where it was meant for, or (`asked`) a private message to the
    bot of a command. `is_answered`: its answer is there already."""

    post: Post
    asked: bool = False
    is_answered: bool = False


def typed(draft: PostDraft) -> Typed | None:
    """The command that the draft begins with; None for anything else."""
    source = draft.source
    if draft.visibility is Visibility.DIRECT or draft.in_reply_to_id is not None:
        source = _NAMED.sub("", source, count=1) if _NAMED.match(source) else source
    match = _TYPED.fullmatch(source)
    return Typed(match[1].lower(), (match[2] or "").strip()) if match else None


def as_text(actor: Account, draft: PostDraft) -> PostDraft:
    """The draft of what is published later: `//` stands for `/`, and a command is refused, since it
    cannot wait."""
    if not _reads(actor, draft):
        return draft
    if typed(draft) is not None:
        message = N_(
            "A command is run at once and cannot wait. Begin with // to publish it as text."
        )
        raise Invalid(message, fields={"source": message})
    return _literal(draft)


def say(actor: Account, draft: PostDraft, limits: PostLimits, translate: Translate) -> Said:
    """Publish the draft, or run the command that it is. Invalid under `source` for a command that
    does not work there, and as `posts.actions.publish` otherwise. `translate` gives a marked
    sentence in the actor's language."""
    found = typed(draft) if _reads(actor, draft) else None
    if found is None:
        literal = _literal(draft) if _reads(actor, draft) else draft
        return Said(posts.publish(actor, literal, limits))
    _require_text_only(draft)
    group_id, conversation_id, parent_id = _place(actor, draft, limits)
    made = posts.find_made(actor, draft.stored_key)
    if made is not None:
        return Said(made, asked=made.root_id != conversation_id)
    if found.name == HELP:
        usable = commands.list_usable(actor, group_id, conversation_id)
        return _help(actor, draft, limits, translate, usable)
    command = commands.find_usable(actor, found.name, group_id, conversation_id)
    if command is None:
        message = N_(
            "There is no command /%(name)s here; /help says which there are. Begin with // or a "
            "space to publish this as text."
        )
        raise Invalid(message, fields={"source": message}, name=found.name)
    if conversation_id is not None:
        asked = posts.publish(actor, draft, limits)
    else:
        asked = _ask(actor, command, found.line, usage_of(command), draft, limits)
    call = CommandCall(
        id=new_id(),
        command_id=command.id,
        actor_id=actor.id,
        asked_id=asked.id,
        group_id=group_id,
        reply_to_id=parent_id,
        arguments=found.arguments,
    )
    db.session.add(call)
    db.session.flush()
    assert command.webhook_id is not None  # only the command of the house has none
    recording.put(WebhookEvent.COMMAND, call.id, [command.webhook_id])
    return Said(asked, asked=conversation_id is None)


def conversation_with(actor: Account, command: SlashCommand, about: str, limits: PostLimits) -> int:
    """The conversation of the actor and the command's bot alone; the bot begins it, and says what
    it is for."""
    mine, theirs, anybody = aliased(Participant), aliased(Participant), aliased(Participant)
    together = (
        select(func.count())
        .where(anybody.conversation_id == mine.conversation_id)
        .scalar_subquery()
    )
    found = db.session.scalar(
        select(Post.id)
        .join(mine, mine.conversation_id == Post.id)
        .join(theirs, theirs.conversation_id == Post.id)
        .where(
            mine.account_id == actor.id,
            theirs.account_id == command.bot_id,
            Post.deleted_at.is_(None),
            together == 2,
        )
        .order_by(Post.id.desc())
        .limit(1)
    )
    if found is not None:
        return found
    bot = db.session.get_one(Account, command.bot_id)
    begun = PostDraft(
        source=about,
        visibility=Visibility.DIRECT,
        to_ids=(actor.id,),
        idempotency_key=f"command {command.id} {actor.id}",
    )
    return posts.publish(bot, begun, limits).id


def usage_of(command: SlashCommand | CommandLine) -> str:
    """The command in a line: `/deploy [stage]`, and what it does."""
    line = f"/{command.name} {command.usage}".rstrip()
    return f"`{line.replace('`', '')}`" + (
        f" – {escaped(command.description)}" if command.description else ""
    )


def _reads(actor: Account, draft: PostDraft) -> bool:
    """Whether a slash means anything: programs, and pages, only ever publish."""
    return not actor.is_bot and draft.as_page_id is None


def _literal(draft: PostDraft) -> PostDraft:
    if draft.source.startswith("//"):
        return replace(draft, source=draft.source[1:])
    return draft


def _require_text_only(draft: PostDraft) -> None:
    if draft.media_ids or draft.poll is not None or draft.spoiler_text.strip():
        message = N_("A command takes text only: no files, no poll, no warning.")
        raise Invalid(message, fields={"source": message})


def _place(
    actor: Account, draft: PostDraft, limits: PostLimits
) -> tuple[int | None, int | None, int | None]:
    """The group and the conversation that the draft is for, and the post that it answers; refused
    as publishing it would be."""
    posts.checked(actor, draft, limits)
    if draft.in_reply_to_id is None:
        return draft.group_id, None, None
    parent = get_visible_original(actor, draft.in_reply_to_id)
    if parent.visibility is Visibility.DIRECT:
        return None, parent.root_id or parent.id, parent.id
    return parent.group_id, None, parent.id


def _ask(
    actor: Account,
    command: SlashCommand,
    line: str,
    about: str,
    draft: PostDraft,
    limits: PostLimits,
) -> Post:
    """What was typed, as a private message to the bot: again for a key gives the first."""
    conversation_id = conversation_with(actor, command, about, limits)
    return posts.publish(
        actor,
        PostDraft(
            source=escaped(line),
            visibility=Visibility.DIRECT,
            in_reply_to_id=conversation_id,
            idempotency_key=draft.idempotency_key,
        ),
        limits,
    )


def _help(
    actor: Account,
    draft: PostDraft,
    limits: PostLimits,
    translate: Translate,
    usable: list[CommandLine],
) -> Said:
    """The bot of the house lists what can be typed, in its conversation with the actor."""
    command = commands.helper()
    about = translate(N_("Type /help in a group or in a message: I say which commands work there."))
    asked = _ask(actor, command, f"/{HELP}", about, draft, limits)
    lines = [f"- {usage_of(one)}" for one in usable]
    answer = PostDraft(
        source="\n".join(lines) if lines else translate(N_("No command works there.")),
        visibility=Visibility.DIRECT,
        in_reply_to_id=asked.id,
    )
    posts.publish(db.session.get_one(Account, command.bot_id), answer, limits)
    return Said(asked, asked=True, is_answered=True)
