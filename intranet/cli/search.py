"""`intranet search`: the index from the shell."""

from __future__ import annotations

import time

import click

from intranet.app import create_app
from intranet.kernel.ids import MAX_ID
from intranet.search import indexing, names
from intranet.unit_of_work import unit_of_work


@click.group()
def command() -> None:
    """Look after the search."""


@command.command()
def reindex() -> None:
    """Read all posts and names anew, some thousand a transaction, while the site runs."""
    began = time.monotonic()
    with create_app().app_context():
        number = rebuild(lambda done: click.echo(f"{done} posts", err=True))
    click.echo(f"{number} posts indexed in {time.monotonic() - began:.0f} s")


def rebuild(say: object = None) -> int:
    """Index everything; gives how many posts were looked at. Needs an application context."""
    number, before = 0, MAX_ID
    while True:
        with unit_of_work():
            older = indexing.index_before(before)
        if older is None:
            break
        number, before = number + indexing.AT_ONCE, older
        if callable(say):
            say(number)
    after: int | None = 0
    while after is not None:
        with unit_of_work():
            after = names.index_after(after)
    with unit_of_work():
        indexing.tidy()
    return number
