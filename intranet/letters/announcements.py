"""Letters about announcements: that there is one, that it has to be confirmed, and to managers who
of theirs has not. Written when they are sent, from what the recipient may see then."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.announcements import confirmation_links, queries, reportable, reports, texts
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.announcements.states import State, may_be_confirmed
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.letters.addresses import absolute, settings_here
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage
from intranet.unit_of_work import unit_of_work

LIST_ID = "announcements"  # of those that need no confirmation
_MOST_NAMES = 40
_DONE = (State.CONFIRMED, State.EXEMPTED)


def announcement(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """That it is out: title, beginning and facts, with a link that confirms it from the letter
    where that is asked for. Nothing to whom it is not for any more."""
    found = _find(message, recipient)
    if found is None or recipient is None:
        return None
    announced, text, row = found
    asked = _owes(announced, row)
    return _letter(announced, text, recipient, template="announcement", asked=asked)


def announcement_reminder(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """That it is still to be confirmed; nothing when it was done meanwhile, or has changed since
    (then another letter says so)."""
    found = _find(message, recipient)
    if found is None or recipient is None:
        return None
    announced, text, row = found
    if not _owes(announced, row) or announced.revision != message.payload["revision"]:
        return None
    return _letter(announced, text, recipient, template="announcement_reminder", asked=True)


def announcement_manager_reminder(
    message: OutboxMessage, recipient: Account | None
) -> Letter | None:
    """Who of the manager's reports has not confirmed yet; nothing when all have."""
    if recipient is None:
        return None
    try:
        announced = reportable.get_for_manager(recipient, message.payload["announcement_id"])
    except NotFound:
        return None
    if not may_be_confirmed(announced) or announced.revision != message.payload["revision"]:
        return None
    late = [one for one in reports.team(announced, recipient) if one.state not in _DONE]
    if not late:
        return None
    text = _text(announced)
    return Letter(
        subject=ngettext(
            "%(num)s person of your team has not confirmed: %(title)s",
            "%(num)s people of your team have not confirmed: %(title)s",
            len(late),
            title=text.title,
        ),
        template="announcement_manager_reminder",
        values={
            "title": text.title,
            "names": [one.account.display_name for one in late[:_MOST_NAMES]],
            "more": max(len(late) - _MOST_NAMES, 0),
            "by": announced.acknowledge_by,
            "link": absolute("reports.team", announcement_id=announced.id),
        },
        thread=_thread(announced),
    )


def _find(
    message: OutboxMessage, recipient: Account | None
) -> tuple[Announcement, AnnouncementText, AnnouncementRecipient] | None:
    if recipient is None:
        return None
    try:
        found = queries.get_visible(recipient, message.payload["announcement_id"])
    except NotFound:
        return None
    row = queries.recipient_row(recipient, found.id)
    over = found.expires_at is not None and found.expires_at <= utc_now()
    if row is None or over or found.status is not AnnouncementStatus.PUBLISHED:
        return None
    return found, _text(found), row


def _owes(announced: Announcement, row: AnnouncementRecipient) -> bool:
    return (
        may_be_confirmed(announced)
        and row.exempted_at is None
        and (row.acknowledged_revision or 0) < announced.revision
    )


def _text(announced: Announcement) -> AnnouncementText:
    known = texts.current(announced.id)
    return known.get(str(get_locale())) or known[announced.default_language]


def _letter(
    announced: Announcement,
    text: AnnouncementText,
    recipient: Account,
    *,
    template: str,
    asked: bool,
) -> Letter:
    voice = db.session.get_one(Account, announced.page_id or announced.author_id)
    values: dict[str, Any] = {
        "title": text.title,
        "lead": texts.lead_of(text.source),
        "facts": text.facts,
        "language": text.language,
        "voice": voice.display_name,
        "by": announced.acknowledge_by if asked else None,
        "late": announced.acknowledge_by is not None and announced.acknowledge_by < utc_now(),
        "link": absolute("announcements.show", announcement_id=announced.id),
        "confirm": _confirm_link(announced, recipient) if asked else "",
    }
    subject = text.title
    if template == "announcement_reminder":
        subject = _("Still to confirm: %(title)s", title=text.title)
    elif asked:
        subject = _("To confirm: %(title)s", title=text.title)
    return Letter(
        subject=subject,
        template=template,
        values=values,
        thread=_thread(announced),
        # What has to be confirmed cannot be stopped.
        list_id=None if asked else LIST_ID,
    )


def _confirm_link(announced: Announcement, recipient: Account) -> str:
    """The address behind which this recipient confirms; its row is made here, since letters are
    written outside every transaction."""
    with unit_of_work():
        token = confirmation_links.issue(announced, recipient, settings_here().secret_key)
    return absolute("confirmations.show", token=token)


def _thread(announced: Announcement) -> str:
    return f"announcement-{announced.id}"
