"""The form people write in, with a post to come."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for

from intranet.scheduled.queries import ScheduledCard
from intranet.web import composer, post_audiences
from intranet.web.composer import Composer
from intranet.web.post_extras import extras_of


def scheduled_composer(card: ScheduledCard, form: Composer) -> Composer:
    """The form with a post to come, made from the empty one of its place. A group that one no
    longer writes in is not replaced in silence: the form asks."""
    chosen = form.audience
    problems: dict[str, str] = {}
    if len(form.audiences) > 1:
        found = next((one for one in form.audiences if one.is_for(card)), None)
        chosen = found or chosen
        if found is None:
            problems = {"audience": post_audiences.lost_audience()}
    return replace(
        form,
        action=url_for("scheduled.save", scheduled_id=card.id),
        more=url_for("scheduled.further_form", scheduled_id=card.id),
        audience=chosen,
        source=card.source,
        media=card.media,
        extras=composer.sized_here(extras_of(card)),
        page=replace(form.page, is_public=card.is_public, review="") if form.page else None,
        voice=None,
        errors=problems,
        message=next(iter(problems.values()), ""),
        in_place=False,
        place="",
    )
