"""The pages of outgoing webhooks: the same for a group's owners and for administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.groups.home import home
from intranet.groups.models import Group
from intranet.kernel.errors import Invalid
from intranet.kernel.pagination import Cursor
from intranet.unit_of_work import unit_of_work
from intranet.web.auth import settings_here
from intranet.web.errors import field_sentences
from intranet.web.identity import viewer
from intranet.web.limits import limiter
from intranet.webhooks import commands, outgoing
from intranet.webhooks.models import OutgoingWebhook, WebhookEvent
from intranet.webhooks.outgoing import WebhookDraft

Find = Callable[..., Group | None]
DrawIndex = Callable[..., str]
_LOG = 30


def event_words() -> dict[str, str]:
    """What each event is called, in the reader's language."""
    return {
        WebhookEvent.POST_PUBLISHED.value: _("A post is published"),
        WebhookEvent.POST_CHANGED.value: _("A post is changed"),
        WebhookEvent.POST_DELETED.value: _("A post is deleted"),
        WebhookEvent.MEMBER_JOINED.value: _("Somebody joins"),
        WebhookEvent.ANNOUNCEMENT_PUBLISHED.value: _("An announcement for everybody goes out"),
        WebhookEvent.EVENT_CHANGED.value: _("An event changes or is cancelled"),
        WebhookEvent.COMMAND.value: _("Somebody types the command"),
        WebhookEvent.PING.value: _("Test"),
    }


def status_words() -> dict[str, str]:
    """What became of a delivery, in the reader's language."""
    return {
        "waiting": _("Waiting"),
        "delivered": _("Delivered"),
        "failed": _("Given up"),
        "dropped": _("Nothing to tell any more"),
    }


def reason_words(said: str) -> str:
    """Why an attempt had no answer, in the reader's language; what a server said stays as it is."""
    return str(_(said)) if said else ""


def index_values(group: Group | None) -> dict[str, Any]:
    """What the list of addresses and its form take."""
    return {
        "outgoing": outgoing.list_of(group),
        "events": [(one.value, event_words()[one.value]) for one in outgoing.events_for(group)],
    }


def draft_from_form() -> WebhookDraft:
    """What the form of a new address says."""
    return WebhookDraft(
        name=request.form.get("name", ""),
        url=request.form.get("url", ""),
        events=tuple(request.form.getlist("events")),
    )


def attach(
    bp: Blueprint, prefix: str, find: Find, draw_index: DrawIndex, index: str, template: str
) -> None:
    """Add the pages below `prefix`. `find` gives the group of an address's parameters (None: the
    organisation) and refuses who may not; `draw_index` draws the list with the form's problems."""

    def link(place: Mapping[str, Any]) -> Callable[..., str]:
        return lambda name, **values: url_for(f"{bp.name}.{name}", **place, **values)

    def back(place: Mapping[str, Any], webhook_id: int) -> ResponseReturnValue:
        return redirect(link(place)("outgoing_webhook", webhook_id=webhook_id), 303)

    def change(place: Mapping[str, Any], webhook_id: int, act: Callable[..., None]) -> None:
        with unit_of_work():
            act(outgoing.get(viewer(), find(**place), webhook_id))

    @bp.post(f"{prefix}/outgoing")
    def add_outgoing(**place: Any) -> ResponseReturnValue:
        """A new address, or the form again."""
        allowed = settings_here().webhook_hosts
        try:
            with unit_of_work():
                made = outgoing.create(
                    viewer(), find(**place), draft_from_form(), allowed=allowed
                ).id
        except Invalid as error:
            return draw_index(place, error, request.form), error.status
        return back(place, made)

    def draw_one(
        place: Mapping[str, Any], webhook_id: int, error: Invalid | None = None
    ) -> ResponseReturnValue:
        group = find(**place)
        webhook = outgoing.get(viewer(), group, webhook_id)
        page = outgoing.log_of(webhook, Cursor.parse(request.args.get("before"), limit=_LOG))
        command = commands.of_webhook(webhook)
        line = outgoing.line(webhook)
        words = {"description": command.description, "usage": command.usage} if command else {}
        body = render_template(
            template,
            group=home(viewer(), group.slug) if group is not None else None,
            webhook=line,
            command=command is not None,
            secret=outgoing.secret(webhook, settings_here().secret_key),
            page=page,
            link=link(place),
            events=index_values(group)["events"],
            form=request.form if error else {"name": line.name, "url": line.url, **words},
            chosen=request.form.getlist("events") if error else line.events,
            errors=field_sentences(error) if error else {},
            event_words=event_words(),
            status_words=status_words(),
            reason_words=reason_words,
        )
        return body, error.status if error else 200, {"Cache-Control": "no-store"}

    @bp.get(f"{prefix}/outgoing/<int:webhook_id>")
    def outgoing_webhook(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """One address: its secret, and what it was told."""
        return draw_one(place, webhook_id)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>")
    def save_outgoing(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """Change it, or give the form again."""
        allowed = settings_here().webhook_hosts
        form = request.form
        try:
            with unit_of_work():
                group = find(**place)
                webhook = outgoing.get(viewer(), group, webhook_id)
                outgoing.edit(webhook, group, draft_from_form(), allowed=allowed)
                if commands.of_webhook(webhook) is not None:
                    commands.edit(
                        webhook,
                        description=form.get("description", ""),
                        usage=form.get("usage", ""),
                    )
        except Invalid as error:
            return draw_one(place, webhook_id, error)
        flash(_("Saved."))
        return back(place, webhook_id)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>/ping")
    @limiter.limit("20 per 5 minutes")
    def ping_outgoing(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """Send a test."""
        change(place, webhook_id, outgoing.ping)
        flash(_("A test is on its way. Look at the log in a moment."))
        return back(place, webhook_id)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>/secret")
    def rotate_outgoing(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """Another secret."""
        change(place, webhook_id, outgoing.rotate)
        flash(_("There is another secret. For a day both sign."))
        return back(place, webhook_id)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>/enable")
    def enable_outgoing(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """Turn it on."""
        change(place, webhook_id, outgoing.enable)
        flash(_("It is turned on."))
        return back(place, webhook_id)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>/disable")
    def disable_outgoing(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """Turn it off."""
        change(place, webhook_id, outgoing.disable)
        flash(_("It is turned off."))
        return back(place, webhook_id)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>/delete")
    def delete_outgoing(webhook_id: int, **place: Any) -> ResponseReturnValue:
        """Its end."""
        change(place, webhook_id, outgoing.delete)
        flash(_("It is deleted."))
        return redirect(link(place)(index), 303)

    @bp.post(f"{prefix}/outgoing/<int:webhook_id>/deliveries/<int:delivery_id>/replay")
    @limiter.limit("60 per 5 minutes")
    def replay_outgoing(webhook_id: int, delivery_id: int, **place: Any) -> ResponseReturnValue:
        """Tell it once more."""

        def again(webhook: OutgoingWebhook) -> None:
            outgoing.replay(webhook, delivery_id)

        change(place, webhook_id, again)
        flash(_("It is told once more."))
        return back(place, webhook_id)
