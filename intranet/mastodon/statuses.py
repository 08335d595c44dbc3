"""Posts: read, written, changed, deleted. https://docs.joinmastodon.org/methods/statuses/"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from flask import Response, request
from flask_babel import gettext
from pydantic import BeforeValidator

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon import groups
from intranet.mastodon.answers import answer, as_utc, moment, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import PRIVACY
from intranet.mastodon.entities.content import content_of
from intranet.mastodon.entities.media import attachment
from intranet.mastodon.entities.scheduled import scheduled_status
from intranet.mastodon.entities.statuses import status, statuses
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import (
    Flag,
    Id,
    Ids,
    MaybeId,
    MaybeMoment,
    MaybeText,
    Parameters,
    Texts,
    emptied,
    listed,
    read,
)
from intranet.mastodon.requirements import scope
from intranet.polls.drafts import PollDraft
from intranet.posts import actions, deletion, editing, queries, threads
from intranet.posts.cards import PostCard
from intranet.posts.drafts import PostDraft, PostEdit, PostLimits, limits_of
from intranet.posts.models import Visibility
from intranet.scheduled import actions as scheduled
from intranet.scheduled import queries as scheduled_queries
from intranet.unit_of_work import unit_of_work
from intranet.webhooks import calling

_MOST = 80
_LANGUAGE_LENGTH = 8
_VISIBILITY = {
    "public": Visibility.ORGANISATION,
    "unlisted": Visibility.ORGANISATION,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}


class Several(Parameters):
    """Posts by number."""

    id: Ids = ()


def _no_poll(value: Any) -> Any:
    """A form says by empty fields that there is none."""
    return None if emptied(value) is None or value == {} else value


class NewPoll(Parameters):
    """The poll of a post. `anonymous` is ours: a new poll without it shows nobody who voted for
    what, an edited one does as before."""

    options: Texts = ()
    expires_in: Annotated[int | None, BeforeValidator(emptied)] = None
    multiple: Flag = None
    hide_totals: Flag = None
    anonymous: Flag = None

    def draft(self) -> PollDraft:
        """What the domain takes."""
        return PollDraft(
            options=self.options,
            seconds=self.expires_in or 0,
            multiple=bool(self.multiple),
            hide_totals=bool(self.hide_totals),
            anonymous=self.anonymous,
        )


class NewFile(Parameters):
    """What changes of a file."""

    id: Id
    description: str | None = None


class NewStatus(Parameters):
    """What somebody wants to publish, or to change."""

    status: MaybeText = None
    spoiler_text: MaybeText = None
    media_ids: Ids = ()
    media_attributes: Annotated[tuple[NewFile, ...], BeforeValidator(listed)] = ()
    in_reply_to_id: MaybeId = None
    visibility: MaybeText = None
    language: MaybeText = None
    sensitive: Flag = None
    poll: Annotated[NewPoll | None, BeforeValidator(_no_poll)] = None
    scheduled_at: MaybeMoment = None
    calls_group: Flag = None  # ours: the caller has confirmed how many people "@group" tells
    quoted_status_id: MaybeId = None


def limits() -> PostLimits:
    """What this application takes: the same as in the web door."""
    return limits_of(settings_here())


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
    below.sort(key=lambda card: not card.is_answer)  # the accepted one first
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
    return answer(
        {"id": str(card.entry_id), "text": card.source, "spoiler_text": card.spoiler_text}
    )


@bp.get("/api/v1/statuses/<int:status_id>/history")
@scope("read:statuses")
def history(status_id: int) -> Response:
    """What the post said, the oldest version first; the only one of a post never edited."""
    card = queries.card(viewer(), status_id)
    entity = status(viewer(), card)
    versions = threads.texts(viewer(), card.id)
    return answer([_version(one, entity["account"]) for one in versions])


def _version(version: threads.Text, account: dict[str, Any]) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/StatusEdit/ : no key where no poll is."""
    options = [{"title": title} for title in version.options or ()]
    return {
        "content": content_of(version.html),
        "spoiler_text": version.spoiler_text,
        "sensitive": version.sensitive,
        "created_at": moment(version.written_at),
        "account": account,
        "media_attachments": [attachment(one) for one in version.files],
        "emojis": [],
        **({"poll": {"options": options}} if options else {}),
    }


@bp.post("/api/v1/statuses")
@scope("write:statuses")
def publish() -> Response:
    """A new post or reply, or with `scheduled_at` one to come; one that begins with `@GROUP` is for
    that group. One that begins with a command asks its program: the answer is the private
    message to its bot. The header Idempotency-Key makes sure that it is made once."""
    sent = read(NewStatus)
    visibility, group_id, source = _visibility_of(sent), None, sent.status or ""
    if sent.in_reply_to_id is None and visibility is not Visibility.DIRECT:
        group_id, source = groups.addressed(viewer(), source)
    draft = PostDraft(
        source=source,
        spoiler_text=sent.spoiler_text or "",
        sensitive=viewer().post_sensitive if sent.sensitive is None else sent.sensitive,
        visibility=visibility,
        group_id=group_id,
        in_reply_to_id=sent.in_reply_to_id,
        quote_of_id=sent.quoted_status_id,
        media_ids=sent.media_ids,
        poll=sent.poll.draft() if sent.poll else None,
        language=_language(sent) or viewer().post_language,
        idempotency_key=_key(),
        checks_key=True,
        calls_group=bool(sent.calls_group),
    )
    if sent.scheduled_at is not None:
        return _schedule(draft, as_utc(sent.scheduled_at))
    with unit_of_work():
        post_id = calling.say(viewer(), draft, limits(), _in_words).post.id
    return one(post_id)


def _in_words(sentence: str) -> str:
    return str(gettext(sentence))


def _schedule(draft: PostDraft, publish_at: dt.datetime) -> Response:
    """The post to come; sent again after its time, the post that came of it."""
    most = settings_here().scheduled_max
    draft = calling.as_text(viewer(), draft)
    with unit_of_work():
        published = actions.find_made(viewer(), draft.stored_key)
        if published is None:
            made = scheduled.schedule(viewer(), draft, publish_at, limits(), most=most)
            made_id = made.id
    if published is not None:
        return one(published.id)
    return answer(scheduled_status(scheduled_queries.card(viewer(), made_id)))


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    return f"api {key}" if key else None


def _language(sent: NewStatus) -> str | None:
    if sent.language is not None and len(sent.language) > _LANGUAGE_LENGTH:
        raise Invalid(fields={"language": N_("This cannot be read.")})
    return sent.language


def _visibility_of(sent: NewStatus) -> Visibility:
    """Who it is for; Invalid for a word that means nothing here."""
    try:
        return _VISIBILITY[sent.visibility or PRIVACY[viewer().post_audience]]
    except KeyError:
        raise Invalid(fields={"visibility": N_("Choose who the post is for.")}) from None


@bp.put("/api/v1/statuses/<int:status_id>")
@scope("write:statuses")
def edit(status_id: int) -> Response:
    """Change an own post. What is not sent stays as it is; `poll` with other answers takes the
    votes away, an empty one the poll; files that `media_ids` leaves out go."""
    queries.get_visible(viewer(), status_id)
    sent = read(NewStatus)
    named = sent.model_fields_set
    change = PostEdit(
        source=(sent.status or "") if "status" in named else None,
        spoiler_text=(sent.spoiler_text or "") if "spoiler_text" in named else None,
        sensitive=sent.sensitive,
        language=_language(sent) or "" if "language" in named else None,
        media_ids=sent.media_ids if "media_ids" in named else None,
        descriptions={
            file.id: file.description
            for file in sent.media_attributes
            if file.description is not None
        },
        poll=sent.poll.draft() if sent.poll else None,
        drops_poll="poll" in named and sent.poll is None,
    )
    with unit_of_work():
        post = queries.get_visible(viewer(), status_id, lock=True)
        editing.edit(viewer(), post, change, limits())
    return one(status_id)


@bp.delete("/api/v1/statuses/<int:status_id>")
@scope("write:statuses")
def delete(status_id: int) -> Response:
    """Delete a post; the answer holds its text, so that it can be written anew."""
    with unit_of_work():
        post = queries.get_visible(viewer(), status_id, lock=True)
        card = queries.card(viewer(), status_id)
        entity = status(viewer(), card) | {"text": card.source}
        del entity["content"]  # the text stands in its place
        deletion.remove(viewer(), post)
    return answer(entity)
