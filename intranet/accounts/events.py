"""What can happen to an account."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class AccessChanged(DomainEvent):
    """A session ended, or the account was deactivated or given another role."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class CredentialsChanged(DomainEvent):
    """Another password or role, or a shut account: programs that acted for it no longer may."""

    account_id: int
