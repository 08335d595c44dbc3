"""`intranet search`: the index from the shell."""

from __future__ import annotations

import time

import click

from intranet import background
from intranet.app import create_app


@click.group()
def command() -> None:
    """Look after the search."""


@command.command()
def reindex() -> None:
    """Read all posts and names anew, some thousand a transaction, while the site runs."""
    began = time.monotonic()
    with create_app().app_context():
        number = background.reindex(lambda done: click.echo(f"{done} posts", err=True))
    click.echo(f"{number} posts indexed in {time.monotonic() - began:.0f} s")
