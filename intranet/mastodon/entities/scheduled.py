"""ScheduledStatus: https://docs.joinmastodon.org/entities/ScheduledStatus/"""

from __future__ import annotations

from typing import Any

from intranet.mastodon.answers import moment
from intranet.mastodon.entities.media import attachment
from intranet.mastodon.entities.statuses import VISIBILITY
from intranet.scheduled.queries import ScheduledCard


def scheduled_status(card: ScheduledCard) -> dict[str, Any]:
    """The entity of a post to come."""
    draft = card.poll
    return {
        "id": str(card.id),
        "scheduled_at": moment(card.publish_at),
        "params": {
            "text": card.source,
            "poll": {
                "options": list(draft.options),
                "expires_in": str(draft.seconds),
                "multiple": draft.multiple,
                "hide_totals": draft.hide_totals,
            }
            if draft
            else None,
            "media_ids": [str(one.id) for one in card.media] or None,
            "sensitive": card.sensitive,
            "spoiler_text": card.spoiler_text or None,
            "visibility": VISIBILITY[card.visibility],
            "in_reply_to_id": str(card.in_reply_to_id) if card.in_reply_to_id else None,
            "language": card.language,
            "scheduled_at": None,
            "idempotency": None,
            "application_id": None,
            "with_rate_limit": False,
        },
        "media_attachments": [attachment(one) for one in card.media],
    }
