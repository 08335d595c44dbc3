"""Clauses that are built once and used many times.

A rule about who may see something is a tree of a hundred parts. To build it takes longer than the
database takes to answer, and one request asks the same rule several times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from sqlalchemy import ColumnElement

Clause = ColumnElement[bool]
_KEPT = 256  # viewers per rule; each clause is some tens of kilobytes


@dataclass(frozen=True, slots=True)
class _Viewer:
    """All that a kept rule may ask of its viewer: anything else would go stale in it."""

    id: Any  # a number, or the parameter of a statement that is built for everybody
    is_guest: bool
    moderates: bool


def kept_per_viewer(build: Callable[[Any], Clause]) -> Callable[[Any], Clause]:
    """Keep what the rule made of the viewers that were asked about last. The rule sees of them
    the id and whether they are guests or moderators, nothing else."""
    kept = lru_cache(maxsize=_KEPT)(build)

    @wraps(build)
    def asked(viewer: Any) -> Clause:
        return kept(_Viewer(viewer.id, viewer.is_guest, viewer.moderates))

    return asked
