"""What the server is and what it takes, without a token: clients ask before anybody signs in.

https://docs.joinmastodon.org/entities/Instance/ and V1_Instance. People and posts are not
counted for strangers.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from intranet.mastodon.answers import absolute, answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.discovery import VERSION, host
from intranet.mastodon.requirements import open_to_all
from intranet.media.actions import MAX_ALT_TEXT
from intranet.media.uploads import DOCUMENT_TYPES, PICTURE_TYPES
from intranet.polls.drafts import SHORTEST
from intranet.posts.drafts import limits_of
from intranet.posts.pins import MAX_PINS
from intranet.push import keys
from intranet.tags.actions import MAX_FEATURED

# Clients switch on what they use by the number at the beginning.
COMPATIBLE = f"4.3.0 (compatible; Parvis {VERSION})"
_URL_LENGTH = 23
# The rest came with version 2.
_V1_CONFIGURATION = ("accounts", "statuses", "media_attachments", "polls")
_NO_RULES: list[dict[str, Any]] = []


def _description() -> str:
    return f"{settings_here().brand}: the company's own network"


def _streaming() -> str:
    """Where live messages come from: the same host, in the scheme of sockets."""
    return settings_here().base_url.replace("http", "ws", 1)


def _configuration() -> dict[str, Any]:
    settings = settings_here()
    polls = limits_of(settings).polls
    return {
        "urls": {"streaming": _streaming(), "status": None, "about": None},
        "vapid": {"public_key": keys.public_key(settings.data)},
        "accounts": {"max_featured_tags": MAX_FEATURED, "max_pinned_statuses": MAX_PINS},
        "statuses": {
            "max_characters": settings.post_max_length,
            "max_media_attachments": settings.max_attachments,
            "characters_reserved_per_url": _URL_LENGTH,
        },
        "media_attachments": {
            "supported_mime_types": [*PICTURE_TYPES, *DOCUMENT_TYPES],
            "description_limit": MAX_ALT_TEXT,
            "image_size_limit": settings.upload_max_bytes,
            "image_matrix_limit": settings.image_max_pixels,
            "video_size_limit": settings.upload_max_bytes,
            "video_frame_rate_limit": 60,
            "video_matrix_limit": settings.image_max_pixels,
        },
        "polls": {
            "max_options": settings.poll_max_options,
            "max_characters_per_option": settings.poll_option_length,
            "min_expiration": int(SHORTEST.total_seconds()),
            "max_expiration": int(polls.longest.total_seconds()),
        },
        "translation": {"enabled": False},
        "limited_federation": True,
    }


@bp.get("/api/v2/instance")
@open_to_all
def instance() -> Response:
    """The server, as clients of today read it."""
    settings = settings_here()
    thumbnail = absolute("/api/pictures/header.png")
    return answer(
        {
            "domain": host(),
            "title": settings.brand,
            "version": COMPATIBLE,
            # Strict clients refuse an empty address: whoever wants the source asks here.
            "source_url": absolute("/"),
            "description": _description(),
            "usage": {"users": {"active_month": 0}},
            "thumbnail": {"url": thumbnail, "versions": {"@1x": thumbnail}},
            "icon": [{"src": absolute("/api/pictures/person-6.png"), "size": "192x192"}],
            "languages": _languages(),
            "configuration": _configuration(),
            "registrations": {
                "enabled": settings.self_registration,
                "approval_required": False,
                "reason_required": False,
                "message": None,
                "min_age": None,
                "url": absolute("/register") if settings.self_registration else None,
            },
            # 4: grouped notifications, PKCE, push as of RFC 8291; what came later is not here.
            "api_versions": {"mastodon": 4},
            "contact": {"email": "", "account": None},
            "rules": _NO_RULES,
        }
    )


@bp.get("/api/v1/instance")
@open_to_all
def instance_v1() -> Response:
    """The server, as older clients and command-line tools read it."""
    configuration = _configuration()
    return answer(
        {
            "uri": host(),
            "title": settings_here().brand,
            "short_description": _description(),
            "description": _description(),
            "email": "",
            "version": COMPATIBLE,
            "urls": {"streaming_api": _streaming()},
            "stats": {"user_count": 0, "status_count": 0, "domain_count": 0},
            "thumbnail": absolute("/api/pictures/header.png"),
            "languages": _languages(),
            "registrations": settings_here().self_registration,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": {name: configuration[name] for name in _V1_CONFIGURATION},
            "contact_account": None,
            "rules": _NO_RULES,
        }
    )


def _languages() -> list[str]:
    return [settings_here().default_locale]


@bp.get("/api/v1/instance/rules")
@open_to_all
def rules() -> Response:
    """The rules of the house: none are kept here."""
    return answer(_NO_RULES)


@bp.get("/api/v1/instance/extended_description")
@open_to_all
def extended_description() -> Response:
    """A longer word about the server."""
    return answer({"updated_at": None, "content": ""})


@bp.get("/api/v1/instance/translation_languages")
@open_to_all
def translation_languages() -> Response:
    """From which language into which posts are translated: none."""
    return answer({})


@bp.get("/api/v1/instance/peers")
@open_to_all
def peers() -> Response:
    """Other servers that this one speaks to: none, ever."""
    return answer([])


@bp.get("/api/v1/custom_emojis")
@open_to_all
def custom_emojis() -> Response:
    """Own pictures for short words: none."""
    return answer([])
