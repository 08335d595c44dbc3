"""Real databases for every test: a fresh SQLite file, or a cleaned PostgreSQL database.

`--database sqlite` (the default) or `--database postgresql` (TEST_POSTGRES_URL names a server
whose role may create databases). Each test begins with an empty, migrated database. On
PostgreSQL only tests that touch a database are run; statement_log.py may choose among them.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from intranet.app import create_app
from intranet.db import Base, db
from intranet.db.schema import migrate
from intranet.kernel import ids, smtp_server
from intranet.letters.composing import compose
from intranet.mail.delivery import Deliverer
from intranet.mail.transports import Smtp
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests import statement_log
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink
from tests.sharing import CompiledTemplates, compile_each_rule_once, share_statements

compile_each_rule_once()
_OBJECTS_BETWEEN_COLLECTIONS = 20_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    for name in ("--statements-to", "--statements-from"):
        parser.addoption(name, help="see tests/statement_log.py")


def pytest_configure(config: pytest.Config) -> None:
    if folder := config.getoption("--statements-to"):
        config.pluginmanager.register(statement_log.Recorder(Path(folder)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks for no database cannot tell one from the other: PostgreSQL runs none of it."""
    if config.getoption("--database") == "sqlite":
        return
    asking = {item for item in items if "template" in getattr(item, "fixturenames", ())}
    if folder := config.getoption("--statements-from"):
        asking &= statement_log.chosen(asking, Path(folder))
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = [item for item in items if item in asking]


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: the garbage collector need not look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 20)


def make_settings(data: Path, database_url: str, **changes: object) -> Settings:
    given = {"rate_limits": False, "secret_key": "a key for tests only, long enough"} | changes
    return Settings(_env_file=None, data=data, database_url=database_url, **given)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str
) -> Iterator[str]:
    """A migrated database: the file to copy, or the address of this worker's own database."""
    data = tmp_path_factory.mktemp("template")
    if request.config.getoption("--database") == "sqlite":
        path = data / "template.db"
        _migrate(make_settings(data, f"sqlite:///{path}"))
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        engine.dispose()
        yield str(path)
        return
    server = make_url(os.environ["TEST_POSTGRES_URL"])
    name = f"parvis_test_{worker}_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    address = server.set(database=name).render_as_string(hide_password=False)
    _migrate(make_settings(data, address))
    yield address
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def _migrate(settings: Settings) -> None:
    app = create_app(settings, TESTING=True)
    with app.app_context():
        migrate()
        db.engine.dispose()


def _empty(address: str) -> None:
    """Delete every row. Only where there are rows, and without asking triggers or foreign keys:
    TRUNCATE of all tables takes many times as long as most tests."""
    names = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
    filled = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {name})" for number, name in enumerate(names)
    )
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for number in connection.scalars(text(filled)).all():
            connection.execute(text(f"DELETE FROM {names[number]}"))
    engine.dispose()


@pytest.fixture(autouse=True)
def ids_of_today() -> Iterator[None]:
    """Ids never go back, also not after a test that has travelled: the next would make its ids
    in that test's future."""
    yield
    ids._last = 0


@pytest.fixture
def settings(request: pytest.FixtureRequest, template: str, tmp_path: Path) -> Iterator[Settings]:
    """This test's own settings and database; `@pytest.mark.settings(name=value)` changes some."""
    marker = request.node.get_closest_marker("settings")
    changes = dict(marker.kwargs) if marker else {}
    if request.config.getoption("--database") == "sqlite":
        shutil.copy(template, tmp_path / "parvis.db")
        yield make_settings(tmp_path, f"sqlite:///{tmp_path / 'parvis.db'}", **changes)
        return
    yield make_settings(tmp_path, template, **changes)
    _empty(template)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> CompiledTemplates:
    """What Jinja compiled, for every application of this run and its workers, who have one
    folder above their own."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    (shared / "templates").mkdir(exist_ok=True)
    return CompiledTemplates(str(shared / "templates"))


@pytest.fixture
def app(settings: Settings, templates: CompiledTemplates) -> Iterator[Flask]:
    # No context is left open while requests run: Flask would reuse it, and Flask-Login keeps
    # the current user in g, so that the second client would act as the first.
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = templates
    with app.app_context():
        share_statements(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def make(app: Flask) -> Factory:
    """Makes rows: `make.account("ann")`, `make.group("board", owner=ann)`."""
    return Factory(app)


@pytest.fixture
def browse(app: Flask) -> Browser:
    """`browse(ann)` gives a test client signed in as ann; `browse(None)` an anonymous one."""
    return Browser(app)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL sent from here on; `statements.clear()` starts anew. BEGIN and pragmas left out."""
    seen: list[str] = []

    def listen(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if not sql.startswith(("BEGIN", "PRAGMA")):
            seen.append(sql)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    yield seen
    event.remove(engine, "before_cursor_execute", listen)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A real mail server that keeps what it is sent."""
    sink = Sink()
    controller = sink.start()
    yield sink
    controller.stop()


@pytest.fixture
def smtp(app: Flask, settings: Settings, sink: Sink) -> Deliverer:
    """Delivers into the sink."""
    return Deliverer(
        context=app.app_context,
        unit_of_work=unit_of_work,
        compose=compose,
        transport=Smtp(smtp_server.parse(sink.url)),
        sender=settings.mail_from,
    )
