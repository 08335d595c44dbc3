"""Posts of other kinds in the demo company: a question with its answer, praise, a quote, a poll
whose result is still hidden, and a link with its preview, written down and not asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intranet.accounts.models import Account
from intranet.db import db
from intranet.demo.typography import typeset
from intranet.groups.models import Group
from intranet.kernel.clock import in_the_past
from intranet.polls.drafts import PollDraft
from intranet.posts import actions as posts
from intranet.posts import polling, questions
from intranet.posts.drafts import PostDraft, PostLimits, PraiseDraft
from intranet.posts.models import Post, Visibility
from intranet.previews.models import LinkPreview

_CONTENT = Path(__file__).parent / "content" / "kinds.toml"
_KEPT = dt.timedelta(days=365)


def write_kinds(
    accounts: Mapping[str, Account],
    groups: Mapping[str, Group],
    now: dt.datetime,
    limits: PostLimits,
) -> dict[str, Post]:
    """Every post of `content/kinds.toml`, around `now`; those that have one by their name."""
    made: dict[str, Post] = {}
    for told in tomllib.loads(_CONTENT.read_text(encoding="utf-8"))["post"]:
        post = _publish(told, accounts, groups, made, now, limits)
        made[told.get("name", "")] = post
        for reply in told.get("reply", ()):
            draft = PostDraft(
                source=typeset(reply["text"], "fr"), in_reply_to_id=post.id, language="fr"
            )
            with in_the_past(now - dt.timedelta(hours=reply["hours"])):
                answer = posts.publish(accounts[reply["by"]], draft, limits)
                if reply.get("accepted"):
                    questions.accept(accounts[told["by"]], answer)
        with in_the_past(now - dt.timedelta(hours=told["hours"] / 2)):
            for handle, choice in told.get("votes", {}).items():
                polling.vote(accounts[handle], post, [choice])
    return made


def _publish(
    told: dict[str, Any],
    accounts: Mapping[str, Account],
    groups: Mapping[str, Group],
    made: Mapping[str, Post],
    now: dt.datetime,
    limits: PostLimits,
) -> Post:
    group = groups[told["group"]] if "group" in told else None
    praise = PraiseDraft(tuple(told["praises"]), told["reason"]) if "praises" in told else None
    draft = PostDraft(
        source=typeset(told["text"], "fr"),
        visibility=Visibility.GROUP if group else Visibility.ORGANISATION,
        group_id=group.id if group else None,
        is_question=told.get("question", False),
        praise=praise,
        quote_of_id=made[told["quotes"]].id if "quotes" in told else None,
        poll=poll_of(told),
        language="fr",
    )
    with in_the_past(now - dt.timedelta(hours=told["hours"])):
        post = posts.publish(accounts[told["by"]], draft, limits)
    if "preview" in told:
        post.preview_id = _preview(told["preview"], now).id
        db.session.flush()
    return post


def poll_of(told: dict[str, Any]) -> PollDraft | None:
    """The poll of a post, whose result is shown at its end."""
    if "poll" not in told:
        return None
    options = tuple(typeset(one, "fr") for one in told["poll"]["options"])
    seconds = told["poll"]["days"] * 86400
    return PollDraft(options=options, seconds=seconds, hide_totals=True, anonymous=True)


def _preview(told: dict[str, str], now: dt.datetime) -> LinkPreview:
    found = LinkPreview(
        url=told["url"],
        url_hash=hashlib.sha256(told["url"].encode()).hexdigest(),
        title=typeset(told["title"], "fr"),
        description=typeset(told["description"], "fr"),
        site_name=told["site"],
        expires_at=now + _KEPT,
    )
    db.session.add(found)
    db.session.flush()
    return found
