"""Catching up: what came since the viewer was last up to date, and how much each thing counts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.catchup import actions, queries, spans
from intranet.catchup.spans import Span
from intranet.catchup.weights import MOST, USUAL, Feature
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.unit_of_work import unit_of_work
from intranet.web import errors
from intranet.web.catch_up_words import feature_words
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.language import current_language
from intranet.web.wants import wants_fragment

bp = Blueprint("catch_up", __name__)

_FURTHEST = 1_000_000


@bp.get("/catch-up")
def show() -> ResponseReturnValue:
    """What concerns the viewer, what may interest, and how much else came: since the last time, or
    since the day of the form. `skip` and `until` belong to further pages of the first part."""
    skip = _number("skip", _FURTHEST)
    until = _number("until", MAX_ID) or None
    problems: dict[str, str] = {}
    status = 200
    try:
        span = spans.span_of(viewer(), request.args.get("since", ""), until)
    except Invalid as error:
        problems, status = errors.field_sentences(error), error.status
        span = spans.span_of(viewer(), until=until)
    report = queries.report(viewer(), span, current_language(), skip)
    further = _further(report)
    name = "_asked.html" if skip and wants_fragment() else "show.html"
    page = render_template(
        f"catch_up/{name}", report=report, further=further, errors=problems, skip=skip
    )
    return page, status


@bp.get("/catch-up/count")
def count() -> ResponseReturnValue:
    """How many things concern the viewer since they were last up to date: the words of the band
    above the home page."""
    span = spans.span_of(viewer())
    number = queries.concerns(viewer(), span, current_language())
    return render_template("catch_up/_count.html", count=number, since=span.began_at)


@bp.post("/catch-up/seen")
def seen() -> ResponseReturnValue:
    """The viewer is up to date with what the page showed."""
    until = _typed_id(request.form.get("until", ""))
    with unit_of_work():
        actions.catch_up(viewer(), until)
    flash(_("You are up to date."))
    return redirect(url_for("catch_up.show"), 303)


@bp.post("/catch-up/seen/undo")
def undo() -> ResponseReturnValue:
    """As before that."""
    with unit_of_work():
        actions.undo(viewer())
    return redirect(url_for("catch_up.show"), 303)


@bp.post("/catch-up/band/dismissal")
def dismiss() -> ResponseReturnValue:
    """Take the band off the home page until the next absence."""
    with unit_of_work():
        actions.put_away(viewer())
    if wants_fragment():
        return ""
    return redirect(safe_next(request.form.get("next")) or url_for("home.show"), 303)


@bp.get("/catch-up/weights")
def weights() -> ResponseReturnValue:
    """What counts how much for the viewer."""
    return _weights_page({})


@bp.post("/catch-up/weights")
def save_weights() -> ResponseReturnValue:
    """Keep the weights, or the form again."""
    try:
        wanted = {
            one.value: _weight(request.form[one.value]) for one in Feature if one in request.form
        }
        with unit_of_work():
            actions.weigh(viewer(), wanted)
    except Invalid as error:
        return _weights_page(errors.field_sentences(error)), error.status
    flash(_("Saved."))
    return redirect(url_for("catch_up.weights"), 303)


@bp.post("/catch-up/weights/reset")
def reset_weights() -> ResponseReturnValue:
    """The usual weights again."""
    with unit_of_work():
        actions.reset(viewer())
    flash(_("The usual weights count again."))
    return redirect(url_for("catch_up.weights"), 303)


def _weights_page(problems: dict[str, str]) -> str:
    return render_template(
        "catch_up/weights.html",
        weights=queries.weights_of(viewer()),
        usual=USUAL,
        most=MOST,
        words=feature_words(),
        errors=problems,
    )


def _further(report: queries.Report) -> str | None:
    if report.skip is None:
        return None
    span: Span = report.span
    return url_for("catch_up.show", since=span.choice, until=span.until, skip=report.skip)


def _number(name: str, most: int) -> int:
    raw = request.args.get(name, "")
    if not raw:
        return 0
    if not (raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= most):
        raise Invalid(fields={name: N_("This is not a number.")})
    return int(raw)


def _typed_id(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= MAX_ID):
        raise Invalid(fields={"until": N_("This is not a number.")})
    return int(raw)


def _weight(raw: str) -> int:
    """A whole number; what is none is beyond every limit."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 3 else MOST + 1
