"""The calendar's views: month, week, list, and the viewer's own agenda."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from intranet.accounts.chips import AccountChip
from intranet.calendar import grids, ranges
from intranet.calendar.cards import EventCard
from intranet.calendar.grids import GridDay, WeekGrid
from intranet.calendar.ranges import Wanted, Whose
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip, chip_of
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.web.identity import viewer

bp = Blueprint("agenda", __name__)

_YEARS = (1971, 2100)


class View(enum.StrEnum):
    MONTH = "month"
    WEEK = "week"
    LIST = "list"
    AGENDA = "agenda"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A view of the calendar. `show` is the filter as the address says it: "", "mine",
    "group:SLUG" or "page:HANDLE"; `days` are the days that hold something."""

    view: View
    on: dt.date
    today: dt.date
    show: str
    group: GroupChip | None
    page: AccountChip | None
    zone: str
    before: dt.date
    after: dt.date
    days: list[tuple[dt.date, list[EventCard]]]
    complete: bool
    month: list[tuple[GridDay, ...]]
    week: WeekGrid | None

    @property
    def here(self) -> dict[str, str]:
        """The address's own query, for links that change one part of it."""
        said = {"view": self.view.value, "on": self.on.isoformat(), "show": self.show}
        return {name: value for name, value in said.items() if value}


@bp.get("/events")
def index() -> ResponseReturnValue:
    """The calendar: `view` (month, week, list, agenda), `on` (a day in it), `show` (a filter)."""
    zone = ZoneInfo(viewer().time_zone)
    today = utc_now().astimezone(zone).date()
    view = _view()
    return render_template("agenda/index.html", shown=_shown(view, _day(today), today, zone))


def _view() -> View:
    try:
        return View(request.args.get("view", View.MONTH))
    except ValueError:
        return View.MONTH


def _day(today: dt.date) -> dt.date:
    raw = request.args.get("on")
    if not raw:
        return today
    try:
        day = dt.date.fromisoformat(raw[:10])
    except ValueError:
        raise Invalid(N_("That is not a date.")) from None
    if not _YEARS[0] <= day.year < _YEARS[1]:
        raise Invalid(N_("The calendar does not reach that far."))
    return day


def _filter() -> tuple[Wanted, dict[str, Any]]:
    """What is wanted, and what the page says of it; NotFound for what the viewer may not see."""
    show = request.args.get("show", "")[:100]
    kind, _colon, name = show.partition(":")
    said: dict[str, Any] = {"show": show, "group": None, "page": None}
    if kind == "mine":
        return Wanted(whose=Whose.MINE), said
    if kind == "group" and name:
        group = groups.get_visible(viewer(), name)
        return Wanted(group_id=group.id), said | {"group": chip_of(group)}
    if kind == "page" and name:
        page = ranges.page_named(viewer(), name)
        return Wanted(organiser_id=page.id), said | {"page": page}
    return Wanted(), said | {"show": ""}


def _shown(view: View, on: dt.date, today: dt.date, zone: ZoneInfo) -> Shown:
    wanted, said = _filter()
    if view is View.AGENDA:
        cards = ranges.coming(viewer(), Wanted(whose=Whose.MINE))
        first, last = today, dt.date.max
    elif view is View.WEEK:
        first = grids.monday_of(on)
        last = first + dt.timedelta(days=6)
        cards = _between(first, last, zone, wanted)
    else:
        weeks = grids.weeks_of(on)
        first, last = weeks[0], weeks[-1] + dt.timedelta(days=6)
        cards = _between(first, last, zone, wanted)
    month = view in (View.MONTH, View.LIST)
    if month:  # the grid shows the days around it, the list does not
        following = (on.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        first, last = on.replace(day=1), following - dt.timedelta(days=1)
    before, after = _around(view, on)
    return Shown(
        view=view,
        on=on,
        today=today,
        **said,
        zone=zone.key,
        before=before,
        after=after,
        days=grids.by_day(cards, first, last, zone),
        complete=len(cards) < ranges.SPAN_LIMIT,
        month=grids.month_grid(cards, on, today, zone) if view is View.MONTH else [],
        week=grids.week_grid(cards, first, today, zone) if view is View.WEEK else None,
    )


def _between(first: dt.date, last: dt.date, zone: ZoneInfo, wanted: Wanted) -> list[EventCard]:
    end = grids.midnight(last + dt.timedelta(days=1), zone)
    return ranges.between(viewer(), grids.midnight(first, zone), end, wanted)


def _around(view: View, on: dt.date) -> tuple[dt.date, dt.date]:
    if view is View.WEEK:
        return on - dt.timedelta(days=7), on + dt.timedelta(days=7)
    previous = (on.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    return previous, (on.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
