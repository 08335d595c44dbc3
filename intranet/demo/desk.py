"""What people of the demo company keep to themselves: folders of saved posts, searches that tell
what is new, posts to come and drafts."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intranet.accounts.models import Account
from intranet.composer import actions as drafts
from intranet.composer.actions import DraftContent, Form
from intranet.demo.kinds import poll_of
from intranet.demo.typography import typeset
from intranet.groups.models import Group
from intranet.kernel.clock import in_the_past
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post, Visibility
from intranet.saved import actions as folders
from intranet.scheduled import actions as scheduled
from intranet.search import saved as searches
from intranet.settings import Settings

_CONTENT = Path(__file__).parent / "content" / "desk.toml"
_CLOCKS = ZoneInfo("Europe/Paris")
_SINCE = dt.timedelta(hours=2)  # how long ago all this was put in order


def write_desks(
    accounts: Mapping[str, Account],
    groups: Mapping[str, Group],
    made: Mapping[str, Post],
    now: dt.datetime,
    limits: PostLimits,
    settings: Settings,
) -> None:
    """Everything of `content/desk.toml`, around `now`; `made` are posts by their names."""
    told = tomllib.loads(_CONTENT.read_text(encoding="utf-8"))
    with in_the_past(now - _SINCE):
        for one in told["folder"]:
            owner = accounts[one["by"]]
            folder = folders.create(owner, one["name"])
            for name in one["posts"]:
                folders.put(owner, made[name], folder)
        for one in told["search"]:
            searches.save(accounts[one["by"]], one["name"], one["query"], one["alert"])
        for one in told["coming"]:
            draft = _post(one, groups)
            at = _moment(one, now)
            most = settings.scheduled_max
            scheduled.schedule(accounts[one["by"]], draft, at, limits, most=most)
    for number, one in enumerate(told["draft"]):
        with in_the_past(now - dt.timedelta(hours=one["hours"])):
            _keep(one, f"demo-{number}", accounts, groups, made, settings)


def _post(one: dict[str, Any], groups: Mapping[str, Group]) -> PostDraft:
    group = groups[one["group"]] if "group" in one else None
    return PostDraft(
        source=typeset(one["text"], "fr"),
        visibility=Visibility.GROUP if group else Visibility.ORGANISATION,
        group_id=group.id if group else None,
        is_question=one.get("question", False),
        poll=poll_of(one),
        language="fr",
    )


def _moment(one: dict[str, Any], now: dt.datetime) -> dt.datetime:
    day = now.astimezone(_CLOCKS).date() + dt.timedelta(days=one["days"])
    time = dt.time.fromisoformat(one["at"])
    return dt.datetime.combine(day, time, _CLOCKS).astimezone(dt.UTC)


def _keep(
    one: dict[str, Any],
    key: str,
    accounts: Mapping[str, Account],
    groups: Mapping[str, Group],
    made: Mapping[str, Post],
    settings: Settings,
) -> None:
    group = groups[one["group"]] if "group" in one else None
    place = f"group:{group.id}" if group else "home"
    if "quotes" in one:
        place = f"quote:{made[one['quotes']].id}"
    content = DraftContent(
        source=typeset(one["text"], "fr"),
        visibility=Visibility.GROUP if group else Visibility.ORGANISATION,
        group_id=group.id if group else None,
        language="fr",
    )
    drafts.save(
        accounts[one["by"]],
        place,
        content,
        Form(key),
        longest=settings.post_max_length,
        most=settings.draft_max,
    )
