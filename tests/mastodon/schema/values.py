"""What entities are made of: the strict base, ids, moments, addresses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


class Entity(BaseModel):
    """Exactly these keys and types: nothing is turned into what it is not."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Empty(Entity):
    """`{}`."""


def left_out() -> Any:
    """The default of a key that may be missing. When it is there, it is of its type: no null."""
    return Field(default=None)


def _moment(text: str) -> str:
    dt.datetime.fromisoformat(text)
    return text


def _date(text: str) -> str:
    dt.date.fromisoformat(text)
    return text


def _address(*schemes: str) -> AfterValidator:
    def check(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname or re.search(r"\s", text):
            raise ValueError(f"not an address of {' or '.join(schemes)}")
        return text

    return AfterValidator(check)


def _mail(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("neither empty nor an e-mail address")
    return text


Id = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+$")]
Moment = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"),
    AfterValidator(_moment),
]
Midnight = Annotated[Moment, StringConstraints(pattern=r"T00:00:00\.000Z$")]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_date)]
Url = Annotated[str, _address("http", "https")]
SocketUrl = Annotated[str, _address("ws", "wss")]
Mail = Annotated[str, AfterValidator(_mail)]  # empty where nobody is to be written to
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]+)?$")]
Count = Annotated[int, Field(ge=0)]
CountAsText = Annotated[str, StringConstraints(pattern=r"^\d+$")]
Filled = Annotated[str, StringConstraints(min_length=1)]
