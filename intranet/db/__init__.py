"""The session, the base class and the column types every model shares."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

from intranet.kernel.clock import utc_now
from intranet.kernel.domain_events import DomainEvent
from intranet.kernel.ids import new_id

__all__ = ["Base", "CreatedAt", "IdPk", "UTCDateTime", "db", "record"]


class UTCDateTime(TypeDecorator[dt.datetime]):
    """Aware UTC in Python on both databases (SQLite drops the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive time: which zone it meant cannot be known."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Give the zone back that SQLite dropped."""
        if value is None or value.tzinfo is not None:
            return value.astimezone(dt.UTC) if value else None
        result: dt.datetime = value.replace(tzinfo=dt.UTC)
        return result


IdPk = Annotated[
    int, mapped_column(BigInteger, primary_key=True, default=new_id, autoincrement=False)
]
CreatedAt = Annotated[dt.datetime, mapped_column(UTCDateTime, default=utc_now)]


class Base(DeclarativeBase):
    """Every model's base. Flask-SQLAlchemy is given only the metadata: as the base class
    itself it clashes with SQLAlchemy 2.1's typed declarative classes."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
        dt.datetime: UTCDateTime,
        int: BigInteger,
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def record(event: DomainEvent) -> None:
    """Remember an event; it is told to subscribers only if the transaction commits."""
    db.session().info.setdefault("domain_events", []).append(event)
