"""The one place that says what follows from what.

BEFORE_COMMIT handlers run inside the transaction, in the order of the facts, and may record
further facts: what they write is there or not there together with its cause. They let a package
that stands higher follow a lower one (timelines after posts) without an import downwards.
AFTER_COMMIT handlers run when the transaction is safe; what they do may be lost.
"""

from collections.abc import Callable
from typing import Any

from intranet.kernel.domain_events import DomainEvent

Handlers = dict[type[DomainEvent], tuple[Callable[[Any], None], ...]]

BEFORE_COMMIT: Handlers = {}

AFTER_COMMIT: Handlers = {}
