"""Starts the real command in a process of its own and waits until it serves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import free_port, wait_for, wait_for_work

ROOT = Path(__file__).resolve().parent.parent.parent
_NOT_PASSED_ON = {"PORT", "DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE"}
COMMAND = [sys.executable, "-m", "intranet.cli.main"]


@dataclass
class Server:
    """A running process and where it is reached."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def processor_seconds(self) -> float:
        """What the process has used of the processor so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, timeout: float = 10) -> float:
        """Send SIGTERM; gives the seconds until it was gone."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout)
        return time.monotonic() - began


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Ours, without the settings of the shell that runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("INTRANET_") and name not in _NOT_PASSED_ON
    }
    return kept | {"PYTHONPATH": str(ROOT), "INTRANET_DATA": str(data)} | settings


def answer(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data, **settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def running(data: Path, *arguments: str, **settings: str) -> Iterator[Server]:
    """`intranet run` until the block ends; its output goes to data/output.txt."""
    port = free_port()
    data.mkdir(parents=True, exist_ok=True)
    with open(data / f"output-{port}.txt", "wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "run", *arguments],
            env=environment(data, **({"PORT": str(port)} | settings)),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    server = Server(process, port)
    try:
        if "worker" in arguments:
            wait_for_work(process, data / f"output-{port}.txt")
        else:
            wait_for(port, process, data / f"output-{port}.txt")
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
