"""Personal lists of people: read like a timeline, and arranged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts import queries as accounts
from intranet.accounts.chips import chip_of
from intranet.kernel.errors import Invalid
from intranet.kernel.pagination import Cursor
from intranet.lists import actions, queries
from intranet.lists.actions import ListDraft
from intranet.relationships.queries import is_following
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer
from intranet.web.timelines import shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("lists", __name__)

_LISTED = 40
_MOST_TICKED = 50


def _draft() -> ListDraft:
    form = request.form
    return ListDraft(
        form.get("title", ""), form.get("replies_policy", "list"), form.get("exclusive") == "1"
    )


@bp.get("/lists")
def index() -> ResponseReturnValue:
    """The viewer's lists, and a form for another."""
    return _index({}, {})


def _index(form: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    return render_template(
        "lists/index.html", lists=queries.own_lists(viewer()), form=form, errors=problems
    )


@bp.post("/lists")
def create() -> ResponseReturnValue:
    """A new list; then whom to put into it."""
    try:
        with unit_of_work():
            made = actions.create(viewer(), _draft()).id
    except Invalid as error:
        return _index(request.form, errors.field_sentences(error)), error.status
    return redirect(url_for("lists.people", list_id=made), 303)


@bp.get("/lists/<int:list_id>")
def show(list_id: int) -> ResponseReturnValue:
    """What the people of the list wrote."""
    one = queries.view(viewer(), list_id)
    shown = shown_here(Timeline(Kind.LIST, str(one.id)))
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    return render_template(
        "lists/show.html", one=one, shown=shown, lists=queries.own_lists(viewer())
    )


@bp.get("/lists/<int:list_id>/people")
def people(list_id: int) -> ResponseReturnValue:
    """Who is in the list, who could be, and its rules."""
    return _people(list_id, {}, {})


def _people(list_id: int, form: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    one = queries.view(viewer(), list_id)
    q = request.args.get("q", "").replace("\0", "").strip()[:200]
    cursor = Cursor.parse(request.args.get("before"), limit=_LISTED)
    return render_template(
        "lists/people.html",
        one=one,
        members=queries.members(viewer(), list_id, cursor),
        found=queries.people_to_add(viewer(), list_id, q),
        q=q,
        form=form,
        errors=problems,
    )


@bp.post("/lists/<int:list_id>/edit")
def edit(list_id: int) -> ResponseReturnValue:
    """Another title or other rules."""
    try:
        with unit_of_work():
            actions.edit(viewer(), queries.get_own(viewer(), list_id, lock=True), _draft())
    except Invalid as error:
        return _people(list_id, request.form, errors.field_sentences(error)), error.status
    flash(_("Saved."))
    return _see(list_id)


@bp.post("/lists/<int:list_id>/delete")
def delete(list_id: int) -> ResponseReturnValue:
    """The list is gone; its people are followed as before."""
    with unit_of_work():
        actions.delete_list(viewer(), queries.get_own(viewer(), list_id, lock=True))
    flash(_("The list is deleted."))
    return redirect(url_for("lists.index"), 303)


@bp.post("/lists/<int:list_id>/people")
def add(list_id: int) -> ResponseReturnValue:
    """Put somebody whom the viewer follows into the list."""
    with unit_of_work():
        one = queries.get_own(viewer(), list_id, lock=True)
        account = accounts.get_visible(viewer(), request.form.get("handle", ""))
        actions.add(viewer(), one, [account.id])
    return _see(list_id)


@bp.post("/lists/<int:list_id>/people/remove")
def remove(list_id: int) -> ResponseReturnValue:
    """Take somebody out of the list."""
    with unit_of_work():
        one = queries.get_own(viewer(), list_id, lock=True)
        account = accounts.get_visible(viewer(), request.form.get("handle", ""))
        actions.remove(viewer(), one, [account.id])
    return _see(list_id)


def _see(list_id: int) -> ResponseReturnValue:
    return redirect(url_for("lists.people", list_id=list_id), 303)


@bp.get("/@<handle>/lists")
def of_person(handle: str) -> ResponseReturnValue:
    """Which of the viewer's lists hold somebody, to be ticked."""
    account = accounts.get_visible(viewer(), handle)
    return render_template(
        "lists/of_person.html",
        account=chip_of(account),
        lists=queries.own_lists(viewer()),
        held={one.id for one in queries.lists_with(viewer(), account.id)},
        followed=is_following(viewer(), account.id),
    )


@bp.post("/@<handle>/lists")
def put(handle: str) -> ResponseReturnValue:
    """Hold somebody in the ticked lists and in no other of the viewer's."""
    ticked = set(request.form.getlist("list")[:_MOST_TICKED])
    with unit_of_work():
        account = accounts.get_visible(viewer(), handle)
        held = {one.id for one in queries.lists_with(viewer(), account.id)}
        for one in queries.own_lists(viewer()):
            if str(one.id) in ticked and one.id not in held:
                actions.add(viewer(), queries.get_own(viewer(), one.id), [account.id])
            elif one.id in held and str(one.id) not in ticked:
                actions.remove(viewer(), queries.get_own(viewer(), one.id), [account.id])
    flash(_("Saved."))
    endpoint = "pages.show" if account.is_page else "people.show"
    return redirect(url_for(endpoint, handle=account.handle), 303)
