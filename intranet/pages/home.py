"""PageHome: a page as one viewer sees it, for everything that is drawn around its posts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.models import Account
from intranet.accounts.policies import may_administer
from intranet.pages import policies
from intranet.pages.models import Attribution, Page, PageCategory, PageRole
from intranet.relationships.queries import is_following


@dataclass(frozen=True, kw_only=True, slots=True)
class PageHome:
    """Finished: templates never query."""

    chip: AccountChip
    category: PageCategory
    tagline: str
    about_html: str
    contact_email: str
    contact_phone: str
    contact_url: str
    department: str
    site: str
    attribution: Attribution
    review_required: bool
    is_public: bool
    created_at: dt.datetime
    followers_count: int
    is_following: bool
    role: PageRole | None
    may_write: bool  # and the page is open
    may_own: bool  # settings
    may_manage: bool  # editors, closing
    may_review: bool
    may_verify: bool

    @property
    def is_closed(self) -> bool:
        """Whether nothing new comes from it."""
        return not self.chip.is_active

    @property
    def is_editor(self) -> bool:
        """Whether the viewer has any role in it."""
        return self.role is not None

    @property
    def has_contact(self) -> bool:
        """Whether there is any way given to reach it."""
        return bool(self.contact_email or self.contact_phone or self.contact_url)


def home(viewer: Account, page: Page) -> PageHome:
    """What the viewer sees of a page that it may see: two statements."""
    account = page.account
    role = policies.role_in(viewer, page.account_id)
    return PageHome(
        chip=chip_of(account),
        category=page.category,
        tagline=page.tagline,
        about_html=account.about_html,
        contact_email=page.contact_email,
        contact_phone=page.contact_phone,
        contact_url=page.contact_url,
        department=account.department,
        site=account.site,
        attribution=page.attribution,
        review_required=page.review_required,
        is_public=page.is_public,
        created_at=page.created_at,
        followers_count=account.followers_count,
        is_following=is_following(viewer, page.account_id),
        role=role,
        may_write=role in policies.WRITERS and account.is_active,
        may_own=role is PageRole.OWNER,
        may_manage=policies.may_manage(viewer, role),
        may_review=role in policies.REVIEWERS,
        may_verify=may_administer(viewer),
    )
