"""The one table of letters: who writes which kind, and what administrators call it."""

from __future__ import annotations

from collections.abc import Callable

from intranet.accounts.models import Account
from intranet.calendar import itip
from intranet.interruptions import letters as notice_letters
from intranet.kernel.messages import N_
from intranet.letters import (
    accounts,
    announcements,
    event_series,
    events,
    notices,
    refusals,
    reviews,
    trial,
    webhooks,
)
from intranet.letters.letter import Letter
from intranet.mail import kinds
from intranet.mail.models import OutboxMessage
from intranet.reviews import actions as reviewing
from intranet.webhooks.queue import TURNED_OFF

# The recipient is None when the letter goes to a bare address. None as an answer: there is
# nothing to say any more, the letter is dropped.
Writer = Callable[[OutboxMessage, Account | None], Letter | None]

LETTERS: dict[str, Writer] = {
    kinds.INVITATION: accounts.invitation,
    kinds.PASSWORD_RESET: accounts.password_reset,
    kinds.PASSWORD_CHANGED: accounts.password_changed,
    kinds.TRIAL: trial.trial,
    "announcement": announcements.announcement,
    "announcement_reminder": announcements.announcement_reminder,
    "announcement_manager_reminder": announcements.announcement_manager_reminder,
    reviewing.REVIEW_ASKED: reviews.asked,
    reviewing.REVIEW_ANSWERED: reviews.answered,
    itip.REQUEST: events.request,
    itip.CANCEL: events.cancel,
    itip.SERIES: event_series.series,
    itip.SERIES_CANCEL: event_series.series_cancel,
    itip.DROPPED: event_series.dropped,
    itip.WAITING: events.waiting,
    itip.REFUSED: events.refused,
    TURNED_OFF: webhooks.turned_off,
    notice_letters.NOTICE: notices.notice,
    notice_letters.TOGETHER: notices.together,
    notice_letters.DIGEST: notices.digest,
    kinds.MAILED_REPLY: refusals.mailed_reply,
}

# What somebody has just asked for, or has to know of their own account. Everything else waits
# for its reader's working hours.
AT_ANY_HOUR = frozenset(
    {
        kinds.INVITATION,
        kinds.PASSWORD_RESET,
        kinds.PASSWORD_CHANGED,
        kinds.TRIAL,
        itip.REFUSED,
        kinds.MAILED_REPLY,
    }
)

NAMES: dict[str, str] = {
    kinds.INVITATION: N_("Invitation"),
    kinds.PASSWORD_RESET: N_("Link for another password"),
    kinds.PASSWORD_CHANGED: N_("Notice of another password"),
    kinds.TRIAL: N_("Test letter"),
    "announcement": N_("Announcement"),
    "announcement_reminder": N_("Reminder to confirm an announcement"),
    "announcement_manager_reminder": N_("Reminder to managers"),
    reviewing.REVIEW_ASKED: N_("Post that waits for a second person"),
    reviewing.REVIEW_ANSWERED: N_("Answer to a post that waited"),
    itip.REQUEST: N_("Event for the calendar"),
    itip.CANCEL: N_("Event taken back"),
    itip.SERIES: N_("Event with all its dates"),
    itip.SERIES_CANCEL: N_("Event with all its dates taken back"),
    itip.DROPPED: N_("Date of an event taken back"),
    itip.WAITING: N_("Place on the waiting list"),
    itip.REFUSED: N_("Answer that could not be taken"),
    TURNED_OFF: N_("Notice of a webhook that was turned off"),
    notice_letters.NOTICE: N_("Notice"),
    notice_letters.TOGETHER: N_("Notices that waited for working hours"),
    notice_letters.DIGEST: N_("Digest"),
    kinds.MAILED_REPLY: N_("Answer by mail that was not published"),
}
