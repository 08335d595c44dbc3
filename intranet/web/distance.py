"""Muting and blocking on the web, private notes, and what one wants of somebody one follows."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts import queries
from intranet.accounts.chips import chip_of
from intranet.accounts.models import Account
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.relationships import actions, distance
from intranet.relationships import queries as relationships
from intranet.relationships.actions import FollowWishes
from intranet.relationships.policies import require_may_block, require_may_mute
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.people import bp as people
from intranet.web.settings import bp as settings

bp = people

_HOUR = 3600
# What the form offers: for how long, in seconds; 0 until it is taken back.
DURATIONS = (0, _HOUR, 8 * _HOUR, 24 * _HOUR, 7 * 24 * _HOUR, 30 * 24 * _HOUR)
_LISTED = 40


def _home_of(account: Account) -> ResponseReturnValue:
    """Back to where the form stood, or to the account's own page."""
    onwards = request.form.get("next")
    if onwards:
        return redirect(safe_next(onwards), 303)
    endpoint = "pages.show" if account.is_page else "people.show"
    return redirect(url_for(endpoint, handle=account.handle), 303)


def _do(
    handle: str, act: Callable[[Account, Account], None], said: str = ""
) -> ResponseReturnValue:
    with unit_of_work():
        account = queries.get_visible(viewer(), handle)
        act(viewer(), account)
    if said:
        flash(said)
    return _home_of(account)


@people.get("/@<handle>/mute")
def ask_mute(handle: str) -> ResponseReturnValue:
    """For how long, and whether notifications too."""
    account = queries.get_visible(viewer(), handle)
    require_may_mute(viewer(), account)
    return _mute_form(account, {})


def _mute_form(account: Account, problems: dict[str, str]) -> str:
    return render_template(
        "people/mute.html",
        account=chip_of(account),
        durations=DURATIONS,
        form=request.form,
        errors=problems,
        is_muted=relationships.relation(viewer(), account.id).mute is not None,
    )


@people.post("/@<handle>/mute")
def mute(handle: str) -> ResponseReturnValue:
    """Read less of somebody."""
    account = queries.get_visible(viewer(), handle)
    try:
        seconds = _seconds(request.form.get("duration", "0"))
        with unit_of_work():
            distance.mute(
                viewer(),
                account,
                seconds=seconds,
                notifications=request.form.get("notifications") == "1",
            )
    except Invalid as error:
        return _mute_form(account, errors.field_sentences(error)), error.status
    flash(_("%(name)s is muted.", name=account.display_name))
    return _home_of(account)


def _seconds(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 12:
        raise Invalid(fields={"duration": N_("Choose one of these.")})
    return int(raw)


@people.post("/@<handle>/unmute")
def unmute(handle: str) -> ResponseReturnValue:
    """Read them again."""
    return _do(handle, distance.unmute, _("You read them again."))


@people.get("/@<handle>/block")
def ask_block(handle: str) -> ResponseReturnValue:
    """What a block does and what it does not, before it is done."""
    account = queries.get_visible(viewer(), handle)
    require_may_block(viewer(), account)
    return render_template("people/block.html", account=chip_of(account))


@people.post("/@<handle>/block")
def block(handle: str) -> ResponseReturnValue:
    """Keep the two apart."""
    return _do(handle, distance.block, _("The two of you are kept apart from now on."))


@people.post("/@<handle>/unblock")
def unblock(handle: str) -> ResponseReturnValue:
    """Take the block back."""
    return _do(handle, distance.unblock, _("Your block is taken back."))


@people.post("/@<handle>/followers/remove")
def remove_follower(handle: str) -> ResponseReturnValue:
    """They follow the viewer no longer."""
    return _do(handle, distance.remove_follower, _("They follow you no longer."))


@people.post("/@<handle>/note")
def note(handle: str) -> ResponseReturnValue:
    """Write down something that only the viewer reads."""
    text = request.form.get("comment", "")
    return _do(handle, lambda actor, other: distance.note(actor, other, text), _("Saved."))


@people.post("/@<handle>/wishes")
def wishes(handle: str) -> ResponseReturnValue:
    """What the viewer wants of somebody they follow: `notify` and `boosts`, each 1 or 0; what is
    not sent stays. Following is not begun by this."""
    wanted = FollowWishes(boosts=_flag("boosts"), notify=_flag("notify"))

    def act(actor: Account, account: Account) -> None:
        if relationships.is_following(actor, account.id):
            actions.follow(actor, account, wanted)

    return _do(handle, act, _("Saved."))


def _flag(name: str) -> bool | None:
    return {"1": True, "0": False}.get(request.form.get(name, ""))


@people.post("/people/suggestions/<handle>/dismiss")
def dismiss_suggestion(handle: str) -> ResponseReturnValue:
    """Do not propose this person again."""
    with unit_of_work():
        distance.dismiss_suggestion(viewer(), queries.get_visible(viewer(), handle).id)
    return redirect(safe_next(request.form.get("next") or url_for("people.index")), 303)


@settings.get("/settings/distance", endpoint="distance")
def kept_away() -> ResponseReturnValue:
    """Whom the viewer has muted and blocked, with the way back."""
    muted = relationships.list_muted(viewer(), _cursor("muted"))
    blocked = relationships.list_blocked(viewer(), _cursor("blocked"))
    return render_template(
        "settings/distance.html",
        muted=muted,
        mutes=relationships.relations(viewer(), [chip.id for chip in muted.items]),
        blocked=blocked,
    )


def _cursor(name: str) -> Cursor:
    return Cursor.parse(request.args.get(name), limit=_LISTED)
