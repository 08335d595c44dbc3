"""Who may see and change posts. `visible_to` is the one predicate of every surface: lists,
search, counters, media, sockets, notifications. The SQL clause is the rule."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, Role
from intranet.accounts.policies import may_moderate
from intranet.audiences import rules as audiences
from intranet.db import db
from intranet.db.clauses import kept_per_viewer
from intranet.groups import policies as group_policies
from intranet.groups.models import Group, GroupPrivacy, GroupRole, Membership
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.pages import policies as page_policies
from intranet.pages.models import Page, PageEditor, PageRole
from intranet.posts.models import Participant, Post, Visibility
from intranet.relationships.models import Follow
from intranet.relationships.policies import apart_from, may_meet

_RUNNERS = (GroupRole.OWNER, GroupRole.MODERATOR)


@cache
def _who_began() -> ColumnElement[int]:
    """Who began the thread: a FOLLOWERS post is for their followers, not those of who replies."""
    root = aliased(Post)
    owner = select(root.author_id).where(root.id == Post.root_id).correlate(Post)
    return func.coalesce(owner.scalar_subquery(), Post.author_id)


def _speaks_for_it(viewer: Account) -> ColumnElement[bool]:
    """The viewer writes for the page that began the thread. The roles are compared one by one:
    the hot statements have no lists among their parameters."""
    editor = aliased(PageEditor)
    return exists().where(
        editor.page_id == _who_began(),
        editor.account_id == viewer.id,
        or_(*(editor.role == role for role in page_policies.WRITERS)),
    )


def _takes_part(viewer: Account) -> ColumnElement[bool]:
    """The direct thread is for the viewer: nobody's rank opens it."""
    own = aliased(Participant)
    return and_(
        Post.visibility == Visibility.DIRECT,
        exists().where(
            own.conversation_id == func.coalesce(Post.root_id, Post.id),
            own.account_id == viewer.id,
        ),
    )


@kept_per_viewer
def audience_includes(viewer: Account) -> ColumnElement[bool]:
    """The post is, or before its deletion was, for the viewer."""
    return or_(_stream_includes(viewer), _takes_part(viewer))


def _stream_includes(viewer: Account) -> ColumnElement[bool]:
    """The same of all but direct posts."""
    mine = Post.group_id.in_(group_policies.groups_of(viewer.id))
    addressed = and_(
        Post.visibility == Visibility.AUDIENCE,
        or_(
            Post.author_id == viewer.id,
            audiences.includes(viewer, Post.audience_id),
            # Whoever speaks for the page answers there, also where they are not addressed.
            _speaks_for_it(viewer),
        ),
    )
    if viewer.is_guest:
        return or_(mine, addressed)
    open_groups = select(Group.id).where(Group.privacy == GroupPrivacy.OPEN)
    followed = select(Follow.followee_id).where(Follow.follower_id == viewer.id)
    return or_(
        Post.visibility == Visibility.ORGANISATION,
        and_(
            Post.visibility == Visibility.GROUP,
            or_(mine, Post.group_id.in_(open_groups)),
        ),
        and_(
            Post.visibility == Visibility.FOLLOWERS,
            or_(_who_began() == viewer.id, _who_began().in_(followed)),
        ),
        addressed,
    )


@kept_per_viewer
def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the post. Needs `Post` in FROM; replies carry their root's audience,
    boosts their original's."""
    return and_(Post.deleted_at.is_(None), audience_includes(viewer), not_withheld(viewer))


def not_withheld(viewer: Account, post: Any = Post) -> ColumnElement[bool]:
    """No block stands between the viewer and who wrote or passed on the post. It does not stand
    in the way of duties: moderators read everything that is for them, those who run a group
    everything in it, and nobody misses what an announcement or an event opened."""
    if viewer.moderates:
        return true()
    apart = apart_from(viewer.id)
    original = aliased(Post)
    passed_on = exists(
        select(original.id).where(original.id == post.boost_of_id, original.author_id.in_(apart))
    )
    mine = aliased(Membership)
    run_by_me = select(mine.group_id).where(
        mine.account_id == viewer.id, or_(*(mine.role == role for role in _RUNNERS))
    )
    return or_(
        and_(post.author_id.not_in(apart), ~passed_on),
        and_(post.group_id.is_not(None), post.group_id.in_(run_by_me)),
        and_(post.visibility == Visibility.AUDIENCE, post.root_id.is_(None)),
    )


# All that `listed_to` looks at in posts that are neither replies nor boosts: of those that are
# alike in it a viewer may read every one, or none.
DECIDES_OF_ROOTS = ("author_id", "visibility", "group_id", "audience_id")


@kept_per_viewer
def listed_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the post, and it may stand in timelines, searches and counts: what
    `visible_to` says, without direct posts."""
    return and_(Post.deleted_at.is_(None), _stream_includes(viewer), not_withheld(viewer))


def readers(
    visibility: Visibility,
    group_id: int | None,
    owner_id: int,
    audience_id: int | None = None,
    conversation_id: int | None = None,
) -> ColumnElement[bool]:
    """`audience_includes` from the other side: the accounts that may read what has this audience.
    Needs `Account` in FROM; `owner_id` wrote the thread's first post, `conversation_id` is that
    post when it is direct."""
    if visibility is Visibility.DIRECT:
        return exists().where(
            Participant.conversation_id == conversation_id, Participant.account_id == Account.id
        )
    is_staff = Account.role != Role.GUEST
    if visibility is Visibility.AUDIENCE:
        editor = aliased(PageEditor)
        speaks = exists().where(
            editor.page_id == owner_id,
            editor.account_id == Account.id,
            editor.role.in_(page_policies.WRITERS),
        )
        return or_(Account.id == owner_id, speaks, audiences.members(audience_id))
    if visibility is Visibility.ORGANISATION:
        return is_staff
    if visibility is Visibility.FOLLOWERS:
        follows = exists().where(Follow.follower_id == Account.id, Follow.followee_id == owner_id)
        return and_(is_staff, or_(Account.id == owner_id, follows))
    if group_id is None:
        return false()
    belongs = exists().where(Membership.group_id == group_id, Membership.account_id == Account.id)
    is_open = exists().where(Group.id == group_id, Group.privacy == GroupPrivacy.OPEN)
    return or_(belongs, and_(is_staff, is_open))


def readers_of(post: Post) -> ColumnElement[bool]:
    """The accounts that may read the post, told or named in it: those kept apart from its author
    are not among them. Needs `Account` in FROM."""
    root_id = post.root_id or post.id
    addressed = readers(post.visibility, post.group_id, owner_of(post), post.audience_id, root_id)
    return and_(addressed, may_meet(post.author_id))


def owner_of(post: Post) -> int:
    """Who wrote the first post of the thread."""
    if post.root_id is None:
        return post.author_id
    owner = db.session.scalar(select(Post.author_id).where(Post.id == post.root_id))
    return post.author_id if owner is None else owner


def role_in(actor: Account, group_id: int | None) -> GroupRole | None:
    """What the actor is in the group; None outside."""
    if group_id is None:
        return None
    return db.session.scalar(
        select(Membership.role).where(
            Membership.group_id == group_id, Membership.account_id == actor.id
        )
    )


def may_publish(
    actor: Account, *, group_id: int | None, role: GroupRole | None, direct: bool = False
) -> bool:
    """Members post and reply in their groups, participants in their conversations; elsewhere
    everybody but guests."""
    if direct:
        return True
    return role is not None if group_id is not None else not actor.is_guest


def require_may_publish(actor: Account, post: Post) -> None:
    """Forbidden unless `may_publish`; the actor can already see the group or the thread that the
    new post is for."""
    group_id = post.group_id
    direct = post.visibility is Visibility.DIRECT
    if may_publish(actor, group_id=group_id, role=role_in(actor, group_id), direct=direct):
        return
    if group_id is not None:
        raise Forbidden(N_("Join the group before you post in it."))
    raise Forbidden(N_("Guests post only in their groups."))


def role_in_page(actor: Account, post: Post) -> tuple[PageRole | None, bool]:
    """What the actor is in the page that speaks in the post, and whether that page's posts wait
    for review; (None, False) for a person's post."""
    if post.written_by_id is None and actor.id == post.author_id:
        return None, False
    page = db.session.execute(
        select(Page.review_required).where(Page.account_id == post.author_id)
    ).one_or_none()
    if page is None:
        return None, False
    return page_policies.role_in(actor, post.author_id), page.review_required


def may_edit(
    actor: Account, author_id: int, *, role: PageRole | None = None, reviewed: bool = False
) -> bool:
    """Its author edits a post; a page's posts its writers (`role` is the actor's in the page), or,
    where posts wait for review (`reviewed`), those who let them out."""
    allowed = page_policies.REVIEWERS if reviewed else page_policies.WRITERS
    return actor.id == author_id or role in allowed


def require_may_edit(actor: Account, post: Post) -> None:
    """Forbidden unless `may_edit`; boosts have no text."""
    role, reviewed = role_in_page(actor, post)
    if post.boost_of_id is not None or not may_edit(
        actor, post.author_id, role=role, reviewed=reviewed
    ):
        if role in page_policies.WRITERS:
            raise Forbidden(N_("Posts of this page are changed by its owners and reviewers only."))
        raise Forbidden(N_("Only the author may edit a post."))


def may_delete(
    actor: Account, author_id: int, *, runs_group: bool, role: PageRole | None = None
) -> bool:
    """Its author (of a page's post the page's writers), the group's owners and moderators, and
    the organisation's moderators."""
    writes = actor.id == author_id or role in page_policies.WRITERS
    return writes or runs_group or may_moderate(actor)


def require_may_delete(actor: Account, post: Post) -> None:
    """Forbidden unless `may_delete`; the actor can already see the post."""
    runs_group = role_in(actor, post.group_id) in _RUNNERS
    role, _reviewed = role_in_page(actor, post)
    if not may_delete(actor, post.author_id, runs_group=runs_group, role=role):
        raise Forbidden(N_("Only the author or a moderator may delete a post."))


def may_boost(actor: Account, post: Any, *, role: GroupRole | None) -> bool:
    """A boost never widens the audience: posts for all are passed on to all, a group's posts by
    its members inside it, posts for followers by nobody but who wrote them, direct ones by nobody.
    `post` has visibility, author_id and root_id."""
    if post.visibility is Visibility.DIRECT:
        return False
    if post.visibility is Visibility.ORGANISATION:
        return not actor.is_guest
    if post.visibility is Visibility.GROUP:
        return role is not None
    return bool(actor.id == post.author_id and post.root_id is None)


def require_may_boost(actor: Account, post: Post) -> None:
    """Forbidden unless `may_boost`; the actor can already see the post."""
    if not may_boost(actor, post, role=role_in(actor, post.group_id)):
        raise Forbidden(N_("This post is not yours to pass on."))


def may_quote(
    actor: Account, post: Any, *, role: GroupRole | None, privacy: GroupPrivacy | None
) -> bool:
    """Whether there is anybody to whom the actor could quote the post in a thread of its own:
    `quoting` says to whom. `post` has visibility, author_id and root_id."""
    if post.visibility is Visibility.ORGANISATION:
        return not actor.is_guest
    if post.visibility is Visibility.GROUP:
        return role is not None or (privacy is GroupPrivacy.OPEN and not actor.is_guest)
    if post.visibility is Visibility.FOLLOWERS:
        return bool(actor.id == post.author_id and post.root_id is None)
    return False


def may_accept(
    actor: Account, *, asker_id: int, role: GroupRole | None, page_role: PageRole | None
) -> bool:
    """Who asked, those who write for the page that did (`page_role` is the actor's in it), and
    those who run the group say which reply is the answer."""
    return actor.id == asker_id or page_role in page_policies.WRITERS or role in _RUNNERS


def may_pin(post: Any, *, role: GroupRole | None = None, page_role: PageRole | None = None) -> bool:
    """Owners and moderators pin what begins a thread in their group, writers what their page
    published."""
    runs_page = post.group_id is None and page_role in page_policies.WRITERS
    return (role in _RUNNERS or runs_page) and post.root_id is None


def require_may_pin(actor: Account, post: Post) -> None:
    """Forbidden unless `may_pin`; the actor can already see the post."""
    page_role, _reviewed = role_in_page(actor, post)
    role = role_in(actor, post.group_id)
    if post.boost_of_id is not None or not may_pin(post, role=role, page_role=page_role):
        raise Forbidden(N_("Only those who run the group or write for the page may do that."))


def may_pin_to_profile(viewer: Account, post: Any) -> bool:
    """People hold their own posts and replies at the top of their profile, but not what they
    passed on, nor what is for few."""
    return bool(post.author_id == viewer.id and post.visibility is not Visibility.DIRECT)


def require_may_pin_to_profile(actor: Account, post: Post) -> None:
    """Invalid unless `may_pin_to_profile`; the actor can already see the post."""
    if post.boost_of_id is not None or not may_pin_to_profile(actor, post):
        raise Invalid(N_("Only your own posts can stand on your profile, and no private messages."))


def may_speak_for(page_role: PageRole | None, *, reviewed: bool) -> bool:
    """Whether somebody with this role answers in the page's name at once: where posts wait for
    review only those who let them out."""
    return page_role in (page_policies.REVIEWERS if reviewed else page_policies.WRITERS)


def runs(role: GroupRole | None) -> bool:
    """Whether this is an owner's or moderator's role."""
    return role in _RUNNERS
