"""`intranet config check`: are the settings usable, and what are they?"""

import click
from rich.console import Console
from rich.table import Table

from intranet.settings import Settings, load_settings, variable

_SECRET = {"secret_key", "database_url", "redis_url", "smtp_url"}


@click.group("config")
def command() -> None:
    """Look at the settings."""


@command.command()
def check() -> None:
    """Show every setting, or every problem (and end with 1)."""
    settings = load_settings()
    table = Table("variable", "value", "what it is")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "(set)" if name in _SECRET and name in settings.model_fields_set else str(value)
        if name == "secret_key":
            shown = "(kept)"
        table.add_row(variable(name), shown, field.description or "")
    Console().print(table)
