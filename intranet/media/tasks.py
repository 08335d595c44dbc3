"""Background work on files."""

from collections.abc import Sequence

from intranet.media.storage import Storage


def purge(storage: Storage, keys: Sequence[str]) -> None:
    """Delete the files of these keys; doing it twice is harmless."""
    for key in keys:
        storage.delete(key)
