"""Keeps the index in step with the posts: in the transaction that publishes, edits or deletes.

Deleting a post takes its row away by the foreign key. What was there before the index is walked
through by a task, the newest first, some thousand posts at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, text

from intranet.db import db
from intranet.kernel.ids import MAX_ID
from intranet.media.models import MediaAttachment
from intranet.polls.models import PollOption
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.posts.models import Post, PostKind, Visibility
from intranet.search import analysis, engines
from intranet.search.models import PostWords
from intranet.tasks.actions import enqueue

INDEX_REST = "search.index_rest"
AT_ONCE = 2_000  # posts of one transaction

_COLUMNS = (
    Post.id,
    Post.author_id,
    Post.group_id,
    Post.root_id,
    Post.kind,
    Post.boost_of_id,
    Post.visibility,
    Post.deleted_at,
    Post.language,
    Post.spoiler_text,
    Post.source,
    Post.html,
)


def post_published(event: PostPublished) -> None:
    """A new post can be found as soon as it is there."""
    if not event.direct:
        index([event.post_id])


def post_changed(event: PostChanged) -> None:
    """It is found by what it says now."""
    if event.edited and not event.direct:
        index([event.post_id])


def post_deleted(event: PostDeleted) -> None:
    """It is found no more, also where it stays as an empty place in its thread."""
    _forget([event.post_id])


def index(post_ids: Collection[int]) -> None:
    """Bring the rows of these posts in step: five statements, however many they are."""
    db.session.flush()
    _forget(post_ids)
    # FTS5 gathers rows in memory while their numbers rise, and writes a piece of the index each
    # time that one does not: in another order every post costs a piece.
    posts = db.session.execute(
        select(*_COLUMNS)
        .where(
            Post.id.in_(post_ids),
            Post.deleted_at.is_(None),
            Post.boost_of_id.is_(None),
            Post.visibility != Visibility.DIRECT,
        )
        .order_by(Post.id)
    ).all()
    if not posts:
        return
    ids = [post.id for post in posts]
    files = _by_post(
        select(
            MediaAttachment.post_id,
            MediaAttachment.file_name,
            MediaAttachment.alt_text,
            MediaAttachment.content_type,
        )
        .where(MediaAttachment.post_id.in_(ids))
        .order_by(MediaAttachment.post_id, MediaAttachment.position)
    )
    options = _by_post(
        select(PollOption.post_id, PollOption.title)
        .where(PollOption.post_id.in_(ids))
        .order_by(PollOption.post_id, PollOption.position)
    )
    db.session.execute(
        insert(PostWords),
        [
            {
                "post_id": post.id,
                "words": entry(post, files.get(post.id, ()), options.get(post.id, ())),
            }
            for post in posts
        ],
    )


def entry(post: Any, files: Sequence[Any], options: Sequence[Any]) -> str:
    """What the index holds of a post: its texts, its files, its marks."""
    said = [post.spoiler_text, post.source, *(option.title for option in options)]
    language = analysis.language_of("\n".join(said), post.language)
    named = analysis.PLAIN if language is None else language or post.language
    words: list[str] = []
    for part in said:
        words += _rows(part, named or None)
    for file in files:
        for part in (file.file_name, file.alt_text):
            in_file = list(_rows(part, named or None))
            words += in_file
            words += [engines.FILE + word if word != engines.BORDER else word for word in in_file]
    return engines.stored(words, marks_of(post, files, with_poll=bool(options)))


def _rows(part: str, language: str | None) -> Iterator[str]:
    for row in analysis.read(part, language):
        yield from row
        yield engines.BORDER


def marks_of(post: Any, files: Sequence[Any], *, with_poll: bool) -> list[str]:
    """What operators find it by."""
    marks = [
        engines.EVERYTHING,
        engines.mark("author", post.author_id),
        engines.mark("type", "post" if post.root_id is None else "reply"),
    ]
    if post.kind is not PostKind.POST:
        marks.append(engines.mark("type", post.kind.value))
    if post.group_id is not None:
        marks.append(engines.mark("group", post.group_id))
    if post.language:
        marks.append(engines.mark("lang", post.language.lower().partition("-")[0]))
    if with_poll:
        marks += [engines.mark("has", "poll"), engines.mark("type", "poll")]
    if 'href="http' in post.html:
        marks.append(engines.mark("has", "link"))
    marks += sorted({engines.mark("has", _kind(file.content_type)) for file in files})
    return marks


def _kind(content_type: str) -> str:
    kind = content_type.partition("/")[0]
    return kind if kind in ("image", "video") else "file"


def _by_post(statement: Any) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row[0], []).append(row)
    return found


def _forget(post_ids: Collection[int]) -> None:
    db.session.execute(
        delete(PostWords)
        .where(PostWords.post_id.in_(post_ids))
        .execution_options(synchronize_session=False)
    )


def index_rest(payload: dict[str, Any]) -> None:
    """A task: index the posts before an id, some of them, and leave the rest to the next task."""
    _number, before = index_before(int(payload.get("before", MAX_ID)))
    if before is not None:
        enqueue(INDEX_REST, {"before": str(before)})


def index_before(before: int) -> tuple[int, int | None]:
    """Index AT_ONCE posts older than this id, the newest first; gives how many, and the id to go
    on from, None at the end."""
    ids = db.session.scalars(
        select(Post.id).where(Post.id < before).order_by(Post.id.desc()).limit(AT_ONCE)
    ).all()
    if ids:
        index(ids)
    return len(ids), ids[-1] if len(ids) == AT_ONCE else None


def tidy() -> None:
    """Put the pieces of SQLite's index together after many changes."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO post_match(post_match) VALUES ('optimize')"))
