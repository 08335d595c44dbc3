"""What people change about themselves: profile, look, password, sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from intranet.accounts import actions, authentication, passwords, profile, queries, sessions
from intranet.accounts.facts import MAX_FACTS, Fact, facts_from
from intranet.accounts.models import Account, Density, Theme
from intranet.db import db
from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.media import actions as media
from intranet.media import uploads
from intranet.unit_of_work import unit_of_work
from intranet.web import errors, limits
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.media import limits as upload_limits
from intranet.web.media import storage
from intranet.web.people import names_of_languages
from intranet.web.wants import wants_fragment

bp = Blueprint("settings", __name__)

_FIELDS = ("display_name", "title", "department", "site", "manager", "phone", "pronouns", "about")


def _saved(endpoint: str) -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for(endpoint), 303)


@bp.get("/settings")
def show() -> ResponseReturnValue:
    """The viewer's profile as a form, with the picture."""
    account = viewer()
    form = {name: getattr(account, name) for name in _FIELDS if name not in ("manager", "about")}
    form["about"] = account.about_source
    form["manager"] = ""
    if account.manager_id is not None:
        form["manager"] = db.session.scalar(
            select(Account.handle).where(Account.id == account.manager_id)
        )
    form["skills"] = ", ".join(queries.skills_of(account.id))
    form["facts"] = _rows([(fact.name, fact.value) for fact in facts_from(account.facts)])
    return _profile_page(form, set(account.languages))


def _rows(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As many rows as there may be, the last ones empty."""
    return [*lines, *[("", "")] * MAX_FACTS][:MAX_FACTS]


def _profile_page(form: Mapping[str, Any], spoken: set[str], **problems: str) -> str:
    named = names_of_languages(profile.LANGUAGES)
    return render_template(
        "settings/profile.html",
        form=form,
        errors=problems,
        languages=sorted(named.items(), key=lambda item: item[1].casefold()),
        spoken=spoken,
    )


@bp.post("/settings/profile")
def update_profile() -> ResponseReturnValue:
    """Write the profile, or the form again with what was typed."""
    form = request.form
    texts = {name: form.get(name, "") for name in _FIELDS}
    lines = list(zip(form.getlist("fact_name"), form.getlist("fact_value"), strict=False))
    facts = tuple(Fact(*line) for line in lines) if "fact_name" in form else None
    skills = tuple(part for part in re.split(r"[,;\n]", form.get("skills", "")) if part.strip())
    spoken = tuple(form.getlist("languages"))
    try:
        with unit_of_work():
            profile.update_profile(
                viewer(),
                profile.ProfileDraft(**texts, skills=skills, languages=spoken, facts=facts),
            )
    except Invalid as error:
        typed = {**form.to_dict(), "facts": _rows(lines)}
        return _profile_page(typed, set(spoken), **errors.field_sentences(error)), error.status
    return _saved("settings.show")


@bp.post("/settings/picture")
def set_picture() -> ResponseReturnValue:
    """Take a new picture (field `picture`); the old one's files go."""
    sent = request.files.get("picture")
    try:
        if sent is None or not sent.filename:
            raise Invalid(fields={"picture": N_("Choose a picture first.")})
        key = uploads.take_avatar(sent.stream, storage=storage(), limits=upload_limits())  # type: ignore[arg-type]  # werkzeug's IO[bytes] is a BinaryIO
    except (Invalid, TooLarge) as error:
        flash(errors.field_sentences(error).get("picture") or errors.sentence(error), "error")
        return redirect(url_for("settings.show"), 303)
    with unit_of_work():
        old = profile.set_avatar(viewer(), key)
        if old is not None:
            media.purge_avatar(old)
    return _saved("settings.show")


@bp.post("/settings/picture/remove")
def remove_picture() -> ResponseReturnValue:
    """Back to initials."""
    with unit_of_work():
        old = profile.remove_avatar(viewer())
        if old is not None:
            media.purge_avatar(old)
    return _saved("settings.show")


@bp.post("/settings/header")
def set_header() -> ResponseReturnValue:
    """Take a new wide picture (field `header`) for the head of the profile; the old one goes."""
    sent = request.files.get("header")
    try:
        if sent is None or not sent.filename:
            raise Invalid(fields={"header": N_("Choose a picture first.")})
        key = uploads.take_header(sent.stream, storage=storage(), limits=upload_limits())  # type: ignore[arg-type]  # werkzeug's IO[bytes] is a BinaryIO
    except (Invalid, TooLarge) as error:
        flash(errors.field_sentences(error).get("header") or errors.sentence(error), "error")
        return redirect(url_for("settings.show"), 303)
    with unit_of_work():
        old = profile.set_header(viewer(), key)
        if old is not None:
            media.purge_avatar(old)
    return _saved("settings.show")


@bp.post("/settings/header/remove")
def remove_header() -> ResponseReturnValue:
    """No wide picture any more."""
    with unit_of_work():
        old = profile.remove_header(viewer())
        if old is not None:
            media.purge_avatar(old)
    return _saved("settings.show")


@bp.get("/settings/display")
def display() -> ResponseReturnValue:
    """Language, time zone, theme, density, shortcuts."""
    account = viewer()
    form = {
        "time_zone": account.time_zone,
        "locale": account.locale or "",
        "theme": account.theme.value,
        "density": account.density.value,
        "shortcuts": account.shortcuts,
    }
    return _display_page(form)


def _display_page(form: Mapping[str, Any], **problems: str) -> str:
    return render_template(
        "settings/display.html", form=form, errors=problems, zones=profile.time_zones()
    )


@bp.post("/settings/display")
def update_display() -> ResponseReturnValue:
    """Set them all."""
    form = request.form
    try:
        wanted = profile.Preferences(
            time_zone=form.get("time_zone", ""),
            locale=form.get("locale") or None,
            theme=_theme(),
            density=_density(),
            shortcuts=form.get("shortcuts") == "1",
        )
        with unit_of_work():
            profile.update_preferences(viewer(), wanted)
    except Invalid as error:
        return _display_page(form, **errors.field_sentences(error)), error.status
    return _saved("settings.display")


@bp.post("/settings/theme")
def theme() -> ResponseReturnValue:
    """The switch in the top bar."""
    with unit_of_work():
        profile.set_theme(viewer(), _theme())
    if wants_fragment():
        return "", 204
    back = request.form.get("next") or request.referrer or "/"
    return redirect(safe_next(back.removeprefix(request.host_url.rstrip("/"))), 303)


def _theme() -> Theme:
    try:
        return Theme(request.form.get("theme", ""))
    except ValueError:
        raise Invalid(fields={"theme": N_("Choose one of these.")}) from None


def _density() -> Density:
    try:
        return Density(request.form.get("density", ""))
    except ValueError:
        raise Invalid(fields={"density": N_("Choose one of these.")}) from None


@bp.get("/settings/security")
def security() -> ResponseReturnValue:
    """Password and sessions."""
    return _security_page()


def _security_page(**problems: str) -> str:
    return render_template(
        "settings/security.html",
        sessions=sessions.list_sessions(viewer()),
        current_id=current_user.session_id,
        errors=problems,
    )


@bp.post("/settings/password")
@limits.password_again
def change_password() -> ResponseReturnValue:
    """Another password; every other session ends."""
    form = request.form
    account = viewer()
    try:
        proof = authentication.prove_again(account, form.get("current", ""), field="current")
        new = passwords.prepare(
            form.get("password", ""),
            personal=(account.handle, account.email or "", account.display_name),
        )
        with unit_of_work():
            actions.change_password(proof, new, keep_session=current_user.session_id)
    except Invalid as error:
        return _security_page(**errors.field_sentences(error)), error.status
    flash(_("Your password has changed. Every other session has ended."))
    return redirect(url_for("settings.security"), 303)


@bp.post("/settings/sessions/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session of the viewer's own."""
    with unit_of_work():
        sessions.end(viewer().id, session_id)
    return redirect(url_for("settings.security"), 303)


@bp.post("/settings/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End every session but this one."""
    with unit_of_work():
        sessions.end_all(viewer().id, but=current_user.session_id)
    flash(_("Every other session has ended."))
    return redirect(url_for("settings.security"), 303)
