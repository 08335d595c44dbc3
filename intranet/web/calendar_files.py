"""Calendar files: an event's .ics, and the subscriptions that calendar programs read."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from intranet.calendar import exports, feeds, ics, queries
from intranet.calendar.exports import Links
from intranet.unit_of_work import unit_of_work
from intranet.web.auth import settings_here
from intranet.web.identity import viewer

bp = Blueprint("calendar_files", __name__)

_REFRESH = dt.timedelta(hours=1)


def links() -> Links:
    """Whole addresses, on the host that the settings name: never what the request says."""
    base = settings_here().base_url

    def date(occurrence_id: int) -> str:
        return base + url_for("events.show", occurrence_id=occurrence_id)

    def person(handle: str) -> str:
        return base + url_for("people.show", handle=handle)

    def page(handle: str) -> str:
        return base + url_for("pages.show", handle=handle)

    return Links(date=date, person=person, page=page)


def _sent(calendar: Any, file_name: str) -> Response:
    body = calendar.to_ical()
    response = Response(body, content_type=ics.MEDIA_TYPE)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Cache-Control"] = "private, max-age=300"
    response.make_conditional(request)
    return response


@bp.get("/events/<int:occurrence_id>.ics")
def event(occurrence_id: int) -> ResponseReturnValue:
    """The event with all its dates, as a file."""
    found, _date = queries.get_visible(viewer(), occurrence_id)
    name = re.sub(r"[^A-Za-z0-9]+", "-", found.title).strip("-")[:60] or "event"
    return _sent(exports.one_event(viewer(), found, links()), f"{name}.ics")


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """What the owner of this address may see now; the address itself is the key."""
    found = feeds.find(token)
    brand = settings_here().brand
    calendar = exports.feed(found.account, found.scope, brand, links())
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    response = _sent(calendar, "calendar.ics")
    if found.touch_due:
        with unit_of_work():
            feeds.touch(found.feed_id)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
