"""Official pages: found and followed."""

from __future__ import annotations

import enum

from intranet.api.operations import Shape, operation
from intranet.api.shapes import Done, Found, Person, following, person
from intranet.mastodon.identity import viewer
from intranet.pages import directory, queries
from intranet.pages.directory import Scope
from intranet.pages.home import home
from intranet.relationships import actions
from intranet.unit_of_work import unit_of_work


class Which(enum.StrEnum):
    """Which pages."""

    ALL = "all"
    FOLLOWED = "followed"
    MINE = "mine"


class PagesAsked(Found):
    """Which pages, and which words they hold."""

    scope: Which = Which.ALL


class PageLine(Shape):
    """A page of a list."""

    page: Person
    category: str
    tagline: str
    followers_count: int
    is_following: bool


class PageList(Shape):
    """A page of the list of pages."""

    items: list[PageLine]
    next: str | None


class PageShown(Shape):
    """A page for its own page."""

    page: Person
    category: str
    tagline: str
    about_html: str
    contact_email: str
    contact_phone: str
    contact_url: str
    followers_count: int
    is_following: bool
    is_verified: bool


@operation("GET", "/pages", scopes=("read",), query=PagesAsked, gives=PageList)
def list_pages(sent: PagesAsked) -> PageList:
    """The official pages, those that the caller follows first."""
    found = directory.list_pages(
        viewer(), sent.q, Scope(sent.scope.value), after=sent.cursor, limit=sent.limit
    )
    return PageList(
        items=[
            PageLine(
                page=person(one.chip),
                category=one.category.value,
                tagline=one.tagline,
                followers_count=one.followers_count,
                is_following=one.is_following,
            )
            for one in found.entries
        ],
        next=following(found.next_after),
    )


@operation("GET", "/pages/<handle>", scopes=("read",), gives=PageShown)
def show_page(handle: str) -> PageShown:
    """One official page."""
    found = home(viewer(), queries.get_visible(viewer(), handle))
    return PageShown(
        page=person(found.chip),
        category=found.category.value,
        tagline=found.tagline,
        about_html=found.about_html,
        contact_email=found.contact_email,
        contact_phone=found.contact_phone,
        contact_url=found.contact_url,
        followers_count=found.followers_count,
        is_following=found.is_following,
        is_verified=found.chip.is_verified,
    )


@operation("POST", "/pages/<handle>/follow", scopes=("write:follows",), gives=Done)
def follow_page(handle: str) -> Done:
    """Follow a page. Again changes nothing."""
    with unit_of_work():
        actions.follow(viewer(), queries.get_visible(viewer(), handle).account)
    return Done()


@operation("POST", "/pages/<handle>/unfollow", scopes=("write:follows",), gives=Done)
def unfollow_page(handle: str) -> Done:
    """No longer follow a page. Again changes nothing."""
    with unit_of_work():
        actions.unfollow(viewer(), queries.get_visible(viewer(), handle).account)
    return Done()
