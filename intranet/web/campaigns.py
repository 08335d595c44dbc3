"""Campaigns and their short links, for those who write for pages, human resources and
administrators. The short addresses themselves are in the public door."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.accounts.chips import AccountChip
from intranet.campaigns import actions, policies, queries
from intranet.campaigns.actions import LinkDraft
from intranet.campaigns.models import Campaign, TrackedLink
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden, Invalid, NotFound
from intranet.kernel.pagination import Cursor
from intranet.kernel.spreadsheet import to_csv
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from intranet.web.errors import field_sentences
from intranet.web.identity import viewer

bp = Blueprint("campaigns", __name__)

_DAYS = 28


def today() -> dt.date:
    """The day in the organisation's zone: what clicks are counted by."""
    return utc_now().astimezone(ZoneInfo(_settings().default_timezone)).date()


def csv_answer(text: str, name: str) -> Response:
    """A table to download."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _settings() -> Settings:
    found: Settings = current_app.extensions["intranet.settings"]
    return found


def _see(campaign_id: int) -> ResponseReturnValue:
    return redirect(url("campaigns.show", campaign_id=campaign_id), 303)


def _page_from_form() -> int | None:
    """The page of a new campaign; None for the organisation. NotFound for what is not offered."""
    handle = request.form.get("page", "")
    if not handle and policies.may_communicate(viewer()):
        return None
    for chip in queries.pages_with_campaigns(viewer()):
        if chip.handle == handle:
            return chip.id
    raise NotFound


@bp.get("/campaigns")
def index() -> ResponseReturnValue:
    """The campaigns that the viewer may see."""
    if not queries.may_look(viewer()):
        raise Forbidden
    listed = queries.list_visible(viewer(), Cursor.parse(request.args.get("before"), limit=40))
    may_create = policies.may_communicate(viewer()) or queries.pages_with_campaigns(viewer())
    return render_template("campaigns/index.html", listed=listed, may_create=bool(may_create))


def _form(pages: list[AccountChip], form: Any, errors: dict[str, str]) -> str:
    own = policies.may_communicate(viewer())
    return render_template("campaigns/new.html", pages=pages, for_all=own, form=form, errors=errors)


@bp.get("/campaigns/new")
def new() -> ResponseReturnValue:
    """The form of a new campaign."""
    pages = queries.pages_with_campaigns(viewer())
    if not pages and not policies.may_communicate(viewer()):
        raise Forbidden
    return _form(pages, {"page": request.args.get("page", "")}, {})


@bp.post("/campaigns")
def create() -> ResponseReturnValue:
    """A new campaign, or the form again."""
    pages = queries.pages_with_campaigns(viewer())
    if not pages and not policies.may_communicate(viewer()):
        raise Forbidden
    try:
        with unit_of_work():
            campaign = actions.create(viewer(), _page_from_form(), request.form.get("name", ""))
            campaign_id = campaign.id
    except Invalid as error:
        return _form(pages, request.form, field_sentences(error)), error.status
    return _see(campaign_id)


def _show(campaign: Campaign, form: Any, errors: dict[str, str]) -> str:
    until = today()
    days = queries.clicks_by_day(
        TrackedLink.campaign_id == campaign.id, until - dt.timedelta(days=_DAYS - 1), until
    )
    links = queries.links_of(campaign)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        page=queries.page_of_campaign(campaign),
        links=links,
        clicks=sum(link.clicks for link in links),
        days=days,
        may_run=policies.may_run(viewer(), campaign.page_id),
        base_url=_settings().base_url,
        form=form,
        errors=errors,
    )


@bp.get("/campaigns/<int:campaign_id>")
def show(campaign_id: int) -> ResponseReturnValue:
    """Its links, clicks per day and by link."""
    return _show(queries.get_visible(viewer(), campaign_id), {}, {})


@bp.post("/campaigns/<int:campaign_id>/links")
def add_link(campaign_id: int) -> ResponseReturnValue:
    """A new short link, or the form again."""
    draft = LinkDraft(request.form.get("target", ""), request.form.get("label", ""))
    try:
        with unit_of_work():
            campaign = queries.get_visible(viewer(), campaign_id)
            actions.add_link(viewer(), campaign, draft, origin=_settings().base_url)
    except Invalid as error:
        campaign = queries.get_visible(viewer(), campaign_id)
        return _show(campaign, request.form, field_sentences(error)), error.status
    flash(_("The short link is ready."))
    return _see(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/links/<int:link_id>/close")
def close_link(campaign_id: int, link_id: int) -> ResponseReturnValue:
    """The link leads nowhere from now on."""
    with unit_of_work():
        campaign = queries.get_visible(viewer(), campaign_id)
        actions.close_link(viewer(), campaign, queries.get_link(campaign, link_id))
    flash(_("The link is closed."))
    return _see(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/close")
def close(campaign_id: int) -> ResponseReturnValue:
    """None of its links leads anywhere from now on."""
    with unit_of_work():
        actions.close(viewer(), queries.get_visible(viewer(), campaign_id))
    flash(_("The campaign is closed."))
    return _see(campaign_id)


@bp.get("/campaigns/<int:campaign_id>/clicks.csv")
def export(campaign_id: int) -> ResponseReturnValue:
    """Clicks by day and link, for spreadsheets."""
    campaign = queries.get_visible(viewer(), campaign_id)
    header = (_("Day"), _("Code"), _("Where it is put"), _("Leads to"), _("Clicks"))
    return csv_answer(to_csv(header, queries.days_by_link(campaign)), f"campaign-{campaign.id}")
