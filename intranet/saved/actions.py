"""Writes to the folders for saved posts. The caller has fetched the folder through
`queries.get_own` and the post through `posts.queries.get_visible_original`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, select, update

from intranet.accounts import names
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.text import fold
from intranet.posts import marks
from intranet.posts.models import Bookmark, Post
from intranet.saved.models import SavedFolder

MAX_FOLDERS = 100  # of one person
_NAME = 60


def create(actor: Account, name: str) -> SavedFolder:
    """A new, empty folder. Invalid for a name that is none or taken, and when there are too
    many."""
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    own = select(func.count()).select_from(SavedFolder).where(SavedFolder.owner_id == actor.id)
    if (db.session.scalar(own) or 0) >= MAX_FOLDERS:
        message = N_("You have %(most)s folders, which is as many as one can.")
        raise Invalid(message, fields={"name": message}, most=MAX_FOLDERS)
    made = SavedFolder(owner_id=actor.id, **_named(actor, name))
    db.session.add(made)
    db.session.flush()
    return made


def rename(actor: Account, folder: SavedFolder, name: str) -> None:
    """Call the actor's folder something else; Invalid as for `create`."""
    _require_own(actor, folder)
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    for column, value in _named(actor, name, but=folder.id).items():
        setattr(folder, column, value)
    db.session.flush()


def delete_folder(actor: Account, folder: SavedFolder) -> None:
    """The folder is gone; what lay in it stays saved."""
    _require_own(actor, folder)
    _move(Bookmark.folder_id == folder.id, to=None)
    db.session.execute(
        delete(SavedFolder)
        .where(SavedFolder.id == folder.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expunge(folder)


def put(actor: Account, post: Post, folder: SavedFolder | None) -> None:
    """Save the post, if it is not saved yet, in this folder, or in none."""
    if folder is not None:
        _require_own(actor, folder)
    marks.bookmark(actor, post)
    _move(
        Bookmark.account_id == actor.id,
        Bookmark.post_id == post.id,
        to=folder.id if folder is not None else None,
    )


def _move(*which: ColumnElement[bool], to: int | None) -> None:
    db.session.execute(
        update(Bookmark)
        .where(*which)
        .values(folder_id=to)
        .execution_options(synchronize_session=False)
    )


def _require_own(actor: Account, folder: SavedFolder) -> None:
    if folder.owner_id != actor.id:
        raise NotFound


def _named(actor: Account, raw: str, *, but: int | None = None) -> dict[str, str]:
    """The columns of this name, which no other folder of the actor has."""
    name = names.line(raw, field="name", most=_NAME, required=True)
    folded = fold(name)
    taken = select(SavedFolder.id).where(
        SavedFolder.owner_id == actor.id, SavedFolder.folded == folded
    )
    if db.session.scalar(taken) not in (None, but):
        raise Invalid(fields={"name": N_("You have a folder of this name.")})
    return {"name": name, "folded": folded}
