"""The caller's own account: shown, changed, and what the person prefers.

https://docs.joinmastodon.org/methods/accounts/#update_credentials
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, BinaryIO

from flask import Response
from pydantic import BeforeValidator

from intranet.accounts import profile
from intranet.accounts.facts import Fact
from intranet.accounts.models import Account
from intranet.accounts.revising import ProfileChange, change_profile
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import absolute, answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import PRIVACY, credential_account
from intranet.mastodon.identity import viewer
from intranet.mastodon.media import dropping, limits, storage, stream_of
from intranet.mastodon.parameters import Flag, MaybeText, Parameters, listed, read
from intranet.mastodon.requirements import scope
from intranet.media import actions as media
from intranet.media import uploads
from intranet.unit_of_work import unit_of_work

_AUDIENCES = {
    "public": "organisation",
    "unlisted": "organisation",
    "private": "followers",
    "direct": "direct",
}


class Field(Parameters):
    """A line of a profile."""

    name: str = ""
    value: str = ""


class Source(Parameters):
    """How a post begins when nothing else is said."""

    privacy: MaybeText = None
    sensitive: Flag = None
    language: str | None = None


class Changes(Parameters):
    """What changes of one's own account. `locked`, `discoverable`, `indexable` and
    `hide_collections` are passed over: colleagues find and follow one another here."""

    display_name: str | None = None
    note: str | None = None
    avatar: Any = None
    header: Any = None
    bot: Flag = None
    fields_attributes: Annotated[tuple[Field, ...] | None, BeforeValidator(listed)] = None
    source: Source = Source()


@bp.get("/api/v1/accounts/verify_credentials")
@scope("read:accounts", "profile")
def verify_credentials() -> Response:
    """The caller's own account."""
    return answer(credential_account(viewer()))


@bp.get("/oauth/userinfo")
@scope("profile", "read:accounts")
def user_info() -> Response:
    """Who the token acts for, in the words of OpenID Connect."""
    me = credential_account(viewer())
    return answer(
        {
            "iss": absolute("/"),
            "sub": me["id"],
            "name": me["display_name"],
            "preferred_username": me["username"],
            "profile": me["url"],
            "picture": me["avatar"],
        }
    )


@bp.patch("/api/v1/accounts/update_credentials")
@scope("write:accounts")
def update_credentials() -> Response:
    """Change parts of one's own account: names, lines, pictures, how a post begins."""
    sent = read(Changes)
    change = ProfileChange(
        display_name=sent.display_name,
        about=sent.note,
        facts=_facts(sent.fields_attributes),
        is_automated=sent.bot,
        post_audience=_audience(sent.source.privacy),
        post_sensitive=sent.source.sensitive,
        post_language=sent.source.language,
    )
    avatar = _store(sent.avatar, "avatar", uploads.take_avatar)
    with dropping(avatar):
        header = _store(sent.header, "header", uploads.take_header)
    with dropping(avatar, header), unit_of_work():
        me = viewer()
        change_profile(me, change)
        replaced = []
        if avatar is not None:
            replaced.append(profile.set_avatar(me, avatar))
        if header is not None:
            replaced.append(profile.set_header(me, header))
        for key in filter(None, replaced):
            media.purge_avatar(key)
    return answer(credential_account(viewer()))


def _facts(sent: tuple[Field, ...] | None) -> tuple[Fact, ...] | None:
    return None if sent is None else tuple(Fact(one.name, one.value) for one in sent)


def _audience(privacy: str | None) -> str | None:
    if privacy is None:
        return None
    try:
        return _AUDIENCES[privacy]
    except KeyError:
        raise Invalid(fields={"source.privacy": N_("Choose who the post is for.")}) from None


def _store(sent: object, field: str, take: Callable[..., str]) -> str | None:
    stream: BinaryIO | None = stream_of(sent, field)
    if stream is None:
        return None
    try:
        return take(stream, storage=storage(), limits=limits())
    except Invalid as error:
        raise Invalid(fields={field: error.fields.get("files", error.message)}) from None


@bp.delete("/api/v1/profile/avatar")
@scope("write:accounts")
def remove_avatar() -> Response:
    """Back to initials."""
    return _remove(profile.remove_avatar)


@bp.delete("/api/v1/profile/header")
@scope("write:accounts")
def remove_header() -> Response:
    """No wide picture above the profile."""
    return _remove(profile.remove_header)


def _remove(act: Callable[[Account], str | None]) -> Response:
    with unit_of_work():
        key = act(viewer())
        if key is not None:
            media.purge_avatar(key)
    return answer(credential_account(viewer()))


@bp.get("/api/v1/preferences")
@scope("read:accounts")
def preferences() -> Response:
    """What the person chose for writing and reading."""
    me = viewer()
    return answer(
        {
            "posting:default:visibility": PRIVACY[me.post_audience],
            "posting:default:sensitive": me.post_sensitive,
            "posting:default:language": me.post_language or me.locale,
            "posting:default:quote_policy": "nobody",
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )
