"""People who make their own account with a program, where the settings allow it.

https://docs.joinmastodon.org/methods/accounts/#create . The account is usable at once: nobody
waits for a letter.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response
from flask_babel import gettext

from intranet.accounts import actions, names, passwords
from intranet.accounts.profile import LOCALES
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.errors import refusal
from intranet.mastodon.identity import access
from intranet.mastodon.parameters import Flag, Parameters, read
from intranet.mastodon.requirements import app_scope, scope
from intranet.oauth import apps, tokens
from intranet.relationships import actions as relationships
from intranet.unit_of_work import unit_of_work

_TAKEN = {
    N_("Somebody has that handle already."): "ERR_TAKEN",
    N_("Somebody has that e-mail address already."): "ERR_TAKEN",
    N_("That handle is kept for the system."): "ERR_RESERVED",
    N_("Use at least 10 characters."): "ERR_TOO_SHORT",
    N_("That is longer than 1,024 bytes."): "ERR_TOO_LONG",
}
_NAMES = {"handle": "username", "display_name": "username"}


class NewPerson(Parameters):
    """What somebody enters."""

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: Flag = None
    locale: str = ""


@bp.post("/api/v1/accounts")
@app_scope("write:accounts")
def register_account() -> Response:
    """A new member of the organisation, and the token by which the program acts for it."""
    settings = settings_here()
    if not settings.self_registration:
        raise Forbidden(N_("Accounts are made by invitation here."))
    app = access().app
    if access().account is not None:
        raise Forbidden(N_("Only the program itself may register people."))
    if not apps.may_be_allowed(app, only_approved=settings.oauth_apps == "approved"):
        raise Forbidden(N_("This program has to be approved first."))
    sent = read(NewPerson)
    problems = _problems(sent)
    if problems:
        return _refused(problems)
    try:
        personal = (sent.username, sent.email)
        hashed = passwords.prepare(sent.password, personal=personal)
        with unit_of_work():
            account = actions.create_account(
                actions.NewAccount(
                    handle=sent.username,
                    email=sent.email,
                    display_name=sent.username.strip().removeprefix("@"),
                    password_hash=hashed,
                    time_zone=settings.default_timezone,
                    locale=_locale(sent.locale),
                )
            )
            relationships.follow_defaults(account, settings.default_follows)
            issued = tokens.issue(app, account.id, " ".join(access().scopes))
    except Invalid as error:
        return _refused(error.fields)
    return answer(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "scope": issued.row.scopes,
            "created_at": int(issued.row.created_at.timestamp()),
        }
    )


def _problems(sent: NewPerson) -> dict[str, str]:
    """What can be said before anything is looked up or hashed."""
    found: dict[str, str] = {}
    for field in ("username", "email", "password"):
        if not getattr(sent, field).strip():
            found[field] = N_("This cannot be empty.")
    if not sent.agreement:
        found["agreement"] = N_("Please agree to the rules of the house.")
    for field, check in (("username", names.handle), ("email", names.email)):
        try:
            if field not in found:
                check(getattr(sent, field), field=field)
        except Invalid as error:
            found |= error.fields
    return found


def _refused(fields: Mapping[str, str]) -> Response:
    """https://docs.joinmastodon.org/methods/accounts/#422-unprocessable-entity"""
    details: dict[str, list[dict[str, str]]] = {}
    for field, text in fields.items():
        name = _NAMES.get(field, field)
        details[name] = [{"error": _code(name, text), "description": gettext(text)}]
    words = [f"{name}: {one[0]['description'].rstrip('.')}" for name, one in details.items()]
    return refusal(422, f"Validation failed: {', '.join(words)}", details=details)


def _code(field: str, text: str) -> str:
    if text == N_("This cannot be empty."):
        return "ERR_BLANK"
    if field == "agreement":
        return "ERR_ACCEPTED"
    return _TAKEN.get(text, "ERR_INVALID")


def _locale(wanted: str) -> str | None:
    """The language of the page, when it is one of ours; else what is asked for by each request."""
    language = wanted.strip().lower().replace("_", "-").partition("-")[0]
    return language if language in LOCALES else None


@bp.post("/api/v1/emails/confirmations")
@scope("write:accounts")
def confirm_email() -> Response:
    """Another letter to confirm an address by: accounts wait for none, so it is refused."""
    raise Forbidden(N_("This account is confirmed already."))


@bp.get("/api/v1/emails/check_confirmation")
@scope("read:accounts")
def is_confirmed() -> Response:
    """Whether the address is confirmed: it is."""
    return answer(True)
