"""Makes the clone ready: environment, locked packages, front end, translations.

Needs nothing but Python itself. Each step leaves a stamp of what it was made from and is skipped
while that has not changed. Whatever goes wrong is told in one line; the whole output of the
failed program stays in .venv/setup.log.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "setup.log"
OLDEST_NODE = 18
NODE_MODULES = ROOT / "node_modules"
STATIC = ROOT / "static"
BUILT = STATIC / "dist" / "manifest.json"

# What a failing pip or npm says, and what it means to the person waiting.
_NETWORK = (
    "NewConnectionError",
    "ConnectionError",
    "ConnectTimeout",
    "Connection refused",
    "Max retries exceeded",
    "Temporary failure in name resolution",
    "ReadTimeout",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EAI_AGAIN",
    "No matching distribution found",
)
_COMPILER = (
    "command 'gcc' failed",
    "command 'cc' failed",
    "command 'c++' failed",
    "No such file or directory: 'gcc'",
    "No such file or directory: 'cc'",
    "unable to execute 'gcc'",
    "C compiler cannot create executables",
    "can't find Rust compiler",
    "Failed building wheel",
    "Failed to build",
)
_FULL = ("No space left on device", "ENOSPC")


class SetupError(Exception):
    """The set-up cannot go on; the message is one line for the person at the terminal."""


def main(arguments: Sequence[str]) -> int:
    """`run` prepares for serving, `dev` for testing too."""
    dev = list(arguments) == ["dev"]
    try:
        make_environment(install_missing=dev)
        install_packages("dev" if dev else "runtime")
        build_front_end()
        compile_translations()
    except SetupError as error:
        print(f"parvis: {error}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"parvis: cannot write {error.filename}: permission denied", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"parvis: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    return 0


def make_environment(install_missing: bool = False) -> None:
    """A virtual environment in .venv, of this Python and for this very folder."""
    origin = f"{ROOT} {sys.version_info[0]}.{sys.version_info[1]}"
    if PYTHON.exists() and _is_stamped("environment", origin):
        return
    if not _has_venv():
        packages = ["python3-venv", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]
        if install_missing and os.geteuid() == 0 and shutil.which("apt-get"):
            say("Installing Python's venv module")
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run(["apt-get", "update"], check=False, **quiet)
            for package in packages:
                subprocess.run(["apt-get", "install", "-y", package], check=False, **quiet)
        if not _has_venv():
            raise SetupError(
                "this Python has no venv module. Install it (Debian: apt-get install "
                f"{packages[0]}) and try again"
            )
    say("Making the virtual environment")
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        raise SetupError(f"Python could not make a virtual environment in {VENV}") from None
    _stamp("environment", origin)


def install_packages(kind: str) -> None:
    """The locked Python packages and our own command, by pip, each checked by its hash."""
    for wide_enough in {kind, "dev"}:
        lock = ROOT / "requirements" / f"{wide_enough}.txt"
        if _is_stamped(wide_enough, _digest([lock, ROOT / "pyproject.toml"])):
            return
    say("Installing the Python packages (a minute or two, the first time)")
    lock = ROOT / "requirements" / f"{kind}.txt"
    _pip("--require-hashes", "--requirement", str(lock))
    _pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    _stamp(kind, _digest([lock, ROOT / "pyproject.toml"]))


def build_front_end() -> None:
    """node_modules from the lock file and static/dist from static/."""
    npm_files = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources = [
        path
        for path in STATIC.rglob("*")
        if path.is_file() and not path.relative_to(STATIC).parts[0].startswith((".", "dist"))
    ]
    build = ROOT / "tools" / "frontend" / "build.mjs"
    made_from = _digest([*npm_files, build, *sources])
    packages = _digest(npm_files)
    installed = NODE_MODULES.is_dir() and _is_stamped("node", packages)
    if installed and BUILT.is_file() and _is_stamped("front-end", made_from):
        return
    node, npm = _node()
    if not installed:
        say("Installing the front-end packages")
        _run([npm, "ci", "--ignore-scripts", "--no-progress"], "npm")
        _stamp("node", packages)
    say("Building the front end")
    _run([node, str(build)], "the front-end build")
    _stamp("front-end", made_from)


def compile_translations() -> None:
    """A .mo beside every .po."""
    for source in sorted((ROOT / "intranet" / "translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        name, made_from = f"messages-{source.parts[-3]}", _digest([source])
        if target.is_file() and _is_stamped(name, made_from):
            continue
        pybabel = str(VENV / "bin" / "pybabel")
        _run([pybabel, "compile", "-i", str(source), "-o", str(target)], "pybabel")
        _stamp(name, made_from)


def explain(program: str, output: str) -> str:
    """One line for what went wrong in the output of a failed program."""
    reasons = (
        (_FULL, "the disk is full"),
        (_COMPILER, "a package has to be compiled here and that failed: a C compiler and Python's "
         "headers are needed (Debian: apt-get install build-essential python3-dev)"),
        (_NETWORK, "the package registry cannot be reached; check the network or proxy"),
    )  # fmt: skip
    for signs, meaning in reasons:
        if any(sign in output for sign in signs):
            return f"{program} failed: {meaning}. Details: {LOG}"
    return f"{program} failed; its whole output is in {LOG}"


def say(line: str) -> None:
    """Tell what takes a while."""
    print(f"parvis: {line} ...", flush=True)


def _has_venv() -> bool:
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def _pip(*arguments: str) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    _run([str(PYTHON), "-m", "pip", "install", *options, *arguments], "pip")


def _node() -> tuple[str, str]:
    """The system's node and npm when new enough, else those of a wheel from the lock."""
    found = shutil.which("node"), shutil.which("npm")
    if found[0] and found[1] and _node_version(found[0]) >= OLDEST_NODE:
        return found[0], found[1]
    lock = ROOT / "requirements" / "node.txt"
    if not _is_stamped("nodejs", _digest([lock])):
        say(f"Installing Node.js into .venv (none of version {OLDEST_NODE} or newer here)")
        _pip("--require-hashes", "--requirement", str(lock))
        _stamp("nodejs", _digest([lock]))
    return str(VENV / "bin" / "node"), str(VENV / "bin" / "npm")


def _node_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def _run(command: list[str], program: str) -> None:
    path = os.pathsep.join([os.path.dirname(command[0]), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        LOG.write_text(done.stdout, encoding="utf-8")
        raise SetupError(explain(program, done.stdout))


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _is_stamped(name: str, content: str) -> bool:
    stamp = VENV / f"stamp-{name}"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == content


def _stamp(name: str, content: str) -> None:
    (VENV / f"stamp-{name}").write_text(content, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
