"""What a post may carry beside its text, in the form people write in: a warning, a poll, a time.
Each part is in the form only when it was asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import request
from flask_babel import get_timezone, ngettext, to_user_timezone
from flask_babel import gettext as _

from intranet.calendar.clocks import to_utc
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.polls.drafts import PollDraft
from intranet.posts.drafts import PraiseDraft, parts_from_json

WARNING, POLL, SCHEDULE, LANGUAGE = ("warning", "poll", "schedule", "language")
QUESTION, PRAISE = KINDS = ("question", "praise")  # of what begins a thread, one of them
PARTS = (QUESTION, PRAISE, WARNING, POLL, SCHEDULE, LANGUAGE)
_HOUR, _DAY = 3600, 86400
_LENGTHS = (300, 1800, _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 31 * _DAY)
_USUAL = _DAY
_USUAL_TIME = "09:00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Extras:
    """The open `parts` and what they hold. `lengths` of a poll are (seconds, words)."""

    parts: tuple[str, ...] = ()
    spoiler_text: str = ""
    sensitive: bool = False
    options: tuple[str, ...] = ()
    most_options: int = 0
    option_length: int = 0
    seconds: int = _USUAL
    lengths: tuple[tuple[int, str], ...] = ()
    multiple: bool = False
    hide_totals: bool = False
    named: bool = False
    praised: str = ""  # handles, as they were written
    reason: str = ""
    date: str = ""
    time: str = ""
    language: str = ""
    newest: str = ""  # the part that was just asked for: the reader goes on there

    def as_json(self) -> dict[str, Any]:
        """What a draft keeps of it: nothing when no part is open."""
        if not self.parts:
            return {}
        kept = asdict(self)
        return {name: kept[name] for name in _KEPT}

    @property
    def option_fields(self) -> tuple[str, ...]:
        """What stands in the field of each answer, the empty ones too."""
        return (*self.options, *[""] * (self.most_options - len(self.options)))


_KEPT = (
    "parts", "spoiler_text", "sensitive", "options", "seconds", "multiple", "hide_totals", "named",
    "praised", "reason", "date", "time", "language",
)  # fmt: skip


def from_json(kept: dict[str, Any]) -> Extras:
    """The parts of which `as_json` was kept."""
    values = {name: kept[name] for name in _KEPT if name in kept}
    for name in ("parts", "options"):
        values[name] = tuple(values.get(name, ()))
    return Extras(**values)


def extras_of(kept: Any) -> Extras:
    """The parts of what is kept for later: its spoiler_text, sensitive, poll, language and
    publish_at (None for as soon as may be), and `parts`, what it is beside its text."""
    parts = []
    values: dict[str, Any] = {"language": kept.language or ""}
    if kept.spoiler_text or kept.sensitive:
        parts.append(WARNING)
        values |= {"spoiler_text": kept.spoiler_text, "sensitive": kept.sensitive}
    if kept.poll is not None:
        parts.append(POLL)
        values |= {
            "options": kept.poll.options,
            "seconds": kept.poll.seconds,
            "multiple": kept.poll.multiple,
            "hide_totals": kept.poll.hide_totals,
            "named": kept.poll.anonymous is False,
        }
    if kept.publish_at is not None:
        parts.append(SCHEDULE)
        local = to_user_timezone(kept.publish_at)
        values |= {"date": local.date().isoformat(), "time": local.strftime("%H:%M")}
    if kept.language:
        parts.append(LANGUAGE)
    beside = parts_from_json(getattr(kept, "parts", {}))
    if beside["is_question"]:
        parts.append(QUESTION)
    if "praise" in beside:
        parts.append(PRAISE)
        praise = beside["praise"]
        values |= {"praised": " ".join(praise.handles), "reason": praise.reason}
    return Extras(parts=tuple(parts), **values)


def sent_extras() -> Extras:
    """The parts of the form, with the one that was asked for and without the one that was
    taken away."""
    form = request.form
    asked, dropped = set(form.getlist("part")), set(form.getlist("without"))
    return Extras(
        parts=tuple(part for part in PARTS if part in asked and part not in dropped),
        spoiler_text=form.get("spoiler_text", ""),
        sensitive=form.get("sensitive") == "1",
        options=tuple(option for option in form.getlist("option") if option.strip()),
        seconds=_seconds(form.get("seconds", "")),
        multiple=form.get("multiple") == "1",
        hide_totals=form.get("hide_totals") == "1",
        named=form.get("named") == "1",
        praised=form.get("praised", "")[:500],
        reason=form.get("reason", "")[:40],
        date=form.get("scheduled_date", "")[:20],
        time=form.get("scheduled_time", "")[:20],
        language=form.get("language", "")[:8],
        newest=_asked_part(),
    )


def _asked_part() -> str:
    """The part whose button of the menu was pressed: it comes after those that the form has."""
    form = request.form
    if {"preview", "without", "up", "down"} & {*form} or "part" not in form:
        return ""
    return form.getlist("part")[-1]


def draft_fields() -> dict[str, Any]:
    """The fields of a PostDraft that the parts of the form fill."""
    sent = sent_extras()
    fields: dict[str, Any] = {}
    if WARNING in sent.parts:
        fields["spoiler_text"] = request.form.get("spoiler_text", "")
        fields["sensitive"] = sent.sensitive
    if POLL in sent.parts:
        fields["poll"] = PollDraft(
            options=sent.options,
            seconds=sent.seconds,
            multiple=sent.multiple,
            hide_totals=sent.hide_totals,
            anonymous=not sent.named,
        )
    fields["is_question"] = QUESTION in sent.parts
    if PRAISE in sent.parts:
        handles = sent.praised.replace(",", " ").replace(";", " ").split()
        fields["praise"] = PraiseDraft(tuple(handles), sent.reason)
    return fields


def sent_moment() -> dt.datetime | None:
    """When it is to be published, by the clocks of the reader; None for at once. Invalid for half
    a time: whoever asked for one did not mean at once."""
    sent = sent_extras()
    return moment_of(sent.date, sent.time) if SCHEDULE in sent.parts else None


def moment_of(date: str, time: str) -> dt.datetime:
    """The moment of a date and a time of the reader's clocks. Invalid for half of it."""
    try:
        day, hour = dt.date.fromisoformat(date), dt.time.fromisoformat(time)
        if hour.tzinfo is not None:
            raise ValueError(time)
        return to_utc(dt.datetime.combine(day, hour), str(get_timezone()))
    except (ValueError, OverflowError):
        message = N_("Give a day and a time.")
        raise Invalid(message, fields={"scheduled_at": message}) from None


def sized(extras: Extras, most_options: int, option_length: int, longest: dt.timedelta) -> Extras:
    """The parts with what the settings allow."""
    most = int(longest.total_seconds())
    lengths = sorted({*(one for one in _LENGTHS if one < most), most})
    tomorrow = to_user_timezone(utc_now() + dt.timedelta(days=1))
    return replace(
        extras,
        date=extras.date or tomorrow.date().isoformat(),
        time=extras.time or _USUAL_TIME,
        most_options=most_options,
        option_length=option_length,
        lengths=tuple((one, _length_words(one)) for one in lengths),
    )


def _length_words(seconds: int) -> str:
    if seconds % _DAY == 0:
        return str(ngettext("%(num)s day", "%(num)s days", seconds // _DAY))
    if seconds % _HOUR == 0:
        return str(ngettext("%(num)s hour", "%(num)s hours", seconds // _HOUR))
    return str(ngettext("%(num)s minute", "%(num)s minutes", seconds // 60))


def ballot_words(poll: PollDraft) -> str:
    """How people will vote in a poll that is not out yet, in words."""
    words = [
        f"{_('Open for')} {_length_words(poll.seconds)}",
        _("Several answers may be chosen") if poll.multiple else "",
        _("Show the result only at the end") if poll.hide_totals else "",
        _("Show who voted for what") if poll.anonymous is False else "",
    ]
    return " · ".join(str(one) for one in words if one)


def part_words(part: str) -> str:
    """What a part is called in the menu of the form."""
    words = {
        QUESTION: _("Question"),
        PRAISE: _("Praise for colleagues"),
        WARNING: _("Content warning"),
        POLL: _("Poll"),
        SCHEDULE: _("Schedule"),
        LANGUAGE: _("Language"),
    }
    return str(words[part])


def _seconds(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        return _USUAL
    return int(raw)
