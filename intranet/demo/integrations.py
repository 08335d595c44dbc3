"""Writes the programs of the demo company: a bot that posted, applications in the directory."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intranet.accounts.models import Account, Role
from intranet.applications import actions as directory
from intranet.applications.drafts import ApplicationDraft
from intranet.audiences.rules import AudienceRule
from intranet.demo.typography import typeset
from intranet.groups.models import Group
from intranet.kernel.clock import in_the_past
from intranet.posts.drafts import PostLimits
from intranet.webhooks import incoming, slack

_CONTENT = Path(__file__).parent / "content" / "integrations.toml"
_ZONE = ZoneInfo("Europe/Paris")
_AGE = dt.timedelta(days=40)


def write_integrations(
    accounts: Mapping[str, Account],
    groups: Mapping[str, Group],
    now: dt.datetime,
    limits: PostLimits,
    base_url: str,
) -> None:
    """Everything of `content/integrations.toml`, laid before `now`; nobody is told the tokens."""
    told = tomllib.loads(_CONTENT.read_text(encoding="utf-8"))
    for bot in told["bot"]:
        _bot(bot, accounts[bot["by"]], groups[bot["group"]], now, limits)
    administrator = next(one for one in accounts.values() if one.role is Role.ADMINISTRATOR)
    with in_the_past(now - _AGE):
        for app in told["application"]:
            _application(app, administrator, base_url)


def _bot(
    plan: dict[str, Any], owner: Account, group: Group, now: dt.datetime, limits: PostLimits
) -> None:
    with in_the_past(now - _AGE):
        made = incoming.create(owner, group, plan["name"], group_bots=True)
    for post in plan["post"]:
        day = (now.astimezone(_ZONE) - dt.timedelta(days=post["days"])).date()
        moment = dt.datetime.combine(day, dt.time.fromisoformat(post["at"]), _ZONE)
        with in_the_past(moment):
            incoming.receive(made.webhook, slack.read(_typeset(post)), limits)


def _application(plan: dict[str, Any], administrator: Account, base_url: str) -> None:
    words = {
        name: typeset(plan[name], "fr" if name.endswith("_fr") else "en")
        for name in ("name_en", "name_fr", "description_en", "description_fr")
    }
    is_sample = plan.get("sample", False)
    directory.create(
        administrator,
        ApplicationDraft(
            **words,
            icon=plan["icon"],
            start_url=f"{base_url}/applications/sample/page?app=who-am-i-here"
            if is_sample
            else plan["start_url"],
            inside=is_sample,
        ),
        AudienceRule(),
    )


def _typeset(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: typeset(one, "fr") if name == "text" and isinstance(one, str) else _typeset(one)
            for name, one in value.items()
        }
    return [_typeset(one) for one in value] if isinstance(value, list) else value
