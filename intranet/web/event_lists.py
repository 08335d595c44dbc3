"""What comes next in a group, and of a page: on the blueprints of `groups` and `events`."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from intranet.calendar import queries
from intranet.calendar.organisers import organisers
from intranet.groups.home import home
from intranet.pages import queries as pages
from intranet.web.groups import bp as groups
from intranet.web.identity import viewer
from intranet.web.pages import around
from intranet.web.pages import bp as pages_bp


@groups.get("/groups/<slug>/events")
def events(slug: str) -> ResponseReturnValue:
    """What comes next in a group."""
    group = home(viewer(), slug)
    cards = queries.coming_in_group(viewer(), group.id) if group.may_read else []
    return render_template("events/of_group.html", group=group, cards=cards)


@pages_bp.get("/pages/<handle>/events", endpoint="events")
def of_page(handle: str) -> ResponseReturnValue:
    """What a page organises next."""
    page = pages.get_visible(viewer(), handle)
    cards = queries.coming_of_organiser(viewer(), page.account_id)
    mine = {one.id for one in organisers(viewer()).pages}
    return render_template(
        "events/of_page.html", **around(page), cards=cards, may_create=page.account_id in mine
    )
