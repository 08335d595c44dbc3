"""The evidence to take away: a table for spreadsheets, a report to print, and the ledger itself
with the program that checks it."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, get_locale, get_timezone
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoSuchAddress

from intranet.announcements import looks, reportable, reports, texts
from intranet.announcements.evidence import Evidence, evidence_of
from intranet.announcements.models import Announcement, Door
from intranet.announcements.states import State
from intranet.evidence import verify
from intranet.kernel.anonymity import Breakdown
from intranet.kernel.offload import run_offloaded
from intranet.kernel.spreadsheet import to_csv
from intranet.unit_of_work import unit_of_work
from intranet.web.announcement_reports import bp, head_of, settings_in_force
from intranet.web.assets import font_files
from intranet.web.audience_words import audience_words
from intranet.web.evidence_sheet import Sheet
from intranet.web.identity import viewer
from intranet.web.language import letter_time, whole_percent
from intranet.web.limits import limiter

_FORMS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "pdf": "application/pdf",
}
_VERIFIER = Path(verify.__file__)


@bp.post("/announcements/<int:announcement_id>/report/exports/<form>")
@limiter.limit("20 per 5 minutes")
def export(announcement_id: int, form: str) -> ResponseReturnValue:
    """The evidence as a file: csv, pdf or json. That it was taken is recorded."""
    if form not in _FORMS:
        raise NoSuchAddress
    announcement = reportable.get_named(viewer(), announcement_id)
    found = evidence_of(announcement)
    if form == "json":
        data = found.as_json().encode()
    elif form == "csv":
        data = _table(found).encode()
    else:
        # Loaded when somebody prints: the library takes a tenth of the start of every process.
        paper = importlib.import_module("intranet.web.evidence_pdf")
        data = run_offloaded(paper.draw, _sheet(announcement, found), font_files())
    with unit_of_work():
        looks.exported(viewer(), announcement, form, found.seal)
    response = Response(data, content_type=_FORMS[form])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="announcement-{announcement_id}-{found.entries}.{form}"'
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/announcements/verifier.py")
def verifier() -> ResponseReturnValue:
    """The program that checks an exported ledger, to read, and to run without the product."""
    response = Response(_VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response


def state_words() -> dict[State, str]:
    """Each state in the reader's language."""
    return {
        State.CONFIRMED: _("Confirmed"),
        State.READ: _("Read, not confirmed"),
        State.WAITING: _("Not opened yet"),
        State.OVERDUE: _("Overdue"),
        State.ANEW: _("To confirm again"),
        State.EXEMPTED: _("Exempted"),
    }


def _door_words() -> dict[Door | None, str]:
    return {None: "", Door.WEB: _("On the site"), Door.EMAIL: _("By e-mail"), Door.API: _("API")}


def _table(found: Evidence) -> str:
    """The confirmations as CSV: times in UTC, the fingerprint below."""
    states, doors = state_words(), _door_words()

    def utc(moment: dt.datetime | None) -> str:
        return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""

    rows: Iterable[Sequence[object]] = (
        (
            one.account.display_name, one.account.handle, one.department, one.site,
            states[one.state], utc(one.read_at), utc(one.acknowledged_at),
            one.acknowledged_revision, one.language, doors[one.door], one.content_hash,
            one.exemption_reason, one.reminders_sent,
        )
        for one in found.people
    )  # fmt: skip
    below = (
        (),
        (_("Entries in the ledger"), found.entries),
        (_("Last hash"), found.head),
        (_("Fingerprint"), found.seal),
    )
    header = (
        _("Name"), _("Handle"), _("Department"), _("Site"), _("State"), _("Read (UTC)"),
        _("Confirmed (UTC)"), _("Revision"), _("Language"), _("Way"), _("Hash of the text"),
        _("Reason of the exemption"), _("Reminders"),
    )  # fmt: skip
    return to_csv(header, [*rows, *below])


def _sheet(announcement: Announcement, found: Evidence) -> Sheet:
    """Everything that the PDF says, in the reader's language and zone."""
    zone = str(get_timezone())
    figures = reports.report(announcement, minimum=settings_in_force().min_group, zone=zone)
    head, states, doors = head_of(announcement), state_words(), _door_words()
    newest = found.document["entries"][-1]["at"] if found.entries else None
    published = announcement.published_at
    assert published is not None  # get_named lets nothing else through
    as_of = dt.datetime.fromisoformat(newest) if newest else published

    def when(moment: dt.datetime | None) -> str:
        return str(format_datetime(moment, "dd/MM/yyyy HH:mm:ss")) if moment else "–"

    facts = [
        (_("Published"), letter_time(published)),
        (_("For"), audience_words(viewer(), announcement.audience_id)),
        (_("As of"), letter_time(as_of)),
    ]
    if announcement.acknowledge_by:
        facts.insert(2, (_("To confirm by"), letter_time(announcement.acknowledge_by)))
    versions = [
        (
            f"{text.language.upper()} · {_('version %(number)s', number=text.version)}",
            text.content_hash,
        )
        for text in texts.current(announcement.id).values()
    ]
    return Sheet(
        kicker=_("Acknowledgement report"),
        title=head.title,
        voice=head.voice.display_name,
        facts=facts,
        figures=[
            (whole_percent(figures.percent), _("confirmed")),
            (str(figures.done), _("confirmations")),
            (str(figures.expected), _("asked to confirm")),
            (str(figures.totals[State.EXEMPTED]), _("exempted")),
        ],
        percent=figures.percent,
        states=[
            (states[state], figures.totals[state]) for state in states if figures.totals[state]
        ],
        states_title=_("Where everybody stands"),
        sections=[
            (_("By site"), _bars(figures.by_site)),
            (_("By department"), _bars(figures.by_department)),
        ],
        versions_title=_("The texts that were confirmed"),
        versions=versions,
        list_title=_("Confirmations"),
        columns=(
            _("Name"), _("Department and site"), _("State"), _("Confirmed"), _("Text"), _("Way"),
        ),
        rows=[
            (
                one.account.display_name,
                " · ".join(part for part in (one.department, one.site) if part),
                states[one.state],
                when(one.acknowledged_at),
                f"{one.language} {one.content_hash[:8]}" if one.content_hash else "–",
                doors[one.door] or "–",
            )
            for one in found.people
        ],
        zone=_("Times in the zone %(zone)s.", zone=zone),
        proof_title=_("Checking this report"),
        proof=_(
            "Every confirmation is an entry in a chain of hashes that nobody can change unseen."
            " Export the ledger as JSON and run: intranet evidence verify FILE --head FINGERPRINT"
        ),
        proofs=[
            (_("Fingerprint"), found.seal),
            (_("Last hash"), found.head),
            (_("Entries in the ledger"), str(found.entries)),
        ],
        page=_("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        fingerprint=f"{_('Fingerprint')} {found.seal[:16]}…",
        language=str(get_locale()),
        as_of=as_of,
    )  # fmt: skip


def _bars(groups: Breakdown) -> list[tuple[str, str, int, int]]:
    lines = [(one.label or _("Not given"), one) for one in groups.shown]
    if lines and groups.others:
        lines.append((_("Smaller groups together"), groups.others))
    return [
        (label, whole_percent(one.counts[0] * 100 // one.people), one.people, one.counts[0])
        for label, one in lines
    ]
