"""Writes the applications that people of the demo company let act for them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path

from intranet.accounts.models import Account
from intranet.kernel.clock import in_the_past
from intranet.oauth import apps, tokens

_CONTENT = Path(__file__).parent / "content" / "programs.toml"


def write_programs(accounts: Mapping[str, Account], now: dt.datetime) -> None:
    """Register each application and let its people allow it; nobody is told the tokens."""
    for told in tomllib.loads(_CONTENT.read_text(encoding="utf-8"))["program"]:
        with in_the_past(now - dt.timedelta(days=told["days"])):
            made = apps.register(
                apps.AppDraft(
                    name=told["name"],
                    website=told["website"],
                    redirect_uris=(told["redirect_uri"],),
                    scopes=told["scopes"],
                )
            )
            for handle in filter(accounts.__contains__, told["allowed_by"]):
                tokens.issue(made.app, accounts[handle].id, told["scopes"])
