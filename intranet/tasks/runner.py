"""The worker: takes tasks from the queue one after another and does them."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from intranet.tasks import queue
from intranet.tasks.draining import drain_forever
from intranet.tasks.queue import Claimed, LeaseLost

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Apart:
    """Work with much to read and little to write. `read` runs before the unit of work, while
    everybody else may write; `write` inside it, with what was read."""

    read: Callable[[dict[str, Any]], Any]
    write: Callable[[Any], None]


class Runner:
    """`handlers` do the work of a kind, inside a unit of work; they may be called twice for one
    task and must not mind. `periodic` kinds return after their interval."""

    def __init__(
        self,
        *,
        context: Callable[[], AbstractContextManager[Any]],
        unit_of_work: Callable[[], AbstractContextManager[None]],
        handlers: Mapping[str, Handler | Apart],
        periodic: Mapping[str, dt.timedelta],
    ) -> None:
        self._context = context
        self._unit_of_work = unit_of_work
        self._handlers = handlers
        self._periodic = periodic

    def run_forever(self) -> None:
        """Work until killed."""
        prepared = False

        def drain() -> None:
            nonlocal prepared
            if not prepared:
                self.prepare()
                prepared = True
            self.drain()

        drain_forever(drain, queue.bell, _say)

    def prepare(self) -> None:
        """Put the periodic tasks into the queue."""
        with self._context(), self._unit_of_work():
            queue.keep_periodic(self._periodic)

    def drain(self) -> int:
        """Do all that is due now; gives how many tasks that were."""
        done = 0
        while self.run_one():
            done += 1
            time.sleep(0)  # lets the requests of this process go first
        return done

    def run_one(self) -> bool:
        """Do one task that is due. False when there was none."""
        with self._context():
            if not queue.is_any_due():
                return False
            with self._unit_of_work():
                task = queue.claim()
            if task is None:
                return False
            self._do(task)
            return True

    def _do(self, task: Claimed) -> None:
        try:
            handler = self._handlers[task.kind]
            given: Any = task.payload
            if isinstance(handler, Apart):
                given, handler = handler.read(given), handler.write
            with self._unit_of_work():
                queue.settle(task, self._periodic[task.kind] if task.is_periodic else None)
                handler(given)
        except LeaseLost:
            log.warning("task %s took longer than its lease", task.kind)
        except Exception as error:
            log.exception("task %s failed for the %sth time", task.kind, task.attempts)
            with self._unit_of_work():
                queue.postpone(task, f"{type(error).__name__}: {error}")


def _say(error: Exception) -> None:
    log.warning("the tasks wait for the database: %s", error)
