"""`make dev`: runs the server, builds what changed, and starts the server anew."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTRANET = Path(sys.executable).parent / "intranet"
WATCHED = {"intranet": {".py", ".po", ".toml"}, "templates": {".html", ".txt"}, "static": None}
PAUSE_SECONDS = 0.7


def snapshot() -> dict[Path, float]:
    """When each watched file was last changed."""
    found = {}
    for folder, suffixes in WATCHED.items():
        for path in (ROOT / folder).rglob("*"):
            built = folder == "static" and path.relative_to(ROOT / folder).parts[0].startswith(
                (".", "dist")
            )
            if not built and (suffixes is None or path.suffix in suffixes) and path.is_file():
                found[path] = path.stat().st_mtime
    return found


def main() -> int:
    """Until Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    environment = os.environ | {"INTRANET_LOG_FORMAT": "console"}
    while True:
        seen = snapshot()
        subprocess.run([sys.executable, str(ROOT / "tools" / "prepare.py"), "run"], check=False)
        server = subprocess.Popen([str(INTRANET), "run", "--demo"], cwd=ROOT, env=environment)
        try:
            while snapshot() == seen:
                time.sleep(PAUSE_SECONDS)
            print("parvis: something changed, starting anew", flush=True)
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
