"""Facts that the domain tells after they are committed."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that has happened. Ids only: a handler re-reads what it needs."""
