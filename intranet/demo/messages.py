"""Writes what people of the demo company say to one another, and nobody else reads."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intranet.accounts.models import Account
from intranet.conversations.actions import mark_read
from intranet.demo.typography import typeset
from intranet.kernel.clock import in_the_past
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Visibility

_CONTENT = Path(__file__).parent / "content" / "messages.toml"


def write_messages(accounts: Mapping[str, Account], now: dt.datetime, limits: PostLimits) -> None:
    """Every conversation of `content/messages.toml`, around `now`."""
    for told in tomllib.loads(_CONTENT.read_text(encoding="utf-8"))["conversation"]:
        _hold(told, accounts, now, limits)


def _hold(
    told: dict[str, Any], accounts: Mapping[str, Account], now: dt.datetime, limits: PostLimits
) -> None:
    root_id: int | None = None
    for message in told["message"]:
        to = tuple(accounts[one].id for one in told["people"] if one != message["by"])
        draft = PostDraft(
            source=typeset(message["text"], "fr"),
            visibility=Visibility.DIRECT,
            to_ids=to if root_id is None else (),
            in_reply_to_id=root_id,
        )
        with in_the_past(now - dt.timedelta(hours=message["hours"])):
            made = posts.publish(accounts[message["by"]], draft, limits)
        root_id = root_id or made.id
    assert root_id is not None
    for handle in told["people"]:
        if handle not in told["unread"]:
            mark_read(accounts[handle], root_id)
