"""What can happen to a preview."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PreviewAsked(DomainEvent):
    """An address waits for the worker."""
