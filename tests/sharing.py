"""Makes the many applications of a test run cheap: what the first of a process has compiled, the
others use."""

from __future__ import annotations

from types import CodeType
from typing import Any

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_STATEMENTS_KEPT = 4_000
_OF_THE_TEXT = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
_statements: dict[type[Dialect], LRUCache[Any, Any]] = {}


def compile_each_rule_once() -> None:
    """Keep what werkzeug made of an address, for the next application of this process. It depends
    on the rule's text, its defaults and the classes of the converters; our converters know nothing
    of their map."""
    made: dict[tuple[object, ...], dict[str, Any]] = {}
    compile_rule = Rule.compile

    def remembering(rule: Rule) -> None:
        assert rule.map is not None
        key = (rule.rule, repr(rule.defaults), *rule.map.converters.values())
        if key not in made:
            compile_rule(rule)
            made[key] = {name: vars(rule)[name] for name in _OF_THE_TEXT}
            return
        vars(rule).update(made[key])
        rule.arguments = set(rule.arguments)
        rule._build = rule._build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
        rule._build_unknown = rule._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined]

    Rule.compile = remembering  # type: ignore[method-assign]


def share_statements(engine: Engine) -> None:
    """Let this engine use the statements that earlier engines of its kind have compiled: writing
    their SQL is most of the time of most tests. SQLAlchemy keeps them per dialect object; here
    those of one class are all made alike, so they count as equal."""
    kind = type(engine.dialect)
    if kind not in _statements:
        _statements[kind] = LRUCache(_STATEMENTS_KEPT)
        kind.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign,assignment]
        kind.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]
    engine._compiled_cache = _statements[kind]


class CompiledTemplates(FileSystemBytecodeCache):
    """What Jinja compiled: read once by a process, and written for the others."""

    def __init__(self, directory: str) -> None:
        super().__init__(directory)
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code
