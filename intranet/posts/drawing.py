"""From rows to cards: the one statement that reads posts for drawing, and what it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, AccountKind, Role
from intranet.db.together import Rows
from intranet.groups.chips import GroupChip
from intranet.groups.models import Group, Membership
from intranet.pages.models import Attribution, Page, PageEditor
from intranet.pages.policies import WRITERS
from intranet.polls.models import Poll
from intranet.posts import chosen, policies, praising, previewing
from intranet.posts.cards import PostCard, PraiseView
from intranet.posts.models import (
    Bookmark,
    PinnedPost,
    Post,
    PostKind,
    ProfilePin,
    ThreadMute,
    Visibility,
)
from intranet.posts.parts import parts_from, parts_of
from intranet.previews.models import LinkPreview

ENTRY = aliased(Post, name="entry")

_NOBODY = AccountChip(0, "", "", "", False, False, None)
_booster = aliased(Account, name="booster")
_pinner = aliased(Account, name="pinner")
_writer = aliased(Account, name="writer")
_question = aliased(Post, name="question")
_asking = aliased(PageEditor, name="asking")  # what the viewer is in the page that asked


def _chip_columns(account: Any, prefix: str) -> tuple[ColumnElement[Any], ...]:
    names = (
        "id",
        "handle",
        "display_name",
        "title",
        "role",
        "deactivated_at",
        "avatar_key",
        "kind",
        "verified",
    )
    return tuple(getattr(account, name).label(f"{prefix}_{name}") for name in names)


_COLUMNS = (
    ENTRY.id.label("entry_id"),
    Post.id.label("post_id"),
    Post.visibility,
    Post.spoiler_text,
    Post.sensitive,
    Post.source,
    Post.html,
    Post.language,
    Post.created_at,
    Post.edited_at,
    Post.deleted_at,
    Post.in_reply_to_id,
    Post.root_id,
    Post.replies_count,
    Post.boosts_count,
    Group.id.label("group_id"),
    Group.slug,
    Group.name.label("group_name"),
    Group.privacy,
    Group.members_count,
    Group.guests_count,
    Membership.role.label("my_role"),
    *_chip_columns(Account, "author"),
    *_chip_columns(_booster, "booster"),
    *_chip_columns(_pinner, "pinner"),
    Post.is_public,
    Page.attribution,
    Page.is_public.label("page_is_public"),
    Page.review_required,
    PageEditor.role.label("page_role"),
    *_chip_columns(_writer, "writer"),
    Poll.post_id.label("poll_id"),
    Post.kind,
    Post.is_quote,
    Post.quote_of_id,
    Post.quotes_count,
    Post.answer_id,
    Post.link_post_id,
    *(
        getattr(LinkPreview, name).label(f"preview_{name}")
        for name in (
            "url",
            "title",
            "description",
            "site_name",
            "image_key",
            "image_width",
            "image_height",
        )
    ),
    _question.author_id.label("asker_id"),
    _asking.role.label("asking_role"),
    _question.answer_id.label("accepted_id"),
)


def select_rows(viewer: Account, *, latest: bool) -> Select[Any]:
    """One row for each ENTRY, to be narrowed by the caller. `Post` is what a boost passes on, or
    the entry itself. `latest` adds the id of the thread's newest reply
    that no block keeps from the viewer."""
    newest: tuple[ColumnElement[Any], ...] = (_newest_reply(viewer),) if latest else ()
    mine = aliased(Post)
    boosted = exists().where(mine.boost_of_id == Post.id, mine.author_id == viewer.id)
    bookmarked = exists().where(Bookmark.post_id == Post.id, Bookmark.account_id == viewer.id)
    muted = exists().where(
        ThreadMute.account_id == viewer.id,
        ThreadMute.thread_id == func.coalesce(Post.root_id, Post.id),
    )
    return (
        select(
            *_COLUMNS,
            boosted.label("boosted"),
            bookmarked.label("bookmarked"),
            muted.label("thread_muted"),
            *chosen.columns(viewer),
            exists().where(ProfilePin.post_id == Post.id).label("on_profile"),
            *newest,
        )
        .select_from(ENTRY)
        .join(Post, Post.id == func.coalesce(ENTRY.boost_of_id, ENTRY.id))
        .join(Account, Account.id == Post.author_id)
        .outerjoin(Group, Group.id == Post.group_id)
        .outerjoin(
            Membership,
            and_(Membership.group_id == Post.group_id, Membership.account_id == viewer.id),
        )
        .outerjoin(_booster, and_(_booster.id == ENTRY.author_id, ENTRY.boost_of_id.is_not(None)))
        .outerjoin(PinnedPost, PinnedPost.post_id == Post.id)
        .outerjoin(_pinner, _pinner.id == PinnedPost.pinned_by_id)
        .outerjoin(Page, Page.account_id == Post.author_id)
        .outerjoin(
            PageEditor,
            and_(PageEditor.page_id == Post.author_id, PageEditor.account_id == viewer.id),
        )
        .outerjoin(_writer, _writer.id == Post.written_by_id)
        .outerjoin(Poll, Poll.post_id == Post.id)
        .outerjoin(LinkPreview, LinkPreview.id == Post.preview_id)
        .outerjoin(
            _question, and_(_question.id == Post.root_id, _question.kind == PostKind.QUESTION)
        )
        .outerjoin(
            _asking,
            and_(_asking.page_id == _question.author_id, _asking.account_id == viewer.id),
        )
    )


def _newest_reply(viewer: Account) -> ColumnElement[Any]:
    reply = aliased(Post)
    newest: ScalarSelect[Any] = (
        select(reply.id)
        .where(
            reply.root_id == Post.id,
            reply.deleted_at.is_(None),
            policies.not_withheld(viewer, reply),
        )
        .order_by(reply.id.desc())
        .limit(1)
        .correlate(Post)
        .scalar_subquery()
    )
    return newest.label("latest_reply_id")


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on posts, as it was read for one viewer; praise is the same for all."""

    parts: Mapping[str, Rows]
    praises: Mapping[int, PraiseView]


class Drawing:
    """Makes cards of rows; reads what hangs on them once for all: one statement."""

    def __init__(
        self, viewer: Account, rows: Sequence[Row[Any]], hanging: Hanging | None = None
    ) -> None:
        """`hanging` is what hangs on them, if it was read already."""
        self._viewer = viewer
        living = [row for row in rows if _lives(row)]
        own = {row.post_id for row in living if viewer.id in (row.author_id, row.writer_id)}
        if hanging is not None:
            self._parts, self._praises = parts_from(hanging.parts, own), hanging.praises
            return
        ids = {row.post_id for row in living}
        self._parts = parts_of(viewer, ids, own, with_polls=any(map(has_poll, living)))
        # Most pages have none, and ask nothing.
        self._praises = praises_of(living)

    def card(self, row: Row[Any], latest: tuple[PostCard, ...] = ()) -> PostCard:
        """The card of one of the rows."""
        viewer, role, page_role = self._viewer, row.my_role, row.page_role
        lives = _lives(row)
        reviewed = bool(row.review_required)
        may_edit = lives and policies.may_edit(
            viewer, row.author_id, role=page_role, reviewed=reviewed
        )
        return PostCard(
            id=row.post_id,
            entry_id=row.entry_id,
            author=_chip(row, "author") if lives else _NOBODY,
            group=_group(row),
            visibility=row.visibility,
            source=row.source if lives else "",
            html=row.html if lives else "",
            language=row.language,
            created_at=row.created_at,
            edited_at=row.edited_at,
            deleted=not lives,
            withheld=row.deleted_at is None and not lives,
            mine=lives and row.author_id == viewer.id,
            muted=bool(row.thread_muted),
            **chosen.fields(row),
            in_reply_to_id=row.in_reply_to_id,
            root_id=row.root_id,
            boosted_by=_chip(row, "booster") if row.booster_id is not None else None,
            pinned_by=_chip(row, "pinner") if row.pinner_id is not None else None,
            media=self._parts.media.get(row.post_id, ()),
            reactions=self._parts.reactions.get(row.post_id, ()),
            replies_count=row.replies_count,
            boosts_count=row.boosts_count,
            boosted=bool(row.boosted),
            bookmarked=bool(row.bookmarked),
            may_edit=may_edit,
            may_delete=lives
            and policies.may_delete(
                viewer, row.author_id, runs_group=policies.runs(role), role=page_role
            ),
            may_pin=lives and policies.may_pin(row, role=role, page_role=page_role),
            may_reply=lives
            and policies.may_publish(
                viewer,
                group_id=row.group_id,
                role=role,
                direct=row.visibility is Visibility.DIRECT,
            ),
            may_boost=lives and policies.may_boost(viewer, row, role=role),
            latest_replies=latest,
            written_by=_chip(row, "writer") if lives and _names_writer(row) else None,
            is_public=lives and row.is_public,
            may_make_public=may_edit
            and page_role is not None
            and row.root_id is None
            and bool(row.page_is_public or row.is_public),
            spoiler_text=row.spoiler_text if lives else "",
            sensitive=lives and row.sensitive,
            poll=self._parts.polls.get(row.post_id),
            kind=row.kind if lives else PostKind.POST,
            praise=self._praises.get(row.post_id),
            is_quote=lives and row.is_quote,
            quotes=row.quote_of_id if lives else None,
            quotes_count=row.quotes_count,
            preview=previewing.view(row) if lives else None,
            may_quote=lives and policies.may_quote(viewer, row, role=role, privacy=row.privacy),
            answer_id=row.answer_id if lives else None,
            is_answer=lives and row.accepted_id == row.post_id,
            may_accept=lives
            and row.asker_id is not None
            and policies.may_accept(
                viewer, asker_id=row.asker_id, role=role, page_role=row.asking_role
            ),
            on_profile=lives and bool(row.on_profile),
            may_pin_to_profile=lives and policies.may_pin_to_profile(viewer, row),
            may_speak=lives and policies.may_speak_for(page_role, reviewed=reviewed),
        )


def praises_of(rows: Iterable[Row[Any]]) -> Mapping[int, PraiseView]:
    """By the post: whom the posts of these rows praise. No statement when none does."""
    return praising.of_posts({row.post_id for row in rows if row.kind is PostKind.PRAISE})


def has_poll(row: Row[Any]) -> bool:
    """Whether its polls are worth asking for."""
    return row.poll_id is not None


def _lives(row: Row[Any]) -> bool:
    """Whether there is anything to draw but a tombstone."""
    return row.deleted_at is None and not row._mapping.get("withheld")


def _names_writer(row: Row[Any]) -> bool:
    """Whether the viewer learns who wrote the page's post: everybody if the page says so, always
    those who write for it."""
    if row.writer_id is None:
        return False
    return row.attribution is Attribution.AUTHOR or row.page_role in WRITERS


def _chip(row: Row[Any], prefix: str) -> AccountChip:
    values = row._mapping
    return AccountChip(
        id=values[f"{prefix}_id"],
        handle=values[f"{prefix}_handle"],
        display_name=values[f"{prefix}_display_name"],
        title=values[f"{prefix}_title"],
        is_guest=values[f"{prefix}_role"] is Role.GUEST
        and values[f"{prefix}_kind"] is not AccountKind.BOT,
        is_active=values[f"{prefix}_deactivated_at"] is None,
        avatar_key=values[f"{prefix}_avatar_key"],
        is_page=values[f"{prefix}_kind"] is AccountKind.PAGE,
        is_verified=bool(values[f"{prefix}_verified"]),
        is_bot=values[f"{prefix}_kind"] is AccountKind.BOT,
    )


def _group(row: Row[Any]) -> GroupChip | None:
    if row.group_id is None:
        return None
    return GroupChip(
        row.group_id,
        row.slug,
        row.group_name,
        row.privacy,
        row.members_count,
        row.guests_count,
    )
