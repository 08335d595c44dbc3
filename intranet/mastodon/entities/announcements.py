"""Announcement: https://docs.joinmastodon.org/entities/Announcement/"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale, gettext
from markupsafe import Markup

from intranet.accounts.mentions import by_handle
from intranet.accounts.models import Account
from intranet.announcements.standing import Standing
from intranet.kernel.text import hashtags, mentioned_handles
from intranet.mastodon.answers import absolute, moment
from intranet.mastodon.entities.accounts import profile_url
from intranet.mastodon.entities.content import content_of, tag_url
from intranet.posts import queries as posts
from intranet.posts.cards import ReactionCount


def announcements(viewer: Account, found: Sequence[Standing]) -> list[dict[str, Any]]:
    """The entities, in their order. The number of statements does not depend on how many they
    are."""
    reactions = _reactions(viewer, found)
    people = _mentioned(viewer, found)
    return [_entity(one, reactions.get(one.post_id or 0, ()), people) for one in found]


def address_of(one: Standing) -> str:
    """Its page, where it can be confirmed."""
    return absolute(f"/announcements/{one.id}")


def _reactions(me: Account, found: Sequence[Standing]) -> dict[int, Sequence[ReactionCount]]:
    ids = [one.post_id for one in found if one.post_id is not None]
    return {card.id: card.reactions for card in posts.cards(me, ids, latest=False)}


def _mentioned(me: Account, found: Sequence[Standing]) -> dict[str, dict[str, Any]]:
    """Those named in the texts whom the caller may see, by handle: one statement."""
    handles = {handle for one in found for handle in mentioned_handles(one.source)}
    return {
        chip.handle: {
            "id": str(chip.id),
            "username": chip.handle,
            "acct": chip.handle,
            "url": profile_url(chip.handle),
        }
        for chip in by_handle(me, handles)
    }


def _entity(
    one: Standing, reactions: Sequence[ReactionCount], people: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "content": _content(one),
        "starts_at": None,
        "ends_at": moment(one.expires_at),
        "all_day": False,
        "published_at": moment(one.published_at),
        "updated_at": moment(one.changed_at),
        "read": one.read,
        "mentions": [
            people[handle]
            for handle in dict.fromkeys(mentioned_handles(one.source))
            if handle in people
        ],
        "statuses": [],
        "tags": [
            {"name": name, "url": tag_url(name)}
            for name in dict.fromkeys(tag.name for tag in hashtags(one.source))
        ],
        "emojis": [],
        "reactions": [
            {"name": given.emoji, "count": given.count, "me": given.mine} for given in reactions
        ],
    }


def _content(one: Standing) -> str:
    """Title, text and facts, then the way to the page: to confirm it, or to read it there."""
    with force_locale(one.language):
        words = gettext("Read and confirm") if one.to_confirm else gettext("Open the announcement")
    parts = [Markup("<p><strong>%s</strong><br />%s</p>") % (one.title, one.voice_name)]
    said = content_of(one.html)
    facts = [Markup("<p>%s: <strong>%s</strong></p>") % (name, value) for value, name in one.facts]
    way = Markup('<p><a href="%s" rel="nofollow noopener" target="_blank">%s</a></p>')
    link = way % (address_of(one), words)
    return "".join([*map(str, parts), said, *map(str, facts), str(link)])
