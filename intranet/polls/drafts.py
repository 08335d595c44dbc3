"""PollDraft: the poll that somebody wants to publish. The one input of every door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise, visible_length

FEWEST_OPTIONS = 2
SHORTEST = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PollLimits:
    """What the settings allow: answers, characters of one, how long it may be open."""

    max_options: int = 10
    option_length: int = 100
    longest: dt.timedelta = dt.timedelta(days=31)


@dataclass(frozen=True, kw_only=True, slots=True)
class PollDraft:
    """`seconds` is how long it is open from its publication on. `anonymous` None: as the poll has
    it that is edited, and of a new one nobody learns who voted for what."""

    options: tuple[str, ...]
    seconds: int
    multiple: bool = False
    hide_totals: bool = False
    anonymous: bool | None = None

    @property
    def length(self) -> dt.timedelta:
        """How long it is open."""
        return dt.timedelta(seconds=self.seconds)

    def as_json(self) -> dict[str, Any]:
        """What a scheduled post keeps of it."""
        return {
            "options": list(self.options),
            "seconds": self.seconds,
            "multiple": self.multiple,
            "hide_totals": self.hide_totals,
            "anonymous": self.anonymous,
        }


def from_json(kept: dict[str, Any]) -> PollDraft:
    """The draft of which `as_json` was kept."""
    return PollDraft(**{**kept, "options": tuple(kept["options"])})


def checked(draft: PollDraft, limits: PollLimits) -> PollDraft:
    """The draft as it is stored. Invalid under `poll` for too few or too many answers, an empty,
    a long or a repeated one, and for an end that is too near or too far."""
    if len(draft.options) > limits.max_options:
        raise _wrong(N_("A poll has %(most)s answers at most."), most=limits.max_options)
    options = tuple(" ".join(normalise(option).split()) for option in draft.options)
    if len(options) < FEWEST_OPTIONS or not all(fold(option).strip() for option in options):
        raise _wrong(N_("Give the poll two answers at least, and leave none of them empty."))
    if any(visible_length(option) > limits.option_length for option in options):
        raise _wrong(N_("An answer has %(most)s characters at most."), most=limits.option_length)
    if len({fold(option).strip() for option in options}) < len(options):
        raise _wrong(N_("Two answers of the poll say the same."))
    if not SHORTEST.total_seconds() <= draft.seconds <= limits.longest.total_seconds():
        raise _wrong(
            N_("A poll is open for five minutes at least and %(most)s days at most."),
            most=limits.longest.days,
        )
    return PollDraft(
        options=options,
        seconds=draft.seconds,
        multiple=draft.multiple,
        hide_totals=draft.hide_totals,
        anonymous=draft.anonymous,
    )


def _wrong(message: str, **params: object) -> Invalid:
    return Invalid(message, fields={"poll": message}, **params)
