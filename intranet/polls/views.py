"""PollView: a poll as one viewer sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollOptionView:
    """One answer. `votes` and `share` (percent of those who voted) are None while they are
    hidden; `chosen` by the viewer."""

    title: str
    votes: int | None
    share: int | None
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PollView:
    """`id` is the post's. `voted` by the viewer, who wrote it when `own`."""

    id: int
    options: tuple[PollOptionView, ...]
    multiple: bool
    hides_totals: bool  # now: they are shown from the end on
    anonymous: bool
    expires_at: dt.datetime
    expired: bool
    voters_count: int
    votes_count: int
    voted: bool
    own: bool

    @property
    def takes_vote(self) -> bool:
        """Whether the viewer may vote now."""
        return not (self.expired or self.voted or self.own)
