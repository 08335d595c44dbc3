"""Conversations: the list, one of them, and beginning one."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts import directory
from intranet.accounts.chips import AccountChip
from intranet.accounts.directory import PeopleFilter
from intranet.conversations import actions, queries
from intranet.conversations.queries import Conversation
from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.pagination import Cursor
from intranet.posts.models import Visibility
from intranet.posts.queries import cards
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, draft_forms, sent_files
from intranet.web.asking import Asked, str_of
from intranet.web.composer import Composer
from intranet.web.identity import viewer
from intranet.web.post_audiences import Audience
from intranet.web.wants import wants_fragment
from intranet.webhooks import calling

bp = Blueprint("conversations", __name__)

_LISTED = 30
_MESSAGES = 50
_FOUND = 12
_NAMED = 50  # people of one address


@bp.get("/conversations")
def index() -> ResponseReturnValue:
    """The viewer's conversations, the newest message first; a fragment holds the rows."""
    page = queries.list_conversations(
        viewer(), Cursor.parse(request.args.get("before"), limit=_LISTED)
    )
    template = "conversations/_list.html" if wants_fragment() else "conversations/index.html"
    return render_template(template, page=page)


@bp.get("/conversations/unread")
def unread() -> ResponseReturnValue:
    """In how many something is new: what an open window asks."""
    return jsonify(count=queries.unread_count(viewer()))


@bp.get("/conversations/new")
def new() -> ResponseReturnValue:
    """Choose people (`to`, found by `q`), and write to them."""
    return _new_page(_chosen())


def _new_page(
    people: list[AccountChip], compose: Composer | None = None, status: int = 200
) -> ResponseReturnValue:
    typed = request.args.get("q", "").replace("\0", "").strip()[:200]
    found: list[AccountChip] = []
    if typed:
        page = directory.list_people(viewer(), PeopleFilter(q=typed), limit=_FOUND)
        handles = [entry.chip.handle for entry in page.people]
        chosen = {one.id for one in people}
        found = [one for one in queries.writable(viewer(), handles) if one.id not in chosen]
    if compose is None and people:
        compose = _composer(people)
    body = render_template(
        "conversations/new.html", people=people, found=found, typed=typed, compose=compose
    )
    return body, status


def _chosen() -> list[AccountChip]:
    """The people that the address names, as far as the viewer may write to them."""
    return queries.writable(viewer(), request.args.getlist("to")[:_NAMED])


def _composer(people: list[AccountChip]) -> Composer:
    names = ", ".join(one.display_name for one in people)
    handles = [one.handle for one in people]
    audience = Audience("direct", names, str(_("nobody else can read it")))
    return composer.form_for(url_for("conversations.create", to=handles), audience)


@bp.post("/conversations")
def create() -> ResponseReturnValue:
    """The first message to the people that the address names (`to`), or the form again."""
    people = _chosen()
    media_ids: tuple[int, ...] = ()
    try:
        if not people:
            message = _("Choose who you write to.")
            raise Invalid(message, fields={"to": message})
        media_ids = sent_files.receive_media()
        draft = composer.sent_draft(
            media_ids, visibility=Visibility.DIRECT, to_ids=tuple(one.id for one in people)
        )
        with unit_of_work():
            said = calling.say(viewer(), draft, composer.limits(), str_of)
            asked = Asked.of(said)
    except (Invalid, TooLarge) as error:
        again = composer.refused(_composer(people), error, media_ids) if people else None
        return _new_page(people, again, error.status)
    if said.asked:
        return asked.page()
    return redirect(url_for("conversations.show", conversation_id=asked.conversation_id), 303)


@bp.get("/conversations/<int:conversation_id>")
def show(conversation_id: int) -> ResponseReturnValue:
    """One conversation, its newest messages last; `before` gives earlier ones."""
    found = queries.get(viewer(), conversation_id)
    cursor = Cursor.parse(request.args.get("before"), limit=_MESSAGES)
    page = queries.messages(viewer(), found.id, cursor)
    return render_template(
        "conversations/show.html",
        conversation=found,
        page=page,
        compose=answer_form(found),
    )


def answer_form(conversation: Conversation) -> Composer | None:
    """The form of an answer, to the first message, or when that was deleted to the newest; None
    when nothing is left to answer."""
    for message_id in (conversation.id, conversation.last_post_id):
        found = cards(viewer(), [message_id], latest=False)
        if found:
            return draft_forms.restored(composer.reply_composer(found[0]))
    return None


@bp.post("/conversations/<int:conversation_id>/read")
def read(conversation_id: int) -> ResponseReturnValue:
    """All of it is read."""
    with unit_of_work():
        actions.mark_read(viewer(), queries.get(viewer(), conversation_id).id)
    if wants_fragment():
        return jsonify(count=queries.unread_count(viewer()))
    return redirect(url_for("conversations.index"), 303)


@bp.post("/conversations/<int:conversation_id>/hide")
def hide(conversation_id: int) -> ResponseReturnValue:
    """Out of the viewer's list until somebody writes again."""
    with unit_of_work():
        actions.hide(viewer(), queries.get(viewer(), conversation_id).id)
    flash(_("The conversation is out of your list. It comes back when somebody writes."))
    return redirect(url_for("conversations.index"), 303)
