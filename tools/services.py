"""Throw-away servers for tests and measurements: a PostgreSQL cluster and a Redis, on free ports.

python tools/services.py COMMAND ...    runs it with TEST_POSTGRES_URL and TEST_REDIS_URL set
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

# Nothing here survives the run, so nothing need survive a crash.
_POSTGRES_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
}
_START_SECONDS = 30


class ServiceError(Exception):
    """A server is missing or does not start; one line."""


@contextmanager
def all_services() -> Iterator[dict[str, str]]:
    """Both servers; gives the environment variables by which tests find them."""
    # Whoever ends us by SIGTERM must not leave servers behind.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="parvis-") as folder, ExitStack() as stack:
        base = Path(folder)
        base.chmod(0o711)  # the database's own user must get through
        yield {
            "TEST_POSTGRES_URL": stack.enter_context(postgres(base / "postgres")),
            "TEST_REDIS_URL": stack.enter_context(redis(base / "redis")),
        }


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A fresh cluster in `folder`; gives its address, with a role that may make databases."""
    binaries = find_postgres()
    if binaries is None:
        raise ServiceError("PostgreSQL is not installed")
    folder.mkdir()
    # PostgreSQL refuses to run as root: its package made a user for that.
    owner = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    data, port = folder / "data", free_port()
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "parvis", "-A", "trust"]
    made = subprocess.run(
        [*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        **owner,
    )
    if made.returncode:
        raise ServiceError(f"initdb failed: {made.stderr.strip().splitlines()[-1]}")
    settings = {**_POSTGRES_OPTIONS, "port": str(port), "unix_socket_directories": str(folder)}
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    # SIGINT is its fast stop, which does not wait for clients.
    with _server(command, port, folder, owner, signal.SIGINT):
        yield f"postgresql+psycopg://parvis@127.0.0.1:{port}/postgres"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """An empty Redis that keeps nothing; gives its address."""
    server = shutil.which("redis-server")
    if server is None:
        raise ServiceError("Redis is not installed")
    folder.mkdir()
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _server([server, *options], port, folder, {}, signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


def find_postgres() -> Path | None:
    """The folder of the newest PostgreSQL server's programs."""
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in found:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    return None


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _version(binaries: Path) -> int:
    name = binaries.parent.name
    return int(name) if name.isdigit() else 0


@contextmanager
def _server(
    command: list[str], port: int, folder: Path, owner: dict[str, object], stop: signal.Signals
) -> Iterator[None]:
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **owner
        )
        try:
            _wait_for(process, port, folder / "server.log")
            yield
        finally:
            process.send_signal(stop)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["no output"]
    raise ServiceError(f"{Path(str(process.args[0])).name} did not start: {last[0]}")


if __name__ == "__main__":
    try:
        with all_services() as variables:
            sys.exit(subprocess.run(sys.argv[1:], env=os.environ | variables).returncode)
    except ServiceError as error:
        sys.exit(f"parvis: {error}")
