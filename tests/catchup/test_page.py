"""Catching up, through the door."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from intranet.accounts.models import Account, AccountSkill, Skill
from intranet.catchup import actions, queries, spans
from intranet.catchup.models import CatchUp
from intranet.db import db
from intranet.filters.models import (
    ContentFilter,
    FilterAction,
    FilterContext,
    FilterKeyword,
)
from intranet.groups.models import GroupPrivacy, NotifyLevel
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import id_at
from intranet.posts.models import Mention, Post, Reaction, ThreadMute
from intranet.relationships.models import Block, Mute
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.timelines.world import World

HOUR = dt.timedelta(hours=1)
LONG_AGO = utc_now() - dt.timedelta(days=60)


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann", created_at=LONG_AGO, locale="en")


def add(app: Flask, *rows: object) -> None:
    with app.app_context(), unit_of_work():
        db.session.add_all(rows)


def read(browse: Browser, who: Account, address: str = "/catch-up", **headers: str) -> str:
    answer = browse(who).get(address, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def part(html: str, name: str) -> str:
    """One of the three parts."""
    return html.split(f'id="{name}"')[1].split("</section>")[0]


def entries(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'<article[^>]* data-entry="(\d+)"', html)]


def reasons(html: str) -> list[str]:
    return [one for one in re.findall(r"<li>([^<]*)</li>", html) if one.startswith("because")]


def mark(app: Flask, who: Account, moment: dt.datetime) -> None:
    add(app, CatchUp(account_id=who.id, seen_until=id_at(moment), put_away_until=0, weights={}))


def test_what_names_one_comes_first_with_its_reason(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    boss = make.account("helene", display_name="Hélène")
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ann.id).manager_id = boss.id
    own = make.post(ann, "My question")
    answer = make.post(boss, "My answer", reply_to=own)
    order = make.post(boss, "To all")
    named = make.post(make.account("karim"), "Ask @ann")
    add(app, Mention(post_id=named.id, account_id=ann.id))
    html = read(browse, ann)
    assert entries(part(html, "concerns")) == [named.id, answer.id, order.id]
    assert reasons(part(html, "concerns")) == [
        "because Karim named you",
        "because Hélène answered you",
        "because Hélène, your manager, wrote it",
    ]
    assert entries(part(html, "interesting")) == []


def test_what_may_interest_is_explained_and_the_rest_counted(
    app: Flask, make: Factory, browse: Browser, world: World, ann: Account
) -> None:
    ben, cem, dan = make.accounts("ben", "cem", "dan")
    for other in (ben, cem, dan):
        world.follow(ann.id, other.id)
    skill = Skill(name="Soudage", folded="soudage")
    add(app, skill)
    add(app, AccountSkill(account_id=ann.id, skill_id=skill.id))
    liked, plain = world.publish(ben.id), world.publish(cem.id)
    about = make.post(dan, "Un mot sur le soudage")
    add(app, *(Reaction(post_id=liked, account_id=one.id, emoji="⭐") for one in (cem, dan)))
    html = read(browse, ann)
    shown = part(html, "interesting")
    assert entries(shown) == [about.id, liked]
    assert reasons(shown) == [
        "because it is about something you know of: Soudage",
        "because you follow Dan",
        "because 2 people you follow or work with reacted",
        "because you follow Ben",
        "because it is talked of: 2 answers or reactions",
    ]
    assert plain not in entries(html)
    assert "1 other post came to your home" in part(html, "others")
    again = part(read(browse, ann), "interesting")
    assert (entries(again), reasons(again)) == (entries(shown), reasons(shown))


def test_weights_change_the_order_and_can_be_reset(
    app: Flask, make: Factory, browse: Browser, world: World, ann: Account
) -> None:
    ben, cem = make.accounts("ben", "cem")
    world.follow(ann.id, ben.id)
    world.publish(ben.id)
    liked = make.post(cem, "Liked").id
    add(app, Reaction(post_id=liked, account_id=ben.id, emoji="⭐"))
    assert entries(part(read(browse, ann), "interesting")) == [liked]
    client = browse(ann)
    refused = client.post("/catch-up/weights", data={"near": "11"})
    assert refused.status_code == 422
    assert "from 0 to 10" in refused.get_data(as_text=True)
    assert client.post("/catch-up/weights", data={"near": "0"}).status_code == 303
    assert "Now 0; usually 6." in read(browse, ann, "/catch-up/weights")
    assert entries(part(read(browse, ann), "interesting")) == []
    client.post("/catch-up/weights/reset")
    assert entries(part(read(browse, ann), "interesting")) == [liked]
    with app.app_context():
        assert db.session.get_one(CatchUp, ann.id).weights == {}


def test_caught_up_and_taken_back(app: Flask, make: Factory, browse: Browser, ann: Account) -> None:
    named = make.post(make.account("ben"), "Ask @ann")
    add(app, Mention(post_id=named.id, account_id=ann.id))
    client = browse(ann)
    html = read(browse, ann)
    until = re.search(r'name="until" value="(\d+)"', html)
    assert until is not None
    later = make.post(make.account("cem"), "And @ann again")
    add(app, Mention(post_id=later.id, account_id=ann.id))
    assert client.post("/catch-up/seen", data={"until": until[1]}).status_code == 303
    # What came while the page was open has not been seen.
    assert entries(read(browse, ann)) == [later.id]
    client.post("/catch-up/seen", data={"until": "5"})
    assert entries(read(browse, ann)) == [later.id]
    client.post("/catch-up/seen/undo")
    assert entries(read(browse, ann)) == [later.id, named.id]
    assert client.post("/catch-up/seen", data={"until": "x"}).status_code == 422


def test_days_can_be_chosen_and_bad_ones_are_refused(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    ben = make.account("ben")
    old = Post(
        id=id_at(utc_now() - dt.timedelta(days=10)), author_id=ben.id, source="x", html="<p>x</p>",
        visibility="organisation",
    )  # fmt: skip
    add(app, old)
    add(app, Mention(post_id=old.id, account_id=ann.id))
    assert entries(read(browse, ann, "/catch-up?since=week")) == []
    day = (utc_now() - dt.timedelta(days=12)).date().isoformat()
    assert entries(read(browse, ann, f"/catch-up?since={day}")) == [old.id]
    for bad in ("tomorrow", "2999-01-01", "2026-02-30", "99999-01-01"):
        answer = browse(ann).get(f"/catch-up?since={bad}")
        assert answer.status_code == 422, bad
    for bad in ("skip=x", "skip=-1", "until=99999999999999999999", "until=x"):
        assert browse(ann).get(f"/catch-up?{bad}").status_code == 422, bad


def test_further_threads_follow_on_pages_of_their_own(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    ben = make.account("ben")
    posts = [make.post(ben, f"@ann {number}") for number in range(queries.PAGE + 3)]
    add(app, *(Mention(post_id=post.id, account_id=ann.id) for post in posts))
    html = read(browse, ann)
    further = re.search(r'rel="next" href="([^"]+)"', html)
    assert further is not None
    address = further[1].replace("&amp;", "&")
    assert "23 things concern you" in html
    last = read(browse, ann, address)
    found = entries(html) + entries(last)
    assert found == [post.id for post in reversed(posts)]
    fragment = read(browse, ann, address, **{"HX-Request": "true"})
    assert entries(fragment) == entries(last)
    assert "<html" not in fragment


def test_nothing_of_a_secret_group_or_of_who_is_kept_at_a_distance(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    ben, cem, dan = make.accounts("ben", "cem", "dan")
    insider = make.account("insider")
    secret = make.group("secret", GroupPrivacy.SECRET, owner=ben)
    kept = [make.post(ben, "zzkept @ann", group=secret), make.post(cem, "a"), make.post(dan, "b")]
    add(app, *(Mention(post_id=post.id, account_id=one.id) for post in kept for one in (ann, ben)))
    make.join(secret, insider)
    add(app, Mention(post_id=kept[0].id, account_id=insider.id))
    assert entries(part(read(browse, insider), "concerns")) == [kept[0].id]
    outsider = browse(ann).get(f"/posts/{kept[0].id}")
    assert outsider.status_code == 404
    assert set(entries(read(browse, ann))) == {kept[1].id, kept[2].id}
    add(app, Block(blocker_id=ann.id, blocked_id=cem.id), Mute(muter_id=ann.id, muted_id=dan.id))
    html = read(browse, ann)
    assert entries(html) == []
    assert "zzkept" not in html


def test_a_muted_thread_and_a_silenced_group_tell_only_of_what_names_one(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    ben = make.account("ben")
    loud = make.group("loud", members=[ann, ben], notify=NotifyLevel.NOTHING)
    muted, silenced = make.post(ann, "Mine"), make.post(ann, "Mine too", group=loud)
    add(app, ThreadMute(account_id=ann.id, thread_id=muted.id))
    make.post(ben, "Answer", reply_to=muted)
    make.post(ben, "Answer", reply_to=silenced)
    assert entries(part(read(browse, ann), "concerns")) == []
    named = [make.post(ben, "@ann", reply_to=one) for one in (muted, silenced)]
    add(app, *(Mention(post_id=post.id, account_id=ann.id) for post in named))
    found = entries(part(read(browse, ann), "concerns"))
    assert found == [named[1].id, named[0].id]


def test_what_a_filter_hides_is_not_there_and_what_it_warns_of_is_folded(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    ben = make.account("ben")
    posts = [make.post(ben, f"@ann {word}") for word in ("secret", "spoiler", "ok")]
    add(app, *(Mention(post_id=post.id, account_id=ann.id) for post in posts))
    for title, action in (("secret", FilterAction.HIDE), ("spoiler", FilterAction.WARN)):
        made = ContentFilter(
            account_id=ann.id, title=title, action=action, contexts=[FilterContext.NOTIFICATIONS]
        )
        add(app, made)
        add(app, FilterKeyword(filter_id=made.id, keyword=title, whole_word=True))
    html = read(browse, ann)
    assert posts[0].id not in entries(html)
    assert posts[2].id in entries(html)
    assert "Filtered: spoiler" in html
    assert "2 things concern you" in html


def test_the_band_comes_after_an_absence_and_is_put_away(
    app: Flask, make: Factory, browse: Browser, ann: Account
) -> None:
    named = make.post(make.account("ben"), "Ask @ann")
    add(app, Mention(post_id=named.id, account_id=ann.id))
    mark(app, ann, utc_now() - 2 * HOUR)
    assert 'id="away"' not in read(browse, ann, "/")
    with app.app_context(), unit_of_work():
        row = db.session.get_one(CatchUp, ann.id)
        row.seen_until = id_at(utc_now() - dt.timedelta(days=3))
    assert 'id="away"' in read(browse, ann, "/")
    assert 'id="away"' not in read(browse, ann, "/timelines/organisation")
    assert "1 thing concerns you since" in read(browse, ann, "/catch-up/count")
    assert browse(ann).post("/catch-up/band/dismissal").status_code == 303
    assert 'id="away"' not in read(browse, ann, "/")
    # The dismissal is of the band: nothing counts as seen.
    assert entries(read(browse, ann)) == [named.id]


def test_the_band_costs_the_home_one_statement(
    app: Flask, make: Factory, browse: Browser, ann: Account, statements: list[str]
) -> None:
    mark(app, ann, utc_now() - dt.timedelta(days=3))
    client = browse(ann)
    client.get("/")
    statements.clear()
    client.get("/")
    assert sum("catch_up" in sql for sql in statements) == 1


def test_the_number_of_statements_does_not_depend_on_what_there_is(
    app: Flask, make: Factory, world: World, ann: Account, statements: list[str]
) -> None:
    ben = make.account("ben")
    world.follow(ann.id, ben.id)
    mark(app, ann, utc_now() - dt.timedelta(days=3))

    def fill(number: int) -> None:
        for _ in range(number):
            world.publish(ben.id)
            named = make.post(ben, "@ann", reply_to=make.post(ann, "Mine"))
            add(app, Mention(post_id=named.id, account_id=ann.id))
            make.direct(ben, [ann])

    def count() -> int:
        with app.app_context():
            viewer = db.session.get_one(Account, ann.id)
            statements.clear()
            queries.report(viewer, spans.span_of(viewer), "en")
            return len(statements)

    fill(1)
    few = count()
    fill(12)
    assert count() == few
    assert few < 30


def test_somebody_new_begins_a_week_ago_or_when_they_came(
    app: Flask, make: Factory, ann: Account
) -> None:
    newcomer = make.account("new")
    with app.app_context():
        week = spans.span_of(db.session.get_one(Account, ann.id))
        assert abs(week.began_at - (utc_now() - dt.timedelta(days=7))) < HOUR
        today = spans.span_of(db.session.get_one(Account, newcomer.id))
        assert utc_now() - today.began_at < HOUR
        with unit_of_work():
            actions.put_away(db.session.get_one(Account, newcomer.id))
        assert queries.away_since(db.session.get_one(Account, newcomer.id), None) is None
