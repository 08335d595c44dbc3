"""What follows from changing filters."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class FiltersChanged(DomainEvent):
    """Somebody's filters, or what one of them looks for, are others now."""

    account_id: int
