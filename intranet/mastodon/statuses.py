"""Posts: read, written, changed, deleted. https://docs.joinmastodon.org/methods/statuses/"""

from __future__ import annotations

from typing import Any

from flask import Response, request

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon import groups
from intranet.mastodon.answers import answer, moment, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import PRIVACY
from intranet.mastodon.entities.content import content_of
from intranet.mastodon.entities.statuses import status, statuses
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import (
    Flag,
    Ids,
    MaybeId,
    MaybeText,
    Parameters,
    read,
)
from intranet.mastodon.requirements import scope
from intranet.posts import actions, deletion, queries, threads
from intranet.posts.cards import PostCard
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Visibility
from intranet.unit_of_work import unit_of_work

_MOST = 80
_VISIBILITY = {
    "public": Visibility.ORGANISATION,
    "unlisted": Visibility.ORGANISATION,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}


class Several(Parameters):
    """Posts by number."""

    id: Ids = ()


class NewStatus(Parameters):
    """What somebody wants to publish."""

    status: MaybeText = None
    spoiler_text: MaybeText = None
    media_ids: Ids = ()
    in_reply_to_id: MaybeId = None
    visibility: MaybeText = None
    language: MaybeText = None
    sensitive: Flag = None
    poll: Any = None
    scheduled_at: Any = None

    @property
    def source(self) -> str:
        """The text; a warning in front of it becomes its first paragraph."""
        parts = (self.spoiler_text, self.status)
        return "\n\n".join(part for part in parts if part)


def limits() -> PostLimits:
    """What this application takes: the same as in the web door."""
    settings = settings_here()
    return PostLimits(settings.post_max_length, settings.max_attachments)


def one(post_id: int, code: int = 200) -> Response:
    """The status of a post, or of a boost, that the caller may see."""
    return answer(status(viewer(), queries.card(viewer(), post_id)), code)


@bp.get("/api/v1/statuses/<int:status_id>")
@scope("read:statuses")
def show_status(status_id: int) -> Response:
    """One post or boost."""
    return one(status_id)


@bp.get("/api/v1/statuses")
@scope("read:statuses")
def show_statuses() -> Response:
    """Several by number; those that the caller may not see are left out."""
    wanted = read(Several).id[:_MOST]
    return answer(statuses(viewer(), queries.cards(viewer(), wanted, latest=False)))


@bp.get("/api/v1/statuses/<int:status_id>/context")
@scope("read:statuses")
def context(status_id: int) -> Response:
    """What a post answers, up to the beginning, and what was answered to it."""
    thread = threads.thread(viewer(), status_id)
    cards = {thread.root.id: thread.root}
    cards |= {reply.card.id: reply.card for reply in thread.replies}
    above: list[PostCard] = []
    focus = cards.get(thread.focus_id)
    while focus is not None and focus.in_reply_to_id in cards and len(above) < len(cards):
        focus = cards[focus.in_reply_to_id]
        above.insert(0, focus)
    below_ids = {thread.focus_id}
    below: list[PostCard] = []
    for card in sorted(cards.values(), key=lambda card: card.id):
        if card.in_reply_to_id in below_ids:
            below_ids.add(card.id)
            below.append(card)
    drawn = {entity["id"]: entity for entity in statuses(viewer(), [*above, *below])}
    return answer(
        {
            "ancestors": [drawn[str(card.id)] for card in above if str(card.id) in drawn],
            "descendants": [drawn[str(card.id)] for card in below if str(card.id) in drawn],
        }
    )


@bp.get("/api/v1/statuses/<int:status_id>/source")
@scope("read:statuses")
def source(status_id: int) -> Response:
    """The text as it was written, for whoever edits it."""
    card = queries.card(viewer(), status_id)
    return answer({"id": str(card.entry_id), "text": card.source, "spoiler_text": ""})


@bp.get("/api/v1/statuses/<int:status_id>/history")
@scope("read:statuses")
def history(status_id: int) -> Response:
    """What the post said, the oldest version first; the only one of a post never edited."""
    card = queries.card(viewer(), status_id)
    entity = status(viewer(), card)
    return answer(
        [
            {
                "content": content_of(version.html),
                "spoiler_text": "",
                "sensitive": False,
                "created_at": moment(version.written_at),
                "account": entity["account"],
                "poll": None,
                "media_attachments": entity["media_attachments"],
                "emojis": [],
            }
            for version in threads.texts(viewer(), card.id)
        ]
    )


@bp.post("/api/v1/statuses")
@scope("write:statuses")
def publish() -> Response:
    """A new post or reply; one that begins with `@GROUP` is posted in that group. The header
    Idempotency-Key makes sure that it is made once."""
    sent = read(NewStatus)
    visibility, group_id, source = _visibility_of(sent), None, sent.source
    if sent.in_reply_to_id is None and visibility is not Visibility.DIRECT:
        group_id, source = groups.addressed(viewer(), source)
    draft = PostDraft(
        source=source,
        visibility=visibility,
        group_id=group_id,
        in_reply_to_id=sent.in_reply_to_id,
        media_ids=sent.media_ids,
        language=(sent.language or viewer().post_language or "")[:8] or None,
        idempotency_key=_key(),
    )
    with unit_of_work():
        post_id = actions.publish(viewer(), draft, limits()).id
    return one(post_id)


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    return f"api {key}" if key else None


def _visibility_of(sent: NewStatus) -> Visibility:
    """Who it is for. Invalid for what this door does not publish yet: it is better refused than
    published as something else."""
    if sent.poll:
        raise Invalid(fields={"poll": N_("Polls cannot be published by this way yet.")})
    if sent.scheduled_at not in (None, ""):
        message = N_("Posts cannot be scheduled by this way yet.")
        raise Invalid(fields={"scheduled_at": message})
    try:
        return _VISIBILITY[sent.visibility or PRIVACY[viewer().post_audience]]
    except KeyError:
        raise Invalid(fields={"visibility": N_("Choose who the post is for.")}) from None


@bp.put("/api/v1/statuses/<int:status_id>")
@scope("write:statuses")
def edit(status_id: int) -> Response:
    """Give an own post another text."""
    sent = read(NewStatus)
    with unit_of_work():
        post = queries.get_visible(viewer(), status_id, lock=True)
        actions.edit(viewer(), post, sent.source, limits())
    return one(status_id)


@bp.delete("/api/v1/statuses/<int:status_id>")
@scope("write:statuses")
def delete(status_id: int) -> Response:
    """Delete a post; the answer holds its text, so that it can be written anew."""
    with unit_of_work():
        post = queries.get_visible(viewer(), status_id, lock=True)
        card = queries.card(viewer(), status_id)
        entity = status(viewer(), card) | {"text": card.source}
        deletion.remove(viewer(), post)
    return answer(entity)
