"""The files that a form people write in names and brings, in the order it says."""

from __future__ import annotations

from flask import request

from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.media import actions as media
from intranet.media import queries as media_queries
from intranet.media.models import MediaKind
from intranet.unit_of_work import unit_of_work
from intranet.web.identity import viewer
from intranet.web.media import take_files


def receive_media() -> tuple[int, ...]:
    """The uploads that the form names and those that it brings (`files`, described by `alt_text` in
    order). They have rows of their own before anything else is tried, so that a refused form
    does not lose them."""
    stored = take_files()
    named = _stepped(sent_media_ids())
    described = sent_descriptions(named)
    if described:
        with unit_of_work():
            for media_id, words in described.items():
                media.describe(viewer(), media_id, words)
    if not stored:
        return named
    alts = [*request.form.getlist("alt_text"), *[""] * len(stored)]
    with unit_of_work():
        new = tuple(
            media.add(viewer(), upload, alt_text=text).id
            for upload, text in zip(stored, alts, strict=False)
        )
    return named + new


def sent_descriptions(media_ids: tuple[int, ...]) -> dict[int, str]:
    """What the form says of these files, by their ids; those it is silent about are left out."""
    return {id_: request.form[f"alt-{id_}"] for id_ in media_ids if f"alt-{id_}" in request.form}


def _stepped(media_ids: tuple[int, ...]) -> tuple[int, ...]:
    """In the order of the form, one of them a step earlier (`up`) or later (`down`) if a button
    asked for that."""
    order = list(media_ids)
    for button, way in (("up", -1), ("down", 1)):
        moved = sent_id(button)
        if moved in order:
            at = order.index(moved)
            to = min(max(at + way, 0), len(order) - 1)
            order.insert(to, order.pop(at))
    return tuple(order)


def require_described(media_ids: tuple[int, ...]) -> None:
    """Invalid under `alt_text` when the form reminds (`remind`) and a picture has no description,
    unless the answer was to send it all the same."""
    if request.form.get("remind") != "1" or request.form.get("undescribed") == "1":
        return
    files = media_queries.unattached_of(viewer(), media_ids)
    if any(one.kind is MediaKind.IMAGE and not one.alt_text for one in files):
        message = N_("Some colleagues cannot see the picture. Describe it, or post it as it is.")
        raise Invalid(message, fields={"alt_text": message})


def sent_id(field: str) -> int | None:
    """The id in a field of the form; None when it holds none."""
    raw = request.form.get(field, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 20):
        return None
    return min(int(raw), MAX_ID)


def sent_media_ids() -> tuple[int, ...]:
    """The uploads that the form names; what is no id is passed over."""
    raw = request.form.getlist("media_id")
    numbers = (int(one) for one in raw if one.isascii() and one.isdigit() and len(one) < 20)
    return tuple(number for number in numbers if number <= MAX_ID)
