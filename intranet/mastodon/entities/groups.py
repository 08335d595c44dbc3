"""Groups as accounts with `group: true`: https://docs.joinmastodon.org/entities/Account/#group"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from intranet.accounts.models import Account
from intranet.groups.models import GroupPrivacy, NotifyLevel
from intranet.groups.standing import Standing
from intranet.kernel.ids import moment_of
from intranet.mastodon.answers import absolute, midnight
from intranet.mastodon.entities.content import content_of
from intranet.posts.authors import Written, written_in


def group_accounts(viewer: Account, found: Sequence[Standing]) -> list[dict[str, Any]]:
    """The entities of these groups, in their order: one statement more."""
    written = written_in(viewer, [one.chip.id for one in found])
    return [_entity(one, written.get(one.chip.id, Written())) for one in found]


def _entity(one: Standing, written: Written) -> dict[str, Any]:
    chip = one.chip
    url = absolute(f"/groups/{chip.slug}")
    picture = absolute(f"/api/pictures/group-{chip.hue}.png")
    header = absolute("/api/pictures/header.png")
    last = moment_of(written.last_id).date().isoformat() if written.last_id else None
    return {
        "id": str(chip.id),
        "username": chip.slug,
        "acct": chip.slug,
        "display_name": chip.name,
        "locked": chip.privacy is not GroupPrivacy.OPEN,
        "bot": False,
        "discoverable": chip.privacy is not GroupPrivacy.SECRET,
        "indexable": False,
        "group": True,
        "created_at": midnight(one.created_at),
        "note": _note(one),
        "url": url,
        "uri": url,
        "avatar": picture,
        "avatar_static": picture,
        "header": header,
        "header_static": header,
        "followers_count": chip.members_count,
        "following_count": 0,
        "statuses_count": written.count,
        "last_status_at": last,
        "hide_collections": not one.may_read,
        "noindex": True,
        "emojis": [],
        "roles": [],
        "fields": [{"name": _("Group"), "value": _privacy(chip.privacy), "verified_at": None}],
    }


def _note(one: Standing) -> str:
    purpose = Markup("<p>{}</p>").format(one.purpose) if one.purpose else ""
    return str(purpose) + content_of(one.about_html)


def _privacy(privacy: GroupPrivacy) -> str:
    words = {
        GroupPrivacy.OPEN: _("Open group"),
        GroupPrivacy.CLOSED: _("Closed group"),
        GroupPrivacy.SECRET: _("Secret group"),
    }
    return str(escape(words[privacy]))


def group_relationship(one: Standing) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Relationship/ : who belongs to a group follows it."""
    return {
        "id": str(one.chip.id),
        "following": one.is_member,
        "showing_reblogs": one.is_member,
        "notifying": one.notify_level is NotifyLevel.EVERYTHING,
        "languages": None,
        "followed_by": False,
        "blocking": False,
        "blocked_by": False,
        "muting": False,
        "muting_notifications": False,
        "muting_expires_at": None,
        "requested": one.is_requested and not one.is_member,
        "requested_by": False,
        "domain_blocking": False,
        "endorsed": False,
        "note": "",
    }
