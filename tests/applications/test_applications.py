"""The directory: who finds what, and what an application can check."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError
from joserfc.jwk import KeySet

from intranet.accounts.models import Account, Role
from intranet.groups.models import GroupPrivacy
from intranet.kernel.clock import utc_now
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

URL = "https://canteen.example:8443/start?x=1"
_CONTEXT = re.compile(r'src="([^"#]+)#parvis_context=([\w.-]+)"')
FORM = {
    "name_en": "Canteen",
    "name_fr": "Cantine",
    "description_en": "Today's menu",
    "start_url": URL,
    "inside": "1",
    "audience": "everyone",
}


@pytest.fixture
def root(make: Factory) -> Account:
    return make.account("root", Role.ADMINISTRATOR, department="IT")


@pytest.fixture
def canteen(browse: Browser, root: Account) -> str:
    assert browse(root).post("/admin/directory", data=FORM).status_code == 303
    return "/applications/canteen"


def checked(browse: Browser, page: str) -> dict[str, object]:
    """What an application reads that checks as the documentation says: not our own code."""
    url, token = _CONTEXT.search(page).groups()
    assert url == URL.replace("&", "&amp;")
    keys = KeySet.import_key_set(browse(None).get("/.well-known/jwks.json").json)
    claims = jwt.decode(token, keys, algorithms=["ES256"]).claims
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": "http://127.0.0.1:8000"},
        aud={"essential": True, "value": "http://127.0.0.1:8000/applications/canteen"},
        exp={"essential": True},
    ).validate(claims)
    return claims


def test_an_application_is_found_and_opened_with_a_word_it_can_check(
    make: Factory, browse: Browser, canteen: str
) -> None:
    ann = make.account("ann", display_name="Ann Martin", locale="fr")
    assert "Cantine" in browse(ann).get("/applications").text
    page = browse(ann).get(canteen)
    claims = checked(browse, page.text)
    assert (claims["name"], claims["locale"], claims["theme"]) == ("Ann Martin", "fr", "system")
    assert claims["exp"] - claims["iat"] == 300
    assert str(ann.id) not in str(claims), "a name that no other application knows"
    assert page.headers["Cache-Control"] == "no-store"


def test_only_that_page_may_frame_and_only_that_origin(
    make: Factory, browse: Browser, canteen: str
) -> None:
    ann = make.account("ann")
    policy = browse(ann).get(canteen).headers["Content-Security-Policy"]
    assert "; frame-src https://canteen.example:8443; " in policy
    assert "frame-src" not in browse(ann).get("/applications").headers["Content-Security-Policy"]
    page = browse(ann).get(canteen).text
    sandbox = re.search(r'sandbox="([^"]+)"', page)[1].split()
    assert "allow-scripts" in sandbox
    assert not {"allow-top-navigation", "allow-modals", "allow-popups-to-escape-sandbox"} & set(
        sandbox
    )


def test_what_is_on_our_own_origin_is_not_of_our_origin_in_its_frame(
    make: Factory, browse: Browser, root: Account
) -> None:
    ours = FORM | {"start_url": "http://127.0.0.1:8000/applications/sample/page?app=canteen"}
    browse(root).post("/admin/directory", data=ours)
    page = browse(root).get("/applications/canteen").text
    assert "allow-same-origin" not in page
    sample = browse(None).get("/applications/sample/page?app=canteen")
    assert sample.status_code == 200
    assert "sandbox allow-scripts" in sample.headers["Content-Security-Policy"]


def test_the_same_person_has_another_name_in_another_application(
    make: Factory, browse: Browser, root: Account, canteen: str
) -> None:
    browse(root).post("/admin/directory", data=FORM | {"name_en": "Parking"})
    one = _CONTEXT.search(browse(root).get(canteen).text)[2]
    two = _CONTEXT.search(browse(root).get("/applications/parking").text)[2]
    keys = KeySet.import_key_set(browse(None).get("/.well-known/jwks.json").json)
    first, second = (jwt.decode(token, keys).claims for token in (one, two))
    assert first["sub"] != second["sub"]
    assert first["aud"] != second["aud"]
    again = jwt.decode(_CONTEXT.search(browse(root).get(canteen).text)[2], keys).claims
    assert again["sub"] == first["sub"]
    assert again["nonce"] != first["nonce"]


def test_a_word_that_was_changed_or_is_old_is_not_believed(
    browse: Browser, root: Account, canteen: str
) -> None:
    page = browse(root).get(canteen).text
    checked(browse, page)
    token = _CONTEXT.search(page)[2]
    head, _body, signature = token.split(".")
    other = _CONTEXT.search(browse(root).get(canteen).text)[2].split(".")[1]
    with pytest.raises(BadSignatureError):
        checked(browse, page.replace(token, f"{head}.{other}.{signature}"))
    with time_machine.travel(utc_now() + dt.timedelta(minutes=6)), pytest.raises(ExpiredTokenError):
        checked(browse, page)


def test_the_keys_have_no_private_half(browse: Browser) -> None:
    answer = browse(None).get("/.well-known/jwks.json")
    [key] = answer.json["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_who_is_outside_the_audience_finds_nothing(
    make: Factory, browse: Browser, root: Account
) -> None:
    browse(root).post("/admin/directory", data=FORM | {"audience": "rule", "department": "IT"})
    ann, guest = make.account("ann", department="Sales"), make.account("gus", Role.GUEST)
    assert "Canteen" in browse(root).get("/applications").text
    for outsider in (ann, guest):
        assert "Canteen" not in browse(outsider).get("/applications").text
        for path in ("", "/open"):
            hidden = browse(outsider).get(f"/applications/canteen{path}")
            missing = browse(outsider).get(f"/applications/nothing{path}")
            assert hidden.status_code == missing.status_code == 404


def test_a_group_is_named_only_to_its_members(
    make: Factory, browse: Browser, root: Account, canteen: str
) -> None:
    ann, eve = make.account("ann"), make.account("eve")
    make.group("board", GroupPrivacy.SECRET, owner=ann)
    make.group("open", owner=ann)
    claims = checked(browse, browse(ann).get(f"{canteen}?group=board").text)
    assert claims["group"]["role"] == "owner"
    for slug in ("board", "open", "none"):
        assert browse(eve).get(f"{canteen}?group={slug}").status_code == 404


def test_it_opens_in_a_window_of_its_own_too(make: Factory, browse: Browser, root: Account) -> None:
    browse(root).post("/admin/directory", data={**FORM, "inside": ""})
    page = browse(root).get("/applications/canteen")
    assert "<iframe" not in page.text
    assert "frame-src" not in page.headers["Content-Security-Policy"]
    away = browse(root).get("/applications/canteen/open")
    assert away.status_code == 303
    assert away.headers["Location"].startswith(f"{URL}#parvis_context=ey")


def test_administrators_change_hide_and_delete(
    make: Factory, browse: Browser, root: Account, canteen: str
) -> None:
    ann = make.account("ann")
    page = browse(root).get("/admin/directory/canteen").text
    assert "http://127.0.0.1:8000/applications/canteen" in page
    changed = FORM | {"name_en": "Restaurant", "audience": "keep"}
    assert browse(root).post("/admin/directory/canteen", data=changed).status_code == 303
    assert "Restaurant" in browse(ann).get("/applications").text
    browse(root).post("/admin/directory/canteen/disable")
    assert browse(ann).get(canteen).status_code == 404
    browse(root).post("/admin/directory/canteen/enable")
    assert browse(ann).get(canteen).status_code == 200
    browse(root).post("/admin/directory/canteen/delete")
    assert browse(root).get(canteen).status_code == 404


def test_nobody_else_manages_the_directory(
    make: Factory, browse: Browser, root: Account, canteen: str
) -> None:
    ann = make.account("ann", Role.HR)
    assert browse(ann).get("/admin/directory").status_code == 403
    for path in ("", "/canteen", "/canteen/disable", "/canteen/enable", "/canteen/delete"):
        assert browse(ann).post(f"/admin/directory{path}", data=FORM).status_code == 403
    assert browse(root).get(canteen).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_fr": "x" * 81}, "name_fr"),
        ({"start_url": "javascript:alert(1)"}, "start_url"),
        ({"start_url": "https://u@x.example/"}, "start_url"),
        ({"start_url": "https://x.example/#here"}, "start_url"),
        ({"start_url": "https://x.example; script-src *"}, "start_url"),
        ({"start_url": "https://[::1]/"}, "start_url"),
        ({"icon": "abc"}, "icon"),
        ({"audience": "rule"}, "audience"),
        ({"audience": "rule", "group": "999"}, "audience"),
        ({"audience": "nonsense"}, "audience"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    browse: Browser, root: Account, change: dict[str, str], field: str
) -> None:
    made = browse(root).post("/admin/directory", data=FORM | change)
    assert made.status_code == 422
    assert f'id="e-{field}"' in made.text
    assert "Canteen" in made.text or field == "name_en"


def test_the_directory_costs_the_same_however_long_it_is(
    browse: Browser, root: Account, canteen: str, statements: list[str]
) -> None:
    def cost() -> int:
        statements.clear()
        assert browse(root).get("/applications").status_code == 200
        return len(statements)

    before = cost()
    for number in range(4):
        browse(root).post("/admin/directory", data=FORM | {"name_en": f"App {number}"})
    assert cost() == before


def test_an_application_shows_its_picture_to_those_it_is_for(
    make: Factory, browse: Browser, root: Account, canteen: str
) -> None:
    ann, guest = make.account("ann"), make.account("gus", Role.GUEST)
    form = "/admin/directory/canteen"
    sent = {"picture": (picture(), "soup.png")}
    assert browse(ann).post(f"{form}/picture", data=sent).status_code == 403
    sent = {"picture": (picture(), "soup.png")}
    assert browse(root).post(f"{form}/picture", data=sent).status_code == 303
    [shown] = re.findall(
        r"/applications/pictures/[\w-]+/small", browse(ann).get("/applications").text
    )
    assert browse(ann).get(shown).mimetype == "image/webp"
    assert browse(guest).get("/applications").text.count("/applications/pictures/") == 0
    assert browse(guest).get(shown).status_code == 404
    browse(root).post(f"{form}/disable")
    assert browse(ann).get(shown).status_code == 404
    assert browse(root).get(shown).status_code == 200
    assert browse(ann).post(f"{form}/picture/remove").status_code == 403
    assert browse(root).post(f"{form}/picture/remove").status_code == 303
    assert browse(root).get(shown).status_code == 404
    browse(root).post(f"{form}/picture", data={"picture": (b"<svg/>", "soup.png")})
    assert "/applications/pictures/" not in browse(root).get(form).text
