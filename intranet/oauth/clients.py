"""An application as Authlib asks about it."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

from intranet.kernel.errors import Invalid
from intranet.oauth import apps
from intranet.oauth import scopes as scope_names
from intranet.oauth.digests import fits
from intranet.oauth.models import OAuthApp


class Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """The rules of the protocol over one row."""

    def __init__(self, app: OAuthApp) -> None:
        self.app = app

    def get_client_id(self) -> str:
        """Its public name."""
        return self.app.client_id

    def get_default_redirect_uri(self) -> str | None:
        """None: an application says where it wants the answer."""
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scopes asked for, if they exist and the application registered for them."""
        try:
            wanted = scope_names.parse(scope)
        except Invalid:
            return None
        registered = scope_names.held(self.app.scopes)
        return " ".join(wanted) if scope_names.covers_all(registered, wanted) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Letter for letter one of the registered ones."""
        return redirect_uri in self.app.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is its secret."""
        return fits(client_secret, self.app.secret_hash)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """A confidential client proves itself by its secret, a public one has none."""
        return (method == "none") is not self.app.confidential

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Refreshing only for who asked for it; speaking for itself only with a secret."""
        if grant_type == "client_credentials":
            return self.app.confidential
        if grant_type == "refresh_token":
            return self.app.uses_refresh
        return grant_type == "authorization_code"


def find(client_id: Any) -> Client | None:
    """The living application of that name."""
    app = apps.find(client_id) if isinstance(client_id, str) else None
    return Client(app) if app is not None else None
