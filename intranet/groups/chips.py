"""The smallest picture of a group: what cards, menus and rails draw."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.accounts.chips import HUES, initials_of
from intranet.groups.models import Group, GroupPrivacy


@dataclass(frozen=True, slots=True)
class GroupChip:
    """What a group is, at a glance. `hue` is 0..11, the tile shows `initials`."""

    id: int
    slug: str
    name: str
    privacy: GroupPrivacy
    members_count: int
    guests_count: int

    @property
    def initials(self) -> str:
        """Up to two letters for the square tile."""
        return initials_of(self.name)

    @property
    def hue(self) -> int:
        """One of the twelve identity colours, always the same for the same group."""
        return (self.id >> 22 ^ self.id) % HUES


def chip_of(group: Group) -> GroupChip:
    """The chip of a loaded group."""
    return GroupChip(
        id=group.id,
        slug=group.slug,
        name=group.name,
        privacy=group.privacy,
        members_count=group.members_count,
        guests_count=group.guests_count,
    )
