"""Quotes, the answer of a question, and praise: their forms and pages."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.accounts import queries as accounts
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, Page
from intranet.pages import queries as pages
from intranet.posts import praising, queries, questions, quoting
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, draft_forms
from intranet.web.identity import viewer
from intranet.web.post_extras import PRAISE, Extras
from intranet.web.posts import bp as posts

bp: Blueprint = posts


@bp.get("/posts/<int:post_id>/quote")
def quote_form(post_id: int) -> ResponseReturnValue:
    """The form of a new post with the quoted one below it, for those who can read that, and the
    way to quote it in a page's name. A draft of it is there again."""
    post = queries.card(viewer(), post_id)
    form = draft_forms.quoting(composer.new_composer(), post)
    return render_template("posts/compose.html", compose=form, voices=pages.writable_by(viewer()))


@bp.get("/posts/<int:post_id>/quotes")
def quotes(post_id: int) -> ResponseReturnValue:
    """The posts that quote this one, as far as the viewer may read them."""
    post = queries.card(viewer(), post_id)
    ids = quoting.list_quotes(viewer(), post_id, Cursor.parse(request.args.get("before")))
    page = Page(queries.cards(viewer(), ids.items), ids.next_before)
    return render_template("posts/quotes.html", post=post, page=page)


@bp.post("/posts/<int:post_id>/answer")
def accept(post_id: int) -> ResponseReturnValue:
    """This reply is the answer of its question."""
    with unit_of_work():
        questions.accept(viewer(), queries.get_visible(viewer(), post_id, lock=True))
    return _in_thread(post_id)


@bp.post("/posts/<int:post_id>/answer/remove")
def unaccept(post_id: int) -> ResponseReturnValue:
    """It is not, after all."""
    with unit_of_work():
        questions.take_back(viewer(), queries.get_visible(viewer(), post_id, lock=True))
    return _in_thread(post_id)


def _in_thread(post_id: int) -> ResponseReturnValue:
    return redirect(url_for("posts.show", post_id=post_id, _anchor=f"post-{post_id}"), 303)


@bp.get("/@<handle>/praise")
def praise(handle: str) -> ResponseReturnValue:
    """The posts that praise a person, as far as the viewer may read them."""
    account = accounts.get_visible(viewer(), handle)
    if account.is_page:
        raise NotFound()
    ids = praising.list_praise(viewer(), account, Cursor.parse(request.args.get("before")))
    return render_template(
        "people/praise.html",
        profile=accounts.profile(viewer(), account),
        page=Page(queries.cards(viewer(), ids.items), ids.next_before),
    )


@bp.get("/@<handle>/praise/new")
def praise_form(handle: str) -> ResponseReturnValue:
    """The form of a new post that praises the person."""
    account = accounts.get_visible(viewer(), handle)
    form = composer.new_composer()
    if form is None or account.is_page:
        raise NotFound()
    extras = Extras(parts=(PRAISE,), praised=f"@{account.handle}")
    return render_template(
        "posts/compose.html", compose=replace(form, extras=extras, in_place=False)
    )
