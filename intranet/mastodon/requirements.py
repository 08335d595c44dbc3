"""What a route asks of its caller. Every route says it; one that says nothing is closed.

`@scope("read:accounts")` asks for a person's token with that scope, `@app_scope` for one that may
be the program's own, `@app_token` for any token,
`@open_to_all` for none. They only mark the view: `guard` in the blueprint enforces it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Requirement:
    """Any one of `scopes` will do. `person` asks for a token that acts for an account, `token`
    for one at all."""

    scopes: tuple[str, ...] = ()
    token: bool = True
    person: bool = True


def scope(*names: str) -> Callable[[View], View]:
    """A person's token with one of these scopes."""
    return _marked(Requirement(names))


def app_token(view: View) -> View:
    """Any living token, also one that speaks for an application only."""
    return _marked(Requirement(person=False))(view)


def app_scope(*names: str) -> Callable[[View], View]:
    """Any living token with one of these scopes, also one that speaks for an application only."""
    return _marked(Requirement(names, person=False))


def open_to_all(view: View) -> View:
    """No token."""
    return _marked(Requirement(token=False, person=False))(view)


def requirement_of(view: Callable[..., Any]) -> Requirement | None:
    """What the view says; None when it says nothing."""
    found = getattr(view, "requirement", None)
    return found if isinstance(found, Requirement) else None


def _marked(requirement: Requirement) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.requirement = requirement  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark
