"""Who handles reports. The SQL clause is the rule."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from intranet.accounts.models import Account
from intranet.accounts.policies import may_moderate
from intranet.groups import policies as group_policies
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.reports.models import Report


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer handles it: the organisation's moderators and administrators all of them, owners
    and moderators of a group those about its posts; nobody one about themselves. What the reported
    posts say is another matter: they are read under the posts' own rule. Needs `Report` in FROM."""
    not_mine = Report.target_id != viewer.id
    if may_moderate(viewer):
        return not_mine
    return and_(
        Report.group_id.is_not(None), group_policies.runs(viewer, Report.group_id), not_mine
    )


def require_may_moderate(actor: Account) -> None:
    """Forbidden unless the actor moderates the organisation."""
    if not may_moderate(actor):
        raise Forbidden(N_("Only moderators and administrators may do that."))
