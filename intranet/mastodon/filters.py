"""Filters, which programs apply themselves. https://docs.joinmastodon.org/methods/filters/"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from flask import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from intranet.filters import actions, queries
from intranet.filters.actions import FilterDraft, KeywordDraft
from intranet.filters.models import ContentFilter, FilterAction
from intranet.filters.queries import KeywordView
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.filters import content_filter, filtered_status, keyword
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import (
    Flag,
    Id,
    MaybeId,
    MaybeText,
    Parameters,
    Texts,
    listed,
    read,
)
from intranet.mastodon.requirements import scope
from intranet.posts import queries as posts
from intranet.unit_of_work import unit_of_work

MaybeSeconds = Annotated[
    Annotated[int, Field(ge=0, le=10**9)] | None,
    BeforeValidator(lambda value: None if value in ("", "None", "null") else value),
]


class KeywordRow(BaseModel):
    """A keyword as a part of its filter: new without `id`, deleted with `_destroy`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: MaybeId = None
    keyword: MaybeText = None
    whole_word: Flag = None
    destroy: Flag = Field(default=None, alias="_destroy")


class NewFilter(Parameters):
    """A filter, or what changes of it."""

    title: MaybeText = None
    context: Texts = ()
    filter_action: FilterAction | None = None
    expires_in: MaybeSeconds = None
    keywords_attributes: Annotated[tuple[KeywordRow, ...], BeforeValidator(listed)] = ()


class NewKeyword(Parameters):
    """A keyword, or what changes of it."""

    keyword: MaybeText = None
    whole_word: Flag = None


class NewFilteredStatus(Parameters):
    """A post by number."""

    status_id: Id


@bp.get("/api/v2/filters")
@scope("read:filters")
def list_filters() -> Response:
    """The caller's filters."""
    return answer([content_filter(one) for one in queries.list_filters(viewer())])


@bp.get("/api/v2/filters/<int:filter_id>")
@scope("read:filters")
def show_filter(filter_id: int) -> Response:
    """One of the caller's filters."""
    return answer(content_filter(queries.show(viewer(), filter_id)))


@bp.post("/api/v2/filters")
@scope("write:filters")
def create_filter() -> Response:
    """A new filter, with its keywords."""
    sent = read(NewFilter)
    draft = FilterDraft(
        title=sent.title or "",
        contexts=sent.context,
        action=sent.filter_action or FilterAction.WARN,
        lasts=lasts(sent.expires_in),
    )
    with unit_of_work():
        words = [_draft(row) for row in sent.keywords_attributes if not row.destroy]
        made = actions.create(viewer(), draft, words)
    return answer(content_filter(queries.show(viewer(), made.id)))


@bp.put("/api/v2/filters/<int:filter_id>")
@scope("write:filters")
def change_filter(filter_id: int) -> Response:
    """Change what is sent; keywords by their numbers."""
    sent = read(NewFilter)
    with unit_of_work():
        found = queries.get_own(viewer(), filter_id, lock=True)
        actions.change(
            found, title=sent.title, contexts=sent.context or None, action=sent.filter_action
        )
        if "expires_in" in sent.model_fields_set:
            actions.set_end(found, lasts(sent.expires_in))
        if len(sent.keywords_attributes) > actions.MOST_KEYWORDS:
            raise Invalid(fields={"keywords": N_("That is too much at once.")})
        for row in sent.keywords_attributes:
            _change_row(found, row)
    return show_filter(filter_id)


def _change_row(found: ContentFilter, row: KeywordRow) -> None:
    if row.id is None:
        actions.add_keyword(found, _draft(row))
        return
    word = queries.get_own_keyword(viewer(), row.id)
    if word.filter_id != found.id:
        raise NotFound
    if row.destroy:
        actions.remove_keyword(word)
    else:
        actions.change_keyword(word, text=row.keyword, whole_word=row.whole_word)


@bp.delete("/api/v2/filters/<int:filter_id>")
@scope("write:filters")
def delete_filter(filter_id: int) -> Response:
    """Delete a filter."""
    with unit_of_work():
        actions.remove(queries.get_own(viewer(), filter_id, lock=True))
    return answer({})


@bp.get("/api/v2/filters/<int:filter_id>/keywords")
@scope("read:filters")
def list_filter_keywords(filter_id: int) -> Response:
    """The keywords of a filter."""
    return answer([keyword(word) for word in queries.show(viewer(), filter_id).keywords])


@bp.post("/api/v2/filters/<int:filter_id>/keywords")
@scope("write:filters")
def add_filter_keyword(filter_id: int) -> Response:
    """One more keyword."""
    sent = read(NewKeyword)
    with unit_of_work():
        found = queries.get_own(viewer(), filter_id, lock=True)
        draft = KeywordDraft(sent.keyword or "", sent.whole_word is not False)
        made = actions.add_keyword(found, draft)
    return show_filter_keyword(made.id)


@bp.get("/api/v2/filters/keywords/<int:keyword_id>")
@scope("read:filters")
def show_filter_keyword(keyword_id: int) -> Response:
    """One keyword."""
    word = queries.get_own_keyword(viewer(), keyword_id)
    return answer(keyword(KeywordView(word.id, word.keyword, word.whole_word)))


@bp.put("/api/v2/filters/keywords/<int:keyword_id>")
@scope("write:filters")
def change_filter_keyword(keyword_id: int) -> Response:
    """Change a keyword."""
    sent = read(NewKeyword)
    with unit_of_work():
        word = queries.get_own_keyword(viewer(), keyword_id)
        actions.change_keyword(word, text=sent.keyword, whole_word=sent.whole_word)
    return show_filter_keyword(keyword_id)


@bp.delete("/api/v2/filters/keywords/<int:keyword_id>")
@scope("write:filters")
def delete_filter_keyword(keyword_id: int) -> Response:
    """Look for it no longer."""
    with unit_of_work():
        actions.remove_keyword(queries.get_own_keyword(viewer(), keyword_id))
    return answer({})


@bp.get("/api/v2/filters/<int:filter_id>/statuses")
@scope("read:filters")
def list_filtered_statuses(filter_id: int) -> Response:
    """The posts of a filter, by number."""
    return answer([filtered_status(entry) for entry in queries.show(viewer(), filter_id).posts])


@bp.post("/api/v2/filters/<int:filter_id>/statuses")
@scope("write:filters")
def add_filtered_status(filter_id: int) -> Response:
    """One more post."""
    sent = read(NewFilteredStatus)
    with unit_of_work():
        found = queries.get_own(viewer(), filter_id, lock=True)
        post = posts.get_visible_original(viewer(), sent.status_id)
        entry_id = actions.add_post(found, post)
    return show_filtered_status(entry_id)


@bp.get("/api/v2/filters/statuses/<int:entry_id>")
@scope("read:filters")
def show_filtered_status(entry_id: int) -> Response:
    """The entry of a post in a filter."""
    entry = queries.get_own_post(viewer(), entry_id)
    return answer(filtered_status(queries.FilteredPostView(entry.id, entry.post_id)))


@bp.delete("/api/v2/filters/statuses/<int:entry_id>")
@scope("write:filters")
def delete_filtered_status(entry_id: int) -> Response:
    """Not this post any more."""
    with unit_of_work():
        actions.remove_post(queries.get_own_post(viewer(), entry_id))
    return answer({})


def _draft(row: KeywordRow) -> KeywordDraft:
    if row.id is not None:
        raise NotFound
    return KeywordDraft(row.keyword or "", row.whole_word is not False)


def lasts(seconds: int | None) -> dt.timedelta | None:
    """How long a filter lasts; None for ever, and for none. Invalid when it is too long."""
    if seconds is None:
        return None
    try:
        return dt.timedelta(seconds=seconds)
    except OverflowError:
        raise Invalid(fields={"expires_in": N_("This cannot be read.")}) from None
