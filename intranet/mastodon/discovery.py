"""What programs read before they sign in: where the endpoints are, and what runs here."""

from __future__ import annotations

from importlib.metadata import version
from xml.sax.saxutils import quoteattr

from flask import Response, request

from intranet.accounts import queries as accounts
from intranet.kernel.errors import NotFound
from intranet.mastodon.answers import absolute, answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import profile_url
from intranet.mastodon.identity import viewer
from intranet.mastodon.requirements import open_to_all, scope
from intranet.oauth import scopes as scope_names
from intranet.oauth import server

SOFTWARE = "parvis"
VERSION = version("parvis-intranet")


def host() -> str:
    """The server's name as addresses show it, with the port if there is one."""
    return settings_here().base_url.partition("://")[2]


@bp.get("/.well-known/oauth-authorization-server")
@open_to_all
def authorization_server() -> Response:
    """Where tokens come from (RFC 8414)."""
    return answer(
        {
            "issuer": absolute("/"),
            "authorization_endpoint": absolute("/oauth/authorize"),
            "token_endpoint": absolute("/oauth/token"),
            "revocation_endpoint": absolute("/oauth/revoke"),
            "userinfo_endpoint": absolute("/oauth/userinfo"),
            "app_registration_endpoint": absolute("/api/v1/apps"),
            "scopes_supported": list(scope_names.SUPPORTED),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(server.GRANT_TYPES),
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "none",
            ],
            "revocation_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "none",
            ],
            "code_challenge_methods_supported": ["S256"],
            "service_documentation": absolute("/"),
        }
    )


@bp.get("/.well-known/nodeinfo")
@open_to_all
def nodeinfo_links() -> Response:
    """Where the description of the server is."""
    return answer(
        {
            "links": [
                {
                    "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
                    "href": absolute("/nodeinfo/2.0"),
                }
            ]
        }
    )


@bp.get("/nodeinfo/2.0")
@open_to_all
def nodeinfo() -> Response:
    """What runs here. How many people work here is nobody's business, so it is not counted."""
    return answer(
        {
            "version": "2.0",
            "software": {"name": SOFTWARE, "version": VERSION},
            "protocols": [],
            "services": {"outbound": [], "inbound": []},
            "usage": {"users": {}},
            "openRegistrations": settings_here().self_registration,
            "metadata": {"nodeName": settings_here().brand},
        }
    )


@bp.get("/.well-known/host-meta")
@open_to_all
def host_meta() -> Response:
    """Where to look people up (RFC 6415)."""
    template = absolute("/.well-known/webfinger?resource={uri}")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" template={quoteattr(template)}/></XRD>\n'
    )
    return Response(body, mimetype="application/xrd+xml")


@bp.get("/.well-known/webfinger")
@scope("read:accounts", "profile")
def webfinger() -> Response:
    """The page of `acct:handle@host`, for those who may see the account (RFC 7033)."""
    resource = request.args.get("resource", "")
    handle, _, domain = resource.removeprefix("acct:").removeprefix("@").partition("@")
    if domain.lower() != host().lower():
        raise NotFound
    account = accounts.get_visible(viewer(), handle.replace("\0", ""))
    page = profile_url(account.handle)
    response = answer(
        {
            "subject": f"acct:{account.handle}@{host()}",
            "aliases": [page],
            "links": [
                {
                    "rel": "http://webfinger.net/rel/profile-page",
                    "type": "text/html",
                    "href": page,
                }
            ],
        }
    )
    response.mimetype = "application/jrd+json"
    return response
