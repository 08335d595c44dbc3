"""What an administrator says of an application, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from intranet.accounts import names
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

_MAX_URL = 2000
# As a content security policy can name it: no IPv6 address, no user name.
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationDraft:
    """`name_en` stands in both languages where the French name is empty."""

    name_en: str
    name_fr: str = ""
    description_en: str = ""
    description_fr: str = ""
    icon: str = ""
    start_url: str = ""
    inside: bool = True

    def checked(self) -> ApplicationDraft:
        """The same, cleaned; Invalid with what to mend."""
        problems: dict[str, str] = {}

        def line(field: str, most: int, *, required: bool = False) -> str:
            try:
                return names.line(getattr(self, field), field=field, most=most, required=required)
            except Invalid as error:
                problems.update(error.fields)
                return ""

        made = ApplicationDraft(
            name_en=line("name_en", 80, required=True),
            name_fr=line("name_fr", 80),
            description_en=line("description_en", 300),
            description_fr=line("description_fr", 300),
            icon=self._icon(problems),
            start_url=self.start_url.strip(),
            inside=self.inside,
        )
        if origin_of(made.start_url) is None:
            problems["start_url"] = N_(
                "Give an address that begins with https:// or http://, without # and user name."
            )
        if problems:
            raise Invalid(fields=problems)
        return made

    def _icon(self, problems: dict[str, str]) -> str:
        icon = self.icon.strip()
        if len(icon) > 8 or (icon and icon.isascii()):
            problems["icon"] = N_("Give one emoji, or nothing.")
            return ""
        return icon


def origin_of(url: str) -> str | None:
    """`https://host:port` of an address that may be a start address; None for any other."""
    if len(url) > _MAX_URL or not url.isascii() or not url.isprintable():
        return None
    if " " in url or "#" in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.hostname or ''}" + (f":{port}" if port else "")
    if parts.username is not None or not _ORIGIN.fullmatch(origin):
        return None
    return origin
