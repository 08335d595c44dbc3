"""The inbox: a page, a menu, what is new for the toast, and marking as read."""

from __future__ import annotations

from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from intranet.conversations import actions as conversations
from intranet.inbox import queries as inbox
from intranet.inbox.queries import InboxEntry, InboxLine
from intranet.interruptions.hours import schedule_of
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor
from intranet.letters.places import address_of
from intranet.notifications import actions
from intranet.notifications.models import NotificationKind
from intranet.reviews import answers
from intranet.reviews.answers import Outcome
from intranet.search import alerts
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer

bp = Blueprint("notifications", __name__)

_IN_MENU = 8
_TOASTS = 3


@bp.get("/notifications")
def index() -> ResponseReturnValue:
    """The inbox, grouped by thread; `?only=mentions` leaves mentions and replies."""
    only_mentions = request.args.get("only") == "mentions"
    page = inbox.entries(
        viewer(),
        Cursor.parse(request.args.get("before")),
        kinds=inbox.ONLY_MENTIONS if only_mentions else None,
    )
    template = "notifications/index.html"
    if request.headers.get("HX-Request") and request.args.get("before"):
        template = "notifications/_page.html"
    return render_template(
        template, page=page, only_mentions=only_mentions, unread=inbox.unread_count(viewer())
    )


@bp.get("/notifications/menu")
def menu() -> ResponseReturnValue:
    """The newest entries, for the menu below the bell (a fragment)."""
    page = inbox.entries(viewer(), Cursor())
    return render_template("notifications/_menu.html", entries=page.items[:_IN_MENU])


@bp.get("/notifications/unread")
def unread() -> ResponseReturnValue:
    """How many are unread, at most 100, and the newest id: what a window asks when it wakes."""
    newest = inbox.entries(viewer(), Cursor())
    first = newest.items[0].id if newest.items else 0
    return jsonify(count=inbox.unread_count(viewer()), newest=str(first))


@bp.get("/notifications/new")
def new() -> ResponseReturnValue:
    """`?after=ID`: toasts of what came since (a fragment), and the count in a header."""
    page = inbox.entries(viewer(), Cursor.parse(None, request.args.get("after")))
    fresh = interrupting([entry for entry in page.items if entry.unread])
    body = render_template("notifications/_toasts.html", entries=fresh[:_TOASTS], more=len(fresh))
    newest = page.items[0].id if page.items else request.args.get("after", "0")
    count = str(inbox.unread_count(viewer()))
    return body, 200, {"X-Unread": count, "X-Newest": str(newest)}


def interrupting(entries: list[InboxEntry]) -> list[InboxEntry]:
    """Those that may be shown over what the viewer is doing: outside the viewer's hours only
    emergencies; the count tells of the others."""
    if not entries or schedule_of(viewer()).is_open(utc_now()):
        return entries
    urgent = actions.urgent_among([line.id for entry in entries for line in entry.lines])
    return [entry for entry in entries if any(line.id in urgent for line in entry.lines)]


@bp.post("/notifications/read")
def read() -> ResponseReturnValue:
    """All up to `up_to` (all without it) are read."""
    up_to = _id(request.form.get("up_to"))
    with unit_of_work():
        actions.mark_read(viewer(), up_to=up_to)
    return _after_reading()


@bp.post("/notifications/<int:notification_id>/read")
def read_one(notification_id: int) -> ResponseReturnValue:
    """One row is read."""
    with unit_of_work():
        actions.mark_one_read(viewer(), min(notification_id, MAX_ID))
    return _after_reading()


@bp.post("/notifications/threads/<int:thread_id>/read")
def read_thread(thread_id: int) -> ResponseReturnValue:
    """All about one thread is read, its messages too when it is a conversation: its page says so
    when somebody has it open."""
    with unit_of_work():
        conversations.mark_read(viewer(), min(thread_id, MAX_ID))
    return _after_reading()


def _after_reading() -> ResponseReturnValue:
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return jsonify(count=inbox.unread_count(viewer()))
    return redirect(url_for("notifications.index"), 303)


def _id(raw: str | None) -> int | None:
    if not raw:
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 19 or int(raw) > MAX_ID:
        raise Invalid
    return int(raw)


def names(line: InboxLine) -> Markup:
    """Who did it: one name, two, or one and how many others."""
    first = Markup("<b>%s</b>") % line.actors[0].display_name
    others = len(line.actors) - 1
    if others == 0:
        return first
    if others == 1:
        second = Markup("<b>%s</b>") % line.actors[1].display_name
        return _fill(gettext("%(first)s and %(second)s"), first=first, second=second)
    # ngettext fills in at once, and the name is markup: it leaves a place for it.
    # The name goes in afterwards, escaped: until then its place stands for itself.
    place = "%(first)s"
    text = ngettext(
        "%(first)s and %(num)s other", "%(first)s and %(num)s others", others, first=place
    )
    return _fill(text, first=first)


def sentence(line: InboxLine, entry: InboxEntry) -> Markup:
    """The line in words, in the reader's language; names in bold."""
    group = Markup("<b>%s</b>") % entry.group.name if entry.group else Markup("")
    page = Markup("<b>%s</b>") % line.page.display_name if line.page else Markup("")
    if len(line.actors) > 1:
        follow = gettext("%(who)s follow you now")
    else:
        follow = gettext("%(who)s follows you now")
    texts = {
        NotificationKind.FOLLOW: follow,
        NotificationKind.MENTION: gettext("%(who)s mentioned you"),
        NotificationKind.REPLY: gettext("%(who)s replied"),
        NotificationKind.THREAD_REPLY: gettext("%(who)s replied in a thread you follow"),
        NotificationKind.MESSAGE: gettext("%(who)s wrote to you"),
        NotificationKind.REACTION: gettext("%(who)s reacted to your post"),
        NotificationKind.BOOST: gettext("%(who)s boosted your post"),
        NotificationKind.QUOTE: gettext("%(who)s quoted your post"),
        NotificationKind.PRAISE: gettext("%(who)s praised you"),
        NotificationKind.ANSWER: gettext("%(who)s accepted your reply as the answer"),
        NotificationKind.POST: gettext("%(who)s posted"),
        NotificationKind.GROUP_POST: gettext("%(who)s posted in %(group)s"),
        NotificationKind.JOIN_REQUEST: gettext("%(who)s asks to join %(group)s"),
        NotificationKind.JOIN_ACCEPTED: gettext("%(who)s let you into %(group)s"),
        NotificationKind.GROUP_INVITATION: gettext("%(who)s invites you to %(group)s"),
        NotificationKind.ANNOUNCEMENT: gettext("%(who)s announces"),
        NotificationKind.ANNOUNCEMENT_REMINDER: gettext("Please read and confirm, says %(who)s"),
        NotificationKind.ANNOUNCEMENT_REOPENED: gettext(
            "%(who)s has changed what you confirmed: please read it again"
        ),
        NotificationKind.APPROVAL_REQUEST: gettext("%(who)s asks you to approve an announcement"),
        NotificationKind.APPROVAL_ANSWER: gettext("%(who)s has looked at your announcement"),
        NotificationKind.EVENT_INVITATION: gettext("%(who)s invites you to %(event)s"),
        NotificationKind.EVENT_CHANGED: gettext("%(who)s changed %(event)s: %(what)s"),
        NotificationKind.EVENT_CANCELLED: gettext("%(who)s cancelled %(event)s"),
        NotificationKind.EVENT_REMINDER: gettext("Soon: %(event)s"),
        NotificationKind.POLL: _ended(line),
        NotificationKind.SCHEDULED_FAILED: gettext(
            "A post of yours could not be published at its time: its text is kept"
        ),
        NotificationKind.SAVED_SEARCH: _found(line),
        NotificationKind.EVENT_PROMOTED: gettext("A seat is free: you take part in %(event)s"),
        NotificationKind.REPORT: gettext("%(who)s reports something in %(group)s")
        if entry.group
        else gettext("%(who)s reports something"),
    }
    if line.page is not None:
        texts |= _about_page(line)
    event = Markup("<b>%s</b>") % line.about.title if line.about else Markup("")
    parts = {"group": group, "page": page, "event": event, "what": escape(_changes(line))}
    if line.kind is NotificationKind.SAVED_SEARCH:
        parts["search"] = Markup("<b>%s</b>") % alerts.told(line.detail).name
    return _fill(texts[line.kind], who=names(line), **parts)


def _found(line: InboxLine) -> str:
    """What a saved search found. Whoever wrote the newest post is in it, and the name of the
    search, which goes in afterwards."""
    if line.kind is not NotificationKind.SAVED_SEARCH:
        return ""
    count = alerts.told(line.detail).count
    place = "%(search)s"
    return str(
        ngettext("New for %(search)s", "%(num)s new posts for %(search)s", count, search=place)
    )


def _ended(line: InboxLine) -> str:
    """A poll is over: of the reader's own, or of somebody else."""
    if line.actors[0].id == viewer().id:
        return str(gettext("Your poll has ended"))
    return str(gettext("A poll of %(who)s that you voted in has ended"))


def _about_page(line: InboxLine) -> dict[NotificationKind, str]:
    """What is said instead when the reader hears it for a page."""
    answer = answers.told(line.detail) if line.kind is NotificationKind.REVIEW_ANSWER else None
    if line.post_id is not None:
        reviewed = gettext("%(who)s published your post in the name of %(page)s")
    elif answer is not None and answer.outcome is Outcome.LATER:
        reviewed = gettext("%(who)s let out your post for %(page)s: it comes at its time")
    else:
        reviewed = gettext("%(who)s returned your post for %(page)s with a note")
    return {
        NotificationKind.MENTION: gettext("%(who)s mentioned %(page)s"),
        NotificationKind.REPLY: gettext("%(who)s replied to %(page)s"),
        NotificationKind.REACTION: gettext("%(who)s reacted to your post for %(page)s"),
        NotificationKind.BOOST: gettext("%(who)s boosted your post for %(page)s"),
        NotificationKind.QUOTE: gettext("%(who)s quoted your post for %(page)s"),
        NotificationKind.ANSWER: gettext("%(who)s accepted the reply of %(page)s as the answer"),
        NotificationKind.POLL: gettext("A poll of %(page)s has ended"),
        NotificationKind.PAGE_INVITATION: gettext("%(who)s lets you speak for %(page)s"),
        NotificationKind.REVIEW_REQUEST: gettext("%(who)s asks you to read a post for %(page)s"),
        NotificationKind.REVIEW_ANSWER: reviewed,
    }


def _changes(line: InboxLine) -> str:
    """What changed of an event."""
    words = {
        "time": gettext("another time"),
        "place": gettext("another place"),
        "online": gettext("another link"),
        "title": gettext("another title"),
        "restored": gettext("it takes place after all"),
    }
    said = line.about.what if line.about else ()
    return ", ".join(words[one] for one in words if one in said)


def address(line: InboxLine, entry: InboxEntry) -> str:
    """Where the line leads."""
    return address_of(line, entry, url_for)


def _fill(text: str, **parts: Markup) -> Markup:
    return escape(text) % parts


def register(app: Flask, _settings: Settings) -> None:
    """Give templates the words for notifications."""
    app.jinja_env.globals.update(notification_text=sentence, notification_url=address)
