"""The document of our own interface is valid, and the interface does what it says."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from intranet.accounts.models import Role
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.tokens import token_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = "/api/parvis/v1/openapi.json"


def test_the_document_is_valid_and_needs_no_token(browse: Browser) -> None:
    answer = browse(None).get(DOCUMENT)
    assert answer.status_code == 200
    validate(answer.json, cls=OpenAPIV31SpecValidator)


def test_every_route_of_the_interface_stands_in_the_document(app: Flask, browse: Browser) -> None:
    paths = browse(None).get(DOCUMENT).json["paths"]
    told = {(method.upper(), path) for path, one in paths.items() for method in one}
    there = {
        (method, rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/parvis/") and rule.rule != DOCUMENT
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert there
    assert told == there


def test_every_operation_says_what_it_needs_and_gives(browse: Browser) -> None:
    document = browse(None).get(DOCUMENT).json
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["security"], path
            assert operation["responses"]["200"]["content"], path


@pytest.mark.timeout(400)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_interface_keeps_what_its_document_promises(
    app: Flask, make: Factory, mode: GenerationMode
) -> None:
    ann = make.account("ann", Role.HR)
    make.group("board", owner=ann)
    make.page("newsroom", owner=ann)
    # Longer answers are compressed for who can take that; the client of these tests cannot.
    headers = {"Authorization": f"Bearer {token_of(app, ann)}", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, app)
    asked: Counter[tuple[str, int]] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            cases = operation.as_strategy(generation_mode=mode)
            cases.validate()
        except Unsatisfiable:
            continue

        @settings(
            max_examples=15,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(cases)
        def ask(case: Case) -> None:
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            asked[case.operation.label, answer.status_code] += 1

        with suppress(Unsatisfiable):
            ask()
    operations = {label for label, _status in asked}
    assert len(operations) >= 14
    statuses = {status for _label, status in asked}
    assert (200 if mode is GenerationMode.POSITIVE else 422) in statuses
