"""Where people work: the form that human resources and administrators fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts import employment, queries
from intranet.accounts.chips import by_id, chip_of
from intranet.accounts.employment import Employment
from intranet.accounts.models import Account
from intranet.kernel.errors import Invalid, NotFound
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer

bp = Blueprint("employment", __name__)

_FIELDS = ("title", "department", "site", "employment", "manager")


@bp.before_request
def require_right() -> None:
    """Nothing here is for anybody else."""
    employment.require_may_write(viewer())


@bp.get("/admin/people/<handle>")
def edit(handle: str) -> ResponseReturnValue:
    """The form of one person."""
    account = _person(handle)
    form = {name: getattr(account, name) for name in _FIELDS if name != "manager"}
    manager = by_id([account.manager_id]) if account.manager_id else {}
    form["manager"] = next((chip.handle for chip in manager.values()), "")
    return _page(account, form, {})


@bp.post("/admin/people/<handle>")
def save(handle: str) -> ResponseReturnValue:
    """Note it, or the form again."""
    wanted = Employment(**{name: request.form.get(name, "") for name in _FIELDS})
    try:
        with unit_of_work():
            employment.write(viewer(), _person(handle), wanted)
    except Invalid as error:
        page = _page(_person(handle), request.form, errors.field_sentences(error))
        return page, error.status
    flash(_("Saved."))
    return redirect(url_for("employment.edit", handle=handle), 303)


def _person(handle: str) -> Account:
    account = queries.get_visible(viewer(), handle)
    if account.is_page or account.is_bot:
        raise NotFound
    return account


def _page(account: Account, form: Mapping[str, Any], problems: dict[str, str]) -> str:
    return render_template(
        "admin/employment.html", person=chip_of(account), form=form, errors=problems
    )
