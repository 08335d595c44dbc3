"""What follows from notifications."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class Notified(DomainEvent):
    """Rows were written for these recipients; `notification_ids` are the rows, in their order."""

    recipient_ids: tuple[int, ...]
    notification_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class NotificationsRead(DomainEvent):
    """The reader's unread count is another one: it fell, in this or another window, or what was
    held aside was let go."""

    recipient_id: int
