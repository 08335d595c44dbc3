"""What each edit of a post changed: its words, its warning, the answers of its poll, its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from intranet.accounts.models import Account
from intranet.kernel.text import Segment, word_diff
from intranet.media.queries import of_posts as media_of_posts
from intranet.polls.queries import titles_of
from intranet.posts.queries import get_visible
from intranet.posts.threads import revisions


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a post, with what led to it from the one before; the first one has no changes.
    Segments lead from the old text to the new one."""

    written_at: dt.datetime
    segments: tuple[Segment, ...]
    spoiler_text: str  # the warning in front of it
    options: tuple[str, ...]  # the answers of its poll
    warning: tuple[Segment, ...] = ()  # when the warning changed
    veils: bool | None = None  # its pictures are veiled now, or no longer; None as before
    answers: tuple[Segment, ...] = ()  # each answer of the poll, when they changed
    files_added: tuple[str, ...] = ()  # their names, "" where none is known
    files_removed: tuple[str, ...] = ()
    descriptions: tuple[tuple[str, tuple[Segment, ...]], ...] = ()  # by name, those that changed

    @property
    def only_text(self) -> bool:
        """Whether nothing but the words changed."""
        others = (self.warning, self.answers, self.descriptions)
        return not (any(others) or self.files_added or self.files_removed or self.veils is not None)


@dataclass(frozen=True, slots=True)
class _State:
    written_at: dt.datetime
    source: str
    spoiler_text: str
    sensitive: bool
    options: tuple[str, ...]
    files: dict[str, tuple[str, str]]  # what is said of each and its name, by its id


def history(viewer: Account, post_id: int) -> list[Version]:
    """What the post said, the newest version first; NotFound unless the viewer may read it."""
    post = get_visible(viewer, post_id)
    files = media_of_posts([post.id]).get(post.id, ())
    known = {str(one.id): one.file_name for one in files}
    states = [
        _State(
            one.created_at,
            one.source,
            one.spoiler_text,
            one.sensitive,
            tuple(one.options or ()),
            {
                str(id_): (words, name[0] if name else known.get(str(id_), ""))
                for id_, words, *name in one.media or ()
            },
        )
        for one in revisions(post.id)
    ]
    states.append(
        _State(
            post.edited_at or post.created_at,
            post.source,
            post.spoiler_text,
            post.sensitive,
            titles_of(post.id) or (),
            {str(one.id): (one.alt_text, one.file_name) for one in files},
        )
    )
    first, *later = states
    versions = [
        Version(
            first.written_at,
            (Segment("same", first.source),),
            first.spoiler_text,
            first.options,
        )
    ]
    for before, after in zip(states, later, strict=False):
        versions.append(_version(before, after))
    return versions[::-1]


def _version(before: _State, after: _State) -> Version:
    stayed = before.files.keys() & after.files.keys()
    return Version(
        after.written_at,
        tuple(word_diff(before.source, after.source)),
        after.spoiler_text,
        after.options,
        warning=_diff(before.spoiler_text, after.spoiler_text),
        # A warning veils what it stands before: that needs no second word.
        veils=after.sensitive
        if before.sensitive is not after.sensitive and before.spoiler_text == after.spoiler_text
        else None,
        answers=_answers(before.options, after.options),
        files_added=tuple(name for one, (_, name) in after.files.items() if one not in stayed),
        files_removed=tuple(name for one, (_, name) in before.files.items() if one not in stayed),
        descriptions=tuple(
            (name, _diff(before.files[one][0], words))
            for one, (words, name) in after.files.items()
            if one in stayed and before.files[one][0] != words
        ),
    )


def _diff(old: str, new: str) -> tuple[Segment, ...]:
    return tuple(word_diff(old, new)) if old != new else ()


def _answers(old: Sequence[str], new: Sequence[str]) -> tuple[Segment, ...]:
    """The answers that went, then those that are there."""
    if old == new:
        return ()
    gone = (Segment("removed", one) for one in old if one not in new)
    there = (Segment("same" if one in old else "added", one) for one in new)
    return (*gone, *there)
