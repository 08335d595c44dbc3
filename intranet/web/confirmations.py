"""Confirming a reading from an e-mail, without a session: the link is the right, for one person
and one revision. Looking at the page confirms nothing, since mail programs look at links too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from intranet.accounts.chips import chip_of
from intranet.announcements import acknowledging, confirmation_links, texts
from intranet.announcements.confirmation_links import FoundLink, LinkState
from intranet.announcements.models import AnnouncementText, Door
from intranet.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from intranet.kernel.ids import MAX_ID
from intranet.unit_of_work import unit_of_work
from intranet.web.announcement_reports import text_for
from intranet.web.language import LOCALES
from intranet.web.limits import address, limiter

bp = Blueprint("confirmations", __name__)

_MOST_QUESTIONS = 10
# Nobody guesses 256 bits; this keeps programs from asking the database all day.
_door = limiter.limit("60 per 5 minutes", key_func=address)


@bp.get("/confirm/<token>")
@_door
def show(token: str) -> ResponseReturnValue:
    """What is to be confirmed, for whom, and what is recorded; or why there is nothing to do."""
    link = confirmation_links.find(token)
    with _in_language_of(link):
        return _page(link, token, _text_of(link))


@bp.post("/confirm/<token>")
@_door
def confirm(token: str) -> ResponseReturnValue:
    """Confirm it, or the page again with what is wrong."""
    answers = [_number(f"answer-{place}") for place in range(_MOST_QUESTIONS)]
    try:
        with unit_of_work():
            link = confirmation_links.find(token)
            confirmation_links.use(link)
            acknowledging.acknowledge(
                link.account,
                link.announcement,
                text_id=_number("text_id"),
                answers=answers,
                door=Door.EMAIL,
            )
    except (Conflict, Forbidden, Invalid) as error:
        return _again(token, error)
    link = confirmation_links.find(token)
    with _in_language_of(link):
        return _page(link, token, _text_of(link), done=True)


def _again(token: str, error: DomainError) -> Response:
    link = confirmation_links.find(token)
    with _in_language_of(link):
        errors = {name: _(words) for name, words in error.fields.items()}
        # A link that is worth nothing any more says so itself.
        message = _(error.message) if link.state is LinkState.OPEN else ""
        page = _page(link, token, _text_of(link), message=message, errors=errors)
    page.status_code = error.status
    return page


def _page(
    link: FoundLink,
    token: str,
    text: AnnouncementText,
    *,
    done: bool = False,
    message: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    page = make_response(
        render_template(
            "confirmations/show.html",
            link=link,
            token=token,
            person=chip_of(link.account),
            text=text,
            lead=texts.lead_of(text.source),
            languages=sorted(texts.current(link.announcement.id)),
            done=done,
            message=message,
            errors=errors or {},
            given=dict(request.form.items()),
        )
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page


def _text_of(link: FoundLink) -> AnnouncementText:
    return text_for(link.announcement, request.args.get("lang", "")[:8] or str(get_locale()))


def _number(name: str) -> int:
    raw = request.form.get(name, "")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 19 else -1
    return number if number <= MAX_ID else -1


@contextmanager
def _in_language_of(link: FoundLink) -> Iterator[None]:
    chosen = link.account.locale if link.account.locale in LOCALES else str(get_locale())
    with force_locale(str(chosen)):
        yield
