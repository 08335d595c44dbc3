"""Rows for tests, each made in its own committed transaction and given back detached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from intranet.accounts.models import Account, AccountKind, Role
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy, GroupRole, Membership, NotifyLevel
from intranet.pages.models import Page, PageEditor, PageRole
from intranet.posts.models import Participant, Post, Visibility
from intranet.relationships.models import Follow
from intranet.search.indexing import index
from intranet.search.names import index_accounts, index_groups
from intranet.unit_of_work import unit_of_work


class Factory:
    def __init__(self, app: Flask) -> None:
        self._app = app

    def _save(self, *rows: Any) -> None:
        with self._app.app_context(), unit_of_work():
            db.session.add_all(rows)
            db.session.flush()

    def account(self, handle: str = "ann", role: Role = Role.MEMBER, **values: Any) -> Account:
        values.setdefault("display_name", handle.title())
        values.setdefault("email", f"{handle}@example.test")
        values.setdefault("search_text", f"{handle} {values['display_name'].lower()}")
        account = Account(handle=handle, role=role, **values)
        self._save(account)
        with self._app.app_context(), unit_of_work():
            index_accounts([account.id])
        return account

    def accounts(self, *handles: str) -> list[Account]:
        return [self.account(handle) for handle in handles]

    def group(
        self,
        slug: str = "board",
        privacy: GroupPrivacy = GroupPrivacy.OPEN,
        *,
        owner: Account | None = None,
        members: Iterable[Account] = (),
        notify: NotifyLevel = NotifyLevel.MENTIONS,
        **values: Any,
    ) -> Group:
        values.setdefault("name", slug.replace("-", " ").title())
        values.setdefault("search_text", values["name"].lower())
        group = Group(slug=slug, privacy=privacy, **values)
        self._save(group)
        with self._app.app_context(), unit_of_work():
            index_groups([group.id])
        if owner is not None:
            self.join(group, owner, GroupRole.OWNER, notify)
        for member in members:
            self.join(group, member, GroupRole.MEMBER, notify)
        return group

    def join(
        self,
        group: Group,
        account: Account,
        role: GroupRole = GroupRole.MEMBER,
        notify: NotifyLevel = NotifyLevel.MENTIONS,
    ) -> None:
        with self._app.app_context(), unit_of_work():
            db.session.add(
                Membership(group_id=group.id, account_id=account.id, role=role, notify_level=notify)
            )
            kept = db.session.get_one(Group, group.id)
            kept.members_count += 1
            kept.guests_count += account.is_guest

    def page(
        self,
        handle: str = "newsroom",
        *,
        owner: Account | None = None,
        editors: Mapping[PageRole, Iterable[Account]] | None = None,
        **values: Any,
    ) -> Account:
        """An official page, as the account that it is. `values` are columns of the account or of
        the page, each where it belongs."""
        mine = {name: values.pop(name) for name in list(values) if hasattr(Account, name)}
        account = self.account(handle, kind=AccountKind.PAGE, email=None, **mine)
        self._save(Page(account_id=account.id, **values))
        chosen = {PageRole.OWNER: [owner] if owner else [], **(editors or {})}
        for role, people in chosen.items():
            for one in people:
                self.edits(account, one, role)
        return account

    def edits(self, page: Account, account: Account, role: PageRole) -> None:
        """Give somebody a role in the page."""
        self._save(PageEditor(page_id=page.id, account_id=account.id, role=role))

    def follow(self, follower: Account, followee: Account) -> None:
        with self._app.app_context(), unit_of_work():
            db.session.add(Follow(follower_id=follower.id, followee_id=followee.id))
            db.session.get_one(Account, follower.id).following_count += 1
            db.session.get_one(Account, followee.id).followers_count += 1

    def direct(self, author: Account, others: Iterable[Account], source: str = "Psst") -> Post:
        """The first message of a conversation, as bare rows."""
        post = self.post(author, source, visibility=Visibility.DIRECT)
        people = (author, *others)
        self._save(
            *(
                Participant(conversation_id=post.id, account_id=one.id, last_post_id=post.id)
                for one in people
            )
        )
        return post

    def post(
        self,
        author: Account,
        source: str = "Hello",
        *,
        group: Group | None = None,
        visibility: Visibility | None = None,
        reply_to: Post | None = None,
        **values: Any,
    ) -> Post:
        """A bare row: no fan-out, no notifications. Publish through a door for those."""
        if reply_to is not None:
            values["in_reply_to_id"] = reply_to.id
            values["root_id"] = reply_to.root_id or reply_to.id
            values["group_id"], visibility = reply_to.group_id, reply_to.visibility
        else:
            values["group_id"] = group.id if group else None
        visibility = visibility or (Visibility.GROUP if group else Visibility.ORGANISATION)
        values.setdefault("search_text", source.casefold())
        post = Post(
            author_id=author.id,
            source=source,
            html=values.pop("html", f"<p>{source}</p>"),
            visibility=visibility,
            **values,
        )
        self._save(post)
        with self._app.app_context(), unit_of_work():
            index([post.id])
        return post
