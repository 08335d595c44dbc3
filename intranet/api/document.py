"""The OpenAPI 3.1 document of the operations, made of what they say of themselves."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from intranet.api.operations import OPERATIONS, PREFIX, Operation
from intranet.api.shapes import Refusal
from intranet.mastodon.answers import absolute, answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.discovery import VERSION
from intranet.mastodon.requirements import open_to_all
from intranet.oauth import scopes as scope_names

_REASONS = {
    401: "The token opens nothing.",
    403: "The token or the account may not do this.",
    404: "There is nothing here, or it is not for the caller.",
    409: "The thing is not in a state in which that can be done.",
    415: "The body is no JSON and no form.",
    422: "Something that was sent cannot be taken.",
    429: "Too often. `Retry-After` says when to come back.",
}
_SCHEMAS = "#/components/schemas/{model}"


@bp.get(f"{PREFIX}/openapi.json")
@open_to_all
def openapi() -> Response:
    """The description of this interface: https://spec.openapis.org/oas/v3.1.1"""
    return answer({**_document(), "servers": [{"url": absolute("")}]})


@cache
def _document() -> dict[str, Any]:
    shapes: list[type[BaseModel]] = [Refusal]
    shapes += [one.gives for one in OPERATIONS]
    shapes += [one.body for one in OPERATIONS if one.body is not None]
    unique = list(dict.fromkeys(shapes))
    _references, definitions = models_json_schema(
        [(shape, "serialization") for shape in unique], ref_template=_SCHEMAS
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parvis",
            "version": VERSION,
            "description": "Events, announcements, groups, pages, catching up and when to be told, "
            "for programs that act for people. Posts are Mastodon's API: https://docs.joinmastodon.org/client/intro/",
        },
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "oauth": {
                    "type": "oauth2",
                    "flows": {
                        "authorizationCode": {
                            "authorizationUrl": "/oauth/authorize",
                            "tokenUrl": "/oauth/token",
                            "scopes": {name: name for name in scope_names.SUPPORTED},
                        }
                    },
                },
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _described(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [one.path.removeprefix(PREFIX).split("/")[1]],
        "security": [*({"oauth": [name]} for name in one.scopes), {"token": []}],
        "parameters": [*_in_path(one), *_in_query(one)],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {"application/json": {"schema": _reference(one.gives)}},
            },
            **{
                str(number): {
                    "description": _REASONS[number],
                    "content": {"application/json": {"schema": _reference(Refusal)}},
                }
                for number in sorted({401, 403, 404, 422, 429, *one.refusals})
            },
        },
    }
    if one.body is not None:
        content = {"schema": _reference(one.body)}
        described["requestBody"] = {
            "required": bool(one.body.model_json_schema().get("required")),
            "content": {"application/json": content},
        }
    return described


def _reference(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _SCHEMAS.format(model=shape.__name__)}


def _in_path(one: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"}
            if name.endswith("_id")
            else {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,80}$"},
        }
        for name in re.findall(r"\{(\w+)\}", one.path)
    ]


def _in_query(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    whole = one.query.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": name in whole.get("required", ()),
            "schema": _inlined(schema, whole.get("$defs", {})),
        }
        for name, schema in whole["properties"].items()
    ]


def _inlined(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without references into its own model."""
    if schema.get("default", "") is None:
        schema = {key: value for key, value in schema.items() if key != "default"}
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return {**definitions[name], **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema
