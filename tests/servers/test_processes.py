"""The processes start, tell plainly why they cannot, and stop in time."""

import contextlib
import errno
import os
import shutil
import socket
import urllib.request
from pathlib import Path

import pytest
import websocket

from intranet.cli import run
from tests.servers.processes import answer, running
from tests.serving import free_port

pytestmark = [
    pytest.mark.house,  # they bring their own databases
    pytest.mark.timeout(400),  # a busy machine takes its time to start three servers
]

SOCKET_PATH = "/socket.io/?EIO=4&transport=websocket"


def opened(url: str) -> websocket.WebSocket:
    """A live connection that has been greeted, and no more."""
    connection = websocket.create_connection(url.replace("http", "ws") + SOCKET_PATH, timeout=10)
    assert connection.recv().startswith("0{")
    return connection


@pytest.fixture
def data(template: str, tmp_path: Path) -> Path:
    """A data folder whose SQLite database has the schema of today: to make it is the subject of
    `test_the_start_tells_the_address_once_it_serves` alone."""
    if not template.startswith("postgresql"):
        shutil.copy(template, tmp_path / "parvis.db")
    return tmp_path


def test_one_process_serves_pages_and_sockets_and_stops_in_time(data: Path) -> None:
    with running(data) as server, contextlib.closing(opened(server.url)):
        assert server.stop() < 8  # three seconds for what is open, then its exit
        assert server.process.returncode == 0


def test_a_second_start_is_quick(data: Path) -> None:
    with running(data):
        pass
    with running(data) as server:
        # Processor time, not the clock: other tests run beside this one.
        assert server.processor_seconds() < 7


def test_the_start_tells_the_address_once_it_serves(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        pass
    lines = (tmp_path / f"output-{server.port}.txt").read_text().splitlines()
    assert f"parvis: ready at {server.url} (Ctrl-C stops it)" in lines
    assert not any(line.startswith("sign in as") for line in lines)


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = answer(tmp_path, "run", PORT=port)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"parvis: port {port} of 127.0.0.1 cannot be used: address already in use; "
        "choose another with PORT (or in .env)"
    ]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    done = answer(blocked / "data", "run", PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"parvis: INTRANET_DATA: cannot write in {blocked}/data: Not a directory"
    ]


def test_a_read_only_folder_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Played, not real: the tests may run as root, who may write anywhere.
    def refuse(**_options: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path))

    monkeypatch.setattr(run.tempfile, "TemporaryFile", refuse)
    assert run.folder_problem(tmp_path) == (
        f"INTRANET_DATA: cannot write in {tmp_path}: Permission denied"
    )


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    nowhere = f"postgresql://ann@127.0.0.1:{free_port()}/site"
    done = answer(tmp_path, "run", PORT=str(free_port()), DATABASE_URL=nowhere)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("parvis: the database cannot be used:")


@pytest.mark.redis
def test_the_same_code_runs_as_three_processes(data: Path) -> None:
    shared = {"REDIS_URL": os.environ["TEST_REDIS_URL"], "INTRANET_WEB_PROCESSES": "2"}
    with (
        running(data, "--role", "web", **shared) as web,
        running(data, "--role", "realtime", **shared) as realtime,
        running(data, "--role", "worker", **shared) as worker,
    ):
        with urllib.request.urlopen(f"{web.url}/healthz") as response:
            assert response.read() == b"ok"
        with contextlib.closing(opened(realtime.url)):
            for server in (web, realtime, worker):
                assert server.stop() < 8  # three seconds for what is open, then its exit
                assert server.process.returncode == 0
