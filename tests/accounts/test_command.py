"""`intranet user` from the shell."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.cli import user
from intranet.db import db
from tests.browse import Browser

PASSWORD = "parvis-demo"


@pytest.fixture
def shell(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(user, "create_app", lambda: app)
    monkeypatch.setattr(user, "migrate", lambda: None)  # it is; and logging is set up only once
    return CliRunner()


def create(shell: CliRunner, *more: str) -> tuple[int, str]:
    options = ["--email", "boss@example.test", "--password", PASSWORD, *more]
    result = shell.invoke(user.command, ["create", "--handle", "boss", *options])
    return result.exit_code, result.output


def test_an_administrator_is_made_and_signs_in(
    shell: CliRunner, app: Flask, browse: Browser
) -> None:
    assert create(shell, "--role", "administrator") == (
        0,
        "@boss (administrator) may sign in.\n",
    )
    with app.app_context():
        assert db.session.scalars(select(Account.role)).all() == [Role.ADMINISTRATOR]
    client = browse(None)
    form = {"handle": "boss", "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 303
    assert client.get("/admin/people").status_code == 200


def test_refusals_are_one_line_and_no_traceback(shell: CliRunner) -> None:
    create(shell)
    code, output = create(shell)
    assert code == 1
    assert "handle: Somebody has that handle already." in output
    assert "Traceback" not in output
    assert shell.invoke(user.command, ["deactivate", "nobody"]).exit_code == 1


def test_shutting_opening_and_another_password(shell: CliRunner, browse: Browser) -> None:
    create(shell)
    form = {"handle": "boss", "password": "another sentence"}
    shell.invoke(user.command, ["password", "boss", "--password", form["password"]])
    client = browse(None)
    assert client.post("/login", data=form).status_code == 303
    shell.invoke(user.command, ["deactivate", "boss"])
    assert client.get("/people").status_code == 303
    assert browse(None).post("/login", data=form).status_code == 422
    shell.invoke(user.command, ["reactivate", "boss"])
    assert browse(None).post("/login", data=form).status_code == 303
