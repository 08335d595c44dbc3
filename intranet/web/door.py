"""The web door: everything a browser meets, in the order it is attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from intranet.settings import Settings
from intranet.web import (
    admin,
    admin_applications,  # noqa: F401  (adds pages to admin.bp)
    admin_directory,  # noqa: F401  (adds pages to admin.bp)
    admin_integrations,  # noqa: F401  (adds pages to admin.bp)
    admin_interruptions,  # noqa: F401  (adds pages to admin.bp)
    admin_mail,  # noqa: F401  (adds pages to admin.bp)
    agenda,
    announcement_exports,  # noqa: F401  (adds pages to reports.bp)
    announcement_reports,
    announcement_sending,  # noqa: F401  (adds pages to announcements.bp)
    announcement_terms,  # noqa: F401  (adds pages to announcements.bp)
    announcement_writing,  # noqa: F401  (adds pages to announcements.bp)
    announcements,
    applications,
    assets,
    audience_words,
    auth,
    bots,
    browsers,
    calendar_feeds,
    calendar_files,
    calendar_import,
    campaigns,
    cards,
    catch_up,
    catch_up_words,
    chrome,
    confirmations,
    conversations,
    converters,
    dates,
    distance,  # noqa: F401  (adds pages to people.bp and settings.bp)
    draft_forms,
    drafts,
    employment,
    errors,
    event_lists,  # noqa: F401  (adds pages to events.bp and groups.bp)
    event_people,  # noqa: F401  (adds pages to events.bp)
    event_times,
    events,
    feeds,
    gate,
    group_integrations,  # noqa: F401  (adds pages to groups.bp)
    group_members,  # noqa: F401  (adds pages to groups.bp)
    group_settings,  # noqa: F401  (adds pages to groups.bp)
    groups,
    headers,
    health,
    home,
    identity,
    insights,
    interruptions,
    kind_words,
    language,
    limits,
    media,
    mentions,
    moderation,
    notifications,
    oauth,
    page_editors,  # noqa: F401  (adds pages to pages.bp)
    page_posts,  # noqa: F401  (adds pages to pages.bp)
    page_settings,  # noqa: F401  (adds pages to pages.bp)
    pages,
    passwords,
    people,
    people_lists,
    polls,  # noqa: F401  (adds pages to posts.bp)
    post_kinds,  # noqa: F401  (adds pages to posts.bp)
    post_marks,  # noqa: F401  (adds pages to posts.bp)
    posts,
    previews,  # noqa: F401  (adds pages to posts.bp)
    push,
    rehearsing,
    saved,
    saved_searches,
    scheduled,
    search,
    settings_applications,  # noqa: F401  (adds pages to settings.bp)
    settings_filters,  # noqa: F401  (adds pages to settings.bp)
    suggestion_words,
    tags,
    threads,
    timelines,
    unsubscribe,
)
from intranet.web import settings as settings_pages

csrf = CSRFProtect()


def register(
    app: Flask, settings: Settings, *, without_session: Collection[Blueprint] = ()
) -> None:
    """Attach sessions, protection, pages and error pages to the application. What hangs on the
    blueprints `without_session` is another door's: it knows its callers by other means, so that
    cookies, form tokens and the counters of this door are nothing to it."""
    app.config.update(
        SESSION_COOKIE_NAME="parvis",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_REFRESH_EACH_REQUEST=False,  # ends when the row of the session does
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=settings.session_days),
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # SameSite and the token suffice; proxies strip Referer
    )
    converters.register(app)
    identity.register(app)
    gate.register(app, without_session={blueprint.name for blueprint in without_session})
    limits.register(app, settings)
    csrf.init_app(app)
    csrf.exempt(unsubscribe.one_click)  # a mail program asks; the address itself is the token
    for blueprint in without_session:
        csrf.exempt(blueprint)
        limits.limiter.exempt(blueprint)
    language.register(app, settings)
    dates.register(app)
    assets.register(app)
    chrome.register(app, settings)
    headers.register(app, settings)
    notifications.register(app, settings)
    interruptions.register(app, settings)
    browsers.register(app)
    cards.register(app)
    event_times.register(app)
    draft_forms.register(app)
    audience_words.register(app)
    kind_words.register(app)
    suggestion_words.register(app)
    catch_up_words.register(app)
    errors.register(app)
    for blueprint in (
        health.bp,
        people.bp,
        people_lists.bp,
        settings_pages.bp,
        admin.bp,
        employment.bp,
        announcements.bp,
        auth.bp,
        announcement_reports.bp,
        confirmations.bp,
        passwords.bp,
        unsubscribe.bp,
        media.bp,
        conversations.bp,
        notifications.bp,
        push.bp,
        interruptions.bp,
        home.bp,
        catch_up.bp,
        agenda.bp,
        calendar_files.bp,
        calendar_feeds.bp,
        calendar_import.bp,
        timelines.bp,
        tags.bp,
        threads.bp,
        saved_searches.bp,
        feeds.bp,
        search.bp,
        groups.bp,
        bots.bp,
        applications.bp,
        pages.bp,
        campaigns.bp,
        insights.bp,
        posts.bp,
        saved.bp,
        scheduled.bp,
        drafts.bp,
        rehearsing.bp,
        moderation.bp,
        events.bp,
        mentions.bp,
        oauth.bp,
    ):
        app.register_blueprint(blueprint)
