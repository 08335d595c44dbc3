"""Who may see and run an event. `visible_to` is the one predicate of every surface: pages, lists,
feeds, files, notifications."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, Role
from intranet.audiences import rules as audiences
from intranet.calendar.models import Event, EventHost, EventInvitation, EventVisibility
from intranet.db import db
from intranet.db.clauses import kept_per_viewer
from intranet.groups import policies as group_policies
from intranet.groups.models import Group, GroupPrivacy, Membership
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages import policies as page_policies


@kept_per_viewer
def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may see the event: it is for all, for a group whose posts the viewer reads, for
    an audience that includes the viewer, or the viewer organises it, hosts it or is invited.
    Needs `Event` in FROM; asks of the viewer only its id and whether it is a guest."""
    in_mine = Event.group_id.in_(group_policies.groups_of(viewer.id))
    reasons = [
        and_(Event.visibility == EventVisibility.GROUP, in_mine),
        and_(
            Event.visibility == EventVisibility.AUDIENCE,
            or_(
                audiences.includes(viewer, Event.audience_id),
                # Its organiser, in person or as the page it writes for.
                Event.organiser_id == viewer.id,
                page_policies.has_role(viewer, page_policies.WRITERS, Event.organiser_id),
            ),
        ),
        hosts(viewer),
        is_invited(viewer),
    ]
    if not viewer.is_guest:
        open_groups = select(Group.id).where(Group.privacy == GroupPrivacy.OPEN)
        reasons += [
            Event.visibility == EventVisibility.ORGANISATION,
            and_(Event.visibility == EventVisibility.GROUP, Event.group_id.in_(open_groups)),
        ]
    return or_(*reasons)


@kept_per_viewer
def hosts(viewer: Account) -> ColumnElement[bool]:
    """The viewer is a host (a correlated EXISTS)."""
    own = aliased(EventHost)
    return exists().where(own.event_id == Event.id, own.account_id == viewer.id)


@kept_per_viewer
def is_invited(viewer: Account) -> ColumnElement[bool]:
    """The viewer was asked to come (a correlated EXISTS)."""
    own = aliased(EventInvitation)
    return exists().where(own.event_id == Event.id, own.account_id == viewer.id)


@kept_per_viewer
def managed_by(viewer: Account) -> ColumnElement[bool]:
    """The viewer may change and cancel the event: its organiser (in a group: as long as one
    belongs to it), its hosts, who writes for the page, and who runs the group."""
    organises = and_(
        Event.organiser_id == viewer.id,
        or_(
            Event.group_id.is_(None),
            Event.group_id.in_(group_policies.groups_of(viewer.id)),
        ),
    )
    return or_(
        organises,
        hosts(viewer),
        page_policies.has_role(viewer, page_policies.WRITERS, Event.organiser_id),
        and_(Event.group_id.is_not(None), group_policies.runs(viewer, Event.group_id)),
    )


def may_manage(actor: Account, event: Event) -> bool:
    """Whether the actor runs the event."""
    asked = select(Event.id).where(Event.id == event.id, managed_by(actor))
    return db.session.scalar(asked) is not None


def require_may_manage(actor: Account, event: Event) -> None:
    """Forbidden unless the actor runs the event; the actor can already see it."""
    if not may_manage(actor, event):
        raise Forbidden(N_("Only those who run the event may do that."))


def readers(event: Event) -> ColumnElement[bool]:
    """`visible_to` from the other side: the active people who may see this event. Needs `Account`
    in FROM."""
    is_staff = Account.role != Role.GUEST
    invited = exists().where(
        EventInvitation.event_id == event.id, EventInvitation.account_id == Account.id
    )
    runs = exists().where(EventHost.event_id == event.id, EventHost.account_id == Account.id)
    meant: ColumnElement[bool]
    if event.visibility is EventVisibility.ORGANISATION:
        meant = is_staff
    elif event.visibility is EventVisibility.AUDIENCE:
        meant = or_(audiences.members(event.audience_id), Account.id == event.organiser_id)
    elif event.group_id is None:
        meant = false()
    else:
        belongs = exists().where(
            Membership.group_id == event.group_id, Membership.account_id == Account.id
        )
        is_open = exists().where(Group.id == event.group_id, Group.privacy == GroupPrivacy.OPEN)
        meant = or_(belongs, and_(is_staff, is_open))
    return and_(Account.deactivated_at.is_(None), or_(meant, invited, runs))


def require_may_organise(actor: Account, group_id: Any = None) -> None:
    """Forbidden to guests outside their groups."""
    if actor.is_guest and group_id is None:
        raise Forbidden(N_("Guests make events only in their groups."))
