"""People who do something at once: in threads, through the domain, on a real database."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import DomainError
from intranet.kernel.ids import new_id
from intranet.unit_of_work import unit_of_work

THREADS = 12
Job = TypeVar("Job")


def racers(app: Flask, people: int) -> list[int]:
    """The ids of so many new people."""
    with app.app_context(), unit_of_work():
        accounts = [
            Account(
                handle=f"racer{number}-{new_id()}",
                email=f"racer{number}-{new_id()}@example.test",
                display_name=f"Racer {number}",
            )
            for number in range(people)
        ]
        db.session.add_all(accounts)
        db.session.flush()
        return [one.id for one in accounts]


def at_once(work: Callable[[Job], object], jobs: Iterable[Job]) -> list[str]:
    """Do all the jobs, twelve at a time; gives what went wrong, in words."""
    left = list(jobs)
    lock, errors = threading.Lock(), list[str]()

    def run() -> None:
        while True:
            with lock:
                if not left:
                    return
                job = left.pop()
            try:
                work(job)
            except Exception as error:
                errors.append(repr(error))

    threads = [threading.Thread(target=run) for _ in range(min(THREADS, len(left)))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return errors


def one_amid_the_other(
    app: Flask, first: Callable[[], object], other: Callable[[], object]
) -> None:
    """Two units of work on two connections: the other begins when the first has done its part,
    and the first commits while the other is at it, or waits. What the other refuses is passed
    over."""
    done, begun = threading.Event(), threading.Event()

    def second() -> None:
        done.wait(10)
        begun.set()
        with contextlib.suppress(DomainError), app.app_context(), unit_of_work():
            other()

    thread = threading.Thread(target=second)
    thread.start()
    with app.app_context(), unit_of_work():
        first()
        done.set()
        begun.wait(10)
        thread.join(0.5)  # time enough to be done with it, unless something makes it wait
    thread.join()
