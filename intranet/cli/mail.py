"""`intranet mail`: the outbox from the shell, and the door for a mail server that pipes."""

from __future__ import annotations

import sys

import click

from intranet import background
from intranet.app import create_app
from intranet.mail import actions, queries
from intranet.mailbox.intake import MOST_BYTES, Outcome
from intranet.mailbox.intake import receive as take
from intranet.settings import load_settings
from intranet.unit_of_work import unit_of_work

# What sysexits.h calls them, and what mail servers understand of a program that they pipe to.
_EXITS = {Outcome.TAKEN: 0, Outcome.NOBODY: 67, Outcome.LATER: 75}


@click.group()
def command() -> None:
    """Look after e-mail."""


@command.command()
def status() -> None:
    """Where mail goes, and how much of it waits, went out or failed."""
    settings = load_settings()
    with create_app(settings).app_context():
        counted = queries.count_by_status()
    click.echo(f"mail goes to {background.transport(settings).name}, from {settings.mail_from}")
    for kind, number in counted.items():
        click.echo(f"{kind.value}: {number}")


@command.command()
@click.argument("message_id", type=int, required=False)
def retry(message_id: int | None) -> None:
    """Try what has failed again: one message, or all. The running server sends it."""
    with create_app().app_context(), unit_of_work():
        number = actions.retry_failed(message_id)
    click.echo(f"{number} to be tried again")


@command.command()
def receive() -> None:
    """Take one message from standard input; ends with 0, 67 (nobody takes it) or 75 (later)."""
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    outcome = take(create_app(), raw)
    if outcome is not Outcome.TAKEN:
        click.echo(f"parvis: {outcome.value}", err=True)
    sys.exit(_EXITS[outcome])
