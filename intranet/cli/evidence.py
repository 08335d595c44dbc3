"""`intranet evidence`: checks what was exported, without the database it came from."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from intranet.evidence import verify as verifier


@click.group()
def command() -> None:
    """Check exported evidence."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--head", help="the fingerprint printed on the PDF or in the CSV")
@click.option("--earlier", help="the last hash printed on an older export")
def verify(file: Path, head: str | None, earlier: str | None) -> None:
    """Tell whether an exported ledger is what was exported; ends with 1 when it is not."""
    arguments = [str(file)]
    arguments += ["--head", head] if head else []
    arguments += ["--earlier", earlier] if earlier else []
    sys.exit(verifier.main(arguments))
