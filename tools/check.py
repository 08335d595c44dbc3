"""`make test` and `make lint`: every check in order, and a summary at the end.

python tools/check.py [lint | every] [pytest options for every test run]

After SQLite, PostgreSQL runs the tests that its own rules ask for (docs/adr/0019); `every` runs all
of them there.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import services
import system_packages

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NO_TESTS = 5  # pytest's way to say that it found none

LINT = {
    "code style": ["ruff", "check", "--quiet", "."],
    "code form": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy"],
    "import contracts": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "--quiet", "--lint", "templates"],
}


def main(arguments: list[str]) -> int:
    """Run everything, even after a failure; 0 when all went well."""
    results: dict[str, tuple[bool, float]] = {}
    for name, command in LINT.items():
        run(name, [str(BIN / command[0]), *command[1:]], {}, results)
    if arguments[:1] != ["lint"]:
        try:
            system_packages.install()
            with services.all_services() as variables, tempfile.TemporaryDirectory() as folder:
                every = arguments[:1] == ["every"]
                log = None if every else Path(folder) / "statements"
                run_tests(variables, arguments[every:], results, log)
        except (services.ServiceError, system_packages.Missing) as error:
            print(f"parvis: {error}", file=sys.stderr)
            return 1
    print("\n" + "\n".join(_line(name, *result) for name, result in results.items()))
    return 0 if all(good for good, _ in results.values()) else 1


def run_tests(
    variables: dict[str, str],
    options: list[str],
    results: dict[str, tuple[bool, float]],
    log: Path | None,
) -> None:
    """The suite on both databases, then in a real browser. Through `log` the first run tells the
    second what it need not ask again."""
    environment = {**variables, "TEST_CHROMIUM": system_packages.find_browser() or ""}
    pytest = [sys.executable, "-m", "pytest", "-q", *options]
    workers = ["-n", "2", "--dist", "worksteal"]
    first = [f"--statements-to={log}"] if log else []
    second = [f"--statements-from={log}"] if log else []
    runs = {
        "tests on SQLite": [*workers, *first, "-m", "not browser"],
        "tests on PostgreSQL": [
            *workers,
            *second,
            "-m",
            "not browser and not house",
            "--database",
            "postgresql",
        ],
        "tests in a browser": [*workers, "-m", "browser"],
    }
    for name, marks in runs.items():
        run(name, [*pytest, *marks], environment, results, {0, NO_TESTS})


def run(
    name: str,
    command: list[str],
    environment: Mapping[str, str],
    results: dict[str, tuple[bool, float]],
    fine: frozenset[int] | set[int] = frozenset({0}),
) -> None:
    """One step; its output goes straight through."""
    print(f"\n--- {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL
    )
    results[name] = done.returncode in fine, time.monotonic() - began


def _line(name: str, good: bool, seconds: float) -> str:
    return f"{'ok    ' if good else 'FAILED'} {name} ({seconds:.0f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
