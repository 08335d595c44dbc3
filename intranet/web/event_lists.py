"""What comes next in a group, and of a page: on the blueprints of `groups` and `events`."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from intranet.accounts import queries as accounts
from intranet.calendar import queries
from intranet.calendar.organisers import organisers
from intranet.groups.home import home
from intranet.kernel.errors import NotFound
from intranet.web.events import bp
from intranet.web.groups import bp as groups
from intranet.web.identity import viewer


@groups.get("/groups/<slug>/events")
def events(slug: str) -> ResponseReturnValue:
    """What comes next in a group."""
    group = home(viewer(), slug)
    cards = queries.coming_in_group(viewer(), group.id) if group.may_read else []
    return render_template("events/of_group.html", group=group, cards=cards)


@bp.get("/pages/<handle>/events")
def of_page(handle: str) -> ResponseReturnValue:
    """What a page organises next."""
    account = accounts.get_visible(viewer(), handle)
    if not account.is_page or viewer().is_guest:
        raise NotFound()
    cards = queries.coming_of_organiser(viewer(), account.id)
    mine = {one.id for one in organisers(viewer()).pages}
    return render_template(
        "events/of_page.html", account=account, cards=cards, may_create=account.id in mine
    )
