"""What docs/integrations.md gives programs to check signatures with does check them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from intranet.webhooks import signing

_PAGE = Path(__file__).parents[2] / "docs" / "integrations.md"


def _written(name: str) -> Any:
    """The function of this name in the examples of the page."""
    blocks = re.findall(r"```python\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    [block] = [one for one in blocks if f"def {name}(" in one]
    names: dict[str, Any] = {}
    exec(block, names)
    return names[name]


def test_the_example_tells_our_messages_from_others() -> None:
    check = _written("is_from_parvis")
    old, new, other = (signing.secret_of("key of the server", 7, number) for number in (1, 2, 3))
    body = '{"type": "ping", "text": "Été"}'.encode()
    moment = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    headers = signing.headers([new, old], "msg_1", moment, body)
    # For a day after a change both secrets sign: programs with either one take the message.
    assert check(signing.shown(new), headers, body)
    assert check(signing.shown(old), headers, body)
    assert not check(signing.shown(other), headers, body)
    assert not check(signing.shown(new), headers, body + b" ")
    assert not check(signing.shown(new), headers | {"webhook-id": "msg_2"}, body)
    assert not check(signing.shown(new), headers | {"webhook-timestamp": "1"}, body)
