"""The entry point. Subcommands are found by file name and imported only when called, so that
`intranet run` starts without loading what it does not need."""

import importlib
import pkgutil
import sys
from pathlib import Path

import click

from intranet.settings import SettingsError

_NOT_COMMANDS = {"main"}


class CommandsByFile(click.Group):
    """`intranet NAME` is the object `command` of the module intranet/cli/NAME.py."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The modules beside this one."""
        modules = pkgutil.iter_modules([str(Path(__file__).parent)])
        return sorted({module.name for module in modules} - _NOT_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that module, if there is one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"intranet.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=CommandsByFile)
def intranet() -> None:
    """Parvis, the internal social network."""


def main() -> None:
    """Run the command; settings that cannot be used are told in plain lines."""
    try:
        intranet(prog_name="intranet")
    except SettingsError as error:
        for problem in error.problems:
            click.echo(f"parvis: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
