"""The directory, profiles, and following."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from intranet.accounts import directory, queries
from intranet.accounts.directory import PeopleFilter
from intranet.accounts.models import Account
from intranet.conversations import queries as conversations
from intranet.groups import queries as groups
from intranet.kernel.pagination import Cursor
from intranet.posts import praising
from intranet.posts import queries as posts
from intranet.posts.profile_pins import pinned_on_profile
from intranet.relationships import actions as relationships
from intranet.relationships import queries as follows
from intranet.relationships.suggestions import suggestions
from intranet.tags import queries as tags
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.timelines import shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("people", __name__)

_PEOPLE = 40


def names_of_languages(codes: Iterable[str]) -> dict[str, str]:
    """BCP 47 codes with their names in the reader's language."""
    reader = get_locale() or Locale("en")
    found = {}
    for code in codes:
        try:
            name = Locale.parse(code, sep="-").get_language_name(reader.language)
        except (UnknownLocaleError, ValueError):
            name = None
        found[code] = name or code
    return found


@bp.get("/people")
def index() -> ResponseReturnValue:
    """Everybody the viewer may see, searched and narrowed."""
    wanted = PeopleFilter(
        **{
            name: request.args.get(name, "")
            .replace("\0", "")
            .strip()[:200]  # PostgreSQL has no NUL
            for name in ("q", "department", "site", "skill")
        }
    )
    cursor = Cursor.parse(None, request.args.get("after"), _PEOPLE)
    page = directory.list_people(viewer(), wanted, after=cursor.after, limit=cursor.limit)
    followed = follows.follows_among(viewer(), [person.chip.id for person in page.people])
    return render_template(
        "people/index.html",
        page=page,
        wanted=wanted,
        followed=followed,
        facets=directory.facets(viewer()),
        suggestions=suggestions(viewer()),
        newcomers=queries.newcomers(viewer()),
    )


@bp.get("/@<handle>")
def show(handle: str) -> ResponseReturnValue:
    """A person: who they are and what they wrote, what they hold at the top first. A page has its
    own address."""
    account = queries.get_visible(viewer(), handle)
    if account.is_page:
        return redirect(url_for("pages.show", handle=account.handle), 303)
    pinned = posts.cards(viewer(), pinned_on_profile(account.id))
    shown = shown_here(Timeline(Kind.ACCOUNT, str(account.id)), pinned)
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    profile = queries.profile(viewer(), account)
    return render_template(
        "people/show.html",
        profile=profile,
        posts_count=posts.count_by(viewer(), account.id),
        praise_count=praising.count_praise(viewer(), account.id),
        shown=shown,
        relation=follows.relation(viewer(), account.id),
        featured=tags.featured_of(viewer(), account.id),
        may_write=conversations.may_write_to(viewer(), account.id),
        languages=names_of_languages(profile.languages),
        groups=groups.groups_of(viewer(), account),
    )


@bp.get("/@<handle>/followers")
def followers(handle: str) -> ResponseReturnValue:
    """Who follows a person."""
    account = queries.get_visible(viewer(), handle)
    return _listed(account, "followers")


@bp.get("/@<handle>/following")
def following(handle: str) -> ResponseReturnValue:
    """Whom a person follows."""
    account = queries.get_visible(viewer(), handle)
    return _listed(account, "following")


def _listed(account: Account, which: str) -> ResponseReturnValue:
    if account.is_page:
        return redirect(url_for("pages.show", handle=account.handle), 303)
    list_them = follows.list_followers if which == "followers" else follows.list_following
    page = list_them(viewer(), account, Cursor.parse(request.args.get("before"), limit=_PEOPLE))
    return render_template(
        "people/follows.html",
        which=which,
        profile=queries.profile(viewer(), account),
        page=page,
        followed=follows.follows_among(viewer(), [chip.id for chip in page.items]),
    )


@bp.post("/@<handle>/follow")
def follow(handle: str) -> ResponseReturnValue:
    """Follow; again changes nothing."""
    with unit_of_work():
        relationships.follow(viewer(), queries.get_visible(viewer(), handle))
    return _after(handle)


@bp.post("/@<handle>/unfollow")
def unfollow(handle: str) -> ResponseReturnValue:
    """No longer follow; again changes nothing."""
    with unit_of_work():
        relationships.unfollow(viewer(), queries.get_visible(viewer(), handle))
    return _after(handle)


def _after(handle: str) -> ResponseReturnValue:
    if not wants_fragment():
        back = request.form.get("next")
        return redirect(
            safe_next(back) if back else url_for("people.show", handle=handle.lower()), 303
        )
    account = queries.get_visible(viewer(), handle)
    return render_template(
        "people/_followed.html",
        profile=queries.profile(viewer(), account),
        is_following=follows.is_following(viewer(), account.id),
    )
