"""Settings are typed, complete in the documentation, and refused in readable lines."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from intranet.cli.main import intranet
from intranet.settings import Settings, SettingsError, kept_secret, load_settings, variable

pytestmark = pytest.mark.house  # no database

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting from outside, and no .env file."""
    for name in os.environ:
        if name.startswith("INTRANET_") or name in {"PORT", "DATABASE_URL", "REDIS_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def problems(**environment: str) -> list[str]:
    """What the start says to these variables."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        with pytest.raises(SettingsError) as caught:
            load_settings()
    return caught.value.problems


def test_defaults_make_an_embedded_site(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/var/parvis.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.redis_url is None
    assert not settings.secure


def test_the_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert load_settings().base_url == "http://127.0.0.1:8123"


def test_a_dotenv_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("INTRANET_BRAND=From the file\nINTRANET_PAGE_SIZE=11\n")
    monkeypatch.setenv("INTRANET_PAGE_SIZE", "12")
    settings = load_settings()
    assert (settings.brand, settings.page_size) == ("From the file", 12)


def test_each_wrong_value_is_one_line() -> None:
    lines = problems(
        PORT="ninety",
        INTRANET_BASE_URL="intranet.example",
        INTRANET_PAGE_SIZE="900",
        INTRANET_RATE_LIMITS="perhaps",
        INTRANET_DEFAULT_TIMEZONE="Mars/Olympus",
        DATABASE_URL="mysql://db",
    )
    names = [line.split(":")[0] for line in lines]
    assert sorted(names) == [
        "DATABASE_URL",
        "INTRANET_BASE_URL",
        "INTRANET_DEFAULT_TIMEZONE",
        "INTRANET_PAGE_SIZE",
        "INTRANET_RATE_LIMITS",
        "PORT",
    ]
    assert "PORT: must be a valid integer" in lines


def test_a_misspelt_variable_is_refused() -> None:
    assert problems(INTRANET_BRNAD="x") == ["INTRANET_BRNAD: there is no such setting"]


def test_a_misspelt_variable_in_the_file_is_refused() -> None:
    Path(".env").write_text("INTRANET_BRNAD=x\nSOMETHING_ELSE=y\n")
    assert problems() == ["INTRANET_BRNAD: there is no such setting"]


def test_a_separate_role_needs_redis() -> None:
    assert "REDIS_URL" in problems(INTRANET_ROLE="web")[0]


def test_the_composer_warns_before_the_limit() -> None:
    lines = problems(INTRANET_POST_MAX_LENGTH="200")
    assert lines == ["INTRANET_COMPOSER_SOFT_LENGTH: must not be above INTRANET_POST_MAX_LENGTH"]


def test_followed_handles_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTRANET_DEFAULT_FOLLOWS", "@news, direction,")
    assert load_settings().default_follows == ("news", "direction")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_one_driver(scheme: str) -> None:
    settings = load_settings(database_url=f"{scheme}://ann@db/site")
    assert settings.database_url == "postgresql+psycopg://ann@db/site"


def test_a_relative_sqlite_file_is_where_it_says(tmp_path: Path) -> None:
    assert load_settings(database_url="sqlite:///here.db").database_url == (
        f"sqlite:///{tmp_path}/here.db"
    )


def test_the_secret_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "data")
    assert kept_secret(tmp_path / "data") == first
    assert len(first) > 40
    mode = stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode)
    assert mode == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = load_settings(database_url="postgresql://ann:hunter2@db/site")
    assert "hunter2" not in repr(settings)
    assert settings.secret_key not in repr(settings)


def test_config_check_shows_every_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:hunter2@db/site")
    monkeypatch.setenv("INTRANET_SMTP_URL", "smtps://ann:hunter2@mail.example")
    shown = CliRunner().invoke(intranet, ["config", "check"]).output
    for name in Settings.model_fields:
        assert variable(name) in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://ann:hunter2@mail.example",
     "smtp://ann@localhost", "smtp://mail.example/x", "smtp://mail.example:x",
     "smtp://mail.example?tls=1", "smtps://mail.example?starttls=1"],
)  # fmt: skip
def test_a_mail_server_that_cannot_be_used_is_one_line_without_its_password(url: str) -> None:
    (line,) = problems(INTRANET_SMTP_URL=url)
    assert line.startswith("INTRANET_SMTP_URL: ")
    assert "hunter2" not in line


def test_mail_comes_from_the_host_that_people_type(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().mail_from == "intranet@localhost"
    assert load_settings(base_url="https://social.merival.example").mail_from == (
        "intranet@social.merival.example"
    )
    assert load_settings(mail_listen="[::1]:8025").mail_listen == "[::1]:8025"
    assert "INTRANET_MAIL_FROM" in problems(INTRANET_MAIL_FROM="Ann <ann@x.test>")[0]
    assert "INTRANET_MAIL_LISTEN" in problems(INTRANET_MAIL_LISTEN="8025")[0]


def test_config_check_tells_problems_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "intranet.cli.main", "config", "check"],
        env=os.environ | {"PORT": "x", "INTRANET_WHAT": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "parvis: PORT: must be a valid integer",
        "parvis: INTRANET_WHAT: there is no such setting",
    ]


def test_the_documentation_lists_exactly_the_settings() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)
    assert documented == [variable(name) for name in Settings.model_fields]
