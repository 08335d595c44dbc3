"""The card of an event below the post that tells of it, and in the API."""

from __future__ import annotations

import datetime as dt
import re

from flask import Flask
from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.calendar.models import Event, Occurrence, Rsvp
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.clock import utc_now
from intranet.posts.models import Post
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

HTMX = {"HX-Request": "true"}


def announced(browse: Browser, who: Account, **fields: str) -> int:
    """The id of the first date of an event that its post tells of."""
    day = (utc_now() + dt.timedelta(days=9)).date().isoformat()
    form = {
        "organiser": "me", "title": "Tram night", "place": "Erdre", "audience": "everyone",
        "starts_date": day, "starts_time": "10:00", "ends_date": day, "ends_time": "11:00",
        "time_zone": "Europe/Paris", "announce": "1", "announcement": "Come all",
        "guests_allowed": "0",
    }  # fmt: skip
    answer = browse(who).post("/events", data=form | fields)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def test_the_feed_shows_the_event_and_takes_the_answer(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    date_id = announced(browse, ann)
    feed = browse(ben).get("/timelines/organisation").text
    card = feed[feed.index('class="evtcard"') :].split("</section>")[0]
    assert f'href="/events/{date_id}"' in card
    assert "Tram night" in card
    assert "Erdre" in card
    assert "<p>Come all</p>" in feed
    # What the card says is not said twice.
    (article,) = re.findall(r'<article class="post.*?</article>', feed, re.DOTALL)
    assert article.count("Tram night") == 1
    said = browse(ben).post(
        f"/events/{date_id}/answer", data={"answer": "going", "card": "1"}, headers=HTMX
    )
    assert said.status_code == 200
    assert said.text.lstrip().startswith('<section class="evtcard"')
    assert "1 person is going" in said.text
    with app.app_context():
        assert db.session.scalars(select(Rsvp.account_id)).all() == [ben.id]
    feed = browse(ben).get("/timelines/organisation").text
    assert 'aria-pressed="true"' in feed[feed.index('class="evtcard"') :]
    # Without scripts the same form leads to the page.
    plain = browse(ben).post(f"/events/{date_id}/answer", data={"answer": "no", "card": "1"})
    assert plain.headers["Location"].startswith(f"/events/{date_id}")


def test_words_that_the_author_adds_to_what_is_told_of_the_event_stay(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    announced(browse, ann)
    with app.app_context():
        post_id = db.session.scalars(select(Event.post_id)).one()
        source = db.session.get_one(Post, post_id).source
    link, told = re.split(r" *\n", source.removeprefix("Come all\n\n"))

    def shown(said: str) -> str:
        answer = browse(ann).post(f"/posts/{post_id}/edit", data={"source": said})
        assert answer.status_code == 303
        feed = browse(ben).get("/timelines/organisation").text
        assert 'class="evtcard"' in feed
        body: str = feed.partition('class="post__body')[2].partition("</div>")[0]
        return body

    for said in (
        f"Come all\n\n{link} with your own cups",
        f"Come all\n\n{link}\nBring your own cups",
        f"Come all\n\n{link}  \n{told}, with your own cups",
        f"Come all\n\n{link}  \n{told}\nBring your own cups",
    ):
        assert "your own cups" in shown(said), said
    # What the announcement wrote itself is not said twice, also when other words change.
    assert "/events/" not in shown(source.replace("Come all", "Come, all of you"))


def test_an_answer_that_needs_more_leads_to_the_page(make: Factory, browse: Browser) -> None:
    ann, ben = make.accounts("ann", "ben")
    date_id = announced(browse, ann, **{"question": "What do you eat?", "required-0": "1"})
    said = browse(ben).post(
        f"/events/{date_id}/answer", data={"answer": "perhaps", "card": "1"}, headers=HTMX
    )
    assert (said.status_code, said.headers["HX-Redirect"]) == (204, f"/events/{date_id}")


def test_who_may_not_see_the_event_sees_no_card_of_it(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    make.group("board", GroupPrivacy.SECRET, owner=ann, members=[ben])
    date_id = announced(browse, ann, organiser="group:board", title="Kraken")
    assert browse(out).get(f"/events/{date_id}").status_code == 404
    assert "evtcard" in browse(ben).get("/groups/board").text
    for path in ("/", "/timelines/organisation", "/search?q=Come"):
        answer = browse(out).get(path)
        assert answer.status_code == 200
        assert "Kraken" not in answer.text
    # A post that only names the address of a hidden event gets no card either.
    browse(ben).post("/posts", data={"source": f"[**x**](/events/{date_id})"})
    assert "evtcard" not in browse(out).get("/timelines/organisation").text
    assert browse(out).post(
        f"/events/{date_id}/answer", data={"answer": "going", "card": "1"}, headers=HTMX
    ).status_code == 404  # fmt: skip


def test_cards_cost_one_statement_however_many_there_are(
    make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, ben = make.accounts("ann", "ben")
    client = browse(ben)
    announced(browse, ann)
    client.get("/timelines/organisation")
    statements.clear()
    client.get("/timelines/organisation")
    one = len(statements)
    for number in range(4):
        announced(browse, ann, title=f"Night {number}")
    client.get("/timelines/organisation")
    statements.clear()
    text = client.get("/timelines/organisation").text
    assert text.count('class="evtcard"') == 5
    assert len(statements) == one


def test_a_series_shows_its_next_date_and_its_group_all_of_them(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.accounts("ann", "ben")
    make.group("works", owner=ann, members=[ben])
    announced(
        browse, ann, organiser="group:works", repeat="weekly", interval="1",
        repeat_end="count", count="4",
    )  # fmt: skip
    with app.app_context():
        ids = db.session.scalars(select(Occurrence.id).order_by(Occurrence.starts_at)).all()
        event = db.session.scalars(select(Event)).one()
        assert event.post_id is not None
    assert len(ids) == 4
    listed = browse(ben).get("/groups/works/events").text
    assert all(f'href="/events/{one}"' in listed for one in ids)
    with app.app_context(), unit_of_work():
        db.session.execute(
            update(Occurrence).where(Occurrence.id == ids[0]).values(cancelled_at=utc_now())
        )
    feed = browse(ben).get("/groups/works").text
    card = feed[feed.index('class="evtcard"') :].split("</section>")[0]
    assert f'href="/events/{ids[1]}"' in card


def test_the_code_for_checking_in_is_a_picture_too(make: Factory, browse: Browser) -> None:
    (ann,) = make.accounts("ann")
    date_id = announced(browse, ann)
    page = browse(ann).get(f"/events/{date_id}/attendance").text
    (drawn,) = re.findall(r"<svg[^>]*evt__qr.*?</svg>", page, re.DOTALL)
    assert "<path" in drawn
    assert "style=" not in drawn
