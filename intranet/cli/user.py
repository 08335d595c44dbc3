"""`intranet user`: accounts from the shell, for the first administrator and for emergencies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import force_locale
from sqlalchemy import select

from intranet.accounts import actions, passwords
from intranet.accounts.models import Account, Role
from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import migrate
from intranet.kernel.errors import DomainError
from intranet.unit_of_work import unit_of_work


@click.group()
def command() -> None:
    """Make, shut, open accounts; set a password."""


@command.command()
@click.option("--handle", required=True, help="the short name, as in @ann")
@click.option("--email", required=True)
@click.option("--name", default="", help="the name people read; the handle when absent")
@click.password_option(help="asked for when absent")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="member")
def create(handle: str, email: str, name: str, password: str, role: str) -> None:
    """Make an account; the database is brought up to date first."""
    with _inside():
        migrate()
        hashed = passwords.prepare(password, personal=(handle, email))
        with unit_of_work():
            account = actions.create_account(
                actions.NewAccount(
                    handle=handle,
                    email=email,
                    display_name=name or handle,
                    role=Role(role),
                    password_hash=hashed,
                )
            )
        click.echo(f"@{account.handle} ({role}) may sign in.")


@command.command()
@click.argument("handle")
def deactivate(handle: str) -> None:
    """Shut an account and end its sessions."""
    with _inside(), unit_of_work():
        actions.shut(_find(handle))
    click.echo(f"@{handle} can no longer sign in.")


@command.command()
@click.argument("handle")
def reactivate(handle: str) -> None:
    """Open a shut account again."""
    with _inside(), unit_of_work():
        actions.reopen(_find(handle))
    click.echo(f"@{handle} may sign in again.")


@command.command()
@click.argument("handle")
@click.password_option(help="asked for when absent")
def password(handle: str, password: str) -> None:
    """Set somebody's password and end their sessions."""
    with _inside():
        hashed = passwords.prepare(password, personal=(handle,))
        with unit_of_work():
            actions.set_password(_find(handle), hashed)
    click.echo(f"@{handle} has a new password.")


def _find(handle: str) -> Account:
    account = db.session.scalar(select(Account).where(Account.handle == handle.lstrip("@").lower()))
    if account is None:
        raise click.ClickException(f"There is no @{handle}.")
    return account


@contextmanager
def _inside() -> Iterator[None]:
    """The application's context; refusals of the domain become one line for the shell."""
    with create_app().test_request_context(), force_locale("en"):
        try:
            yield
        except DomainError as error:
            lines = [f"{field}: {text}" for field, text in error.fields.items()]
            raise click.ClickException("\n".join(lines) or str(error)) from None
