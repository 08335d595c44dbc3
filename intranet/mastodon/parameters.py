"""What a request says, whether as form, multipart, JSON or query, as one typed model.

Arrays come as `id[]=1&id[]=2` or `id=1`, nested ones as `poll[options][]`, rows of them as
`fields_attributes[0][name]`; in JSON they come as themselves.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, TypeVar

import orjson
from flask import request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.kernel.pagination import MAX_LIMIT, Cursor

_MOST_FIELDS = 1000
_MOST_JSON = 1_000_000  # bytes
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){0,4})")
_PART = re.compile(r"\[([^\[\]]*)\]")
Model = TypeVar("Model", bound="Parameters")


class Parameters(BaseModel):
    """The parameters of a route. What it does not name is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


def emptied(value: Any) -> Any:
    """None for what clients send instead of nothing."""
    return None if value in ("", "None", "null") else value


def listed(value: Any) -> Any:
    """One or several, or rows that are named by their number, as a list."""
    if value is None or value == "":
        return ()
    if isinstance(value, dict):  # fields_attributes[0][name]: rows named by their number
        value = [value[key] for key in sorted(value, key=_number)]
    found = value if isinstance(value, list | tuple) else [value]
    if len(found) > _MOST_FIELDS:
        raise ValueError("as many as a form may have, not more")
    return found


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 9 else _MOST_FIELDS


# Types of parameters. An id is text of digits; an empty one is none.
Id = Annotated[int, Field(ge=0, le=MAX_ID)]
MaybeId = Annotated[Id | None, BeforeValidator(emptied)]
MaybeText = Annotated[str | None, BeforeValidator(emptied)]
Flag = Annotated[bool | None, BeforeValidator(emptied)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(listed)]
MaybeMoment = Annotated[dt.datetime | None, BeforeValidator(emptied)]
Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]


class Paging(Parameters):
    """Where a list begins: below `max_id`, above `since_id`, or directly above `min_id`."""

    max_id: MaybeId = None
    since_id: MaybeId = None
    min_id: MaybeId = None
    limit: Annotated[int | None, BeforeValidator(emptied)] = None

    def size(self, usual: int = 20, most: int = 40) -> int:
        """How many entries the page holds."""
        return max(1, min(self.limit or usual, most, MAX_LIMIT))

    def cursor(self, usual: int = 20, most: int = 40) -> Cursor:
        """Where the page begins, for lists that can be read upwards."""
        upwards = self.min_id is not None
        after = self.min_id if upwards else self.since_id
        return Cursor(self.max_id, after, self.size(usual, most), upwards)


def read(model: type[Model]) -> Model:
    """The request's parameters. Invalid, per field, for what does not fit."""
    try:
        return model.model_validate(_everything())
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in one["loc"]): N_("This cannot be read.")
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        }
        raise Invalid(fields=fields) from None


def flat_fields() -> dict[str, str]:
    """The parameters that are plain texts, for OAuth: body first, then query."""
    return {
        name: str(value)
        for name, value in _everything().items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _everything() -> dict[str, Any]:
    if request.is_json:
        request.max_content_length = _MOST_JSON  # before anything looks at the body
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if len(pairs) > _MOST_FIELDS:
        raise Invalid(N_("That is too much at once."))
    found: dict[str, Any] = {}
    counted: dict[str, int] = {}
    for name, value in pairs:
        _put(found, name, value, counted.setdefault(name, 0))
        counted[name] += 1
    for name, sent in request.files.items():
        found[name] = sent
    if request.is_json:
        found |= _json()
    return found


def _json() -> dict[str, Any]:
    body = request.get_data(cache=True)
    if not body.strip():
        return {}
    try:
        said = orjson.loads(body)
    except ValueError:
        raise Invalid(N_("The JSON of the request cannot be read.")) from None
    if not isinstance(said, dict):
        raise Invalid(N_("The JSON of the request cannot be read."))
    return said


def _put(found: dict[str, Any], name: str, value: str, index: int) -> None:
    """Put `a[b][]=value` where it belongs; a name that makes no sense is passed over. `index` says
    which of its name it is: of `rows[][name]` that is the row, since the order between different
    names is not kept."""
    match = _KEY.fullmatch(name)
    if match is None:
        return
    path = [match[1], *_PART.findall(match[2])]
    place: Any = found
    for key, following in zip(path, [*path[1:], None], strict=True):
        if key == "":
            if not isinstance(place, list):
                return
            if following is None:
                place.append(value)
                return
            if not all(isinstance(row, dict) for row in place):
                return
            place.extend({} for _ in range(index + 1 - len(place)))
            place = place[index]
            continue
        if not isinstance(place, dict):
            return
        if following is None:
            place[key] = value
            return
        place = place.setdefault(key, [] if following == "" else {})
