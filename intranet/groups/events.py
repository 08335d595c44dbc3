"""What can happen to a group and its members."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(DomainEvent):
    """Somebody joined, left, was removed or got another role; the row tells which."""

    group_id: int
    account_id: int
    joined: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupChanged(DomainEvent):
    """The group's privacy changed, or it was deleted: who may listen has to be settled anew."""

    group_id: int


@dataclass(frozen=True, kw_only=True)
class GroupNamed(DomainEvent):
    """The group is new, or has another name."""

    group_id: int
