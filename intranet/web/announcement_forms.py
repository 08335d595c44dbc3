"""The forms of an announcement: read into drafts, and filled again with what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _

from intranet.accounts.models import Role
from intranet.announcements.drafts import AnnouncementDraft
from intranet.announcements.models import Announcement, AnnouncementText
from intranet.announcements.texts import (
    MOST_FACTS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Question,
    TextDraft,
)
from intranet.audiences import queries as audiences
from intranet.audiences import rules
from intranet.audiences.rules import AudienceRule
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise
from intranet.media.views import MediaView
from intranet.web import errors
from intranet.web.identity import viewer

_FACETS = ("department", "site", "role", "employment", "language", "group")
_ROLES = tuple(role.value for role in Role if role is not Role.GUEST)
_YEARS = range(2000, 2101)


@dataclass
class TextForm:
    """One language as a form shows it: always the full number of places."""

    title: str = ""
    source: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts = [*self.facts, *[("", "")] * MOST_FACTS][:MOST_FACTS]
        asked = [*self.questions, *({} for _ in range(MOST_QUESTIONS))][:MOST_QUESTIONS]
        self.questions = [
            {
                "text": one.get("text", ""),
                "options": [*one.get("options", ()), *[""] * MOST_OPTIONS][:MOST_OPTIONS],
                "answer": one.get("answer", 0),
            }
            for one in asked
        ]

    @property
    def asks(self) -> bool:
        """Whether a question is written."""
        return any(one["text"] for one in self.questions)


@dataclass
class SettingsForm:
    """Everything beside the words, as a form shows it. `chosen` holds the ticked values of each
    facet; `audience` is everyone, keep, rule or saved:ID."""

    page: str = ""
    audience: str = "everyone"
    chosen: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in _FACETS})
    save_as: str = ""
    joiner_days: str = "30"
    pinned: bool = True
    requires: bool = False
    acknowledge_by: str = ""
    reminds: bool = False
    expires_at: str = ""
    by_email: bool = False
    takes_questions: bool = True
    files: tuple[MediaView, ...] = ()


def text_form_of(text: AnnouncementText | None) -> TextForm:
    """The form with what stands in a text."""
    if text is None:
        return TextForm()
    return TextForm(
        title=text.title,
        source=text.source,
        facts=[(fact["value"], fact["label"]) for fact in text.facts],
        questions=list(text.questions),
    )


def settings_form_of(announcement: Announcement, files: tuple[MediaView, ...]) -> SettingsForm:
    """The form with what an announcement has."""
    return SettingsForm(
        page=str(announcement.page_id or ""),
        audience="keep",
        joiner_days=str(announcement.joiner_days),
        pinned=announcement.pinned,
        requires=announcement.requires_acknowledgement,
        acknowledge_by=_day(announcement.acknowledge_by),
        reminds=bool(announcement.reminders),
        expires_at=_day(announcement.expires_at),
        by_email=announcement.by_email,
        takes_questions=announcement.takes_questions,
        files=files,
    )


def sent_text_form() -> TextForm:
    """The words as they were sent."""
    sent = request.form
    values, labels = sent.getlist("fact_value"), sent.getlist("fact_label")
    labels += [""] * len(values)
    questions = []
    for number in range(MOST_QUESTIONS):
        answer = sent.get(f"answer-{number}", "0")
        questions.append(
            {
                "text": sent.get(f"question-{number}", ""),
                "options": sent.getlist(f"option-{number}")[:MOST_OPTIONS],
                "answer": int(answer) if answer in ("0", "1", "2", "3") else 0,
            }
        )
    return TextForm(
        title=sent.get("title", ""),
        source=sent.get("source", ""),
        facts=list(zip(values, labels, strict=False))[:MOST_FACTS],
        questions=questions,
    )


def sent_settings_form(files: tuple[MediaView, ...] = ()) -> SettingsForm:
    """Everything else as it was sent."""
    sent = request.form
    return SettingsForm(
        page=sent.get("page", ""),
        audience=sent.get("audience", "everyone"),
        chosen={name: set(_values(sent.getlist(name))) for name in _FACETS},
        save_as=sent.get("save_as", ""),
        joiner_days=sent.get("joiner_days", "0"),
        pinned="pinned" in sent,
        requires="requires" in sent,
        acknowledge_by=sent.get("acknowledge_by", ""),
        reminds="reminds" in sent,
        expires_at=sent.get("expires_at", ""),
        by_email="by_email" in sent,
        takes_questions="takes_questions" in sent,
        files=files,
    )


def text_draft(form: TextForm) -> TextDraft:
    """The draft in the form; Invalid per field."""
    return TextDraft(
        title=form.title,
        source=form.source,
        facts=tuple(form.facts),
        questions=tuple(
            Question(one["text"], tuple(one["options"]), one["answer"]) for one in form.questions
        ),
    )


def settings_draft(form: SettingsForm) -> AnnouncementDraft:
    """The draft in the form; Invalid per field."""
    rule, audience_id = sent_audience(form.audience, form.chosen)
    days = form.joiner_days.strip() or "0"
    if not (days.isascii() and days.isdigit() and len(days) < 5):
        raise Invalid(fields={"joiner_days": N_("Between 0 and 366 days.")})
    return AnnouncementDraft(
        page_id=number(form.page) if form.page else None,
        rule=rule,
        audience_id=audience_id,
        save_as=form.save_as.replace("\0", "").strip() if form.audience == "rule" else "",
        joiner_days=int(days),
        expires_at=end_of_day(form.expires_at, "expires_at"),
        pinned=form.pinned,
        requires_acknowledgement=form.requires,
        acknowledge_by=end_of_day(form.acknowledge_by, "acknowledge_by"),
        reminds=form.reminds,
        by_email=form.by_email,
        takes_questions=form.takes_questions,
    )


def both(settings: SettingsForm, text: TextForm) -> tuple[AnnouncementDraft, TextDraft]:
    """Both drafts; Invalid with every field of either."""
    problems: dict[str, str] = {}
    draft = words = None
    try:
        draft = settings_draft(settings)
    except Invalid as error:
        problems |= error.fields
    try:
        words = text_draft(text)
    except Invalid as error:
        problems |= error.fields
    if draft is None or words is None:
        raise Invalid(fields=problems)
    return draft, words


def sent_audience(
    choice: str, chosen: dict[str, set[str]]
) -> tuple[AudienceRule | None, int | None]:
    """The rule that is chosen, or the id of a saved one; neither to keep what was there."""
    if choice == "keep":
        return None, None
    if choice == "everyone":
        return AudienceRule(), None
    if choice.startswith("saved:"):
        return None, number(choice.removeprefix("saved:"))
    if choice != "rule":
        raise Invalid(fields={"audience": N_("Choose who it is for.")})
    rule = AudienceRule(
        departments=tuple(sorted(chosen["department"])),
        sites=tuple(sorted(chosen["site"])),
        roles=tuple(role for role in _ROLES if role in chosen["role"]),
        employments=tuple(sorted(chosen["employment"])),
        languages=tuple(code for code in sorted(chosen["language"]) if len(code) == 2),
        group_ids=tuple(sorted(number(one) for one in chosen["group"])),
    )
    if rule.is_everyone:
        raise Invalid(fields={"audience": N_("Tick at least one thing, or choose all colleagues.")})
    return rule, None


def asked_rule(announcement: Announcement | None) -> AudienceRule:
    """The rule that the address asks about, as `sent_audience`; Invalid when it names a group
    whose members the viewer may not see."""
    asked = request.args
    chosen = {name: set(_values(asked.getlist(name))) for name in _FACETS}
    rule, audience_id = sent_audience(asked.get("audience", "everyone"), chosen)
    if audience_id is not None:
        return rules.read(audiences.get_saved(viewer(), audience_id).id)
    if rule is None:
        if announcement is None:
            raise Invalid(fields={"audience": N_("Choose who it is for.")})
        return rules.read(announcement.audience_id)
    if set(rule.group_ids) - audiences.readable_groups(viewer(), rule.group_ids):
        raise Invalid(fields={"audience": N_("One of the groups is not there any more.")})
    return rule


def moment(raw: str, name: str) -> dt.datetime | None:
    """A date and time as typed in the viewer's zone; None when empty, Invalid when none."""
    raw = raw.strip()
    if not raw:
        return None
    try:
        naive = dt.datetime.fromisoformat(raw[:40])
    except ValueError:
        naive = None
    if naive is None or naive.year not in _YEARS:
        raise Invalid(fields={name: N_("Give a day such as 2027-01-31.")})
    return naive.replace(tzinfo=ZoneInfo(viewer().time_zone)).astimezone(dt.UTC)


def end_of_day(raw: str, name: str) -> dt.datetime | None:
    """The last minute of a day in the viewer's zone."""
    start = moment(raw.strip()[:10], name)
    if start is None:
        return None
    local = start.astimezone(ZoneInfo(viewer().time_zone))
    return local.replace(hour=23, minute=59).astimezone(dt.UTC)


def number(raw: str) -> int:
    """An id as it was sent; 0, which nothing has, for what is none."""
    if not (raw.isascii() and raw.isdigit() and len(raw) < 20):
        return 0
    return min(int(raw), MAX_ID)


def words_for(error: Invalid) -> dict[str, str]:
    """The sentences beside the fields, in the reader's language."""
    found = errors.field_sentences(error)
    return found or {"form": _("Some of what you entered cannot be taken.")}


def _values(raw: Sequence[str]) -> list[str]:
    clean = (" ".join(normalise(one[:1000]).split())[:120] for one in raw[:200])
    return [one for one in clean if one]


def _day(value: dt.datetime | None) -> str:
    if value is None:
        return ""
    return value.astimezone(ZoneInfo(viewer().time_zone)).date().isoformat()
