"""Groups: found, joined, left, read."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import Field

from intranet.api.operations import Shape, operation
from intranet.api.shapes import (
    Done,
    Found,
    Id,
    Listing,
    Moment,
    Person,
    Place,
    following,
    person,
    place,
)
from intranet.groups import actions, directory, queries
from intranet.groups.directory import Scope
from intranet.groups.home import home
from intranet.groups.members import list_members
from intranet.kernel.pagination import Cursor
from intranet.mastodon.answers import absolute
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Parameters
from intranet.posts.cards import PostCard
from intranet.posts.queries import cards
from intranet.timelines.queries import Kind, Timeline, entry_ids
from intranet.unit_of_work import unit_of_work


class Which(enum.StrEnum):
    """Which groups."""

    ALL = "all"
    MINE = "mine"


class GroupsAsked(Found):
    """Which groups, and which words their names or purposes hold."""

    scope: Which = Which.ALL


class GroupLine(Shape):
    """A group of a list, and how the caller stands to it."""

    group: Place
    purpose: str
    role: str | None = Field(description="member, moderator, owner; null outside")
    is_invited: bool
    has_asked: bool


class GroupList(Shape):
    """A page of groups."""

    items: list[GroupLine]
    next: str | None


class GroupPage(Shape):
    """A group for its own page."""

    group: Place
    purpose: str
    about_html: str
    role: str | None
    may_read: bool
    may_join: bool
    may_ask: bool


class Asking(Parameters):
    """What those who answer requests are told, in a closed group."""

    message: Annotated[str, Field(max_length=500)] = ""


class Standing(Shape):
    """How the caller stands to the group now."""

    membership: str = Field(description="member or requested")


class MemberLine(Shape):
    """A member."""

    account: Person
    role: str
    joined_at: Moment


class MemberList(Shape):
    """A page of members, who came last first."""

    items: list[MemberLine]
    next: str | None


class PostLine(Shape):
    """A post of the group."""

    id: Id
    url: str
    author: Person
    warning: str = Field(description="what stands in front of a folded post, or empty")
    sensitive: bool
    html: str = Field(description="safe to show")
    created_at: Moment
    replies_count: int


class PostList(Shape):
    """A page of posts, the newest first."""

    items: list[PostLine]
    next: str | None


@operation("GET", "/groups", scopes=("read",), query=GroupsAsked, gives=GroupList)
def list_groups(sent: GroupsAsked) -> GroupList:
    """The groups that the caller may know of, by name."""
    cursor = Cursor(before=sent.cursor, limit=sent.limit)
    page = directory.directory(viewer(), sent.q, Scope(sent.scope.value), cursor)
    return GroupList(
        items=[
            GroupLine(
                group=place(one.chip),
                purpose=one.purpose,
                role=one.role.value if one.role else None,
                is_invited=one.invited,
                has_asked=one.requested,
            )
            for one in page.items
        ],
        next=following(page.next_before),
    )


@operation("GET", "/groups/<slug>", scopes=("read",), gives=GroupPage)
def show_group(slug: str) -> GroupPage:
    """One group that the caller may know of."""
    found = home(viewer(), slug)
    return GroupPage(
        group=place(found.chip),
        purpose=found.purpose,
        about_html=found.about_html,
        role=found.role.value if found.role else None,
        may_read=found.may_read,
        may_join=found.may_join,
        may_ask=found.may_request,
    )


@operation(
    "POST", "/groups/<slug>/join", scopes=("write",), body=Asking, gives=Standing, refusals=(409,)
)
def join_group(slug: str, sent: Asking) -> Standing:
    """Join an open group, or ask to join a closed one. Again changes nothing."""
    with unit_of_work():
        group = queries.get_visible(viewer(), slug)
        return Standing(membership=actions.join(viewer(), group, sent.message).value)


@operation("POST", "/groups/<slug>/leave", scopes=("write",), gives=Done, refusals=(409,))
def leave_group(slug: str) -> Done:
    """Leave a group. Its only owner cannot."""
    with unit_of_work():
        actions.leave(viewer(), queries.get_visible(viewer(), slug))
    return Done()


@operation("GET", "/groups/<slug>/members", scopes=("read",), query=Found, gives=MemberList)
def list_group_members(slug: str, sent: Found) -> MemberList:
    """The members of a group that the caller may read."""
    group = queries.get_visible(viewer(), slug)
    page = list_members(viewer(), group, sent.q, Cursor(before=sent.cursor, limit=sent.limit))
    return MemberList(
        items=[
            MemberLine(account=person(one.account), role=one.role.value, joined_at=one.joined_at)
            for one in page.items
        ],
        next=following(page.next_before),
    )


@operation("GET", "/groups/<slug>/posts", scopes=("read:statuses",), query=Listing, gives=PostList)
def list_group_posts(slug: str, sent: Listing) -> PostList:
    """What is written in a group that the caller may read, replies left out."""
    group = queries.get_readable(viewer(), slug)
    timeline = Timeline(Kind.GROUP, str(group.id))
    page = entry_ids(viewer(), timeline, Cursor(before=sent.cursor, limit=sent.limit))
    found = cards(viewer(), page.items, latest=False)
    return PostList(items=list(map(_post, found)), next=following(page.next_before))


def _post(card: PostCard) -> PostLine:
    return PostLine(
        id=str(card.id),
        url=absolute(f"/posts/{card.id}"),
        author=person(card.author),
        warning=card.spoiler_text,
        sensitive=card.sensitive,
        html=card.html,
        created_at=card.created_at,
        replies_count=card.replies_count,
    )
