"""Reporting, and what becomes of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Membership
from intranet.groups.policies import STEWARDS
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts.models import Post
from intranet.reports.models import Report, ReportCategory, ReportedPost
from intranet.reports.queries import posts_by_report

LONGEST_COMMENT = 1000
LONGEST_NOTE = 500
MOST_POSTS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDraft:
    """Why something is reported."""

    category: ReportCategory = ReportCategory.OTHER
    comment: str = ""


def file(actor: Account, target: Account, posts: Sequence[Post], draft: ReportDraft) -> Report:
    """Report an account, or posts of it, all of which the actor can see, to those who look after
    the place. The same once more, while the first is open, is the first."""
    if actor.id == target.id:
        raise Forbidden(N_("You cannot report yourself."))
    comment = _checked("comment", draft.comment, LONGEST_COMMENT)
    ids = {post.id for post in posts}
    if len(ids) > MOST_POSTS:
        message = N_("Too many posts at once: %(most)s at most.")
        raise Invalid(message, fields={"posts": message}, most=MOST_POSTS)
    if any(post.author_id != target.id for post in posts):
        message = N_("These posts are not all of the one who is reported.")
        raise Invalid(message, fields={"posts": message})
    groups = {post.group_id for post in posts}
    if len(groups) > 1:
        message = N_("Report posts of different groups one by one.")
        raise Invalid(message, fields={"posts": message})
    group_id = next(iter(groups), None)
    open_ones = _open_ones(actor, target)
    reported = posts_by_report([one.id for one in open_ones])
    for open_one in open_ones:
        if reported[open_one.id] == ids:
            return open_one
    report = Report(
        reporter_id=actor.id,
        target_id=target.id,
        group_id=group_id,
        category=draft.category,
        comment=comment,
        posts_count=len(ids),
    )
    db.session.add(report)
    db.session.flush()
    db.session.add_all(ReportedPost(report_id=report.id, post_id=id_) for id_ in sorted(ids))
    db.session.flush()
    _tell(actor, target, group_id)
    return report


def resolve(actor: Account, report: Report, note: str) -> None:
    """It is dealt with; the actor handles it. Twice keeps the first."""
    note = _checked("note", note, LONGEST_NOTE)
    if report.handled_at is not None:
        return
    report.handled_by_id = actor.id
    report.handled_at = utc_now()
    report.note = note
    db.session.flush()


def reopen(report: Report) -> None:
    """It is not dealt with after all."""
    report.handled_by_id = report.handled_at = None
    db.session.flush()


def _open_ones(actor: Account, target: Account) -> Sequence[Report]:
    return db.session.scalars(
        select(Report).where(
            Report.reporter_id == actor.id,
            Report.target_id == target.id,
            Report.handled_at.is_(None),
        )
    ).all()


def _tell(actor: Account, target: Account, group_id: int | None) -> None:
    """Those who run the group hear of it as its stewards, everybody else who moderates without
    the group's name: it may be secret."""
    stewards: set[int] = set()
    if group_id is not None:
        stewards = set(
            db.session.scalars(
                select(Membership.account_id)
                .join(Account, Account.id == Membership.account_id)
                .where(
                    Membership.group_id == group_id,
                    Membership.role.in_(STEWARDS),
                    Account.deactivated_at.is_(None),
                )
            )
        )
        notify(stewards - {target.id}, actor=actor, kind=NotificationKind.REPORT, group_id=group_id)
    moderators = set(
        db.session.scalars(
            select(Account.id).where(
                Account.role.in_((Role.MODERATOR, Role.ADMINISTRATOR)),
                Account.deactivated_at.is_(None),
            )
        )
    )
    others = moderators - stewards - {target.id}
    notify(others, actor=actor, kind=NotificationKind.REPORT)


def _checked(field: str, text: str, most: int) -> str:
    clean = normalise(text).strip()
    if len(clean) > most:
        message = N_("This is too long: %(most)s characters at most.")
        raise Invalid(message, fields={field: message}, most=most)
    return clean
