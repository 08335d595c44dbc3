"""What a draft is beside its text, in words: the list of drafts tells one from another by them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.composer.queries import DraftView
from intranet.kernel.errors import Invalid
from intranet.web.language import letter_time
from intranet.web.post_extras import (
    LANGUAGE,
    PRAISE,
    SCHEDULE,
    WARNING,
    Extras,
    from_json,
    moment_of,
    part_words,
)

_SHORT = 60


def draft_words(draft: DraftView) -> list[str]:
    """A phrase for each thing that the draft is or carries: quote, parts, files."""
    words = [_("Quotes another post")] if draft.place.startswith("quote:") else []
    extras = from_json(draft.extras)
    words += [_of_part(part, extras) for part in extras.parts if part != LANGUAGE]
    if draft.files:
        words.append(ngettext("%(num)s file", "%(num)s files", len(draft.files)))
    return [str(one) for one in words]


def _of_part(part: str, extras: Extras) -> str:
    if part == PRAISE and extras.praised.strip():
        return str(_("Praise for %(names)s", names=_short(extras.praised)))
    if part == WARNING and extras.spoiler_text.strip():
        return str(_("Content warning: %(words)s", words=_short(extras.spoiler_text)))
    if part == SCHEDULE:
        try:
            moment = moment_of(extras.date, extras.time)
        except Invalid:
            return str(_("To be scheduled"))
        return str(_("For %(time)s", time=letter_time(moment)))
    return part_words(part)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
