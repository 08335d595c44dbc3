"""The account that the token acts for."""

from __future__ import annotations

from intranet.accounts.chips import chip_of
from intranet.announcements.waiting import waiting_for
from intranet.api.operations import Shape, operation
from intranet.api.shapes import Person, person
from intranet.inbox import queries as inbox
from intranet.mastodon.identity import viewer
from intranet.web.language import current_language


class Me(Shape):
    """Who the token acts for, and what waits for them."""

    account: Person
    department: str
    site: str
    locale: str | None
    time_zone: str
    unread_notifications: int
    announcements_to_confirm: int


@operation("GET", "/me", scopes=("read:accounts",), gives=Me)
def me() -> Me:
    """Who the token acts for, and what waits for them."""
    account = viewer()
    return Me(
        account=person(chip_of(account)),
        department=account.department,
        site=account.site,
        locale=account.locale,
        time_zone=account.time_zone,
        unread_notifications=inbox.unread_count(account),
        announcements_to_confirm=waiting_for(account, current_language()).to_confirm,
    )
