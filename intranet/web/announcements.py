"""Announcements for readers: the lists, one page, reading and confirming it. Writing is in
`announcement_writing`, sending in `announcement_sending`; all three are one blueprint."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.announcements import (
    acknowledging,
    lists,
    policies,
    queries,
    questions,
    reading,
    showing,
    texts,
)
from intranet.announcements.cards import AnnouncementView
from intranet.announcements.lists import AUTHORS, READERS, Shelf
from intranet.announcements.models import Door
from intranet.announcements.texts import MOST_QUESTIONS
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.pagination import Cursor
from intranet.posts import threads
from intranet.posts.threads import Thread
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, filtering
from intranet.web.announcement_forms import number
from intranet.web.audience_words import audience_words
from intranet.web.chrome import chrome
from intranet.web.identity import viewer
from intranet.web.language import current_language, language_names
from intranet.web.wants import wants_fragment

bp = Blueprint("announcements", __name__)

_A_PAGE = 30


def see(announcement_id: int, anchor: str | None = None) -> ResponseReturnValue:
    """Off to the announcement after a write."""
    where = url_for("announcements.show", announcement_id=announcement_id, _anchor=anchor)
    return redirect(where, 303)


def page_of(announcement_id: int, problems: dict[str, str] | None = None, message: str = "") -> str:
    """The whole page of an announcement, with what to mend in one of its forms."""
    view = showing.show(
        viewer(), announcement_id, current_language(), request.values.get("language", "")
    )
    words = ""
    if view.manages or view.may_approve:
        words = audience_words(viewer(), view.audience_id)
    thread = _thread(view)
    return render_template(
        "announcements/show.html",
        view=view,
        thread=thread,
        questions=questions.list_for_desk(viewer(), announcement_id)
        if thread is None and view.post_id is not None
        else (),
        audience=words,
        names=language_names(choice.code for choice in view.languages),
        errors=problems or {},
        message=message,
        form=request.form,
    )


@bp.get("/announcements")
def index() -> ResponseReturnValue:
    """What waits to be confirmed or read, and what was; for authors also what they write."""
    writes = policies.may_announce(viewer())
    shelves = (*READERS, *AUTHORS) if writes else READERS
    counts = lists.counts(viewer(), shelves)
    first = next((one for one in (Shelf.CONFIRM, Shelf.UNREAD) if counts[one]), Shelf.ARCHIVE)
    try:
        which = Shelf(request.args.get("show", first))
    except ValueError:
        which = first
    if which not in shelves:
        which = first
    cursor = Cursor.parse(request.args.get("before"), limit=_A_PAGE)
    page = lists.shelf(viewer(), which, cursor, current_language())
    return render_template(
        "announcements/index.html",
        page=page,
        which=which,
        counts=counts,
        writes=writes,
        authors=AUTHORS,
    )


@bp.get("/announcements/waiting")
def waiting() -> ResponseReturnValue:
    """The band above the feed, for a window that hears that something has changed."""
    frame = chrome()
    assert frame is not None
    return render_template("announcements/_band.html", waiting=frame.waiting)


@bp.get("/announcements/<int:announcement_id>")
def show(announcement_id: int) -> ResponseReturnValue:
    """One announcement, in the viewer's language or in `?language=`."""
    return page_of(announcement_id)


@bp.get("/announcements/<int:announcement_id>/state")
def state(announcement_id: int) -> ResponseReturnValue:
    """The confirm box and the author's figures alone (a fragment)."""
    view = showing.show(
        viewer(), announcement_id, current_language(), request.args.get("language", "")
    )
    return render_template("announcements/_state.html", view=view, errors={}, form={}, message="")


@bp.get("/announcements/<int:announcement_id>/versions")
def versions(announcement_id: int) -> ResponseReturnValue:
    """What the text said before in a language, and what each change changed."""
    view = showing.show(
        viewer(), announcement_id, current_language(), request.args.get("language", "")
    )
    if view.text is None:
        raise NotFound()
    announcement = queries.get_visible(viewer(), announcement_id)
    return render_template(
        "announcements/versions.html",
        view=view,
        versions=texts.versions(announcement, view.text.language),
        names=language_names(choice.code for choice in view.languages),
    )


@bp.post("/announcements/<int:announcement_id>/read")
def read(announcement_id: int) -> ResponseReturnValue:
    """It is on the viewer's screen, in the words of `text_id`."""
    text_id = number(request.form.get("text_id", "")) or None
    with unit_of_work():
        announcement = queries.get_visible(viewer(), announcement_id)
        reading.mark_read(viewer(), announcement, text_id=text_id)
    return ("", 204) if wants_fragment() else see(announcement_id)


@bp.post("/announcements/<int:announcement_id>/dismissal")
def dismiss(announcement_id: int) -> ResponseReturnValue:
    """Put it away from above the feed."""
    with unit_of_work():
        reading.dismiss(viewer(), queries.get_visible(viewer(), announcement_id))
    return ("", 200) if wants_fragment() else redirect(url_for("home.show"), 303)


@bp.post("/announcements/<int:announcement_id>/acknowledgement")
def acknowledge(announcement_id: int) -> ResponseReturnValue:
    """ "I have read it", of the text that was shown; or the box again, with what is missing."""
    try:
        with unit_of_work():
            announcement = queries.get_visible(viewer(), announcement_id)
            if "confirmed" not in request.form:
                raise Invalid(fields={"confirmed": _("Tick the box first.")})
            acknowledging.acknowledge(
                viewer(),
                announcement,
                text_id=number(request.form.get("text_id", "")),
                answers=_answers(),
                door=Door.WEB,
            )
    except Invalid as error:
        return _box_again(announcement_id, error)
    except Conflict as error:
        flash(errors.sentence(error), "error")
        if wants_fragment():
            return "", 200, {"HX-Refresh": "true"}
        return page_of(announcement_id), error.status
    if wants_fragment():
        view = showing.show(
            viewer(), announcement_id, current_language(), request.form.get("language", "")
        )
        return render_template(
            "announcements/_ack.html", view=view, errors={}, form={}, message="", fresh=True
        )
    return see(announcement_id, "ack")


def _box_again(announcement_id: int, error: Invalid) -> ResponseReturnValue:
    problems, message = errors.field_sentences(error), errors.sentence(error)
    if "confirmed" in problems:
        message = problems["confirmed"]
    if not wants_fragment():
        return page_of(announcement_id, problems, message), error.status
    view = showing.show(
        viewer(), announcement_id, current_language(), request.form.get("language", "")
    )
    box = render_template(
        "announcements/_ack.html", view=view, errors=problems, form=request.form, message=message
    )
    return box, error.status


def _answers() -> list[int]:
    given = (request.form.get(f"answer-{place}", "") for place in range(MOST_QUESTIONS))
    return [int(one) if one in ("0", "1", "2", "3") else -1 for one in given]


def _thread(view: AnnouncementView) -> Thread | None:
    """The questions below it, if they are the viewer's to read."""
    if view.post_id is None:
        return None
    try:
        return filtering.thread(threads.thread(viewer(), view.post_id))
    except NotFound:
        return None
