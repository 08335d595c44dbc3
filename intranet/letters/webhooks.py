"""Letters about webhooks."""

from __future__ import annotations

from flask_babel import gettext as _

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import Group
from intranet.kernel.errors import Forbidden
from intranet.letters.addresses import absolute
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage
from intranet.webhooks.models import OutgoingWebhook
from intranet.webhooks.outgoing import require_may_manage


def turned_off(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """An address failed too often and is told nothing more; nothing when it was turned on again,
    or is no longer the recipient's to manage."""
    webhook = db.session.get(OutgoingWebhook, message.payload["webhook"])
    if recipient is None or webhook is None or webhook.disabled_at is None:
        return None
    group = db.session.get(Group, webhook.group_id) if webhook.group_id is not None else None
    try:
        require_may_manage(recipient, group)
    except Forbidden:
        return None
    link = (
        absolute("groups.outgoing_webhook", slug=group.slug, webhook_id=webhook.id)
        if group is not None
        else absolute("admin.outgoing_webhook", webhook_id=webhook.id)
    )
    return Letter(
        subject=_("%(name)s is told nothing any more", name=webhook.name),
        template="webhook_turned_off",
        values={"name": webhook.name, "reason": webhook.disabled_because, "link": link},
    )
