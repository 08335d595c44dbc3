"""Writes on pages. Who speaks for them is in `editors`; what they say is published by `posts`."""

from __future__ import annotations

from intranet.accounts import names, profile
from intranet.accounts.events import NameChanged
from intranet.accounts.mentions import html_of
from intranet.accounts.models import Account, AccountKind, Role, sort_name_of
from intranet.accounts.policies import require_may_administer
from intranet.accounts.words import search_text_of
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.pages import policies
from intranet.pages.drafts import PageDraft
from intranet.pages.models import Page, PageEditor, PageRole
from intranet.relationships.actions import follow

RESERVED = frozenset({"new"})  # an address beside the pages' own


def create(actor: Account, handle: str, draft: PageDraft) -> Page:
    """A new page that the actor owns and follows. Human resources and administrators only;
    Invalid under `handle` when somebody, person or page, has it."""
    policies.require_may_create(actor)
    handle = names.handle(handle)
    if handle in RESERVED:
        raise Invalid(fields={"handle": N_("That handle is kept for the system.")})
    account_id = new_id()
    made = insert_once(
        Account,
        id=account_id,
        handle=handle,
        kind=AccountKind.PAGE,
        role=Role.MEMBER,
        display_name=draft.name,
        sort_name=sort_name_of(draft.name),
    )
    if not made:
        raise Invalid(fields={"handle": N_("Somebody has that handle already.")})
    account = db.session.get_one(Account, account_id)
    page = Page(account_id=account.id, created_by_id=actor.id, account=account)
    db.session.add(page)
    _write(page, draft)
    db.session.flush()
    db.session.add(PageEditor(page_id=account.id, account_id=actor.id, role=PageRole.OWNER))
    db.session.flush()
    follow(actor, account)
    return page


def edit(actor: Account, page: Page, draft: PageDraft) -> None:
    """Change everything but the handle, which stands in addresses and texts. Owners only."""
    policies.require_role(actor, page.account_id, (PageRole.OWNER,))
    _write(page, draft)
    db.session.flush()


def set_picture(actor: Account, page: Page, key: str | None) -> str | None:
    """Use the stored picture of this key, or initials; gives the key it replaces, to be purged.
    Owners only."""
    policies.require_role(actor, page.account_id, (PageRole.OWNER,))
    if key is None:
        return profile.remove_avatar(page.account)
    return profile.set_avatar(page.account, key)


def set_verified(actor: Account, page: Page, verified: bool) -> None:
    """Give the badge that says "this is really us", or take it away. Administrators only."""
    require_may_administer(actor)
    page.account.verified = verified
    db.session.flush()


def close(actor: Account, page: Page) -> None:
    """Nothing new comes from the page; what it said stays readable. Doing it twice is doing it
    once."""
    policies.require_may_manage(actor, page.account_id)
    if page.account.is_active:
        page.account.deactivated_at = utc_now()
        db.session.flush()


def reopen(actor: Account, page: Page) -> None:
    """The page speaks again."""
    policies.require_may_manage(actor, page.account_id)
    page.account.deactivated_at = None
    db.session.flush()


def _write(page: Page, draft: PageDraft) -> None:
    account = page.account
    account.display_name = draft.name
    account.sort_name = sort_name_of(draft.name)
    account.department, account.site = draft.department, draft.site
    account.about_source = draft.about
    account.about_html = html_of(draft.about)
    account.search_text = f"{search_text_of(account)} {text.fold(draft.tagline)}".strip()
    record(NameChanged(account_id=account.id))
    page.category = draft.category
    page.tagline = draft.tagline
    page.contact_email = draft.contact_email
    page.contact_phone = draft.contact_phone
    page.contact_url = draft.contact_url
    page.attribution = draft.attribution
    page.review_required = draft.review_required
    page.is_public = draft.is_public
