"""The authorization server: Authlib's protocol over our rows. It knows no HTTP framework: a door
hands it fields and headers and gets a status, a body and headers back.

Its answers to errors are ordinary return values, so the caller's transaction commits what a
replay took back.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidScopeError,
    OAuth2Payload,
    OAuth2Request,
)

from intranet.accounts.models import Account
from intranet.oauth import clients, tokens
from intranet.oauth import scopes as scope_names
from intranet.oauth.grants import Challenge, ClientGrant, CodeGrant, RefreshGrant
from intranet.oauth.models import OAuthApp

# What Authlib repeats in its answers, and what no honest client sends: kept out beforehand.
_PLAIN = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")
_MAX_FIELD = 4000
GRANT_TYPES = ("authorization_code", "client_credentials", "refresh_token")


@dataclass(frozen=True, slots=True)
class Renewed:
    """One token took the place of another, of the same consent."""

    spent_id: int
    token_id: int
    token: str = field(repr=False)
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door sends: a dict is JSON. `renewed` when a token was refreshed: what hung on the
    spent one is to follow."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    renewed: Renewed | None = None

    @property
    def location(self) -> str | None:
        """Where the browser is sent, if it is."""
        return self.headers.get("Location")


class _Payload(OAuth2Payload):  # type: ignore[misc]  # authlib has no types
    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = dict(fields)

    @property
    def data(self) -> dict[str, str]:
        return self._fields

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._fields.items()}


class _Request(OAuth2Request):  # type: ignore[misc]  # authlib has no types
    """Fields and headers of a request, wherever they came from."""

    def __init__(self, method: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> None:
        # Whether the way here is encrypted is the operator's to decide: see the settings.
        super().__init__(method, "https://authorization.invalid/", headers=_basic(headers))
        self.payload = _Payload(fields)
        self.family_id: int | None = None
        self.spent_id: int | None = None  # of the token that is refreshed
        self.renewed: Renewed | None = None

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data

    @property
    def args(self) -> dict[str, str]:
        return self.payload.data


class _Server(AuthorizationServer):  # type: ignore[misc]  # authlib has no types
    def query_client(self, client_id: Any) -> clients.Client | None:
        return clients.find(client_id)

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        return Answer(status, body if isinstance(body, dict) else dict(body or ()), dict(headers))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def save_token(self, token: dict[str, Any], request: _Request) -> None:
        """Make the row, and put its words into the answer."""
        issued = tokens.issue(
            request.client.app,
            request.user.id if request.user is not None else None,
            token["scope"],
            family_id=request.family_id,
        )
        if request.spent_id is not None:
            request.renewed = Renewed(
                request.spent_id,
                issued.row.id,
                issued.token,
                scope_names.held(issued.row.scopes),
            )
        token["access_token"] = issued.token
        token["created_at"] = int(issued.row.created_at.timestamp())
        if issued.refresh is not None:
            token["refresh_token"] = issued.refresh
            token["expires_in"] = int(tokens.LIFETIME.total_seconds())


def _shape(*, client: clients.Client, scope: str | None, **_rest: Any) -> dict[str, Any]:
    """The answer of the token endpoint before the row is made."""
    allowed = client.get_allowed_scope(scope)
    if allowed is None:
        raise InvalidScopeError()
    return {"access_token": "", "token_type": "Bearer", "scope": allowed}


def _built() -> _Server:
    server = _Server()
    server.register_token_generator("default", _shape)
    server.register_grant(CodeGrant, [Challenge(required=True)])
    server.register_grant(ClientGrant)
    server.register_grant(RefreshGrant)
    return server


_server = _built()


@dataclass(frozen=True, slots=True)
class Question:
    """What an application asks of a person: shown before it is allowed or denied."""

    app: OAuthApp
    redirect_uri: str
    scopes: tuple[str, ...]


def question(fields: Mapping[str, str]) -> Question | Answer:
    """The question behind these parameters of the authorization endpoint, or the error to send
    back to the application. The caller has checked the client and its redirect address."""
    request = _Request("GET", _clean(fields), {})
    try:
        grant = _server.get_consent_grant(request)
    except OAuth2Error as error:
        return _refusal(error)
    return Question(
        grant.request.client.app, grant.redirect_uri, tuple(grant.request.scope.split())
    )


def decide(fields: Mapping[str, str], account: Account | None) -> Answer:
    """The redirect with a code for this account, or with `access_denied` for None. Writes."""
    request = _Request("POST", _clean(fields), {})
    try:
        grant = _server.get_consent_grant(request, end_user=account)
    except OAuth2Error as error:
        return _refusal(error)
    answer: Answer = _server.create_authorization_response(request, grant_user=account, grant=grant)
    return answer


def _refusal(error: OAuth2Error) -> Answer:
    status, body, headers = error()
    return Answer(status, dict(body or ()), dict(headers))


def give_token(fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    """The token endpoint. Writes, also when it refuses: the caller commits."""
    request = _Request("POST", _clean(fields), headers)
    answer: Answer = _server.create_token_response(request)
    return replace(answer, renewed=request.renewed)


def take_back(fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    """The revocation endpoint (RFC 7009): 200 whether or not there was such a token. Writes."""
    request = _Request("POST", _clean(fields), headers)
    try:
        methods = CodeGrant.TOKEN_ENDPOINT_AUTH_METHODS
        client = _server.authenticate_client(request, methods, "revocation")
    except OAuth2Error as error:
        return _refusal(error)
    tokens.revoke_shown(client.app, fields.get("token", ""))
    return Answer(200, {}, {})


def _basic(headers: Mapping[str, str]) -> dict[str, str]:
    """The header of HTTP Basic, if it can be read."""
    kind, _, word = headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        plain = base64.b64decode(word.strip(), validate=True).decode("ascii")
    except ValueError:
        return {}
    good = plain and _PLAIN.fullmatch(plain)
    return {"Authorization": f"Basic {word.strip()}"} if good else {}


def _clean(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields without those that are too long or hold what Authlib cannot repeat."""
    return {
        name: value
        for name, value in fields.items()
        if len(value) <= _MAX_FIELD and (name == "state" or _PLAIN.fullmatch(value))
    }
