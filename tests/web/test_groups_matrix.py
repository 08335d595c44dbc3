"""Every group route, for everyone: a secret group is nothing to whoever stands outside."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import (
    Group,
    GroupInvitation,
    GroupPrivacy,
    GroupRole,
    JoinRequest,
)
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

SEES_ALL = {200, 204, 303, 409, 422}
SECRET = "Zanzibar Ledger"


@dataclass
class Cast:
    group: Group
    people: dict[str, Account | None]
    request_id: int
    invitation_id: int


def cast(app: Flask, make: Factory, privacy: GroupPrivacy) -> Cast:
    """A group with everybody who can stand in some relation to it."""
    owner, moderator, member, outsider, requester, invited = make.accounts(
        "owner", "moderator", "member", "outsider", "requester", "invited"
    )
    guest = make.account("guest", Role.GUEST)
    own_guest = make.account("ownguest", Role.GUEST)
    administrator = make.account("administrator", Role.ADMINISTRATOR)
    group = make.group(
        "zanzibar",
        privacy,
        owner=owner,
        members=[member, own_guest],
        name=SECRET,
        purpose="Purpose of Zanzibar",
        search_text="zanzibar ledger",
    )
    make.join(group, moderator, GroupRole.MODERATOR)
    with app.app_context(), unit_of_work():
        asked = JoinRequest(group_id=group.id, account_id=requester.id, message="May I?")
        invitation = GroupInvitation(
            group_id=group.id, account_id=invited.id, invited_by_id=owner.id
        )
        db.session.add_all([asked, invitation])
        db.session.flush()
        request_id, invitation_id = asked.id, invitation.id
    people: dict[str, Account | None] = {
        "anonymous": None,
        "guest": guest,
        "outsider": outsider,
        "requester": requester,
        "administrator": administrator,
        "invited": invited,
        "own guest": own_guest,
        "member": member,
        "moderator": moderator,
        "owner": owner,
    }
    return Cast(group, people, request_id, invitation_id)


def routes(on: Cast) -> list[tuple[str, str, dict[str, str]]]:
    """The pages of one group and every write on it, in an order in which few undo others."""
    here = "/groups/zanzibar"
    return [
        ("GET", here, {}),
        ("GET", f"{here}/about", {}),
        ("GET", f"{here}/members", {}),
        ("GET", f"{here}/members?q=owner", {}),
        ("GET", f"{here}/requests", {}),
        ("GET", f"{here}/invitations", {}),
        ("GET", f"{here}/invitations?q=out", {}),
        ("GET", f"{here}/settings", {}),
        ("POST", f"{here}/read", {}),
        ("POST", f"{here}/notify", {"level": "everything"}),
        ("POST", f"{here}/settings", {"name": " ", "privacy": "open"}),
        ("POST", f"{here}/invitations", {"handle": "nobody"}),
        ("POST", f"{here}/members/nobody/role", {"role": "owner"}),
        ("POST", f"{here}/members/nobody/remove", {}),
        ("POST", f"{here}/requests/1/approve", {}),
        ("POST", f"{here}/requests/1/decline", {}),
        ("POST", f"{here}/invitations/1/remove", {}),
        ("POST", f"{here}/delete", {"confirm": "not its name"}),
    ]


OUTSIDE = ("guest", "outsider", "requester", "administrator")


def test_a_secret_group_is_nothing_to_outsiders_on_any_route(
    app: Flask, make: Factory, browse: Browser
) -> None:
    on = cast(app, make, GroupPrivacy.SECRET)
    more = [
        ("POST", "/groups/zanzibar/join", {}),
        ("POST", "/groups/zanzibar/leave", {}),
        ("POST", "/groups/zanzibar/request/remove", {}),
        ("POST", "/groups/zanzibar/invitation/accept", {}),
        ("POST", "/groups/zanzibar/invitation/decline", {}),
        ("POST", f"/groups/zanzibar/requests/{on.request_id}/approve", {}),
        ("POST", f"/groups/zanzibar/invitations/{on.invitation_id}/remove", {}),
        ("POST", "/groups/zanzibar/members/member/remove", {}),
        ("POST", "/groups/zanzibar/members/member/role", {"role": "owner"}),
    ]
    for name in OUTSIDE:
        client = browse(on.people[name])
        for method, path, form in routes(on) + more:
            real = client.open(path, method=method, data=form)
            missing = client.open(path.replace("zanzibar", "xylophone"), method=method, data=form)
            assert (real.status_code, missing.status_code) == (404, 404), (name, method, path)
            assert real.text.replace("zanzibar", "xylophone") == missing.text or _same_but_nonce(
                real.text, missing.text
            ), (name, method, path)
    with app.app_context():
        assert db.session.get_one(Group, on.group.id).members_count == 4
    # The same requests do reach the group for whoever belongs to it.
    assert browse(on.people["owner"]).get("/groups/zanzibar").status_code == 200


def _same_but_nonce(one: str, other: str) -> bool:
    """Error pages differ in nothing but the number that lets their scripts run."""

    def bare(page: str) -> list[str]:
        return [
            line.replace("zanzibar", "xylophone") for line in page.splitlines()
            if "nonce" not in line and "csrf" not in line
        ]  # fmt: skip

    return bare(one) == bare(other)


@pytest.mark.parametrize("who", [*OUTSIDE, "anonymous"])
def test_no_list_names_a_secret_group_to_outsiders(
    app: Flask, make: Factory, browse: Browser, who: str
) -> None:
    on = cast(app, make, GroupPrivacy.SECRET)
    client = browse(on.people[who])
    for path in ("/groups", "/groups?scope=all", "/groups?q=zanzibar", "/groups?scope=mine"):
        answer = client.get(path, follow_redirects=True)
        assert SECRET not in answer.text
        assert "Purpose of Zanzibar" not in answer.text


@pytest.mark.parametrize("privacy", list(GroupPrivacy))
def test_nobody_without_a_session_gets_further_than_sign_in(
    app: Flask, make: Factory, browse: Browser, privacy: GroupPrivacy
) -> None:
    on = cast(app, make, privacy)
    client = browse(None)
    for method, path, form in [*routes(on), ("GET", "/groups", {}), ("GET", "/groups/new", {})]:
        answer = client.open(path, method=method, data=form)
        assert answer.status_code in (303, 401), (method, path)
        assert SECRET not in answer.text


EVERYBODY = {
    "outsider", "requester", "administrator", "invited", "own guest", "member", "moderator",
    "owner",
}  # fmt: skip
INSIDE = {"own guest", "member", "moderator", "owner"}
STEWARDS = {"moderator", "owner"}
EMPLOYED_INSIDE = {"member", "moderator", "owner"}
OWNER = {"owner"}


def may(privacy: GroupPrivacy) -> dict[str, set[str]]:
    """Who gets further than a refusal, by route."""
    is_open = privacy is GroupPrivacy.OPEN
    sees = {"invited", *INSIDE} if privacy is GroupPrivacy.SECRET else EVERYBODY
    reads = EVERYBODY if is_open else INSIDE
    invites = EMPLOYED_INSIDE if is_open else STEWARDS
    return {
        "show": sees, "about": sees, "members": reads, "members q": reads,
        "requests": STEWARDS, "invite": invites, "invite q": invites, "settings": OWNER,
        "read": sees, "notify": INSIDE, "edit": OWNER, "send": invites,
        "role": reads, "remove": reads, "approve": STEWARDS, "decline": STEWARDS,
        "withdraw": invites, "delete": OWNER,
    }  # fmt: skip


@pytest.mark.parametrize("privacy", list(GroupPrivacy))
def test_who_gets_where(app: Flask, make: Factory, browse: Browser, privacy: GroupPrivacy) -> None:
    on = cast(app, make, privacy)
    permitted = may(privacy)
    wrong = []
    for name, account in on.people.items():
        if account is None:
            continue
        client = browse(account)
        for (route, allowed), (method, path, form) in zip(
            permitted.items(), routes(on), strict=True
        ):
            status = client.open(path, method=method, data=form).status_code
            sees = name in permitted["show"]
            if not sees:
                expected = {404}
            elif name not in allowed:
                expected = {403}
            elif route in ("role", "remove"):
                expected = {404}  # there is no such member to act on
            else:
                expected = SEES_ALL
            if status not in expected:
                wrong.append((name, method, path, status, expected))
    assert wrong == []


def test_outsiders_of_a_closed_group_see_its_face_and_nothing_more(
    app: Flask, make: Factory, browse: Browser
) -> None:
    on = cast(app, make, GroupPrivacy.CLOSED)
    make.post(on.people["owner"], "Words for members", group=on.group)  # type: ignore[arg-type]
    inside = browse(on.people["member"]).get("/groups/zanzibar").text
    outside = browse(on.people["outsider"]).get("/groups/zanzibar").text
    assert "@owner" in inside
    assert "Ask to join" not in inside
    for words in (SECRET, "Purpose of Zanzibar", "4 members", "Ask to join", "Closed group"):
        assert words in outside
    for words in ("Words for members", "@owner", "@member"):
        assert words not in outside
