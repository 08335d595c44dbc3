"""Reporting. https://docs.joinmastodon.org/methods/reports/"""

from __future__ import annotations

from flask import Response

from intranet.accounts import queries as accounts
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer, moment
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import account
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, Id, Ids, MaybeText, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.reports import actions, queries
from intranet.reports.actions import MOST_POSTS, ReportDraft
from intranet.reports.models import ReportCategory
from intranet.unit_of_work import unit_of_work


class NewReport(Parameters):
    """An account, or posts of it. There is nowhere to forward it to."""

    account_id: Id
    status_ids: Ids = ()
    comment: MaybeText = None
    forward: Flag = None
    category: ReportCategory | None = None
    rule_ids: Ids = ()


@bp.post("/api/v1/reports")
@scope("write:reports")
def create_report() -> Response:
    """Report an account or its posts to those who look after the place."""
    sent = read(NewReport)
    if len(sent.status_ids) > MOST_POSTS:
        message = N_("This cannot be read.")
        raise Invalid(fields={"status_ids": message})
    if sent.rule_ids:  # no rules are kept here, so that none can be broken by number
        raise Invalid(fields={"rule_ids": N_("There is no such rule.")})
    draft = ReportDraft(category=sent.category or ReportCategory.OTHER, comment=sent.comment or "")
    with unit_of_work():
        target = accounts.get_visible_by_id(viewer(), sent.account_id)
        reported = queries.readable_posts(viewer(), sent.status_ids)
        report = actions.file(viewer(), target, reported, draft)
    return answer(
        {
            "id": str(report.id),
            "action_taken": report.handled_at is not None,
            "action_taken_at": moment(report.handled_at),
            "category": report.category,
            "comment": report.comment,
            "forwarded": False,
            "created_at": moment(report.created_at),
            "status_ids": [str(post.id) for post in reported],
            "rule_ids": [],
            "target_account": account(viewer(), target),
        }
    )
