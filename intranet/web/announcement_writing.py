"""Writing announcements: a new one, its settings, its text in each language."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet.announcements import drafts, policies, queries, revising, texts, voices
from intranet.announcements.models import Announcement, AnnouncementStatus
from intranet.announcements.texts import LANGUAGES
from intranet.audiences import queries as audiences
from intranet.audiences import rules
from intranet.kernel.errors import Forbidden, Invalid, NotFound, TooLarge
from intranet.kernel.messages import N_
from intranet.media import queries as media
from intranet.unit_of_work import unit_of_work
from intranet.web import composer, errors, sent_files
from intranet.web.announcement_forms import (
    SettingsForm,
    TextForm,
    both,
    sent_settings_form,
    sent_text_form,
    settings_form_of,
    text_draft,
    text_form_of,
    words_for,
)
from intranet.web.announcements import bp, see
from intranet.web.audience_words import audience_words
from intranet.web.identity import viewer
from intranet.web.language import LOCALES, current_language, language_names
from intranet.web.media import storage
from intranet.web.people import names_of_languages


@bp.get("/announcements/new")
def new() -> ResponseReturnValue:
    """The form of a new announcement."""
    _require_writer()
    spoken = current_language()
    return _form(None, SettingsForm(), TextForm(), spoken, {})


@bp.post("/announcements")
def create() -> ResponseReturnValue:
    """A new draft, or the form again."""
    _require_writer()
    language = request.form.get("in", "")
    media_ids: tuple[int, ...] = ()
    try:
        media_ids = sent_files.receive_media()
        draft, words = both(sent_settings_form(), sent_text_form())
        with unit_of_work():
            made = drafts.create(viewer(), draft, words, language=language, media_ids=media_ids)
    except (Invalid, TooLarge) as error:
        files = tuple(media.unattached_of(viewer(), media_ids))
        page = _form(None, sent_settings_form(files), sent_text_form(), language, _problems(error))
        return page, error.status
    flash(_("The draft is saved. This is how readers will see it."))
    return see(made.id)


@bp.get("/announcements/<int:announcement_id>/edit")
def edit(announcement_id: int) -> ResponseReturnValue:
    """The form of a draft."""
    announcement = queries.get_manageable(viewer(), announcement_id)
    drafts.require_draft(viewer(), announcement)
    settings = settings_form_of(announcement, media.of_announcement(announcement.id))
    text = texts.current(announcement.id).get(announcement.default_language)
    return _form(announcement, settings, text_form_of(text), announcement.default_language, {})


@bp.post("/announcements/<int:announcement_id>/edit")
def save(announcement_id: int) -> ResponseReturnValue:
    """The draft as it was sent, or the form again."""
    announcement = queries.get_manageable(viewer(), announcement_id)
    media_ids: tuple[int, ...] = ()
    try:
        media_ids = sent_files.receive_media()
        draft, words = both(sent_settings_form(), sent_text_form())
        with unit_of_work():
            announcement = queries.get_manageable(viewer(), announcement_id, lock=True)
            drafts.edit(viewer(), announcement, draft, words, media_ids=media_ids)
    except (Invalid, TooLarge) as error:
        announcement = queries.get_manageable(viewer(), announcement_id)
        own = (one for one in media.of_announcement(announcement_id) if one.id in media_ids)
        files = (*own, *media.unattached_of(viewer(), media_ids))
        page = _form(
            announcement,
            sent_settings_form(files),
            sent_text_form(),
            announcement.default_language,
            _problems(error),
        )
        return page, error.status
    flash(_("The draft is saved. This is how readers will see it."))
    return see(announcement_id)


@bp.get("/announcements/<int:announcement_id>/texts/<language>")
def text(announcement_id: int, language: str) -> ResponseReturnValue:
    """The form of the text in one language: of a draft, or of what is out."""
    announcement = _writable(announcement_id, language)
    known = texts.current(announcement.id).get(language)
    return _text_form(announcement, language, text_form_of(known), {})


@bp.post("/announcements/<int:announcement_id>/texts/<language>")
def save_text(announcement_id: int, language: str) -> ResponseReturnValue:
    """The text of a draft, or the next version of what is out (`kind` minor or material)."""
    announcement = _writable(announcement_id, language)
    kind = request.form.get("kind", "")
    try:
        words = text_draft(sent_text_form())
        with unit_of_work():
            announcement = queries.get_manageable(viewer(), announcement_id, lock=True)
            in_step = "in_step" in request.form
            if announcement.status is AnnouncementStatus.DRAFT:
                drafts.write_text(viewer(), announcement, language, words, in_step=in_step)
            elif kind not in ("minor", "material"):
                raise Invalid(fields={"kind": N_("Say which kind of change it is.")})
            else:
                revising.revise(
                    viewer(),
                    announcement,
                    language,
                    words,
                    material=kind == "material",
                    note=request.form.get("note", ""),
                    in_step=in_step,
                    four_eyes=composer.settings_here().announcement_approval,
                )
    except Invalid as error:
        announcement = _writable(announcement_id, language)
        page = _text_form(announcement, language, sent_text_form(), words_for(error))
        return page, error.status
    flash(_("The text is saved."))
    where = url_for("announcements.show", announcement_id=announcement_id, language=language)
    return redirect(where, 303)


@bp.post("/announcements/<int:announcement_id>/texts/<language>/delete")
def remove_text(announcement_id: int, language: str) -> ResponseReturnValue:
    """Take a language out of a draft."""
    with unit_of_work():
        announcement = queries.get_manageable(viewer(), announcement_id, lock=True)
        drafts.remove_text(viewer(), announcement, language)
    return see(announcement_id)


@bp.post("/announcements/<int:announcement_id>/copies")
def duplicate(announcement_id: int) -> ResponseReturnValue:
    """A new draft with the same words, files and settings."""
    with unit_of_work():
        announcement = queries.get_manageable(viewer(), announcement_id)
        copy_id = drafts.duplicate(viewer(), announcement, storage()).id
    flash(_("This is a copy: a draft of your own."))
    return see(copy_id)


@bp.post("/announcements/<int:announcement_id>/delete")
def delete(announcement_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    with unit_of_work():
        drafts.delete(viewer(), queries.get_manageable(viewer(), announcement_id, lock=True))
    flash(_("The draft is gone."))
    return redirect(url_for("announcements.index", show="drafts"), 303)


def _require_writer() -> None:
    if not policies.may_announce(viewer()):
        raise Forbidden(N_("You may announce only in the name of a page that you write for."))


def _writable(announcement_id: int, language: str) -> Announcement:
    announcement = queries.get_manageable(viewer(), announcement_id)
    if language not in LANGUAGES:
        raise NotFound()
    if announcement.status not in (AnnouncementStatus.DRAFT, AnnouncementStatus.PUBLISHED):
        drafts.require_draft(viewer(), announcement)
    return announcement


def _problems(error: Invalid | TooLarge) -> dict[str, str]:
    if isinstance(error, Invalid):
        return words_for(error)
    return {"files": errors.sentence(error)}


def _form(
    announcement: Announcement | None,
    settings: SettingsForm,
    words: TextForm,
    language: str,
    problems: dict[str, str],
) -> str:
    author = viewer()
    kept = audience_words(author, announcement.audience_id) if announcement else ""
    reach = audiences.reach(rules.read(announcement.audience_id)) if announcement else None
    return render_template(
        "announcements/form.html",
        announcement=announcement,
        settings=settings,
        text=words,
        language=language,
        languages=language_names(LOCALES if announcement is None else (language,)),
        voices=voices.pages_of(author),
        own_name=policies.announces_for_all(author),
        facets=audiences.facets(author),
        facet_languages=language_names(LANGUAGES),
        saved=audiences.saved_by(author),
        kept=kept,
        reach=reach or audiences.reach(rules.AudienceRule()),
        errors=problems,
    )


def _text_form(
    announcement: Announcement, language: str, words: TextForm, problems: dict[str, str]
) -> str:
    known = texts.current(announcement.id)
    default = known.get(announcement.default_language)
    own = known.get(language)
    return render_template(
        "announcements/text.html",
        announcement=announcement,
        language=language,
        is_default=language == announcement.default_language,
        is_draft=announcement.status is AnnouncementStatus.DRAFT,
        text=words,
        original=default,
        exists=own is not None,
        stale=own is not None and texts.is_stale(own, default),
        others=len(known) > 1,
        names=names_of_languages((language, announcement.default_language)),
        form=request.form,
        errors=problems,
    )
