"""Letters about posts of pages that are read by a second person before they go out."""

from __future__ import annotations

from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.kernel.text import plain_text
from intranet.letters.addresses import absolute
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage
from intranet.pages.models import Page
from intranet.reviews import answers, queries
from intranet.reviews.models import PageSubmission, SubmissionState

LIST_ID = "reviews"
_MOST = 600  # characters of the text that a letter shows


def asked(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """That a post waits; nothing when it was settled meanwhile or is not the reader's to settle."""
    found = _find(message, recipient)
    if found is None or recipient is None:
        return None
    page, submission = found
    voice = db.session.get_one(Account, page.account_id)
    if not queries.view(recipient, page, submission).may_decide:
        return None
    author = db.session.get_one(Account, submission.author_id)
    return Letter(
        subject=_("A post for %(page)s waits for you to read it", page=voice.display_name),
        template="review",
        values={
            "words": _(
                "%(who)s asks you to read this post before it goes out in the name of %(page)s.",
                who=author.display_name,
                page=voice.display_name,
            ),
            "text": _beginning(submission),
            "note": "",
            "link": absolute("pages.reviews", handle=voice.handle),
            "label": _("Read it and decide"),
        },
        thread=f"submission-{submission.id}",
        list_id=LIST_ID,
    )


def answered(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """That it is out, or came back with a note; nothing when that is not so any more."""
    found = _find(message, recipient)
    if found is None or recipient is None or found[1].author_id != recipient.id:
        return None
    page, submission = found
    voice = db.session.get_one(Account, page.account_id)
    if submission.state.value != message.payload["state"]:
        return None
    is_out = submission.state is SubmissionState.PUBLISHED
    if is_out and submission.post_id is None and not answers.is_to_come(submission):
        return None  # it was deleted meanwhile, or given up
    name = voice.display_name
    reviewer = db.session.get(Account, submission.reviewer_id or 0)
    who = reviewer.display_name if reviewer is not None else name
    if is_out:
        subject = _("Your post for %(page)s is out", page=name)
        words = _("%(who)s has read your post and published it.", who=who)
        link, label = absolute("posts.show", post_id=submission.post_id or 0), _("See the post")
        if submission.post_id is None:
            subject = _("Your post for %(page)s comes at its time", page=name)
            words = _("%(who)s has read your post. It is published at its time.", who=who)
            link, label = absolute("scheduled.index"), _("See the posts to come")
    else:
        subject = _("Your post for %(page)s came back", page=name)
        words = _("%(who)s has read your post and asks you to change it:", who=who)
        link, label = absolute("pages.reviews", handle=voice.handle), _("Change it")
    return Letter(
        subject=subject,
        template="review",
        values={
            "words": words,
            "text": _beginning(submission),
            "note": submission.note if submission.state is SubmissionState.RETURNED else "",
            "link": link,
            "label": label,
        },
        thread=f"submission-{submission.id}",
        list_id=LIST_ID,
    )


def _find(message: OutboxMessage, recipient: Account | None) -> tuple[Page, PageSubmission] | None:
    """The page and what waits on it, if its reader writes for that page now."""
    submission = db.session.get(PageSubmission, message.payload["submission_id"])
    if recipient is None or submission is None:
        return None
    page = db.session.get_one(Page, submission.page_id)
    try:
        return page, queries.get_visible(recipient, page, submission.id)
    except NotFound:
        return None


def _beginning(submission: PageSubmission) -> str:
    words = plain_text(submission.source[: 4 * _MOST]).strip()
    return words if len(words) <= _MOST else f"{words[:_MOST].rstrip()}…"
