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


@dataclass(frozen=True, kw_only=True)
class Invited(DomainEvent):
    """Somebody without an account was invited, by somebody who reads `locale`. `seed`: see
    `links`."""

    invitation_id: int
    email: str
    seed: str
    locale: str | None


@dataclass(frozen=True, kw_only=True)
class ResetAsked(DomainEvent):
    """Somebody who may be the owner wants another password."""

    account_id: int
    reset_id: int
    seed: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(DomainEvent):
    """The account has another password now, whoever changed it."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class NameChanged(DomainEvent):
    """The account has another name; a new one may say PlaceChanged instead."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(DomainEvent):
    """A new account, or one with another department, site, role, employment or language: it may
    have come into audiences."""

    account_id: int
