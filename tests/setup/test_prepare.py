"""The set-up script: plain lines for what goes wrong, nothing done twice, nothing unlocked."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.house  # no database

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARE = ROOT / "tools" / "prepare.py"

# The last lines of real failures, shortened.
FAILURES = {
    "a C compiler": "  error: command 'gcc' failed: No such file or directory\n"
    "  ERROR: Failed building wheel for blurhash",
    "the package registry cannot be reached": "npm error code ENOTFOUND\nnpm error network",
    "the disk is full": "OSError: [Errno 28] No space left on device",
    "its whole output": "ERROR: something nobody has seen before",
}


def bare_clone(folder: Path) -> Path:
    """A copy of what the first step of a set-up reads."""
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("Makefile", "pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("meaning", FAILURES)
def test_a_failure_is_explained_in_one_line(meaning: str) -> None:
    code = "import sys, prepare; print(prepare.explain('pip', sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, FAILURES[meaning]],
        cwd=PREPARE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("\n") == 1
    assert meaning in done.stdout


def test_an_unreachable_registry_stops_the_set_up_with_one_line(tmp_path: Path) -> None:
    clone = bare_clone(tmp_path)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    offline = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    done = subprocess.run(
        ["make", "--no-print-directory", "run"],
        cwd=clone,
        env=plain | offline,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    ours = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(ours) == 1
    assert ours[0].startswith("parvis: pip failed: the package registry cannot be reached")
    assert "Traceback" not in done.stdout + done.stderr


def test_a_machine_without_a_new_python_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "sh").symlink_to("/bin/sh")
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "python"), "-V"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Parvis needs Python 3.11 or newer and found none.")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["runtime", "dev", "node"])
def test_the_lock_has_a_hash_for_everything_and_an_address_for_nothing(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE)
    assert packages
    assert all(line.endswith("\\") for line in packages)
    assert "://" not in text


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    locks = {}
    for name in ("runtime", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        locks[name] = set(re.findall(r"^([a-z0-9][^ ;\\]*==[^ ;\\]*)", text, re.MULTILINE))
    assert locks["runtime"] <= locks["dev"]


def test_the_front_end_lock_names_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text


def test_help_lists_every_target() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for target in ("run", "test", "dev", "lint", "format", "bench", "lock", "messages"):
        assert f"make {target} " in done.stdout
