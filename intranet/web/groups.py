"""Groups: the directory, a group's own page, coming and going. Members, requests and invitations
are in `group_members`, settings in `group_settings`; all three are one blueprint."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.announcements.pins import on_top
from intranet.groups import actions, directory, invitations, policies, queries, requests, roles
from intranet.groups.actions import GroupDraft, Joined
from intranet.groups.directory import Scope
from intranet.groups.home import home
from intranet.groups.models import GroupPrivacy, NotifyLevel
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.posts.pins import pinned_ids
from intranet.posts.queries import cards
from intranet.timelines.actions import mark_group_read
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from intranet.web import filtering
from intranet.web.composer import new_composer
from intranet.web.draft_forms import restored
from intranet.web.identity import viewer
from intranet.web.timelines import shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("groups", __name__)


def see(slug: str, endpoint: str = "groups.show") -> ResponseReturnValue:
    """Off to a page of the group after a write."""
    return redirect(url_for(endpoint, slug=slug), 303)


def words_for(error: Invalid) -> dict[str, str]:
    """The sentences beside the fields, in the reader's language."""
    return {name: _(message) for name, message in error.fields.items()}


def draft_from_form() -> GroupDraft:
    """What the form of a new or changed group says; Invalid with the fields to mend."""
    try:
        privacy = GroupPrivacy(request.form.get("privacy", GroupPrivacy.OPEN))
    except ValueError:
        raise Invalid(fields={"privacy": N_("Choose one of the three.")}) from None
    return GroupDraft(
        name=request.form.get("name", ""),
        purpose=request.form.get("purpose", ""),
        about=request.form.get("about", ""),
        privacy=privacy,
    )


@bp.get("/groups")
def index() -> ResponseReturnValue:
    """The directory."""
    q = request.args.get("q", "").strip()[:200]
    first = Scope.MINE if viewer().is_guest else Scope.ALL if q else Scope.SUGGESTED
    try:
        scope = Scope(request.args.get("scope", first))
    except ValueError:
        scope = first
    page = directory.directory(
        viewer(), q, scope, Cursor.parse(request.args.get("before"), limit=40)
    )
    counts = directory.counts(viewer(), q)
    return render_template("groups/index.html", page=page, scope=scope, q=q, counts=counts)


@bp.get("/groups/new")
def new() -> ResponseReturnValue:
    """The form of a new group."""
    policies.require_may_create(viewer())
    return render_template("groups/new.html", form={"privacy": "open"}, errors={})


@bp.post("/groups")
def create() -> ResponseReturnValue:
    """A new group, or the form again."""
    policies.require_may_create(viewer())
    try:
        with unit_of_work():
            slug = actions.create(viewer(), draft_from_form()).slug
    except Invalid as error:
        page = render_template("groups/new.html", form=request.form, errors=words_for(error))
        return page, error.status
    return see(slug)


@bp.get("/groups/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The group's home: its posts for readers, the way in for others."""
    group = home(viewer(), slug)
    if not group.may_read:
        return render_template("groups/show.html", group=group)
    pins = pinned_ids(group.id)
    held = on_top(viewer(), pins)
    shown = shown_here(Timeline(Kind.GROUP, str(group.id)), cards(viewer(), held))
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    compose = restored(new_composer(group.chip)) if group.is_member else None
    return render_template(
        "groups/show.html",
        group=group,
        shown=shown,
        compose=compose,
        pins=len(pins),
        pins_away=len(pins) - len(held),
    )


@bp.get("/groups/<slug>/pinned")
def pinned(slug: str) -> ResponseReturnValue:
    """All that is pinned in the group, also what the viewer has put away."""
    group = home(viewer(), slug)
    if not group.may_read:
        raise Forbidden(N_("Posts and members are for those who belong to the group."))
    read = filtering.filtered(cards(viewer(), pinned_ids(group.id)), Kind.GROUP)
    return render_template(
        "groups/pinned.html", group=group, posts=read.cards, warnings=read.warnings
    )


@bp.get("/groups/<slug>/about")
def about(slug: str) -> ResponseReturnValue:
    """What the group is for and who runs it."""
    return render_template("groups/about.html", group=home(viewer(), slug))


@bp.post("/groups/<slug>/read")
def read(slug: str) -> ResponseReturnValue:
    """The group's first page is on the screen, down from the post `up_to` (all when absent)."""
    seen = Cursor.parse(request.form.get("up_to")).before
    with unit_of_work():
        group = queries.get_visible(viewer(), slug)
        newest = group.last_post_id or 0
        mark_group_read(viewer().id, group.id, min(seen or newest, newest))
    return "", 204


@bp.post("/groups/<slug>/join")
def join(slug: str) -> ResponseReturnValue:
    """Come in, or ask to."""
    with unit_of_work():
        group = queries.get_visible(viewer(), slug)
        outcome = actions.join(viewer(), group, request.form.get("message", ""))
        name = group.name
    if wants_fragment():
        return render_template("groups/_entry.html", entry=directory.entry(viewer(), slug))
    if outcome is Joined.MEMBER:
        flash(_("You are now a member of %(name)s.", name=name))
    else:
        flash(_("Your request has been sent. You will hear when it is answered."))
    return see(slug)


@bp.post("/groups/<slug>/leave")
def leave(slug: str) -> ResponseReturnValue:
    """Go, naming a new owner if need be."""
    heir = request.form.get("successor", "").strip().lstrip("@").lower()
    with unit_of_work():
        group = queries.get_visible(viewer(), slug)
        successor = roles.get_member(group, heir) if heir else None
        actions.leave(viewer(), group, successor)
        name = group.name
    flash(_("You have left %(name)s.", name=name))
    return redirect(url_for("groups.index", scope=Scope.MINE.value), 303)


@bp.post("/groups/<slug>/notify")
def notify(slug: str) -> ResponseReturnValue:
    """What the viewer hears of from the group."""
    try:
        level = NotifyLevel(request.form.get("level", ""))
    except ValueError:
        raise Invalid(fields={"level": N_("Choose one of the three.")}) from None
    with unit_of_work():
        actions.set_notify_level(viewer(), queries.get_visible(viewer(), slug), level)
    return see(slug)


@bp.post("/groups/<slug>/request/remove")
def withdraw_request(slug: str) -> ResponseReturnValue:
    """Take one's own request back."""
    with unit_of_work():
        requests.withdraw(viewer(), queries.get_visible(viewer(), slug))
    return see(slug)


@bp.post("/groups/<slug>/invitation/accept")
def accept_invitation(slug: str) -> ResponseReturnValue:
    """Follow one's invitation."""
    with unit_of_work():
        group = queries.get_visible(viewer(), slug)
        invitations.accept(viewer(), group)
        name = group.name
    flash(_("You are now a member of %(name)s.", name=name))
    return see(slug)


@bp.post("/groups/<slug>/invitation/decline")
def decline_invitation(slug: str) -> ResponseReturnValue:
    """Refuse one's invitation; the group may then be out of sight."""
    with unit_of_work():
        invitations.decline(viewer(), queries.get_visible(viewer(), slug))
    return redirect(url_for("groups.index"), 303)
