"""PageDraft: what somebody wants a page to be. Cleaned and checked for every door."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from intranet.accounts import names
from intranet.kernel import text
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.pages.models import Attribution, PageCategory

NAME_LENGTH = 80
ABOUT_LENGTH = 10_000


@dataclass(slots=True, kw_only=True)
class PageDraft:
    """Invalid, with every field that cannot be taken, when it is made."""

    name: str
    category: PageCategory = PageCategory.DEPARTMENT
    tagline: str = ""
    about: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_url: str = ""
    department: str = ""
    site: str = ""
    attribution: Attribution = Attribution.AUTHOR
    review_required: bool = False
    is_public: bool = False

    def __post_init__(self) -> None:
        problems: dict[str, str] = {}
        if len(self.name) > 10 * NAME_LENGTH:
            problems["name"] = N_("The name is too long.")
        else:
            try:
                self.name = text.clean_name(self.name, limit=NAME_LENGTH)
            except text.UnsuitableName as reason:
                problems["name"] = str(reason)
        for field, most in (
            ("tagline", 200),
            ("contact_phone", 40),
            ("department", 120),
            ("site", 120),
        ):
            try:
                setattr(self, field, names.line(getattr(self, field), field=field, most=most))
            except Invalid as error:
                problems |= error.fields
        if self.contact_email.strip():
            try:
                self.contact_email = names.email(self.contact_email, field="contact_email")
            except Invalid as error:
                problems |= error.fields
        else:
            self.contact_email = ""
        self.contact_url = self.contact_url.strip()
        if self.contact_url and not _is_web_address(self.contact_url):
            problems["contact_url"] = N_("Give a web address that begins with https:// or http://.")
        if len(self.about) > ABOUT_LENGTH:
            problems["about"] = N_("This is too long: 10,000 characters at most.")
        else:
            self.about = text.normalise(self.about)
        if problems:
            raise Invalid(fields=problems)


def _is_web_address(raw: str) -> bool:
    if len(raw) > 500 or any(ord(mark) < 0x21 or ord(mark) == 0x7F for mark in raw):
        return False
    try:
        parts = urlsplit(raw)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not parts.username
