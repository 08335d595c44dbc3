"""Who a post may be for, in the form people write in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.accounts.models import Account
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.groups.models import GroupPrivacy
from intranet.posts import quoting
from intranet.posts.cards import PostCard
from intranet.posts.models import Visibility

GROUP = "group:"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a post may be for: `value` is what the form sends, `words` what people read."""

    value: str
    name: str
    words: str
    group: GroupChip | None = None

    def is_for(self, kept: Any) -> bool:
        """Whether what is kept (its visibility and group_id) is for this audience."""
        if kept.group_id is not None:
            return self.group is not None and self.group.id == kept.group_id
        return bool(self.value == kept.visibility.value)

    def can_read(self, quoted: PostCard) -> bool:
        """Whether everybody of it may read a post that is quoted; a page speaks to everyone."""
        if self.group is not None:
            return quoting.suits(quoted, Visibility.GROUP, self.group)
        followers = self.value == Visibility.FOLLOWERS
        visibility = Visibility.FOLLOWERS if followers else Visibility.ORGANISATION
        return quoting.suits(quoted, visibility, None)


def group_words(group: GroupChip) -> str:
    """Who reads what is posted in the group."""
    members = ngettext("%(num)s member", "%(num)s members", group.members_count)
    guests = ngettext("%(num)s guest", "%(num)s guests", group.guests_count)
    people = f"{members}, {guests}" if group.guests_count else members
    if group.privacy is GroupPrivacy.OPEN:
        return str(_("%(people)s; all colleagues can read it", people=people))
    return str(people)


def audience_words(post: PostCard) -> str:
    """Who can read a post, in words."""
    if post.group is not None:
        words = group_words(post.group)
        return str(_("%(group)s (%(words)s)", group=post.group.name, words=words))
    if post.visibility is Visibility.FOLLOWERS:
        return str(_("the followers of who began it"))
    if post.visibility is Visibility.DIRECT:
        return str(_("the people of this conversation"))
    if post.visibility is Visibility.AUDIENCE:
        return str(_("everyone it was sent to"))
    return str(_("everyone in the organisation"))


def audience_of_group(group: GroupChip) -> Audience:
    """Posting in one group."""
    return Audience(GROUP + group.slug, group.name, group_words(group), group)


def audiences_of(account: Account) -> tuple[Audience, ...]:
    """All that somebody may choose from; a guest only its groups."""
    mine = tuple(audience_of_group(chip) for chip in groups.audiences(account))
    if account.is_guest:
        return mine
    organisation = Audience(
        Visibility.ORGANISATION.value, str(_("Everyone")), str(_("all colleagues, no guests"))
    )
    followers = Audience(
        Visibility.FOLLOWERS.value, str(_("Followers")), str(_("those who follow you"))
    )
    return (organisation, followers, *mine)


def lost_audience() -> str:
    """What a form says whose audience is no longer one of the writer's."""
    return str(_("You no longer write where this was meant for. Choose who it is for."))
