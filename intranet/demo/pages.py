"""The written company's official pages with their editors and followers, and what waits on them."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from sqlalchemy import insert

from intranet.accounts.models import Account
from intranet.db import db
from intranet.demo.company import Company, PagePlan
from intranet.kernel.clock import in_the_past
from intranet.kernel.ids import id_at
from intranet.pages import actions, editors
from intranet.pages.drafts import PageDraft
from intranet.pages.models import Attribution, Page, PageCategory, PageEditor, PageRole
from intranet.posts.drafts import PostDraft, limits_of
from intranet.relationships.models import Follow
from intranet.reviews.actions import submit
from intranet.settings import Settings

_ADMINISTRATOR = "mathieu"
_FOLLOWS_ALL = "camille"  # the employee of the demo


def make_pages(
    company: Company,
    accounts: dict[str, Account],
    now: dt.datetime,
    dice: Random,
    settings: Settings,
) -> dict[str, Page]:
    """Pages by handle. Nobody has posted yet, so that homes need nothing."""
    made: dict[str, Page] = {}
    rows: list[dict[str, Any]] = []
    limits = limits_of(settings)
    for plan in company.pages:
        with in_the_past(plan.created_at):
            page = _make(plan, accounts)
        made[plan.handle] = page
        rows += _followers(plan, page, company, accounts, now, dice, len(rows))
        for waiting in plan.waiting:
            draft = PostDraft(
                source=waiting.text, language=waiting.language, is_public=waiting.public
            )
            with in_the_past(waiting.at):
                submit(accounts[waiting.author], page, draft, limits)
    if rows:
        db.session.execute(insert(Follow), rows)
    db.session.flush()
    return made


def _make(plan: PagePlan, accounts: dict[str, Account]) -> Page:
    owner, administrator = accounts[plan.owner], accounts[_ADMINISTRATOR]
    draft = PageDraft(
        name=plan.name,
        category=PageCategory(plan.category),
        tagline=plan.tagline,
        about=plan.about,
        contact_email=plan.email,
        contact_phone=plan.phone,
        contact_url=plan.url,
        department=plan.department,
        site=plan.site,
        attribution=Attribution(plan.attribution),
        review_required=plan.review,
        is_public=plan.public,
    )
    page = actions.create(administrator, plan.handle, draft)
    # The administrator opens it and hands it over.
    editors.add(administrator, page, plan.owner, PageRole.OWNER)
    for handle, role in plan.editors:
        editors.add(owner, page, handle, PageRole(role))
    editors.remove(administrator, page, administrator.handle)
    if plan.verified:
        actions.set_verified(administrator, page, True)
    return page


def _followers(
    plan: PagePlan,
    page: Page,
    company: Company,
    accounts: dict[str, Account],
    now: dt.datetime,
    dice: Random,
    offset: int,
) -> list[dict[str, Any]]:
    speakers = set(
        db.session.scalars(
            db.select(PageEditor.account_id).where(PageEditor.page_id == page.account_id)
        )
    )
    rows: list[dict[str, Any]] = []
    for person in company.people:
        account = accounts[person.handle]
        chance = dice.random()  # always one throw, so that a change here shifts nothing elsewhere
        likely = plan.followers + (
            0.6 if plan.category == "site" and person.site == plan.site else 0
        )
        wants = chance < likely or account.id in speakers or person.handle == _FOLLOWS_ALL
        if account.is_guest or person.handle == _ADMINISTRATOR or not wants:
            continue
        began = max(plan.created_at, account.created_at)
        when = began + (now - began) * dice.uniform(0, 0.4)
        rows.append(
            {
                "follower_id": account.id,
                "followee_id": page.account_id,
                "id": id_at(when, 0x100000 + offset + len(rows)),
                "created_at": when,
                "wide": False,
            }
        )
        account.following_count += 1
        page.account.followers_count += 1
    return rows
