"""Filters as older programs know them: each is one keyword.

https://docs.joinmastodon.org/methods/filters/#v1"""

from __future__ import annotations

from flask import Response

from intranet.filters import actions, queries
from intranet.filters.actions import FilterDraft, KeywordDraft
from intranet.filters.models import FilterAction
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.filters import old_filter
from intranet.mastodon.filters import MaybeSeconds, lasts
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, MaybeText, Parameters, Texts, read
from intranet.mastodon.requirements import scope
from intranet.unit_of_work import unit_of_work


class OldFilter(Parameters):
    """A keyword with where it counts; `irreversible` means that it hides."""

    phrase: MaybeText = None
    context: Texts = ()
    irreversible: Flag = None
    whole_word: Flag = None
    expires_in: MaybeSeconds = None


@bp.get("/api/v1/filters")
@scope("read:filters")
def list_old_filters() -> Response:
    """The keywords of the caller's filters."""
    return answer(
        [old_filter(one, word) for one in queries.list_filters(viewer()) for word in one.keywords]
    )


@bp.get("/api/v1/filters/<int:keyword_id>")
@scope("read:filters")
def show_old_filter(keyword_id: int) -> Response:
    """One of them."""
    word = queries.get_own_keyword(viewer(), keyword_id)
    found = queries.show(viewer(), word.filter_id)
    return answer(old_filter(found, next(one for one in found.keywords if one.id == keyword_id)))


@bp.post("/api/v1/filters")
@scope("write:filters")
def create_old_filter() -> Response:
    """A new filter of one keyword, which is its name too."""
    sent = read(OldFilter)
    draft = FilterDraft(
        title=sent.phrase or "",
        contexts=sent.context,
        action=FilterAction.HIDE if sent.irreversible else FilterAction.WARN,
        lasts=lasts(sent.expires_in),
    )
    with unit_of_work():
        word = KeywordDraft(sent.phrase or "", bool(sent.whole_word))
        made = actions.create(viewer(), draft, [word])
    found = queries.show(viewer(), made.id)
    return answer(old_filter(found, found.keywords[0]))


@bp.put("/api/v1/filters/<int:keyword_id>")
@scope("write:filters")
def change_old_filter(keyword_id: int) -> Response:
    """Change one. Invalid for where and how long of a filter with several keywords: that would
    change the others too."""
    sent = read(OldFilter)
    with unit_of_work():
        word = queries.get_own_keyword(viewer(), keyword_id)
        found = queries.get_own(viewer(), word.filter_id, lock=True)
        shared = len(queries.show(viewer(), found.id).keywords) > 1
        action = None
        if sent.irreversible is not None:
            action = FilterAction.HIDE if sent.irreversible else FilterAction.WARN
        same = (not sent.context or set(sent.context) == set(found.contexts)) and (
            action in (None, found.action)
        )
        if shared and not (same and sent.expires_in is None):
            raise Invalid(N_("This word belongs to a filter with others: change that one."))
        actions.change_keyword(word, text=sent.phrase, whole_word=sent.whole_word)
        actions.change(found, contexts=sent.context or None, action=action)
        if "expires_in" in sent.model_fields_set and not shared:
            actions.set_end(found, lasts(sent.expires_in))
    return show_old_filter(keyword_id)


@bp.delete("/api/v1/filters/<int:keyword_id>")
@scope("write:filters")
def delete_old_filter(keyword_id: int) -> Response:
    """Delete one, and with the last keyword its filter."""
    with unit_of_work():
        word = queries.get_own_keyword(viewer(), keyword_id)
        found = queries.show(viewer(), word.filter_id)
        if len(found.keywords) == 1 and not found.posts:
            actions.remove(queries.get_own(viewer(), found.id, lock=True))
        else:
            actions.remove_keyword(word)
    return answer({})
