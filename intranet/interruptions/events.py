"""What can change about when somebody may be told."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class HoursChanged(DomainEvent):
    """What was held back for this account is to be looked at again."""

    account_id: int
