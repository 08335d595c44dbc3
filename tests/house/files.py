"""What the house tests look at: the files that git tracks, and nothing that was built."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOREIGN = ("node_modules", ".venv", "static/dist", "var/", ".git/")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project that still exists; new ones too, unless git ignores them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if found.returncode == 0:
        names = {name for name in found.stdout.split("\0") if name}
    else:  # an archive without its history
        walked = (path for path in ROOT.rglob("*") if path.is_file())
        names = {str(path.relative_to(ROOT)) for path in walked}
        names = {name for name in names if not any(part in name for part in _FOREIGN)}
    return tuple(ROOT / name for name in sorted(names) if (ROOT / name).is_file())


def under(*folders: str, suffix: str) -> list[Path]:
    """The tracked files below these folders (all without any) whose name ends so."""
    return [
        path
        for path in tracked()
        if path.name.endswith(suffix)
        and (not folders or str(path.relative_to(ROOT)).startswith(tuple(f"{f}/" for f in folders)))
    ]


def name(path: Path) -> str:
    """The path inside the project."""
    return str(path.relative_to(ROOT))


def text(path: Path) -> str | None:
    """What the file says; None for pictures and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
