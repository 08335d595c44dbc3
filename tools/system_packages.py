"""What the tests need from the operating system: a Chromium, PostgreSQL and Redis.

Installed with apt where we are root; otherwise the command to type is told.
"""

import os
import shutil
import subprocess

import services

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Missing(Exception):
    """Something is not installed and we may not install it; the message says what to type."""


def find_browser() -> str | None:
    """The path of a Chromium, from TEST_CHROMIUM or the usual names."""
    named = os.environ.get("TEST_CHROMIUM")
    return named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def missing() -> list[str]:
    """The Debian packages that have to be added."""
    wanted = []
    if find_browser() is None:
        wanted.append("chromium")
    if services.find_postgres() is None:
        wanted.append("postgresql")
    if shutil.which("redis-server") is None:
        wanted.append("redis-server")
    return wanted


def install() -> None:
    """Install what is missing, or raise Missing with the command."""
    wanted = missing()
    if not wanted:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"the tests need {', '.join(wanted)}. Please type: sudo {' '.join(command)}")
    print(f"parvis: Installing {', '.join(wanted)} ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], command):
        done = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)
    if missing():
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"apt-get could not install {', '.join(missing())}: {last}")
