"""`intranet token`: tokens for scripts, from the shell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import force_locale

from intranet.accounts import queries as accounts
from intranet.app import create_app
from intranet.db.schema import migrate
from intranet.kernel.errors import DomainError
from intranet.oauth import own, queries, tokens
from intranet.unit_of_work import unit_of_work


@click.group()
def command() -> None:
    """Make, list and revoke tokens of programs."""


@command.command()
@click.option("--account", "handle", required=True, help="whom the token acts for: a handle")
@click.option("--scopes", default="read", show_default=True, help='like "read write"')
def create(handle: str, scopes: str) -> None:
    """Print a new token; it is not shown again. It lives until it is revoked, or the account's
    password or role changes."""
    with _inside():
        migrate()
        account = accounts.find(handle.lstrip("@"))
        if account is None or not account.is_active or account.is_page:
            raise click.ClickException(f"There is no active @{handle.lstrip('@')}.")
        with unit_of_work():
            made = own.token_for(account, scopes)
        click.echo(made)


@command.command(name="list")
@click.option("--account", "handle", default=None, help="only those of this handle")
def list_tokens(handle: str | None) -> None:
    """List the living tokens, without their words."""
    with _inside():
        for line in queries.living_tokens(handle.lstrip("@").lower() if handle else None):
            used = f"{line.last_used_at:%Y-%m-%d}"
            click.echo(f"{line.id}  @{line.handle}  {line.app}  [{line.scopes}]  used {used}")


@command.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Revoke the token with this number (see `list`)."""
    with _inside():
        with unit_of_work():
            row = tokens.revoke_one(number)
        if row is None:
            raise click.ClickException("There is no token with this number.")
        click.echo("The token opens nothing any more.")


@contextmanager
def _inside() -> Iterator[None]:
    with create_app().test_request_context(), force_locale("en"):
        try:
            yield
        except DomainError as error:
            lines = [f"{field}: {text}" for field, text in error.fields.items()]
            raise click.ClickException("\n".join(lines) or str(error)) from None
