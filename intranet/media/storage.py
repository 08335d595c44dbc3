"""Where the bytes are: a folder per key below the data folder.

Names are made here and never come from outside. A folder is filled under a temporary name and
renamed when complete, so no half-written file is ever found under a key.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intranet.kernel.errors import NotFound

_KEY = re.compile(r"[0-9a-f]{32}")
_VARIANTS = ("original", "large", "small")


class Storage:
    """Files on disk, `<root>/<2 letters>/<key>/<variant>`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, key: str, variant: str) -> Path:
        """The file of a variant. NotFound when there is none (or it is not a name of ours)."""
        if not _KEY.fullmatch(key) or variant not in _VARIANTS:
            raise NotFound
        path = self._folder(key) / variant
        if not path.is_file():
            raise NotFound
        return path

    @contextmanager
    def filling(self) -> Iterator[tuple[str, Path]]:
        """A fresh key (128 random bits) and an empty folder that takes its place when the block
        ends well, and vanishes when it does not."""
        key = secrets.token_hex(16)
        folder = self._root / "tmp" / key
        folder.mkdir(parents=True)
        try:
            yield key, folder
            self._folder(key).parent.mkdir(parents=True, exist_ok=True)
            folder.rename(self._folder(key))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def copy(self, key: str) -> str:
        """The same files under a fresh key, which it gives. NotFound when there are none."""
        source = self.path(key, "original").parent
        with self.filling() as (fresh, folder):
            for file in source.iterdir():
                shutil.copyfile(file, folder / file.name)
        return fresh

    @contextmanager
    def changing(self, key: str) -> Iterator[Path]:
        """An empty folder whose files take the place of those of the same name under the key when
        the block ends well. NotFound when nothing is kept under it."""
        if not _KEY.fullmatch(key) or not self._folder(key).is_dir():
            raise NotFound
        folder = self._root / "tmp" / secrets.token_hex(16)
        folder.mkdir(parents=True)
        try:
            yield folder
            for made in folder.iterdir():
                made.replace(self._folder(key) / made.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def delete(self, key: str) -> None:
        """Remove all variants; a key that is gone is no error."""
        if _KEY.fullmatch(key):
            shutil.rmtree(self._folder(key), ignore_errors=True)

    def keys(self) -> Iterator[str]:
        """Every key that has files."""
        for folder in self._root.glob("??/*"):
            if _KEY.fullmatch(folder.name):
                yield folder.name

    def _folder(self, key: str) -> Path:
        return self._root / key[:2] / key
