"""Every route, as everybody: a secret group is nothing to whoever stands outside."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.app import create_app
from intranet.db import Base, db
from intranet.groups.models import Group, Membership
from intranet.settings import Settings
from tests.browse import Browser, take_sentences
from tests.factories import Factory
from tests.matrix.answers import answer, ask_for, marks_in, renamed
from tests.matrix.cases import Kind
from tests.matrix.expectations import EXPECTED, Ask, requests
from tests.matrix.world import MISSING_PAGE, OUTSIDERS, PAGE, SLUG, World, members_of

REFUSED = {401, 303}
# What the members find must be more than the address that they typed.
_SIGHTS = ("The Kraken Deal", "Buying Kraken", "About Kraken", "buy Kraken", "Kraken at once")


def test_every_route_is_declared_and_every_declaration_has_a_route(app: Flask) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes - set(EXPECTED) == set(), "say in expectations.py what these are for"
    assert set(EXPECTED) - routes == set(), "these are gone"


def test_the_outsiders_are_outsiders_and_the_members_members(world: World) -> None:
    inside = members_of(world, SLUG)
    assert inside == {"owner", "moderator", "member", "innerguest"}
    for who in OUTSIDERS:
        account = world.people[who]
        rows = (
            select(Membership)
            .join(Group, Group.id == Membership.group_id)
            .where(Membership.account_id == account.id, Group.slug == SLUG)
        )
        assert world.read(lambda rows=rows: db.session.scalars(rows).all()) == []


def test_the_members_see_what_the_outsiders_must_not(world: World) -> None:
    unseen = {ask.endpoint for ask in requests(world, ("GET",)) if ask.case.shows}
    assert len(unseen) > 20
    for ask in requests(world, ("GET",)):
        if not ask.case.shows:
            continue
        for who in {ask.case.reader, "owner", "member"}:
            found = ask_for(world.client(who), ask)
            if who == ask.case.reader:
                assert found.status == 200, (who, str(ask))
            if any(sight in found.body for sight in _SIGHTS):
                unseen.discard(ask.endpoint)
    assert unseen == set()


def test_anonymous_visitors_get_no_further_than_sign_in(world: World) -> None:
    client = world.client(None)
    for ask in requests(world):
        headers = [{}, {"HX-Request": "true"}, {"Accept": "application/json"}]
        if ask.case.api:
            del headers[1:]
        for header in headers:
            got = client.open(ask.path, method=ask.method, data=ask.form or None, headers=header)
            found = answer(got)
            assert marks_in(renamed(found, world), world) == [], str(ask)
            if ask.case.kind is Kind.PUBLIC:
                assert got.status_code < 500, str(ask)
                continue
            if ask.case.api:
                assert (got.status_code, got.mimetype) == (401, "application/json"), str(ask)
                continue
            assert got.status_code == (401 if header else 303), (str(ask), header)
            if not header:
                assert urlsplit(got.headers["Location"]).path == "/login", str(ask)
    with world.app.app_context():
        assert db.session.scalar(select(Group.members_count).where(Group.slug == SLUG)) == 4


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_secret_object_answers_outsiders_like_a_missing_one(world: World, who: str) -> None:
    before = _secret_rows(world)
    _finds_nothing(world, who)
    assert _secret_rows(world) == before, "an outsider changed something"


def _finds_nothing(world: World, who: str) -> None:
    client = world.client(who)
    wrote = True
    for post, media in (
        ("secret", "picture"), ("secret_answer", "file"), ("secret_boost", "file"),
        ("secret_message", "file"),
    ):  # fmt: skip
        for ask in requests(world, post=post, media=media):
            if _repeated(ask, post) or _left_to_the_first(ask, who):
                continue
            if wrote:
                take_sentences(client)
            wrote = ask.method != "GET"
            for fragment in ask.ways if who in _FIRST else (False,):
                real = ask_for(client, ask, fragment=fragment)
                where = (who, str(ask), real.status)
                if not ask.has_twin:
                    assert marks_in(real, world) == [], where
                    assert real.status < 500, where
                    continue
                missing = ask_for(client, ask, twin=True, fragment=fragment)
                assert renamed(real, world) == missing, where
                assert marks_in(missing, world) == [], where
                if (
                    ask.case.kind in (Kind.GROUP, Kind.POST, Kind.EVENT)
                    or ask.endpoint == "media.show"
                ):
                    assert real.status in (403, 404), where


# Who are asked everything in every way. The others differ from them in their memberships and roles
# alone: they are asked whatever names or shows something, as whole pages.
_FIRST = ("outsider", "guest", "administrator")


def _left_to_the_first(ask: Ask, who: str) -> bool:
    return who not in _FIRST and not ask.has_twin and not ask.case.shows


def _repeated(ask: Ask, post: str) -> bool:
    """Whether the request is the same for every post: once is enough. Ending one's own session
    is left to its own tests."""
    if ask.endpoint in (
        "auth.logout", "auth.accept", "auth.create", "auth.sign_in", "oauth.another",
    ):  # fmt: skip
        return True
    return post != "secret" and ask.case.kind not in (Kind.POST, Kind.MEDIA)


def _secret_rows(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the tables that belongs to the secret group."""
    found = {}
    posts = tuple(id_ for name, id_ in world.posts.items() if name.startswith("secret"))
    with world.app.app_context():
        for table in Base.metadata.sorted_tables:
            columns = table.columns
            if table.name == "group":
                rows = select(table).where(columns["id"] == world.group_id)
            elif "group_id" in columns:
                rows = select(table).where(columns["group_id"] == world.group_id)
            elif "post_id" in columns:
                rows = select(table).where(columns["post_id"].in_(posts))
            else:
                continue
            # Reading one's own notifications is one's own affair.
            if table.name != "notification":
                found[table.name] = sorted(map(tuple, db.session.execute(rows)), key=repr)
    return found


def test_the_invited_see_the_door_and_nothing_behind_it(world: World) -> None:
    client = world.client("invited")
    assert "The Kraken Deal" in ask_for(client, _the("groups.show", world)).body
    posts = [str(id_) for name, id_ in world.posts.items() if name.startswith("secret")]
    keys = [key for _id, key in world.media.values()]
    for ask in requests(world):
        if ask.endpoint in (
            "auth.logout", "oauth.another",
            "groups.accept_invitation", "groups.decline_invitation", "groups.join",
            "groups.leave",
        ):  # fmt: skip
            continue
        found = ask_for(client, ask)
        if ask.case.kind in (Kind.POST, Kind.MEDIA):
            assert renamed(found, world) == ask_for(client, ask, twin=True), str(ask)
            continue
        said = renamed(found, world).said if ask.has_twin else found.said
        assert [mark for mark in (*posts, *keys) if mark in said] == [], str(ask)
        for words in ("buy Kraken", "More Kraken", "know Kraken", "kraken-offer"):
            assert words not in said, str(ask)


def _the(endpoint: str, world: World) -> Ask:
    return next(ask for ask in requests(world) if ask.endpoint == endpoint)


VISIBLE = {
    "organisation": {
        "owner", "moderator", "member", "outsider", "requester", "removed", "hr",
        "organisation_moderator", "administrator", "invited",
    },
    "followers": {"member", "outsider", "removed", "hr", "administrator"},
    "open": {
        "owner", "moderator", "member", "outsider", "requester", "removed", "hr", "guest",
        "organisation_moderator", "administrator", "invited",
    },
    "closed": {"owner", "hr"},
}  # fmt: skip
_OF_MESSAGES_ONLY = {"conversations.show"}
EDITORS = {"organisation": "member", "followers": "member", "open": "member", "closed": "owner"}


def test_a_post_is_for_its_audience_on_every_route(company: World) -> None:
    for post in VISIBLE:
        _is_for_its_audience(company, post)


def _is_for_its_audience(company: World, post: str) -> None:
    for who in company.people:
        client = company.client(who)
        for ask in requests(company, ("GET",), post=post):
            if ask.case.kind is not Kind.POST or ask.endpoint in _OF_MESSAGES_ONLY:
                continue
            found = ask_for(client, ask)
            where = (who, str(ask), found.status)
            if who not in VISIBLE[post]:
                missing = ask_for(client, ask, twin=True)
                assert renamed(found, company) == missing, where
                assert found.status == 404, where
            elif ask.endpoint == "posts.edit":
                assert found.status == (200 if who == EDITORS[post] else 403), where
            elif ask.endpoint == "posts.quote_form":
                may = post != "followers" or who == EDITORS[post]
                assert found.status == (200 if may else 403), where
            elif ask.endpoint == "posts.ask_delete":
                may = who == EDITORS[post] or _moderates(who, post)
                assert found.status == (200 if may else 403), where
            else:
                assert found.status == 200, where


def _moderates(who: str, post: str) -> bool:
    runs_group = who == "owner" and post in ("open", "closed")
    return runs_group or who in ("organisation_moderator", "administrator")


def test_only_administrators_administer(company: World) -> None:
    for who in company.people:
        for ask in requests(company):
            if ask.case.kind is Kind.ADMINISTRATION and who != "administrator":
                assert ask_for(company.client(who), ask).status in (403, 404), (who, str(ask))
    # Pages of one webhook or application: none of that number is there.
    of_one = {"admin.outgoing_webhook", "admin.edit_app"}
    allowed = {
        (ask.endpoint, ask_for(company.client("administrator"), ask).status)
        for ask in requests(company, ("GET",))
        if ask.case.kind is Kind.ADMINISTRATION
    }
    assert len(allowed) > 5
    assert {one for one in allowed if one[1] != 200} <= {(name, 404) for name in of_one}


def test_a_page_is_for_colleagues_and_its_rooms_for_those_who_speak_for_it(
    company: World,
) -> None:
    open_to_all = {"pages.show", "pages.about", "pages.events"}
    by_role = {"hr": {"pages.settings", "pages.editors", "pages.reviews", "pages.edit_submission"}}
    by_role["administrator"] = {"pages.editors", "pages.reviews"}
    before = _rows_of_pages(company)
    for who in company.people:
        client, staff = company.client(who), "guest" not in who
        for ask in requests(company):
            if ask.case.kind is not Kind.PAGE:
                continue
            if ask.method == "POST" and (who in by_role or ("follow" in ask.endpoint and staff)):
                continue  # those may write: their own tests say what
            found = ask_for(client, ask)
            where = (who, str(ask), found.status)
            if not staff:
                missing = replace(ask, path=ask.path.replace(PAGE, MISSING_PAGE))
                assert found == ask_for(client, missing), where
                assert found.status == 404, where
            elif ask.endpoint in open_to_all or ask.endpoint in by_role.get(who, ()):
                assert found.status == 200, where
            else:
                assert found.status in (403, 404), where
                assert "The wire waits" not in found.body, where
    assert _rows_of_pages(company) == before


def _rows_of_pages(company: World) -> list[object]:
    tables = [table for table in Base.metadata.sorted_tables if "page" in table.name]
    with company.app.app_context():
        return [repr(row) for table in tables for row in db.session.execute(select(table))]


def test_reading_changes_nothing(world: World) -> None:
    readers = ("owner", "inner_guest", "administrator")
    for who in readers:
        world.client(who).get("/settings")
    before = _dump(world)
    for who in readers:
        for ask in requests(world, ("GET",)):
            for fragment in ask.ways if who == "owner" else (False,):
                ask_for(world.client(who), ask, fragment=fragment)
    assert _dump(world) == before


def _dump(world: World) -> dict[str, list[tuple[object, ...]]]:
    with world.app.app_context():
        return {
            table.name: sorted(
                (
                    tuple(value for name, value in row._mapping.items() if name != "last_seen_at")
                    for row in db.session.execute(select(table))
                ),
                key=repr,
            )
            for table in Base.metadata.sorted_tables
        }


def test_no_write_is_taken_without_its_token(settings: Settings, app: Flask, make: Factory) -> None:
    guarded = create_app(settings, TESTING=True)
    account = make.account("ann")
    client = Browser(guarded)(account)
    world = World(guarded, make, Browser(guarded), people={"member": account})
    for ask in requests(world, ("POST",)):
        refused = client.post(ask.path, data=ask.form).status_code
        if ask.endpoint in ("unsubscribe.one_click", "hooks.receive"):
            # Programs have no form's token: the address is one, and this one is wrong.
            assert refused == 404, str(ask)
        elif ask.case.api:  # no form token there: without its own the caller is nobody
            assert refused in (400, 401, 422), str(ask)
        else:
            assert refused == 400, str(ask)
    with guarded.app_context():
        db.engine.dispose()


_NASTY = ("%00", "%FF%FE", "'%22%3E%3Cscript%3E", "9" * 30, "-1", "%F0%9F%A6%91", "..%2F..%2Fetc")


def test_no_address_breaks_the_server(company: World) -> None:
    """Every nasty thing in every address; of the queries and forms, two with each route in turn:
    they are read by the same few functions."""
    client = company.client("member")
    rules = sorted(company.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    for number, rule in enumerate(rules):
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        for path in {_path_of(rule.rule, nasty) for nasty in _NASTY}:
            assert client.get(path).status_code < 500, path
        one, two = _two_of(number)
        for query in (f"q={one}&scope={one}&in={one}", f"before={two}&after={two}"):
            address = f"{_path_of(rule.rule, one)}?{query}"
            assert client.get(address).status_code < 500, address
    for number, ask in enumerate(requests(company, ("POST",))):
        if ask.endpoint in ("auth.logout", "oauth.another"):
            continue
        kind = "application/x-www-form-urlencoded"
        for nasty in _two_of(number):
            body = "&".join(f"{name}={nasty}" for name in ask.form) or f"source={nasty}"
            status = client.post(ask.path, data=body, content_type=kind).status_code
            assert status < 500, (str(ask), body)


def _path_of(rule: str, nasty: str) -> str:
    for part in rule.split("<")[1:]:
        rule = rule.replace(f"<{part.split('>')[0]}>", nasty)
    return rule


def _two_of(number: int) -> tuple[str, str]:
    """Two of the nasty things; neighbours get others."""
    return _NASTY[number % len(_NASTY)], _NASTY[(number + 3) % len(_NASTY)]
