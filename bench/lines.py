"""What benchmarks of live lines print."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence


def report(
    alive: int, whole: int, lines: int, posts: int, delays: list[float], pages: list[float],
    memory: int,
) -> None:  # fmt: skip
    """How many of the lines stayed and heard all posts, how long messages and pages took
    (seconds), and the server's memory (bytes). Ends the process with 1 when a line missed any."""
    pages.sort()
    delays.sort()
    print(f"alive {alive} of {lines}; heard all {posts} posts: {whole}")
    print(f"message after publishing: {_spread(delays)}, worst {delays[-1] * 1000:.0f} ms")
    print(f"home page meanwhile: {len(pages)} pages, {_spread(pages)}")
    print(f"memory of the server {memory / 1e6:.0f} MB")
    if alive != lines or whole != lines:
        sys.exit(1)


def _spread(seconds: Sequence[float]) -> str:
    middle, late = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    return f"p50 {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms"
