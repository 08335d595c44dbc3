"""The form people write in: what it offers, and what it says when it is sent."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from intranet.accounts.chips import AccountChip
from intranet.composer.preview import Preview
from intranet.composer.reach import Reach
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.kernel.errors import DomainError, Invalid
from intranet.kernel.messages import N_
from intranet.media import queries as media_queries
from intranet.media.views import MediaView
from intranet.pages.home import PageHome
from intranet.posts import queries as posts
from intranet.posts import voices
from intranet.posts.cards import PostCard
from intranet.posts.drafts import PostDraft, PostLimits, limits_of
from intranet.posts.models import Visibility
from intranet.reviews.policies import has_other_reviewer
from intranet.reviews.queries import Submission
from intranet.settings import Settings
from intranet.web import errors
from intranet.web.identity import viewer
from intranet.web.post_audiences import (
    GROUP,
    Audience,
    audience_of_group,
    audience_words,
    audiences_of,
)
from intranet.web.post_extras import (
    KINDS,
    LANGUAGE,
    PARTS,
    PRAISE,
    WARNING,
    Extras,
    extras_of,
    part_words,
    sent_extras,
    sized,
)
from intranet.web.sent_files import sent_id

_CODE = re.compile(r"[A-Za-z0-9-]{1,8}")  # as apps may give it too


@dataclass(frozen=True, slots=True)
class PageVoice:
    """The page in whose name the form speaks. `review`: posts "always" wait for a second person,
    or it is the writer's "choice"; "again" for one that waits already; "" when nobody else could
    read them."""

    chip: AccountChip
    may_be_public: bool
    is_public: bool
    review: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Composer:
    """A finished form. `audiences` holds the one that is fixed, or all that may be chosen."""

    action: str
    audiences: tuple[Audience, ...]
    audience: Audience
    source: str = ""
    media: tuple[MediaView, ...] = ()
    own_media: tuple[MediaView, ...] = ()  # of an edit: what the post has, whatever the form says
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""
    idempotency_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    reply_to: PostCard | None = None
    kind: str = "new"  # or reply, edit
    in_place: bool = False  # the page holds what the form adds to: htmx need not leave it
    max_length: int = 0
    soft_length: int = 0
    max_attachments: int = 0
    page: PageVoice | None = None
    voice: AccountChip | None = None  # of a reply: the page that the viewer may answer as
    spoke_as: str = ""  # what was chosen of the two
    more: str = ""  # where the form is asked for with a further part; "" when it has none
    extras: Extras = field(default_factory=Extras)
    place: str = ""  # where its draft is kept, as `composer.models.Draft` says; "" for none
    draft_id: int | None = None
    draft_version: int = 0
    restored: bool = False  # what it holds comes from a draft
    preview: Preview | None = None
    reach: Reach | None = None
    quoted: PostCard | None = None  # what the post quotes

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The parts that may still be asked for, each with what it is called."""
        there = self.extras.parts
        kinds = KINDS if self.reply_to or set(KINDS) & {*there} else ()
        # A page praises nobody: praise comes from a person.
        taken = {*there, *kinds, *((PRAISE,) if self.page else ())}
        rest = [part for part in PARTS if part not in taken] if self.may_grow else []
        return tuple((part, part_words(part)) for part in rest)

    @property
    def may_grow(self) -> bool:
        """Whether parts come and go in it; an edit has those it has."""
        return bool(self.more) and self.kind != "edit"

    @property
    def dom_id(self) -> str:
        """The form's id on its page."""
        return f"reply-{self.reply_to.id}" if self.reply_to else "compose"


def settings_here() -> Settings:
    """The settings of this application."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


def limits() -> PostLimits:
    """What this application takes."""
    return limits_of(settings_here())


def new_composer(group: GroupChip | None = None, chosen: str = "") -> Composer | None:
    """An empty form for a page: for one group, or for all that the viewer may address. None for a
    guest without a group."""
    offered = (audience_of_group(group),) if group else audiences_of(viewer())
    if not offered:
        return None
    chosen = chosen or viewer().post_audience
    picked = next((one for one in offered if one.value == chosen), offered[0])
    place = f"group:{group.id}" if group else "home"
    made = _sized("/posts", offered, picked)
    return replace(made, in_place=True, more="/posts/form", place=place)


def quoting(form: Composer | None, quoted: PostCard) -> Composer | None:
    """The form of a post that quotes another one, on a page of its own, for audiences that can
    read that; None when there is none."""
    if form is None or not quoted.may_quote:
        return None
    offered = tuple(one for one in form.audiences if one.can_read(quoted))
    if not offered:
        return None
    picked = form.audience if form.audience in offered else offered[0]
    place = f"quote:{quoted.id}" + (f":{form.page.chip.id}" if form.page else "")
    return replace(
        form, audiences=offered, audience=picked, quoted=quoted, place=place, in_place=False
    )


def reply_composer(post: PostCard) -> Composer:
    """An empty form under a post."""
    audience = Audience(f"post:{post.id}", "", audience_words(post), post.group)
    made = _sized(f"/posts/{post.id}/replies", (audience,), audience)
    voice = None
    if post.group is None and (post.root_id is not None or post.may_speak):
        voice = voices.answering_as(viewer(), post.root_id or post.id)
    more = f"/posts/{post.id}/replies/form"
    place = f"post:{post.id}"
    return replace(made, kind="reply", reply_to=post, voice=voice, more=more, place=place)


def page_composer(page: PageHome) -> Composer:
    """An empty form on a page, for its writers."""
    audience = Audience(
        f"page:{page.chip.handle}", str(_("Everyone")), str(_("all colleagues, no guests"))
    )
    made = _sized(url_for("pages.publish", handle=page.chip.handle), (audience,), audience)
    review = "always" if page.review_required else "choice"
    if review == "choice" and not has_other_reviewer(page.chip.id, viewer().id):
        review = ""  # nobody could be asked
    voice = PageVoice(page.chip, page.is_public, False, review)
    place = f"page:{page.chip.id}"
    more = url_for("pages.further_form", handle=page.chip.handle)
    return replace(made, page=voice, in_place=not page.review_required, place=place, more=more)


def submission_composer(page: PageHome, waiting: Submission) -> Composer:
    """The form with a page's post that waits, for its author."""
    made = page_composer(page)
    audience = replace(made.audience, value=f"{made.audience.value}:{waiting.id}")
    assert made.page is not None
    return replace(
        made,
        action=url_for("pages.save_submission", handle=page.chip.handle, submission_id=waiting.id),
        audiences=(audience,),
        audience=audience,
        source=waiting.source,
        media=waiting.media,
        page=replace(made.page, is_public=waiting.is_public, review="again"),
        in_place=False,
        place="",
        more=url_for(
            "pages.further_submission_form", handle=page.chip.handle, submission_id=waiting.id
        ),
        extras=sized_here(extras_of(waiting)),
        quoted=waiting.quoted,
    )


def form_for(action: str, audience: Audience) -> Composer:
    """An empty form that is sent elsewhere, for an audience that is settled there."""
    return _sized(action, (audience,), audience)


def edit_composer(post: PostCard) -> Composer:
    """The form with the text of a post and its files."""
    audience = Audience(f"post:{post.id}", "", audience_words(post), post.group)
    made = _sized(f"/posts/{post.id}/edit", (audience,), audience)
    extras = Extras(
        parts=(WARNING, LANGUAGE),
        spoiler_text=post.spoiler_text,
        sensitive=post.sensitive,
        language=post.language or "",
    )
    return replace(
        made,
        kind="edit",
        source=post.source,
        extras=extras,
        media=post.media,
        own_media=post.media,
        more=f"/posts/{post.id}/edit/form",
    )


def refused(composer: Composer, error: DomainError, media_ids: tuple[int, ...] = ()) -> Composer:
    """The form as it was sent, with what to mend; `media_ids` have arrived and are kept. A key that
    has made something else gives way to a new one: sending again then publishes."""
    fields = {
        name: _(words) % error.params if error.params else _(words)
        for name, words in error.fields.items()
    }
    sent = as_sent(composer, media_ids)
    spent = "idempotency_key" in fields
    return replace(
        sent,
        errors=fields,
        message=errors.sentence(error),
        idempotency_key=uuid.uuid4().hex if spent else sent.idempotency_key,
    )


def as_sent(composer: Composer, media_ids: tuple[int, ...] = ()) -> Composer:
    """The form as it was sent; `media_ids` have arrived and are kept."""
    quoted_id = sent_quote()
    may_quote = composer.may_grow and composer.reply_to is None and composer.quoted is None
    if quoted_id is not None and may_quote:
        card = posts.find_card(viewer(), quoted_id)
        composer = (quoting(composer, card) if card else None) or composer
    sent = request.form.get("audience", "")
    chosen = next((one for one in composer.audiences if one.value == sent), composer.audience)
    extras = composer.extras
    if composer.more or composer.kind == "edit":
        extras = sized_here(sent_extras())
    draft_id, draft_version = sent_draft_version()
    return replace(
        composer,
        extras=extras,
        source=request.form.get("source", ""),
        audience=chosen,
        media=_files(composer.own_media, media_ids),
        idempotency_key=request.form.get("idempotency_key") or composer.idempotency_key,
        page=replace(composer.page, is_public=request.form.get("is_public") == "1")
        if composer.page
        else None,
        spoke_as=request.form.get("voice", ""),
        draft_id=draft_id,
        draft_version=draft_version,
        restored=False,
        in_place=composer.in_place and request.form.get("in_place") == "1",
    )


def _files(own: tuple[MediaView, ...], media_ids: tuple[int, ...]) -> tuple[MediaView, ...]:
    """The files that the form names, in its order: those of the post that it changes, described as
    the form says, and uploads that wait."""
    known = {one.id: one for one in media_queries.unattached_of(viewer(), media_ids)}
    for one in own:
        words = request.form.get(f"alt-{one.id}", one.alt_text)
        known[one.id] = replace(one, alt_text=words)
    return tuple(known[one] for one in dict.fromkeys(media_ids) if one in known)


def sized_here(extras: Extras) -> Extras:
    """The parts with what this application allows."""
    polls = limits().polls
    return sized(extras, polls.max_options, polls.option_length, polls.longest)


def sent_draft_version() -> tuple[int | None, int]:
    """The draft that the form shows, and which version of it; (None, 0) for none."""
    id_, version = sent_id("draft_id"), sent_id("draft_version")
    return (None, 0) if id_ is None else (id_, version or 0)


def sent_draft(media_ids: tuple[int, ...], **decided: Any) -> PostDraft:
    """The draft in the form; `decided` are the fields that the address settles."""
    return PostDraft(
        source=request.form.get("source", ""),
        media_ids=media_ids,
        quote_of_id=sent_quote(),
        language=sent_language() or None,
        idempotency_key=request.form.get("idempotency_key", "").strip() or None,
        checks_key=True,
        calls_group=request.form.get("calls_group") == "1",
        **decided,
    )


def sent_language() -> str | None:
    """The code that the form says the text is in, "" for none in particular, None when it does not
    say. Invalid for what is no code."""
    code = request.form.get("language")
    if code and not _CODE.fullmatch(code):
        message = N_("There is no such language here.")
        raise Invalid(message, fields={"language": message})
    return code


def sent_quote() -> int | None:
    """The post that the form quotes; None for none."""
    return sent_id("quote_of_id")


def sent_voice() -> int | None:
    """The page that the reply's form chose to answer as; None for the viewer's own name."""
    return sent_id("voice")


def sent_audience(default: str = "") -> tuple[Visibility, int | None]:
    """The visibility and group of the form's field `audience`; Invalid when it is none, NotFound
    for a group that the viewer may not know of."""
    value = request.form.get("audience", default).strip()
    if value.startswith(GROUP):
        return Visibility.GROUP, groups.get_visible(viewer(), value.removeprefix(GROUP)).id
    if value in (Visibility.ORGANISATION, Visibility.FOLLOWERS):
        return Visibility(value), None
    message = N_("Choose who the post is for.")
    raise Invalid(message, fields={"audience": message})


def _sized(action: str, offered: tuple[Audience, ...], picked: Audience) -> Composer:
    settings = settings_here()
    return Composer(
        action=action,
        audiences=offered,
        audience=picked,
        max_length=settings.post_max_length,
        soft_length=settings.composer_soft_length,
        max_attachments=settings.max_attachments,
    )
