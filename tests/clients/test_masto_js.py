"""masto.js, the JavaScript library that web clients are made of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.clients.site import Site

HERE = Path(__file__).parent


def _node() -> str:
    """The system's Node, or the one that the set-up took from the package index."""
    found = shutil.which("node") or str(Path(sys.executable).parent / "node")
    assert Path(found).exists(), "make test sets it up"
    return found


def test_a_web_client_does_everything(site: Site, tmp_path: Path) -> None:
    picture = tmp_path / "wing.png"
    Image.new("RGB", (640, 360), "teal").save(picture)
    said: list[str] = []
    with subprocess.Popen(
        [_node(), str(HERE / "masto.mjs")],
        env=os.environ | {"BASE": site.base, "PICTURE": str(picture)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for line in program.stdout:
            said.append(line)
            if line.startswith("allow "):
                _word, handle, address = line.split()
                print(site.allow(address, handle), file=program.stdin, flush=True)
    assert (program.returncode, said[-1:]) == (0, ["done\n"]), "".join(said)
