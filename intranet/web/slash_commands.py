"""The pages of commands: the same for a group's owners and for administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.groups.models import Group
from intranet.kernel.errors import Invalid
from intranet.unit_of_work import unit_of_work
from intranet.web.auth import settings_here
from intranet.web.identity import viewer
from intranet.webhooks import commands
from intranet.webhooks.commands import CommandDraft

Find = Callable[..., Group | None]
DrawIndex = Callable[..., str]


def index_values(group: Group | None) -> dict[str, Any]:
    """What the list of commands and its form take."""
    return {
        "commands": commands.list_made_in(group),
        "offered": commands.list_offered(group) if group is not None else [],
    }


def attach(bp: Blueprint, prefix: str, find: Find, draw_index: DrawIndex) -> None:
    """Add the pages below `prefix`; `find` and `draw_index` as for outgoing webhooks."""

    @bp.post(f"{prefix}/commands")
    def add_command(**place: Any) -> ResponseReturnValue:
        """A new command, or the form again."""
        form = request.form
        draft = CommandDraft(
            name=form.get("command", ""),
            url=form.get("address", ""),
            description=form.get("description", ""),
            usage=form.get("usage", ""),
            bot=form.get("answers_as", ""),
        )
        settings = settings_here()
        try:
            with unit_of_work():
                made = commands.create(
                    viewer(),
                    find(**place),
                    draft,
                    allowed=settings.webhook_hosts,
                    group_bots=settings.group_bots,
                )
                webhook_id = made.webhook_id
        except Invalid as error:
            return draw_index(place, error, form, part="command"), error.status
        flash(_("The command is there. Its program finds the secret below."))
        return redirect(url_for(f"{bp.name}.outgoing_webhook", webhook_id=webhook_id, **place), 303)


def attach_switches(
    bp: Blueprint, prefix: str, find: Callable[..., Group], back: Callable[..., ResponseReturnValue]
) -> None:
    """Add what lets a command of the organisation into a group, and puts it out again."""

    @bp.post(f"{prefix}/commands/<int:command_id>/let-in")
    def let_command_in(command_id: int, **place: Any) -> ResponseReturnValue:
        """It works here from now on."""
        with unit_of_work():
            commands.let_in(viewer(), find(**place), command_id)
        flash(_("The command works in this group."))
        return back(place)

    @bp.post(f"{prefix}/commands/<int:command_id>/put-out")
    def put_command_out(command_id: int, **place: Any) -> ResponseReturnValue:
        """It works here no more."""
        with unit_of_work():
            commands.put_out(viewer(), find(**place), command_id)
        flash(_("The command works in this group no more."))
        return back(place)


def shown_errors(problems: Mapping[str, str]) -> dict[str, str]:
    """The problems of a draft under the names that the form's fields have."""
    fields = {"name": "command", "url": "address", "display_name": "answers_as"}
    return {fields.get(name, name): words for name, words in problems.items()}
