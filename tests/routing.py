"""Makes the many applications of a test run cheap: each compiles the same three hundred rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def compile_each_rule_once() -> None:
    """Keep what werkzeug compiled for an address, for the next application of this process.

    The code it makes depends on the rule's text, its defaults and the flag alone; the converters
    are taken from the rule it is bound to. It is half the time of most tests.
    """
    compiled: dict[tuple[object, ...], Callable[..., Any]] = {}
    compile_builder = Rule._compile_builder

    def remembering(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        key = (repr(rule._trace), repr(rule.defaults), rule.rule, append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = remembering  # type: ignore[method-assign]
