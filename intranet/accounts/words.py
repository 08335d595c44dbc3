"""The folded text by which people are found."""

from __future__ import annotations

from collections.abc import Iterable

from intranet.accounts.models import Account
from intranet.kernel.text import fold


def search_text_of(account: Account, skills: Iterable[str] = ()) -> str:
    """Everything somebody may be looked for by: names, title, department, site, skills."""
    parts = (
        account.display_name,
        account.handle,
        account.title,
        account.department,
        account.site,
        *skills,
    )
    return fold(" ".join(part for part in parts if part))
