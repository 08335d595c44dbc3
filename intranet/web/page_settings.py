"""What owners change about a page, its picture and its end; the badge that administrators give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.media import actions as media
from intranet.media import uploads
from intranet.pages import actions, policies, queries
from intranet.pages.models import Page, PageRole
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.identity import viewer
from intranet.web.media import limits, storage
from intranet.web.pages import around, bp, draft_from_form, see


def _owned(handle: str) -> Page:
    page = queries.get_visible(viewer(), handle)
    policies.require_role(viewer(), page.account_id, (PageRole.OWNER,))
    return page


def _settings_page(page: Page, form: Mapping[str, Any], **problems: str) -> str:
    return render_template("pages/settings.html", form=form, errors=problems, **around(page))


@bp.get("/pages/<handle>/settings")
def settings(handle: str) -> ResponseReturnValue:
    """The form, for owners."""
    page = _owned(handle)
    form = {
        "name": page.account.display_name,
        "category": page.category.value,
        "tagline": page.tagline,
        "about": page.account.about_source,
        "contact_email": page.contact_email,
        "contact_phone": page.contact_phone,
        "contact_url": page.contact_url,
        "department": page.account.department,
        "site": page.account.site,
        "attribution": page.attribution.value,
        "review_required": page.review_required,
        "is_public": page.is_public,
    }
    return _settings_page(page, form)


@bp.post("/pages/<handle>/settings")
def edit(handle: str) -> ResponseReturnValue:
    """Change what the form says, or give the form again."""
    _owned(handle)
    try:
        with unit_of_work():
            page = _owned(handle)
            actions.edit(viewer(), page, draft_from_form())
    except Invalid as error:
        problems = errors.field_sentences(error)
        return _settings_page(_owned(handle), request.form, **problems), error.status
    flash(_("Saved."))
    return see(handle.lower(), "pages.settings")


@bp.post("/pages/<handle>/picture")
def set_picture(handle: str) -> ResponseReturnValue:
    """Take a new picture (field `picture`); the old one's files go."""
    _owned(handle)
    sent = request.files.get("picture")
    try:
        if sent is None or not sent.filename:
            raise Invalid(fields={"picture": N_("Choose a picture first.")})
        key = uploads.take_avatar(sent.stream, storage=storage(), limits=limits())  # type: ignore[arg-type]  # werkzeug's IO[bytes] is a BinaryIO
    except (Invalid, TooLarge) as error:
        flash(errors.field_sentences(error).get("picture") or errors.sentence(error), "error")
        return see(handle.lower(), "pages.settings")
    return _hang(handle, key)


@bp.post("/pages/<handle>/picture/remove")
def remove_picture(handle: str) -> ResponseReturnValue:
    """Back to initials."""
    return _hang(handle, None)


def _hang(handle: str, key: str | None) -> ResponseReturnValue:
    with unit_of_work():
        old = actions.set_picture(viewer(), queries.get_visible(viewer(), handle), key)
        if old is not None:
            media.purge_avatar(old)
    flash(_("Saved."))
    return see(handle.lower(), "pages.settings")


@bp.post("/pages/<handle>/verification")
def verify(handle: str) -> ResponseReturnValue:
    """Give the badge."""
    with unit_of_work():
        actions.set_verified(viewer(), queries.get_visible(viewer(), handle), True)
    return see(handle.lower())


@bp.post("/pages/<handle>/verification/remove")
def unverify(handle: str) -> ResponseReturnValue:
    """Take the badge away."""
    with unit_of_work():
        actions.set_verified(viewer(), queries.get_visible(viewer(), handle), False)
    return see(handle.lower())


@bp.post("/pages/<handle>/close")
def close(handle: str) -> ResponseReturnValue:
    """Nothing new comes from it; what it said stays."""
    with unit_of_work():
        actions.close(viewer(), queries.get_visible(viewer(), handle))
    flash(_("The page is closed. What it said stays readable."))
    return see(handle.lower())


@bp.post("/pages/<handle>/reopen")
def reopen(handle: str) -> ResponseReturnValue:
    """The page speaks again."""
    with unit_of_work():
        actions.reopen(viewer(), queries.get_visible(viewer(), handle))
    flash(_("The page is open again."))
    return see(handle.lower())
