"""The written company holds together, whatever the day it is built on."""

import datetime as dt
import io
import re

import pytest
from PIL import Image

from intranet.demo import pictures
from intranet.demo.company import Company, PostPlan, read_company
from intranet.demo.papers import paper
from intranet.demo.typography import typeset

MONDAY = dt.datetime(2026, 11, 23, 7, 40, tzinfo=dt.UTC)
MOMENTS = [MONDAY + dt.timedelta(days=days, hours=5 * days) for days in range(7)]


def _everything(company: Company) -> list[tuple[PostPlan, PostPlan]]:
    """Every post and reply, each with the post its thread begins with."""
    return [(root, post) for root in company.posts for post in (root, *root.replies)]


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: now.strftime("%A"))
def test_nothing_is_said_in_the_future_by_strangers_or_before_its_question(
    now: dt.datetime,
) -> None:
    company = read_company(now)
    people = {person.handle: person for person in company.people}
    members = {
        group.slug: {group.owner, *group.moderators, *group.members} for group in company.groups
    }
    staff = {person.handle for person in company.people if person.role != "guest"}
    for root, post in _everything(company):
        audience = members[root.group] if root.group else staff
        assert root.at <= post.at < now
        assert people[post.author].joined_at < post.at, post
        assert {post.author, *post.boosted_by, *post.saved_by} <= audience, post
        if post.answers is not None:
            assert root.replies[post.answers].at < post.at, post


def test_everybody_who_is_named_exists() -> None:
    company = read_company(MONDAY)
    handles = {person.handle for person in company.people}
    for page in company.pages:
        assert {page.owner, *(handle for handle, _ in page.editors)} <= handles
        writers = {page.owner, *(handle for handle, role in page.editors if role != "analyst")}
        mine = [post for _, post in _everything(company) if post.page == page.handle]
        assert {post.author for post in (*mine, *page.waiting)} <= writers
        assert mine
    for person in company.people:
        assert {person.manager, person.sponsor} - {None} <= handles
        assert (person.sponsor is not None) == (person.role == "guest")
    for group in company.groups:
        assert {group.owner, *group.moderators, *group.members, *group.requests} <= handles
    for _, post in _everything(company):
        assert set(re.findall(r"(?<![\w/])@(\w+)", post.text)) <= handles, post.text


def test_the_company_is_as_large_as_promised() -> None:
    company = read_company(MONDAY)
    assert len(company.people) == 60
    assert len(company.groups) == 15
    assert len(company.pages) == 5
    assert sum(page.public for page in company.pages) == 2
    assert sum(group.privacy == "secret" for group in company.groups) == 2
    assert len(_everything(company)) > 350
    assert len({post.text for _, post in _everything(company)}) > 350
    assert {post.language for _, post in _everything(company)} == {"fr", "en"}
    assert company.posts[-1].at - company.posts[0].at > dt.timedelta(days=90)


def test_every_picture_can_be_drawn_has_a_description_and_is_used() -> None:
    used = {image for _, post in _everything(read_company(MONDAY)) for image in post.images}
    assert all(description for _, description in used)
    assert {kind for kind, _ in used} == set(pictures.KINDS)


@pytest.mark.parametrize("kind", sorted(pictures.KINDS))
def test_a_picture_is_the_same_png_every_time(kind: str) -> None:
    drawn = pictures.draw(kind, 7)
    with Image.open(io.BytesIO(drawn)) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (1120, 560))
    assert drawn == pictures.draw(kind, 7)


def test_every_portrait_is_a_square_png_of_its_own() -> None:
    people = [person for person in read_company(MONDAY).people if person.portrait]
    drawn = {pictures.portrait(person.portrait or "", person.handle) for person in people}
    assert len(drawn) == len(people) >= 30
    for picture in drawn:
        with Image.open(io.BytesIO(picture)) as image:
            image.load()
            assert (image.format, image.size) == ("PNG", (480, 480))


def test_files_are_what_their_names_say() -> None:
    files = [file for _, post in _everything(read_company(MONDAY)) for file in post.files]
    assert len(files) >= 8
    for name, content in files:
        made = paper(name, content)
        if name.endswith(".pdf"):
            assert made.startswith(b"%PDF-1.4")
            assert made.endswith(b"%%EOF\n")
        else:
            assert made.decode("utf-8-sig").count("\r\n") == content.count("|") + 1


def test_french_is_set_with_its_no_break_spaces_and_code_is_left_alone() -> None:
    assert typeset("C'est bon ? 41 m !", "fr") == "C’est bon\u202f? 41\u00a0m\u202f!"
    assert typeset("La règle : `c'h` reste", "fr") == "La règle\u00a0: `c'h` reste"
    assert typeset("It's fine: yes?", "en") == "It’s fine: yes?"
