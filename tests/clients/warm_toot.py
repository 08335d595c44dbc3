"""toot, imported once: each line on the standard input is one command line for it, as JSON.

Every command runs in a child of its own, forked when all that toot needs is loaded, so that it
finds what a fresh process finds, without the second that it takes to load. The answer is one line
of JSON: the exit code and the two outputs.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback

import toot.cli


def _obey(words: list[str], out: int, errors: int) -> int:
    """In the child: toot's own entry, with its output in these two files."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (errors, 2)):
        os.dup2(source, target)
    sys.argv = ["toot", *words]
    try:
        toot.cli.cli()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def answer(words: list[str]) -> dict[str, object]:
    """What toot said to these words."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            code = _obey(words, out.fileno(), errors.fileno())
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        for file in (out, errors):
            file.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "out": out.read().decode(),
            "errors": errors.read().decode(),
        }


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
