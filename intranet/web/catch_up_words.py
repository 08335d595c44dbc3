"""Why something is shown, what waits, and what counts how much, in the reader's language."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.catchup.duties import Duty
from intranet.catchup.reasons import Reason, Why
from intranet.catchup.weights import Feature


def because(reason: Reason) -> str:
    """The reason as the end of a sentence that shows something."""
    name = reason.name
    if reason.why is Why.NEAR:
        return str(
            ngettext(
                "because %(num)s person you follow or work with reacted",
                "because %(num)s people you follow or work with reacted",
                reason.count,
            )
        )
    if reason.why is Why.TALK:
        return str(
            ngettext(
                "because it is talked of: %(num)s answer or reaction",
                "because it is talked of: %(num)s answers or reactions",
                reason.count,
            )
        )
    words = {
        Why.MENTION: lambda: _("because %(name)s named you", name=name),
        Why.REPLY: lambda: _("because %(name)s answered you", name=name),
        Why.THREAD: lambda: _("because %(name)s wrote in a thread that you began", name=name),
        Why.MANAGER: lambda: _("because %(name)s, your manager, wrote it", name=name),
        Why.CLOSE: lambda: _("because you often exchange with %(name)s", name=name),
        Why.TEAM: lambda: _("because %(name)s is in your team", name=name),
        Why.SKILL: lambda: _("because it is about something you know of: %(name)s", name=name),
        Why.TAG: lambda: _("because you follow #%(name)s", name=name),
        Why.POLL: lambda: _("because you can still vote"),
        Why.GROUP: lambda: _("because it is in your group %(name)s", name=name),
        Why.FOLLOW: lambda: _("because you follow %(name)s", name=name),
        Why.PASSED_ON: lambda: _("because %(name)s, whom you follow, passed it on", name=name),
        Why.CONFIRM: lambda: _("because you are asked to confirm it"),
        Why.READ_FIRST: lambda: _(
            "because %(name)s asks everybody it is for to read it", name=name
        ),
        Why.APPROVAL: lambda: _("because %(name)s waits for your approval", name=name),
        Why.REVIEW: lambda: _("because %(name)s waits for your review", name=name),
        Why.EVENT: lambda: (
            _("because %(name)s invited you and you have not answered", name=name)
            if name
            else _("because you are invited and have not answered")
        ),
        Why.GROUP_INVITATION: lambda: _("because %(name)s invited you to this group", name=name),
        Why.MESSAGE: lambda: _("because you have not read it yet"),
    }
    if reason.why is Why.JOIN_REQUESTS:
        return str(
            ngettext(
                "because %(num)s person asks to join",
                "because %(num)s people ask to join",
                reason.count,
            )
        )
    return str(words[reason.why]())


def duty_title(duty: Duty) -> str:
    """What it is about."""
    if duty.why is Why.MESSAGE:
        return str(_("Message from %(names)s", names=duty.who))
    return duty.title or str(_("Without text"))


def duty_reason(duty: Duty) -> str:
    """Why it is there."""
    return because(Reason(duty.why, duty.who, duty.count))


def duty_url(duty: Duty) -> str:
    """Where it is done."""
    if duty.why in (Why.CONFIRM, Why.READ_FIRST, Why.APPROVAL):
        return url_for("announcements.show", announcement_id=duty.subject_id)
    if duty.why is Why.REVIEW:
        return url_for("pages.reviews", handle=duty.slug)
    if duty.why is Why.EVENT:
        return url_for("events.show", occurrence_id=duty.subject_id)
    if duty.why is Why.GROUP_INVITATION:
        return url_for("groups.show", slug=duty.slug)
    if duty.why is Why.JOIN_REQUESTS:
        return url_for("groups.requests", slug=duty.slug)
    return url_for("conversations.show", conversation_id=duty.subject_id)


DUTY_ICONS = {
    Why.CONFIRM: "horn",
    Why.READ_FIRST: "horn",
    Why.APPROVAL: "seal",
    Why.REVIEW: "seal",
    Why.EVENT: "cal",
    Why.GROUP_INVITATION: "group",
    Why.JOIN_REQUESTS: "people",
    Why.MESSAGE: "chat",
}


def feature_words() -> dict[Feature, tuple[str, str]]:
    """What each feature is called, and what it means."""
    return {
        Feature.CLOSE: (_("People I exchange with"), _("Whom I have answered or reacted to.")),
        Feature.TEAM: (_("My team"), _("Who has the same manager as I, or answers to me.")),
        Feature.NEAR: (
            _("Reactions of people near me"),
            _("Of those I follow or work with. The first ones count most."),
        ),
        Feature.SKILL: (_("What I know of"), _("It names a skill of my profile.")),
        Feature.TAG: (_("Hashtags I follow"), _("It carries one of them.")),
        Feature.POLL: (_("Open polls"), _("I can still vote.")),
        Feature.TALK: (_("What is talked of"), _("Answers and reactions of everybody.")),
        Feature.GROUP: (_("My groups"), _("It is in a group of mine.")),
        Feature.FOLLOW: (_("People I follow"), _("They wrote it or passed it on.")),
        Feature.FRESH: (_("The newest"), _("The later it came, the more.")),
    }


def register(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(
        because=because,
        duty_title=duty_title,
        duty_reason=duty_reason,
        duty_url=duty_url,
        duty_icon=DUTY_ICONS.__getitem__,
    )
