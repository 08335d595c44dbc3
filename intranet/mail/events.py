"""What can happen to the outbox."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class MailQueued(DomainEvent):
    """There is a letter to send now."""
