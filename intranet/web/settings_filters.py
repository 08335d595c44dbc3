"""What the viewer does not want to read: the list of filters, and the form of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.filters import actions, queries
from intranet.filters.actions import FilterDraft, KeywordDraft
from intranet.filters.models import FilterAction, FilterContext
from intranet.filters.queries import FilterView
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer
from intranet.web.settings import bp

# How long a filter lasts, by what the form says.
_LASTS: Mapping[str, dt.timedelta | None] = {
    "": None,
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
    "month": dt.timedelta(days=30),
}
_KEEP = "keep"
_MOST_TYPED = 20_000


@bp.get("/settings/filters")
def filters() -> ResponseReturnValue:
    """The viewer's filters, and the form of a new one."""
    return _list_page(_form_of(None))


@bp.post("/settings/filters")
def create_filter() -> ResponseReturnValue:
    """A new filter, or the form again with what was typed."""
    try:
        draft = FilterDraft(
            title=request.form.get("title", ""),
            contexts=request.form.getlist("context"),
            action=_action(),
            lasts=_lasts(),
        )
        with unit_of_work():
            actions.create(viewer(), draft, _keywords())
    except Invalid as error:
        return _list_page(_sent(), **_problems(error)), error.status
    flash(_("Saved."))
    return redirect(url_for("settings.filters"), 303)


@bp.get("/settings/filters/<int:filter_id>")
def edit_filter(filter_id: int) -> ResponseReturnValue:
    """The form of one filter."""
    found = queries.show(viewer(), filter_id)
    return _edit_page(found, _form_of(found))


@bp.post("/settings/filters/<int:filter_id>")
def change_filter(filter_id: int) -> ResponseReturnValue:
    """Change it, or the form again with what was typed."""
    try:
        with unit_of_work():
            found = queries.get_own(viewer(), filter_id, lock=True)
            actions.change(
                found,
                title=request.form.get("title", ""),
                contexts=request.form.getlist("context"),
                action=_action(),
            )
            if request.form.get("expires") != _KEEP:
                actions.set_end(found, _lasts())
            actions.set_keywords(found, _keywords(may_be_empty=_has_posts(filter_id)))
    except Invalid as error:
        shown = queries.show(viewer(), filter_id)
        return _edit_page(shown, _sent(), **_problems(error)), error.status
    flash(_("Saved."))
    return redirect(url_for("settings.filters"), 303)


@bp.post("/settings/filters/<int:filter_id>/delete")
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Delete it."""
    with unit_of_work():
        actions.remove(queries.get_own(viewer(), filter_id, lock=True))
    flash(_("The filter is deleted."))
    return redirect(url_for("settings.filters"), 303)


def _list_page(form: Mapping[str, Any], **problems: str) -> str:
    return render_template(
        "settings/filters.html",
        filters=queries.list_filters(viewer()),
        form=form,
        errors=problems,
        places=_places(),
    )


def _edit_page(found: FilterView, form: Mapping[str, Any], **problems: str) -> str:
    return render_template(
        "settings/filter.html", filter=found, form=form, errors=problems, places=_places()
    )


def _places() -> dict[FilterContext, str]:
    return {
        FilterContext.HOME: _("Home and my groups"),
        FilterContext.PUBLIC: _("The organisation, single groups and hashtags"),
        FilterContext.THREAD: _("Replies below a post"),
        FilterContext.ACCOUNT: _("Profiles"),
        FilterContext.NOTIFICATIONS: _("Notifications"),
    }


def _form_of(found: FilterView | None) -> dict[str, Any]:
    if found is None:
        everywhere = [one.value for one in FilterContext]
        return {"title": "", "keywords": "", "whole_word": True, "context": everywhere,
                "act": FilterAction.WARN.value, "expires": ""}  # fmt: skip
    return {
        "title": found.title,
        "keywords": "\n".join(word.keyword for word in found.keywords),
        "whole_word": all(word.whole_word for word in found.keywords),
        "context": [one.value for one in found.contexts],
        "act": found.action.value,
        "expires": _KEEP if found.expires_at else "",
    }


def _sent() -> dict[str, Any]:
    return {
        **request.form.to_dict(),
        "whole_word": request.form.get("whole_word") == "1",
        "context": request.form.getlist("context"),
    }


def _keywords(*, may_be_empty: bool = False) -> Sequence[KeywordDraft]:
    typed = request.form.get("keywords", "")
    if len(typed) > _MOST_TYPED:
        message = N_("That is too much at once.")
        raise Invalid(message, fields={"keywords": message})
    whole = request.form.get("whole_word") == "1"
    lines = [line for line in typed.splitlines() if line.strip()]
    if not lines and not may_be_empty:
        message = N_("Write at least one word.")
        raise Invalid(message, fields={"keywords": message})
    return [KeywordDraft(line, whole) for line in lines]


def _has_posts(filter_id: int) -> bool:
    return bool(queries.show(viewer(), filter_id).posts)


def _action() -> FilterAction:
    try:
        return FilterAction(request.form.get("act", ""))
    except ValueError:
        raise Invalid(fields={"act": N_("Choose one of these.")}) from None


def _lasts() -> dt.timedelta | None:
    try:
        return _LASTS[request.form.get("expires", "")]
    except KeyError:
        raise Invalid(fields={"expires": N_("Choose one of these.")}) from None


def _problems(error: Invalid) -> dict[str, str]:
    """By field; what belongs to none stands with the title."""
    return errors.field_sentences(error) or {"title": errors.sentence(error)}
