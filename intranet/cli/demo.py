"""`intranet demo`: fill an empty database with a company to look at, or to measure with."""

from __future__ import annotations

import time

import click
from flask_babel import force_locale
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from intranet.app import create_app
from intranet.db.schema import migrate
from intranet.demo import seed as demo
from intranet.kernel.errors import DomainError
from intranet.settings import load_settings

_MOST_POSTS = 4_000_000  # the last bits of an id tell so many posts apart


class Scale(click.ParamType[str | int]):
    """`small`, or a number of posts."""

    name = "small|POSTS"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | int:
        """The word, or the number."""
        if value == "small":
            return value
        number = value.replace("_", "").replace(",", "")
        if not number.isdecimal() or not 1 <= int(number) <= _MOST_POSTS:
            self.fail("say small, or a number of posts up to 4,000,000", param, ctx)
        return int(number)


@click.command("demo")
@click.option(
    "--scale",
    type=Scale(),
    default="small",
    show_default=True,
    help="small: 60 people who write like people. A number: so many generated posts, "
    "and a hundredth as many people (60 to 10,000).",
)
@click.option("--seed", default=1, show_default=True, help="The same seed, the same company.")
def command(scale: str | int, seed: int) -> None:
    """Fill an empty database with the demo company; it is brought up to date first."""
    settings = load_settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    began = time.monotonic()
    with app.app_context():
        migrate()
        with Bars() as bars:
            try:
                demo.build(scale, seed, bars.show, settings=settings)
            except DomainError as error:
                with app.test_request_context(), force_locale("en"):
                    raise click.ClickException(str(error)) from None
    click.echo(f"done in {time.monotonic() - began:.0f} s")
    bars.tell_rates()
    for handle, label in demo.SIGN_INS:
        click.echo(f"sign in as {handle} ({label}), password {demo.PASSWORD}")


class Bars:
    """A bar for each kind of thing that is made."""

    def __init__(self) -> None:
        self._console = Console()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}
        self._made: dict[str, tuple[int, float]] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def show(self, label: str, done: int, total: int) -> None:
        """Move the bar of this kind, or begin one."""
        now = time.monotonic()
        if label not in self._tasks:
            self._tasks[label] = self._progress.add_task(label, total=total)
            self._began[label] = max((when for _, when in self._made.values()), default=now)
        self._progress.update(self._tasks[label], completed=done, total=total)
        self._made[label] = (done, now)

    def tell_rates(self) -> None:
        """One line a kind: how many, in how long, how many a second."""
        for label, (done, ended) in self._made.items():
            seconds = ended - self._began[label]
            if seconds > 0.5:
                self._console.print(
                    f"{label}: {done:,} in {seconds:.1f} s, {done / seconds:,.0f} a second"
                )
