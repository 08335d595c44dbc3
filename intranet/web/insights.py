"""Figures for authors: of a page, an announcement, an event, and of all for those who speak for
the organisation. Every chart is a table too."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.insights import announcement_figures, event_figures, overview, page_figures, policies
from intranet.kernel.spreadsheet import to_csv
from intranet.settings import Settings
from intranet.web.campaigns import csv_answer, today
from intranet.web.identity import viewer

bp = Blueprint("insights", __name__)


@bp.get("/insights")
def index() -> ResponseReturnValue:
    """What the organisation said in the last 90 days, and what became of it."""
    return render_template("insights/index.html", found=overview.overview(viewer(), today()))


@bp.get("/insights.csv")
def export() -> ResponseReturnValue:
    """The same, for spreadsheets."""
    found = overview.overview(viewer(), today())
    header = (_("Kind"), _("Name"), _("Date"), _("People"), _("Reads"), _("Confirmed"), _("Clicks"))
    rows: list[tuple[object, ...]] = [
        (
            _("Announcement"), one.title, one.published_at.date(), one.recipients, one.reads,
            one.acknowledgements if one.requires_acknowledgement else None, None,
        )
        for one in found.announcements
    ]  # fmt: skip
    rows += [
        (_("Page"), one.chip.display_name, None, one.followers, None, None, None)
        for one in found.pages
    ]
    rows += [
        (_("Event"), one.title, one.starts_at.date(), one.going, None, one.came, None)
        for one in found.events
    ]
    rows += [
        (_("Campaign"), one.name, None, None, None, None, one.clicks) for one in found.campaigns
    ]
    return csv_answer(to_csv(header, rows), f"insights-{today()}")


def _of_page(handle: str) -> page_figures.PageFigures:
    page, chip = page_figures.get_page(viewer(), handle)
    policies.require_may_read_page(viewer(), page.account_id)
    return page_figures.page_figures(viewer(), page, chip, today())


@bp.get("/pages/<handle>/insights")
def page(handle: str) -> ResponseReturnValue:
    """The figures of a page, for whoever has a role in it."""
    return render_template("insights/page.html", found=_of_page(handle))


@bp.get("/pages/<handle>/insights.csv")
def export_page(handle: str) -> ResponseReturnValue:
    """The figures of a page by week, for spreadsheets."""
    found = _of_page(handle)
    header = (_("Week"), _("Followers"), _("New followers"), _("Posts"), _("Clicks"))
    rows = [
        (week.begins, week.followers, week.new_followers, week.posts, week.clicks)
        for week in found.weeks
    ]
    return csv_answer(to_csv(header, rows), f"{found.page.handle}-{today()}")


@bp.get("/insights/announcements/<int:announcement_id>")
def announcement(announcement_id: int) -> ResponseReturnValue:
    """How far an announcement reached, for its author and those who run its page."""
    settings: Settings = current_app.extensions["intranet.settings"]
    found = announcement_figures.get_readable(viewer(), announcement_id)
    return render_template(
        "insights/announcement.html",
        found=announcement_figures.announcement_figures(found, settings.min_group),
        minimum=settings.min_group,
    )


@bp.get("/insights/events/<int:event_id>")
def event(event_id: int) -> ResponseReturnValue:
    """From invited to came, for whoever holds the event."""
    found = event_figures.event_figures(event_figures.get_readable(viewer(), event_id))
    dates = ngettext("%(num)s date", "%(num)s dates", found.dates)
    return render_template("insights/event.html", found=found, dates=dates)
