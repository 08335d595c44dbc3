"""What can happen to a post. Stream = the group's when group_id is set, else the author's."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PostPublished(DomainEvent):
    """A post, a boost, or (root_id set) a reply is there."""

    post_id: int
    author_id: int
    group_id: int | None
    root_id: int | None
    organisation_wide: bool
    for_some: bool = False  # AUDIENCE, DIRECT: who follows the author need not be among them
    direct: bool = False  # for the participants of its thread; in no timeline


@dataclass(frozen=True, kw_only=True)
class PostChanged(DomainEvent):
    """Text, counts, reactions or pin changed: whoever shows it should fetch it again."""

    post_id: int
    author_id: int
    group_id: int | None
    root_id: int | None
    organisation_wide: bool
    edited: bool = False  # it says something else now
    for_some: bool = False  # AUDIENCE, DIRECT: who follows the author need not be among them
    direct: bool = False  # for the participants of its thread; in no timeline


@dataclass(frozen=True, kw_only=True)
class PostDeleted(DomainEvent):
    post_id: int
    author_id: int
    group_id: int | None
    root_id: int | None
    organisation_wide: bool
    for_some: bool = False  # AUDIENCE, DIRECT: who follows the author need not be among them
    direct: bool = False  # for the participants of its thread; in no timeline
