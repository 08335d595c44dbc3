"""`intranet run`: checks what can be checked early, then becomes the server of its role."""

import os
import socket
import sys
import tempfile
from pathlib import Path

import click

from intranet.kernel.smtp_server import parse_listen
from intranet.settings import ENV_FILE, PREFIX, load_settings, variable

_ROLES = ("all", "web", "realtime", "worker", "mail")
_WITHOUT_PAGES = {"worker", "mail"}


@click.command("run")
@click.option("--role", type=click.Choice(_ROLES), help="Overrides INTRANET_ROLE.")
@click.option("--demo", is_flag=True, help="Make the demo company if there are no accounts.")
def command(role: str | None, demo: bool) -> None:
    """Serve, in one process for everything or in the role given."""
    settings = load_settings(**({"role": role} if role else {}))
    problem = folder_problem(settings.data)
    if problem is None and settings.role not in _WITHOUT_PAGES:
        problem = port_problem(settings.host, settings.port, "port")
    if problem is None and settings.role in ("all", "mail") and settings.mail_listen is not None:
        problem = port_problem(*parse_listen(settings.mail_listen), "mail_listen")
    if problem:
        raise SystemExit(f"parvis: {problem}")
    # A new program in the same process: gevent must patch before anything else is imported.
    module = {"all": "embedded", "realtime": "embedded"}.get(settings.role, settings.role)
    environment = os.environ | {PREFIX + "ROLE": settings.role}
    arguments = [sys.executable, "-m", f"intranet.servers.{module}", *(["--demo"] if demo else [])]
    os.execve(sys.executable, arguments, environment)  # noqa: S606  (our own interpreter)


def folder_problem(folder: Path) -> str | None:
    """Why the data folder cannot be used, in one line."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{variable('data')}: cannot write in {folder}: {error.strerror}"


def port_problem(host: str, port: int, setting: str) -> str | None:
    """Why nothing can listen at the address, in one line."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        hint = f"choose another with {variable(setting)} (or in {ENV_FILE})"
        reason = (error.strerror or "").lower()
        return f"port {port} of {host} cannot be used: {reason}; {hint}"
    return None
