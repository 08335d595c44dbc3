"""The only commit in the code base. Every door opens one; actions never do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from intranet.db import db
from intranet.db.engine import writing
from intranet.kernel.domain_events import DomainEvent
from intranet.subscriptions import AFTER_COMMIT, BEFORE_COMMIT

log = logging.getLogger(__name__)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction: all of it or nothing. BEFORE_COMMIT subscribers belong to it,
    AFTER_COMMIT ones hear of it only when it is safe, and cannot undo it."""
    session = db.session()
    if session.info.get("unit_of_work"):
        raise RuntimeError("unit_of_work() does not nest: call actions, not doors")
    session.info["unit_of_work"] = True
    events: list[DomainEvent] = []
    session.info["domain_events"] = events
    try:
        with writing(session):
            yield
            for event in events:  # grows while handlers record what follows
                for handler in BEFORE_COMMIT.get(type(event), ()):
                    handler(event)
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit_of_work", None)
        session.info.pop("domain_events", None)
    for event in events:
        for handler in AFTER_COMMIT.get(type(event), ()):
            try:
                handler(event)
            except Exception:
                log.exception("after-commit handler %s failed for %s", handler.__name__, event)
