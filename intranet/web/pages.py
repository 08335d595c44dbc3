"""Official pages: the directory, a page's own posts, following. What its writers do is in
`page_posts` and `page_reviews`, what its owners do in `page_settings` and `page_editors`; all are
one blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.announcements.pins import on_top
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.pages import actions, directory, policies, queries
from intranet.pages.directory import Scope
from intranet.pages.drafts import PageDraft
from intranet.pages.home import PageHome, home
from intranet.pages.models import Attribution, Page, PageCategory
from intranet.posts.pins import pinned_on_page
from intranet.posts.queries import cards
from intranet.relationships import actions as relationships
from intranet.reviews.queries import waiting_count
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.composer import page_composer
from intranet.web.draft_forms import restored
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.timelines import shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("pages", __name__)

_LISTED = 40
Choice = TypeVar("Choice", bound=StrEnum)


def see(handle: str, endpoint: str = "pages.show") -> ResponseReturnValue:
    """Off to a screen of the page after a write."""
    return redirect(url_for(endpoint, handle=handle), 303)


def around(page: Page) -> dict[str, Any]:
    """What the layout of a page's screens takes: `page`, and how many posts wait, for those who
    write for it."""
    drawn: PageHome = home(viewer(), page)
    writes = drawn.role in policies.WRITERS
    return {"page": drawn, "waiting": waiting_count(page.account_id) if writes else 0}


def draft_from_form() -> PageDraft:
    """What the form of a new or changed page says; Invalid with the fields to mend."""
    form = request.form
    return PageDraft(
        name=form.get("name", ""),
        category=_choice(PageCategory, "category", PageCategory.DEPARTMENT),
        tagline=form.get("tagline", ""),
        about=form.get("about", ""),
        contact_email=form.get("contact_email", ""),
        contact_phone=form.get("contact_phone", ""),
        contact_url=form.get("contact_url", ""),
        department=form.get("department", ""),
        site=form.get("site", ""),
        attribution=_choice(Attribution, "attribution", Attribution.AUTHOR),
        review_required=form.get("review_required") == "1",
        is_public=form.get("is_public") == "1",
    )


def _choice(kind: type[Choice], field: str, default: Choice) -> Choice:
    try:
        return kind(request.form.get(field, default))
    except ValueError:
        raise Invalid(fields={field: N_("Choose one of these.")}) from None


@bp.get("/pages")
def index() -> ResponseReturnValue:
    """The directory, for colleagues; guests find nothing here."""
    if viewer().is_guest:
        raise NotFound()
    q = request.args.get("q", "").replace("\0", "").strip()[:200]
    asked = request.args.get("scope", "")
    scope = Scope(asked) if asked in list(Scope) else Scope.ALL
    cursor = Cursor.parse(None, request.args.get("after"), _LISTED)
    return render_template(
        "pages/index.html",
        listed=directory.list_pages(viewer(), q, scope, after=cursor.after, limit=cursor.limit),
        scope=scope,
        q=q,
        counts={one.value: directory.count(viewer(), q, one) for one in Scope},
        may_create=policies.may_create(viewer()),
    )


@bp.get("/pages/new")
def new() -> ResponseReturnValue:
    """The form of a new page."""
    policies.require_may_create(viewer())
    return _new_page({"category": "department", "attribution": "author"})


def _new_page(form: Mapping[str, Any], **problems: str) -> str:
    return render_template("pages/new.html", form=form, errors=problems)


@bp.post("/pages")
def create() -> ResponseReturnValue:
    """A new page that the viewer owns, or the form again."""
    policies.require_may_create(viewer())
    try:
        with unit_of_work():
            page = actions.create(viewer(), request.form.get("handle", ""), draft_from_form())
            handle = page.account.handle
    except Invalid as error:
        return _new_page(request.form, **errors.field_sentences(error)), error.status
    return see(handle)


@bp.get("/pages/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """What the page published, what it holds at the top first."""
    page = queries.get_visible(viewer(), handle)
    pinned = cards(viewer(), on_top(viewer(), pinned_on_page(page.account_id)))
    shown = shown_here(Timeline(Kind.ACCOUNT, str(page.account_id)), pinned)
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    drawn = around(page)
    compose = restored(page_composer(drawn["page"])) if drawn["page"].may_write else None
    return render_template("pages/show.html", shown=shown, compose=compose, **drawn)


@bp.get("/pages/<handle>/about")
def about(handle: str) -> ResponseReturnValue:
    """What the page is for and how to reach it."""
    return render_template("pages/about.html", **around(queries.get_visible(viewer(), handle)))


@bp.post("/pages/<handle>/follow")
def follow(handle: str) -> ResponseReturnValue:
    """Follow; again changes nothing."""
    with unit_of_work():
        relationships.follow(viewer(), queries.get_visible(viewer(), handle).account)
    return _after(handle)


@bp.post("/pages/<handle>/unfollow")
def unfollow(handle: str) -> ResponseReturnValue:
    """No longer follow; again changes nothing."""
    with unit_of_work():
        relationships.unfollow(viewer(), queries.get_visible(viewer(), handle).account)
    return _after(handle)


def _after(handle: str) -> ResponseReturnValue:
    if not wants_fragment():
        back = request.form.get("next")
        return redirect(safe_next(back), 303) if back else see(handle.lower())
    page = home(viewer(), queries.get_visible(viewer(), handle))
    return render_template("pages/_followed.html", page=page)
