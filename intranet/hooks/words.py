"""Which of Slack's words a refusal has.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks lists them.
"""

from __future__ import annotations

from intranet.kernel.errors import DomainError, Forbidden, Invalid, NotFound, TooMany
from intranet.webhooks.incoming import NoService
from intranet.webhooks.slack import InvalidPayload, NoText


def said_by(error: DomainError) -> tuple[str, int]:
    """The word and the status of a refusal."""
    if isinstance(error, NoService):
        return "no_service", 404
    if isinstance(error, NotFound):
        return "thread_not_found", 404
    if isinstance(error, NoText):
        return "no_text", 400
    if isinstance(error, InvalidPayload):
        return "invalid_payload", 400
    if isinstance(error, Forbidden):
        return "action_prohibited", 403
    if isinstance(error, TooMany):
        return "rate_limited", 429
    if isinstance(error, Invalid) and "most" in error.params:
        return "msg_too_long", 400
    return "invalid_payload", 400
