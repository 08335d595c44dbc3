"""Administration: only administrators, never without one; invitations that work once."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from intranet.accounts.models import Account, Invitation, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.relationships.models import Follow
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

PASSWORD = "une phrase de passe"
READS = ("/admin/people", "/admin/invitations")
WRITES = (
    "/admin/people/bob/deactivate",
    "/admin/people/bob/reactivate",
    "/admin/people/bob/role",
    "/admin/invitations",
    "/admin/invitations/1/revoke",
)


@pytest.fixture
def root(make: Factory) -> Account:
    return make.account("boss", Role.ADMINISTRATOR)


def now(app: Flask, account: Account) -> Account:
    with app.app_context():
        return db.session.get_one(Account, account.id)


@pytest.mark.parametrize("role", [Role.GUEST, Role.MEMBER, Role.MODERATOR, Role.HR])
def test_nobody_else_administers(browse: Browser, app: Flask, make: Factory, role: Role) -> None:
    bob = make.account("bob")
    for client, status in ((browse(None), 303), (browse(make.account("eve", role)), 403)):
        for path in READS:
            assert client.get(path).status_code == status
        for path in WRITES:
            data = {"role": "administrator", "email": "new@example.test"}
            assert client.post(path, data=data).status_code == status
    assert (now(app, bob).role, now(app, bob).is_active) == (Role.MEMBER, True)


def test_a_closed_account_is_out_at_once_and_comes_back(
    browse: Browser, app: Flask, make: Factory, root: Account
) -> None:
    bob = make.account("bob")
    admin, client = browse(root), browse(bob)
    assert client.get("/people").status_code == 200
    assert admin.post("/admin/people/bob/deactivate").status_code == 303
    assert client.get("/people").status_code == 303
    assert "Account closed" in admin.get("/admin/people").text
    main = admin.get("/people").text.split("<main")[1].split("</main>")[0]
    assert "/@bob" not in main
    assert admin.get("/@bob").status_code == 200
    admin.post("/admin/people/bob/reactivate")
    assert client.get("/people").status_code == 303  # the old session is over for good
    assert browse(bob).get("/people").status_code == 200


def test_roles_are_given_and_end_sessions(
    browse: Browser, app: Flask, make: Factory, root: Account
) -> None:
    bob = make.account("bob")
    make.account("gil", Role.GUEST)
    admin, client = browse(root), browse(bob)
    assert admin.post("/admin/people/bob/role", data={"role": "hr"}).status_code == 303
    assert now(app, bob).role is Role.HR
    assert client.get("/people").status_code == 303
    assert admin.post("/admin/people/bob/role", data={"role": "king"}).status_code == 422
    assert admin.post("/admin/people/bob/role", data={"role": "guest"}).status_code == 409
    assert admin.post("/admin/people/gil/role", data={"role": "member"}).status_code == 409


def test_the_last_administrator_stays(
    browse: Browser, app: Flask, make: Factory, root: Account
) -> None:
    admin = browse(root)
    assert admin.post("/admin/people/boss/deactivate").status_code == 403
    assert admin.post("/admin/people/boss/role", data={"role": "member"}).status_code == 409
    other = make.account("other", Role.ADMINISTRATOR)
    assert admin.post("/admin/people/boss/role", data={"role": "member"}).status_code == 303
    assert browse(other).get("/admin/people").status_code == 200


def test_two_administrators_cannot_demote_each_other_at_once(
    browse: Browser, app: Flask, make: Factory, root: Account
) -> None:
    other = make.account("other", Role.ADMINISTRATOR)
    pairs = [(browse(root), "other"), (browse(other), "boss")]
    start = threading.Barrier(2)

    def demote(client: object, handle: str) -> None:
        start.wait()
        client.post(f"/admin/people/{handle}/role", data={"role": "member"})  # type: ignore[attr-defined]

    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        left = db.session.scalar(
            select(func.count(Account.id)).where(Account.role == Role.ADMINISTRATOR)
        )
    assert left == 1


def invited(browse: Browser, root: Account, **data: str) -> str:
    response = browse(root).post("/admin/invitations", data={"role": "member", **data})
    assert response.status_code == 201, response.text
    assert response.headers["Cache-Control"] == "no-store"
    found = re.search(r"/invitations/([\w-]{20,})", response.text)
    assert found is not None
    return f"/invitations/{found[1]}"


def arrival(**changes: str) -> dict[str, str]:
    return {"handle": "new", "display_name": "New", "password": PASSWORD, **changes}


@pytest.mark.settings(default_follows="news")
def test_an_invitation_works_once(
    browse: Browser, app: Flask, make: Factory, root: Account
) -> None:
    make.account("news")
    link = invited(browse, root, email="New@Example.test", display_name="Nell")
    assert link not in browse(root).get("/admin/invitations").text
    client = browse(None)
    page = client.get(link)
    assert page.status_code == 200
    assert "Nell" in page.text
    assert client.post(link, data=arrival(role="administrator")).location == "/"
    assert client.get("/people").status_code == 200
    with app.app_context():
        new = db.session.scalars(select(Account).where(Account.handle == "new")).one()
        assert (new.role, new.email) == (Role.MEMBER, "new@example.test")
        assert db.session.scalar(select(func.count()).select_from(Follow)) == 1
    for method in ("get", "post"):
        assert getattr(browse(None), method)(link).status_code == 404


@pytest.mark.parametrize("ended", ["revoked", "expired", "unknown", "replaced"])
def test_an_ended_invitation_looks_like_none(
    browse: Browser, app: Flask, root: Account, ended: str
) -> None:
    link = invited(browse, root, email="new@example.test")
    with app.app_context(), unit_of_work():
        past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        if ended == "expired":
            db.session.execute(update(Invitation).values(expires_at=past))
        one = db.session.scalar(select(Invitation.id))
    if ended == "revoked":
        browse(root).post(f"/admin/invitations/{one}/revoke")
    if ended == "replaced":
        invited(browse, root, email="new@example.test")
    if ended == "unknown":
        link = "/invitations/" + "x" * 43
    assert browse(None).get(link).status_code == 404
    assert browse(None).post(link, data=arrival()).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count(Account.id))) == 1


def test_a_guest_comes_into_its_group_and_nowhere_else(
    browse: Browser, app: Flask, make: Factory, root: Account
) -> None:
    group = make.group("shared", owner=root)
    make.group("other", owner=root)
    admin = browse(root)
    data = {"role": "guest", "email": "gil@example.test"}
    assert admin.post("/admin/invitations", data=data).status_code == 422
    link = invited(browse, root, **data, group="shared")
    client = browse(None)
    assert client.post(link, data=arrival(handle="gil")).status_code == 303
    with app.app_context():
        assert db.session.scalars(
            select(Membership.group_id)
            .join(Account, Account.id == Membership.account_id)
            .where(Account.handle == "gil")
        ).all() == [group.id]
    assert client.get("/groups/shared").status_code == 200
    assert client.get("/groups/other").status_code == 404


def test_no_invitation_into_a_group_one_cannot_read(
    browse: Browser, make: Factory, root: Account
) -> None:
    make.group("hidden", GroupPrivacy.SECRET, owner=make.account("ann"))
    admin = browse(root)
    pages = [
        admin.post(
            "/admin/invitations",
            data={"role": "guest", "email": "gil@example.test", "group": slug},
        )
        for slug in ("hidden", "absent")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    bare = {re.sub(r'hidden|absent|(content|value|nonce)="[^"]+"', "", page.text) for page in pages}
    assert len(bare) == 1


def test_a_form_of_an_invitation_keeps_what_was_typed(
    browse: Browser, make: Factory, root: Account
) -> None:
    link = invited(browse, root, email="new@example.test")
    for changes, field in (
        ({"handle": "boss"}, "handle"),
        ({"handle": "admin"}, "handle"),
        ({"handle": "-x"}, "handle"),
        ({"handle": "é"}, "handle"),
        ({"password": "1234567890"}, "password"),
        ({"display_name": ""}, "display_name"),
    ):
        page = browse(None).post(link, data=arrival(display_name="Nell N.") | changes)
        assert page.status_code == 422
        assert f'id="e-{field}"' in page.text
        assert PASSWORD not in page.text
    assert browse(None).post(link, data=arrival()).status_code == 303


def test_nobody_registers_unless_the_settings_say_so(browse: Browser) -> None:
    assert browse(None).get("/register").status_code == 404
    assert browse(None).post("/register", data=arrival()).status_code == 404


@pytest.mark.settings(self_registration=True)
def test_people_register_as_members(browse: Browser, app: Flask) -> None:
    client = browse(None)
    assert client.get("/register").status_code == 200
    data = arrival(email="new@example.test", role="administrator")
    assert client.post("/register", data=data).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Account.role)).all() == [Role.MEMBER]
    again = browse(None).post("/register", data=arrival(email="NEW@example.test"))
    assert again.status_code == 422
