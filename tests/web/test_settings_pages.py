"""Settings: one's own and nobody else's."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from intranet.accounts import passwords
from intranet.accounts.models import Account, AccountSession, AccountSkill, Role, Theme
from intranet.db import db
from intranet.settings import Settings
from tests.browse import Browser
from tests.factories import Factory

OLD, NEW = "une phrase de passe", "une autre phrase"
HASHED = passwords.prepare(OLD)
PAGES = ("/settings", "/settings/display", "/settings/security")
WRITES = (
    "/settings/profile",
    "/settings/picture",
    "/settings/picture/remove",
    "/settings/display",
    "/settings/theme",
    "/settings/password",
    "/settings/sessions/1/end",
    "/settings/sessions/end-others",
)


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann", password_hash=HASHED)


def now(app: Flask, account: Account) -> Account:
    with app.app_context():
        return db.session.get_one(Account, account.id)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_everybody_signed_in(browse: Browser, make: Factory, path: str) -> None:
    assert browse(None).get(path).location.startswith("/login")
    for role in (Role.GUEST, Role.MEMBER):
        assert browse(make.account(role.value, role)).get(path).status_code == 200


@pytest.mark.parametrize("path", WRITES)
def test_anonymous_visitors_change_nothing(browse: Browser, path: str) -> None:
    assert browse(None).post(path).location == "/login"


def profile(**changes: object) -> dict[str, object]:
    return {"display_name": "Ann", **changes}


def test_a_profile_is_written_and_found(browse: Browser, app: Flask, make: Factory) -> None:
    ann, _bob = make.accounts("ann", "bob")
    data = profile(
        display_name="  Ann  Béa ",
        title="Engineer",
        manager="@bob",
        about="I **know** @bob and @nobody",
        languages=["fr", "en", "xx"],
        skills="Freins, freins\nPneumatique",
    )
    assert browse(ann).post("/settings/profile", data=data).location == "/settings"
    page = browse(ann).get("/@ann").text
    assert "Ann Béa" in page
    assert "<strong>know</strong>" in page
    assert 'href="/@bob"' in page
    assert 'href="/@nobody"' not in page
    changed = now(app, ann)
    assert changed.languages == ["en", "fr"]
    assert changed.sort_name == "ann bea"
    assert "freins" in changed.search_text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AccountSkill)) == 2
    form = browse(ann).get("/settings").text
    assert 'value="bob"' in form
    assert "Freins, Pneumatique" in form


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": " "}, "display_name"),
        ({"display_name": "A\u202enn"}, "display_name"),
        ({"display_name": "x" * 5000}, "display_name"),
        ({"title": "x" * 121}, "title"),
        ({"manager": "nobody"}, "manager"),
        ({"manager": "ann"}, "manager"),
        ({"manager": "gil"}, "manager"),
        ({"about": "x" * 6000}, "about"),
        ({"skills": ",".join(f"s{n}" for n in range(40))}, "skills"),
        ({"skills": "x" * 100}, "skills"),
    ],
)
def test_a_form_says_what_to_mend_and_keeps_the_rest(
    browse: Browser, make: Factory, app: Flask, changes: dict[str, object], field: str
) -> None:
    ann = make.account("ann")
    make.account("gil", Role.GUEST)
    response = browse(ann).post(
        "/settings/profile", data=profile(site="Lyon here", **changes) | changes
    )
    assert response.status_code == 422
    assert f'id="e-{field}"' in response.text
    assert 'value="Lyon here"' in response.text
    assert now(app, ann).site == ""


def test_managers_never_form_a_circle(browse: Browser, make: Factory) -> None:
    ann = make.account("ann")
    bob = make.account("bob", manager_id=ann.id)
    make.account("cleo", manager_id=bob.id)
    response = browse(ann).post("/settings/profile", data=profile(manager="cleo"))
    assert response.status_code == 422


def test_role_and_handle_are_not_in_the_form(browse: Browser, app: Flask, ann: Account) -> None:
    browse(ann).post(
        "/settings/profile",
        data=profile(role="administrator", handle="root", email="x@y.test", followers_count="9"),
    )
    kept = now(app, ann)
    assert (kept.role, kept.handle, kept.followers_count) == (Role.MEMBER, "ann", 0)


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    out.seek(0)
    return out


def test_a_picture_comes_is_replaced_and_goes(
    browse: Browser, app: Flask, settings: Settings, ann: Account
) -> None:
    client = browse(ann)
    client.post("/settings/picture", data={"picture": (picture(), "me.png")})
    first = now(app, ann).avatar_key
    assert first is not None
    assert f"/avatars/{first}/" in client.get("/@ann").text
    assert client.get(f"/avatars/{first}/small").status_code == 200
    client.post("/settings/picture", data={"picture": (picture(), "me.png")})
    assert now(app, ann).avatar_key not in (None, first)
    client.post("/settings/picture/remove")
    assert now(app, ann).avatar_key is None


def test_what_is_no_picture_is_refused_in_words(browse: Browser, app: Flask, ann: Account) -> None:
    client = browse(ann)
    for data in ({}, {"picture": (io.BytesIO(b"<svg onload=a()>"), "me.svg")}):
        assert client.post("/settings/picture", data=data).status_code == 303
        assert "callout--error" in client.get("/settings").text
    assert now(app, ann).avatar_key is None


def test_language_zone_and_look(browse: Browser, app: Flask, ann: Account) -> None:
    client = browse(ann)
    data = {"time_zone": "Asia/Tokyo", "locale": "fr", "theme": "dark", "density": "compact"}
    assert client.post("/settings/display", data=data).status_code == 303
    page = client.get("/settings/display").text
    assert '<html lang="fr"' in page
    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page
    assert "<option selected>Asia/Tokyo" in page
    for wrong in ({"time_zone": "Mars/Base"}, {"locale": "xx"}, {"theme": "pink"}, {"density": ""}):
        assert client.post("/settings/display", data=data | wrong).status_code == 422
    client.post("/settings/theme", data={"theme": "light"}, headers={"HX-Request": "true"})
    assert now(app, ann).theme is Theme.LIGHT


def sign_in(client: FlaskClient, password: str = OLD) -> int:
    return client.post("/login", data={"handle": "ann", "password": password}).status_code


def test_another_password_ends_every_other_session(browse: Browser, ann: Account) -> None:
    here, there = browse(None), browse(None)
    assert (sign_in(here), sign_in(there)) == (303, 303)
    response = here.post("/settings/password", data={"current": OLD, "password": NEW})
    assert response.status_code == 303
    assert here.get("/settings").status_code == 200
    assert there.get("/settings").status_code == 303
    assert sign_in(browse(None)) == 422
    assert sign_in(browse(None), NEW) == 303


@pytest.mark.parametrize(
    ("current", "password", "field"),
    [
        ("wrong", NEW, "current"),
        (OLD, "short", "password"),
        (OLD, "Motdepasse123", "password"),
        (OLD, "ann@example.test", "password"),
        (OLD, "x" * 2000, "password"),
    ],
)
def test_a_poor_password_or_a_wrong_proof_changes_nothing(
    browse: Browser, ann: Account, current: str, password: str, field: str
) -> None:
    client = browse(ann)
    response = client.post("/settings/password", data={"current": current, "password": password})
    assert response.status_code == 422
    assert f'id="e-{field}"' in response.text
    assert sign_in(browse(None)) == 303


def test_sessions_are_listed_and_ended_by_their_owner_only(
    browse: Browser, make: Factory, app: Flask, ann: Account
) -> None:
    here, there, bob = browse(ann), browse(ann), browse(make.account("bob"))
    assert here.get("/settings/security").text.count("/end") >= 2
    with app.app_context():
        mine = db.session.scalars(
            select(AccountSession.id)
            .where(AccountSession.account_id == ann.id)
            .order_by(AccountSession.id)
        ).all()
    bob.post(f"/settings/sessions/{mine[1]}/end")
    assert there.get("/settings").status_code == 200
    here.post(f"/settings/sessions/{mine[1]}/end")
    assert there.get("/settings").status_code == 303
    third = browse(ann)
    here.post("/settings/sessions/end-others")
    assert third.get("/settings").status_code == 303
    assert here.get("/settings").status_code == 200
    assert bob.get("/settings").status_code == 200
