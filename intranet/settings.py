"""The settings: environment variables and a `.env` file, typed and read once.

A wrong value, or a variable with our prefix that means nothing, stops the start with one
readable line a problem. docs/settings.md lists them all; a test holds the two together.
"""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from intranet.kernel import smtp_server
from intranet.kernel.zones import is_zone

PREFIX = "INTRANET_"
ENV_FILE = ".env"

Role = Literal["all", "web", "realtime", "worker", "mail"]


class SettingsError(ValueError):
    """The environment cannot be used; `problems` has one readable line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Every setting. Named arguments win over the environment, the environment over `.env`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",  # `unknown_variables` reports what we do not know, with a better sentence
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    # Where it runs
    data: Path = Field(
        Path("var"),
        validate_default=True,
        description="folder of the database, uploads and secret key",
    )
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, validation_alias="PORT", description="its port")
    base_url: str = Field(
        default_factory=lambda known: f"http://127.0.0.1:{known['port']}",
        description="address people type; https makes cookies secure",
    )
    database_url: str = Field(
        default_factory=lambda known: f"sqlite:///{known['data']}/parvis.db",
        validation_alias="DATABASE_URL",
        repr=False,
        description="SQLite file or PostgreSQL server",
    )
    redis_url: str | None = Field(
        None,
        validation_alias="REDIS_URL",
        repr=False,
        description="needed only when several processes share the work",
    )
    secret_key: str = Field(
        default_factory=lambda known: kept_secret(known["data"]),
        min_length=16,
        repr=False,
        description="signs cookies; made and kept in the data folder when absent",
    )
    role: Role = Field(
        "all", description="what this process does: all, web, realtime, worker or mail"
    )
    web_processes: int = Field(0, ge=0, le=256, description="processes of role web; 0: by cores")
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="reverse proxies in front, whose X-Forwarded-* are believed"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error"
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="auto writes JSON unless standard error is a terminal"
    )

    # E-mail
    smtp_url: str | None = Field(
        None, repr=False, description="mail server; without one, mail is kept in a folder"
    )
    mail_from: str = Field(
        default_factory=lambda known: f"intranet@{smtp_server.mail_domain_of(known['base_url'])}",
        max_length=254,
        description="our own address, from which mail comes and to which answers go",
    )
    mail_authserv: str | None = Field(
        None,
        description="the name under which our own mail server vouches for senders in "
        "Authentication-Results; with it, answers by mail need its word",
    )
    mail_listen: str | None = Field(
        None, description="host:port where incoming mail is taken (SMTP and LMTP)"
    )

    # Push messages
    push_content: bool = Field(
        True, description="push messages say what happened, not only that something did"
    )
    push_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="push services that may be in our own network, separated by commas"
    )

    # Who gets in
    self_registration: bool = Field(False, description="people may make their own account")
    rate_limits: bool = Field(True, description="throttle sign-in and writing")
    session_days: int = Field(30, ge=1, le=366, description="days until a session ends")
    invitation_days: int = Field(7, ge=1, le=90, description="days an invitation link works")
    oauth_apps: Literal["open", "approved"] = Field(
        "open", description="programs people may allow: open (any) or approved by an administrator"
    )
    group_bots: bool = Field(True, description="owners of groups may make bots and webhooks")
    webhook_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="trusted hosts of webhooks, which may be private and without https"
    )
    default_follows: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="handles new staff follow, separated by commas"
    )

    # How it looks
    brand: str = Field("Parvis", min_length=1, max_length=60, description="name of the site")
    default_locale: Literal["en", "fr"] = Field("en", description="language before sign-in")
    default_timezone: str = Field("Europe/Paris", description="zone of accounts that chose none")

    # What may be written
    post_max_length: int = Field(5000, ge=100, le=100_000, description="characters of a post")
    composer_soft_length: int = Field(
        500, ge=10, le=100_000, description="characters after which the composer's counter warns"
    )
    upload_max_bytes: int = Field(
        25 * 1024 * 1024, ge=1024, le=2 * 1024**3, description="bytes of one file"
    )
    upload_macros: bool = Field(False, description="office files may hold macros")
    image_max_pixels: int = Field(
        40_000_000, ge=10_000, le=400_000_000, description="pixels of one picture"
    )
    max_attachments: int = Field(8, ge=0, le=50, description="files of one post")
    poll_max_options: int = Field(10, ge=2, le=50, description="answers of one poll")
    poll_option_length: int = Field(
        100, ge=10, le=500, description="characters of one answer of a poll"
    )
    poll_max_days: int = Field(31, ge=1, le=366, description="days that a poll is open at most")
    scheduled_max: int = Field(
        300, ge=1, le=10_000, description="posts to come that one person may have"
    )
    draft_max: int = Field(100, ge=1, le=1000, description="drafts that are kept for one person")
    group_calls_per_day: int = Field(
        3, ge=0, le=100, description="times a day that @group may call all members of one group"
    )
    link_previews: bool = Field(
        True, description="the first link of a post is shown with what its page says of itself"
    )
    link_preview_sites: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="the only sites that previews are made of"
    )
    link_preview_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="trusted hosts of previews, which may be private and without https"
    )
    announcement_approval: bool = Field(
        False, description="announcements go out only when somebody else has approved them"
    )

    # What figures tell
    min_group: int = Field(
        5, ge=5, le=1000, description="people of the smallest group that figures show by itself"
    )

    # How lists work
    page_size: int = Field(20, ge=1, le=80, description="entries of one page")
    wide_stream: int = Field(
        500, ge=1, le=1_000_000, description="followers from which posts are pulled, not copied"
    )
    home_kept: int = Field(
        800, ge=20, le=100_000, description="entries of a home timeline that are kept ready"
    )

    @field_validator("data")
    @classmethod
    def _wherever_we_stand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        value = value.rstrip("/")
        if not re.fullmatch(r"https?://[^/\s?#@]+", value):
            raise ValueError("must be like https://intranet.example, without a path")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)
        if not value.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:// or postgresql://")
        # Flask-SQLAlchemy would look for a relative file in a folder of its own.
        relative = re.fullmatch(r"sqlite:///([^/:].*)", value)
        return f"sqlite:///{Path(relative[1]).absolute()}" if relative else value

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str | None) -> str | None:
        if value is not None:
            smtp_server.parse(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, value: str) -> str:
        value = value.strip().lower()
        if not re.fullmatch(r"[a-z0-9._+-]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", value):
            raise ValueError("must be a bare address such as intranet@company.example")
        return value

    @field_validator("mail_listen")
    @classmethod
    def _place_to_listen(cls, value: str | None) -> str | None:
        if value is not None:
            smtp_server.parse_listen(value)
        return value

    @field_validator("default_follows", mode="before")
    @classmethod
    def _handles(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip().lstrip("@") for part in value.split(",") if part.strip())
        return value

    @field_validator(
        "webhook_hosts", "push_hosts", "link_preview_sites", "link_preview_hosts", mode="before"
    )
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = tuple(part.strip().lower() for part in value.split(",") if part.strip())
        for one in value:
            if not re.fullmatch(r"[a-z0-9.:-]*[a-z0-9](?::\d{1,5})?", one):
                raise ValueError("must be hosts such as tools.example or tools.example:8080")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if not is_zone(value):
            raise ValueError("is not a time zone such as Europe/Paris")
        return value

    @field_validator("composer_soft_length")
    @classmethod
    def _soft_within_hard(cls, value: int, info: ValidationInfo) -> int:
        if value > info.data.get("post_max_length", value):
            raise ValueError("must not be above INTRANET_POST_MAX_LENGTH")
        return value

    @model_validator(mode="after")
    def _roles_share_redis(self) -> "Settings":
        if self.role != "all" and self.redis_url is None:
            raise ValueError(f"{PREFIX}ROLE: {self.role} needs REDIS_URL, to reach the others")
        if self.role == "mail" and self.mail_listen is None:
            raise ValueError(f"{PREFIX}ROLE: mail needs {PREFIX}MAIL_LISTEN, to take mail in")
        return self

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may demand it."""
        return self.base_url.startswith("https://")

    @property
    def mail_folder(self) -> Path:
        """Where mail is kept when there is no mail server."""
        return self.data / "mail"

    @property
    def demo_marker(self) -> Path:
        """The file that tells that the demo company lives here."""
        return self.data / "demo.json"

    @property
    def is_demo(self) -> bool:
        """Whether the people here are invented, so that nothing may be sent to them."""
        return self.demo_marker.is_file()

    @property
    def sends_mail(self) -> bool:
        """Whether mail really goes out, rather than into the folder."""
        return self.smtp_url is not None and not self.is_demo

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")


def variable(name: str) -> str:
    """The environment variable of a field."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else PREFIX + name.upper()


def load_settings(**given: Any) -> Settings:
    """The settings of this process; `given` fields win. SettingsError when they cannot be used."""
    problems = list(unknown_variables(os.environ | dotenv_values(ENV_FILE)))
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError([*_sentences(error), *problems]) from None
    except OSError as error:
        raise SettingsError(
            [f"{variable('data')}: cannot write in {error.filename}: {error.strerror}", *problems]
        ) from None
    if problems:
        raise SettingsError(problems)
    return settings


def unknown_variables(names: Any) -> Iterator[str]:
    """A line for each variable that carries our prefix and names no setting: a misspelling."""
    known = {variable(field) for field in Settings.model_fields}
    for name in sorted(names):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            yield f"{name}: there is no such setting"


def kept_secret(folder: Path) -> str:
    """The key in the data folder, made at the first call and readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        try:
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            # Of two processes that start together the first one's key wins.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def _sentences(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        if one["type"] == "default_factory_not_called":
            continue  # only says that another setting, reported already, is wrong
        message = one["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        message = re.sub(r", unable to .*", "", message)
        name = str(one["loc"][0]) if one["loc"] else ""
        yield f"{variable(name) if name in Settings.model_fields else name}: {message}".lstrip(": ")
